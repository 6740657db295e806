#include "engine/access/decide.h"

#include <algorithm>
#include <array>

namespace mm::access {
namespace {

// Backtracks to the last "*" only, so a hostile pattern costs no more than pattern × text.
bool matches(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t retry = 0;
    while (t < text.size()) {
        if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t]) && pattern[p] != '*') {
            ++p;
            ++t;
        } else if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            retry = t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++retry;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

std::string_view priorityName(int priority) {
    constexpr auto kNames = std::to_array<std::string_view>({"any", "low", "normal", "high", "critical"});
    return kNames.at(static_cast<std::size_t>(std::clamp<int>(priority, 0, kNames.size() - 1)));
}

Error outOfScope(const Identity& identity, const OperationRule& rule, std::string_view model) {
    return {ErrorCode::PermissionDenied,
            identity.name + " may not use the model '" + std::string(model) +
                "': what it may use is in its models. Ask an administrator for another key.",
            {{"operation", std::string(rule.name)}, {"model", std::string(model)}, {"models", identity.models}}};
}

} // namespace

std::string_view kindName(Kind kind) {
    switch (kind) {
    case Kind::Key:
        return "key";
    case Kind::Token:
        return "token";
    case Kind::Certificate:
        return "certificate";
    }
    return kNoKind;
}

bool coversModel(std::string_view pattern, std::string_view model) {
    return matches(pattern, model) ||
           (pattern.find('@') == std::string_view::npos && matches(pattern, model.substr(0, model.find('@'))));
}

bool coversModel(const Identity& identity, std::string_view model) {
    return identity.models.empty() ||
           std::any_of(identity.models.begin(), identity.models.end(),
                       [&](const std::string& pattern) { return coversModel(pattern, model); });
}

Result<void> decide(const Identity* identity, Operation operation, std::string_view model) {
    const OperationRule& rule = ruleOf(operation);
    if (rule.isOpen)
        return {};
    if (identity == nullptr)
        return Error{ErrorCode::Unauthenticated,
                     "Credentials are needed: send an API key or a token as 'Authorization: Bearer ...'.",
                     {{"operation", std::string(rule.name)}}};
    if (identity->role < rule.role)
        return Error{ErrorCode::PermissionDenied,
                     identity->name + " has the role " + std::string(roleName(identity->role)) + ", and " +
                         std::string(rule.name) + " needs " + std::string(roleName(rule.role)) +
                         ". Ask an administrator for a key of that role.",
                     {{"operation", std::string(rule.name)},
                      {"role", std::string(roleName(identity->role))},
                      {"needed_role", std::string(roleName(rule.role))}}};
    if (rule.isScoped && !model.empty() && !coversModel(*identity, model))
        return outOfScope(*identity, rule, model);
    return {};
}

bool mayTouch(const Identity& identity, Operation operation, std::string_view owner) {
    return !ruleOf(operation).isOwned || identity.role >= Role::Operator || identity.name == owner;
}

Result<int> allowedPriority(const Identity& identity, int asked, int usual) {
    if (identity.maxPriority == 0)
        return asked;
    if (asked == 0)
        return usual <= identity.maxPriority ? asked : identity.maxPriority;
    if (asked <= identity.maxPriority)
        return asked;
    return Error{ErrorCode::PermissionDenied,
                 identity.name + " may ask for the priority " + std::string(priorityName(identity.maxPriority)) +
                     " at most, not " + std::string(priorityName(asked)) + ".",
                 {{"max_priority", std::string(priorityName(identity.maxPriority))},
                  {"priority", std::string(priorityName(asked))}}};
}

} // namespace mm::access

#include "engine/registry/model_id.h"

#include "engine/registry/rules/version_rules.h"

#include <algorithm>

namespace mm::registry {
namespace {

constexpr std::size_t kLongest = 255;

bool isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool isAllowed(char c) {
    return isAlphanumeric(c) || c == '-' || c == '_' || c == '.';
}

// Outside text in a message: bounded, and nothing in it that a terminal would act upon.
std::string inQuotes(std::string_view text) {
    constexpr std::size_t kShown = 80;
    std::string shown = "'";
    for (const char c : text.substr(0, kShown))
        shown += (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) ? '?' : c;
    return shown + (text.size() > kShown ? "…'" : "'");
}

Error invalidId(std::string_view text, const std::string& why) {
    Error error{ErrorCode::InvalidModelId,
                "Model id " + inQuotes(text) + " " + why + ". Write it as 'organisation/repository'."};
    error.fieldErrors.push_back({"model_id", why});
    return error;
}

std::string partProblem(std::string_view part, const char* which) {
    const std::string name(which);
    if (part.empty())
        return "has no " + name;
    const auto bad = std::find_if_not(part.begin(), part.end(), isAllowed);
    if (bad != part.end())
        return "has the character " + inQuotes(std::string_view(&*bad, 1)) + " in its " + name +
               "; letters, digits, '-', '_' and '.' are allowed";
    if (!isAlphanumeric(part.front()) && part.front() != '_')
        return "has a " + name + " that begins with '" + part.front() + "'";
    if (part.back() == '.')
        return "has a " + name + " that ends with '.'";
    if (part.find("..") != std::string_view::npos)
        return "has '..' in its " + name;
    return {};
}

} // namespace

Result<ModelId> ModelId::parse(std::string_view text) {
    if (text.empty())
        return invalidId(text, "is empty");
    if (text.size() > kLongest)
        return invalidId(text, "is " + std::to_string(text.size()) + " bytes long; at most " +
                                   std::to_string(kLongest) + " are allowed");
    const auto slash = text.find('/');
    if (slash == std::string_view::npos)
        return invalidId(text, "has no '/'");
    if (text.find('/', slash + 1) != std::string_view::npos)
        return invalidId(text, "has more than one '/'");
    for (const auto& [part, which] :
         {std::pair{text.substr(0, slash), "organisation"}, std::pair{text.substr(slash + 1), "repository"}})
        if (std::string problem = partProblem(part, which); !problem.empty())
            return invalidId(text, problem);
    return ModelId(std::string(text), slash);
}

Result<VersionedId> VersionedId::parse(std::string_view text) {
    const SplitId split = splitId(text);
    MM_TRY(ModelId id, ModelId::parse(split.id));
    if (!split.versioned)
        return VersionedId{std::move(id), std::nullopt};
    MM_CHECK(checkVersion(split.version));
    return VersionedId{std::move(id), std::string(split.version)};
}

SplitId splitId(std::string_view text) {
    const auto at = text.find('@');
    if (at == std::string_view::npos)
        return {text, {}, false};
    return {text.substr(0, at), text.substr(at + 1), true};
}

std::string versionedId(std::string_view id, std::string_view version) {
    return std::string(id).append("@").append(version);
}

} // namespace mm::registry

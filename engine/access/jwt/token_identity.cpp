#include "engine/access/jwt/token_identity.h"

#include "engine/access/keys/key_rules.h"
#include "engine/access/sha256.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace mm::access {
namespace {

using nlohmann::json;

constexpr const char* kModels = "modelmora_models";
constexpr std::size_t kMostPatterns = 100;
constexpr std::size_t kLongestSubject = 100;
constexpr std::size_t kHashDigits = 24;

const json* member(const json* object, const char* name) {
    if (object == nullptr || !object->is_object())
        return nullptr;
    const auto found = object->find(name);
    return found == object->end() ? nullptr : &*found;
}

class HighestRole {
public:
    explicit HighestRole(const RoleNames& names) : m_names(names) {}
    void take(const json* roles) {
        if (roles == nullptr)
            return;
        if (roles->is_string())
            return takeName(roles->get<std::string>());
        if (roles->is_array())
            for (const json& one : *roles)
                if (one.is_string())
                    takeName(one.get<std::string>());
    }
    [[nodiscard]] std::optional<Role> role() const { return m_role; }

private:
    void takeName(const std::string& name) {
        std::optional<Role> role = roleFromName(name);
        if (const auto found = m_names.find(name); found != m_names.end())
            role = found->second;
        if (role && (!m_role || *role > *m_role))
            m_role = role;
    }

    const RoleNames& m_names;
    std::optional<Role> m_role;
};

// A subject that could be mistaken for something else, or is too long to be read, goes by its hash.
std::string nameOf(const std::string& subject) {
    const bool isPlain = subject.size() <= kLongestSubject &&
                         std::all_of(subject.begin(), subject.end(), [](char c) { return c > ' ' && c < 127; });
    return "token:" + (isPlain ? subject : "sha256-" + toHex(sha256(subject)).substr(0, kHashDigits));
}

} // namespace

Result<RoleNames> parseRoleNames(std::string_view text) {
    RoleNames names;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(','), text.size());
        const std::string_view pair = text.substr(0, end);
        const std::size_t equals = pair.rfind('=');
        const auto role = equals == std::string_view::npos ? std::nullopt : roleFromName(pair.substr(equals + 1));
        if (!role || equals == 0)
            return Error{ErrorCode::InvalidConfiguration, "jwt-roles: '" + std::string(pair) +
                                                              "' is not THEIRS=OURS, where OURS is one of " +
                                                              std::string(kRoleNames) + "."};
        names[std::string(pair.substr(0, equals))] = *role;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return names;
}

Result<IdentityPtr> identityOf(const json& claims, const std::string& audience, const RoleNames& names) {
    HighestRole highest(names);
    highest.take(member(member(&claims, "realm_access"), "roles"));
    highest.take(member(member(member(&claims, "resource_access"), audience.c_str()), "roles"));
    highest.take(member(&claims, "roles"));
    highest.take(member(&claims, "role"));
    if (!highest.role())
        return Error{ErrorCode::PermissionDenied,
                     "The token holds, but its issuer has given it no role of ModelMora: it needs one of " +
                         std::string(kRoleNames) + ", or one that jwt-roles names.",
                     {{"needed_role", std::string(roleName(Role::Viewer))}}};
    auto identity = std::make_shared<Identity>();
    identity->name = nameOf(member(&claims, "sub")->get<std::string>());
    identity->kind = Kind::Token;
    identity->role = *highest.role();
    if (const json* models = member(&claims, kModels)) {
        if (!models->is_array() || models->empty() || models->size() > kMostPatterns)
            return Error{ErrorCode::Unauthenticated,
                         "The token is refused: modelmora_models must be a list of 1 to 100 patterns."};
        for (const json& one : *models) {
            if (!one.is_string() || !isModelPattern(one.get<std::string>()))
                return Error{ErrorCode::Unauthenticated,
                             "The token is refused: modelmora_models holds something that is no pattern of models."};
            identity->models.push_back(one.get<std::string>());
        }
    }
    return IdentityPtr(std::move(identity));
}

} // namespace mm::access

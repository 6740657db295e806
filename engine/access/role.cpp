#include "engine/access/role.h"

#include <array>
#include <utility>

namespace mm::access {
namespace {

constexpr auto kNames = std::to_array<std::pair<Role, std::string_view>>(
    {{Role::Viewer, "viewer"}, {Role::User, "user"}, {Role::Operator, "operator"}, {Role::Admin, "admin"}});

} // namespace

std::string_view roleName(Role role) {
    for (const auto& [known, name] : kNames)
        if (known == role)
            return name;
    return {};
}

std::optional<Role> roleFromName(std::string_view name) {
    for (const auto& [role, known] : kNames)
        if (known == name)
            return role;
    return std::nullopt;
}

} // namespace mm::access

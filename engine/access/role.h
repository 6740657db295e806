// The four roles, each of which may do what the one before it may. Pure, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mm::access {

enum class Role : std::uint8_t {
    Viewer,   // sees
    User,     // and lets models compute
    Operator, // and loads, unloads, moves what waits
    Admin,    // and changes the registry, keys, and reads the audit
};

inline constexpr std::string_view kRoleNames = "viewer, user, operator, admin";

[[nodiscard]] std::string_view roleName(Role role);
[[nodiscard]] std::optional<Role> roleFromName(std::string_view name);

} // namespace mm::access

// Who a verified token stands for: its subject, and the highest role among those that its issuer has given it. Roles
// are read where Keycloak writes them (realm_access, resource_access of our audience) and from "roles" and "role".
// Pure.
#pragma once

#include "engine/access/identity.h"
#include "engine/base/result.h"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <string>
#include <string_view>

namespace mm::access {

// What an issuer's roles stand for; ours stand for themselves too.
using RoleNames = std::map<std::string, Role, std::less<>>;
// "theirs=ours,..."; fails with InvalidConfiguration.
Result<RoleNames> parseRoleNames(std::string_view text);

// Fails with PermissionDenied where it has no role of ours, and Unauthenticated for models that are no patterns.
Result<IdentityPtr> identityOf(const nlohmann::json& claims, const std::string& audience, const RoleNames& names);

} // namespace mm::access

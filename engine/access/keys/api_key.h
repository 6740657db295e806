// One API key as it is stored: what it allows, and the hash of its secret. Plain values.
#pragma once

#include "engine/access/identity.h"
#include "engine/base/clock.h"
#include "modelmora/v1/access.pb.h"

#include <optional>
#include <string>
#include <vector>

namespace mm::access {

namespace v1 = modelmora::v1;

struct ApiKey {
    std::string id;
    std::string name;
    Role role = Role::Viewer;
    std::vector<std::string> models = {};
    int maxPriority = 0;
    Limits limits = {};
    std::string hash; // of the secret
    std::string secretBegins;
    std::string oldHash = {}; // of the secret before the last rotation, where it still holds
    std::optional<WallTime> oldUntil = {};
    WallTime createdAt;
    std::string createdBy;
    std::optional<WallTime> expiresAt = {};
    std::optional<WallTime> rotatedAt = {};
    std::optional<WallTime> revokedAt = {};

    [[nodiscard]] bool isRevoked() const { return revokedAt.has_value(); }
    [[nodiscard]] bool isExpired(WallTime now) const { return expiresAt && *expiresAt <= now; }
};

// A key that has just been made: the only time its secret is known.
struct IssuedKey {
    ApiKey key;
    std::string secret;
};

[[nodiscard]] v1::ApiKey toProto(const ApiKey& key, WallTime now);
[[nodiscard]] v1::IssuedKey toProto(const IssuedKey& issued, WallTime now);
[[nodiscard]] v1::KeyLimits toProto(const Limits& limits);

} // namespace mm::access

#include "engine/access/keys/api_key.h"

namespace mm::access {
namespace {

void setTime(google::protobuf::Timestamp& out, WallTime time) {
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
    out.set_seconds(milliseconds / 1000);
    out.set_nanos(static_cast<int>(milliseconds % 1000) * 1'000'000);
}

} // namespace

v1::KeyLimits toProto(const Limits& limits) {
    v1::KeyLimits out;
    if (limits.requestsPerMinute)
        out.set_requests_per_minute(*limits.requestsPerMinute);
    if (limits.computeSecondsPerMinute)
        out.set_compute_seconds_per_minute(*limits.computeSecondsPerMinute);
    if (limits.computeSecondsPerDay)
        out.set_compute_seconds_per_day(*limits.computeSecondsPerDay);
    return out;
}

v1::ApiKey toProto(const ApiKey& key, WallTime now) {
    v1::ApiKey out;
    out.set_key_id(key.id);
    out.set_name(key.name);
    out.set_role(std::string(roleName(key.role)));
    for (const std::string& pattern : key.models)
        out.add_models(pattern);
    out.set_max_priority(static_cast<v1::Priority>(key.maxPriority));
    if (key.limits.any())
        *out.mutable_limits() = toProto(key.limits);
    setTime(*out.mutable_created_at(), key.createdAt);
    if (key.expiresAt)
        setTime(*out.mutable_expires_at(), *key.expiresAt);
    if (key.revokedAt)
        setTime(*out.mutable_revoked_at(), *key.revokedAt);
    if (key.rotatedAt)
        setTime(*out.mutable_rotated_at(), *key.rotatedAt);
    out.set_created_by(key.createdBy);
    out.set_secret_begins(key.secretBegins);
    out.set_status(key.isRevoked() ? "revoked" : key.isExpired(now) ? "expired" : "active");
    return out;
}

v1::IssuedKey toProto(const IssuedKey& issued, WallTime now) {
    v1::IssuedKey out;
    *out.mutable_key() = toProto(issued.key, now);
    out.set_secret(issued.secret);
    return out;
}

} // namespace mm::access

#include "engine/access/keys/key_ring.h"

#include "engine/access/keys/key_secret.h"
#include "engine/access/limits/meter.h"
#include "engine/access/sha256.h"

#include <utility>

namespace mm::access {
namespace {

std::optional<WallTime> earlier(const std::optional<WallTime>& a, const std::optional<WallTime>& b) {
    return a && b ? std::min(*a, *b) : a ? a : b;
}

Error notHolding(const std::string& name, std::string_view why) {
    return {ErrorCode::Unauthenticated,
            "The API key '" + name + "' is " + std::string(why) + ". Ask an administrator for a new one.",
            {{"key", name}, {"reason", std::string(why)}}};
}

} // namespace

std::shared_ptr<const KeyRing::Snapshot> KeyRing::snapshot() const {
    const std::lock_guard lock(m_mutex);
    return m_snapshot;
}

void KeyRing::replace(const std::vector<ApiKey>& keys, Instant now) {
    const auto before = snapshot();
    auto next = std::make_shared<Snapshot>();
    for (const ApiKey& key : keys) {
        auto identity = std::make_shared<Identity>();
        identity->name = key.name;
        identity->kind = Kind::Key;
        identity->role = key.role;
        identity->models = key.models;
        identity->maxPriority = key.maxPriority;
        identity->limits = key.limits;
        if (!key.isRevoked() && key.limits.any()) {
            const auto known = before->meters.find(key.name);
            identity->meter =
                known == before->meters.end() ? std::make_shared<Meter>(key.name, key.limits, now) : known->second;
            identity->meter->setLimits(key.limits, now);
            next->meters[key.name] = identity->meter;
        }
        next->byHash[key.hash] = {identity, key.expiresAt, key.isRevoked()};
        if (!key.oldHash.empty())
            next->byHash[key.oldHash] = {identity, earlier(key.expiresAt, key.oldUntil), key.isRevoked()};
    }
    const std::lock_guard lock(m_mutex);
    m_snapshot = std::move(next);
}

Result<IdentityPtr> KeyRing::find(std::string_view secret, WallTime now) const {
    if (!isSecret(secret))
        return Error{ErrorCode::Unauthenticated,
                     "This is no API key of this engine: they begin with 'mm_' and have 46 characters."};
    const auto known = snapshot();
    const auto found = known->byHash.find(hashOf(secret));
    if (found == known->byHash.end())
        return Error{ErrorCode::Unauthenticated,
                     "This API key is not known here. Is it from another engine, or was it replaced?"};
    const Entry& entry = found->second;
    if (entry.isRevoked)
        return notHolding(entry.identity->name, "revoked");
    if (entry.until && *entry.until <= now)
        return notHolding(entry.identity->name, "expired");
    return entry.identity;
}

void KeyRing::charge(const std::string& name, double seconds, Instant now) const {
    const auto known = snapshot();
    if (const auto found = known->meters.find(name); found != known->meters.end())
        found->second->chargeCompute(seconds, now);
}

std::vector<QuotaUse> KeyRing::quotaUses(Instant now, WallTime at) const {
    std::vector<QuotaUse> uses;
    const auto known = snapshot();
    for (const auto& [name, meter] : known->meters)
        if (auto use = meter->quotaUse(now, at))
            uses.push_back(std::move(*use));
    return uses;
}

void KeyRing::takeBack(const std::vector<QuotaUse>& uses, Instant now, WallTime at) const {
    const auto known = snapshot();
    for (const QuotaUse& use : uses)
        if (const auto found = known->meters.find(use.name); found != known->meters.end())
            found->second->takeBack(use, now, at);
}

} // namespace mm::access

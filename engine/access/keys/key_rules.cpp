#include "engine/access/keys/key_rules.h"

#include "engine/access/keys/key_secret.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

namespace mm::access {
namespace {

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestPattern = 256;
constexpr int kMostPatterns = 100;
constexpr std::int64_t kLongestLife = 10LL * 366 * 86400;
constexpr std::int64_t kLongestOverlap = 30LL * 86400;

bool isName(std::string_view text) {
    return !text.empty() && text.size() <= kLongestName && std::all_of(text.begin(), text.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_';
    });
}

template <typename Number>
void checkLimit(std::vector<FieldError>& wrong, const char* field, bool isGiven, Number value) {
    if (!isGiven)
        return;
    if (value == Number{0})
        wrong.push_back({field, "0 would let nothing through; leave it out for no limit, or revoke the key"});
    else if (!(value > Number{0}) || !std::isfinite(static_cast<double>(value)) || value > Number{1'000'000'000})
        wrong.push_back({field, "must be above 0 and at most 1000000000"});
}

std::vector<FieldError> faultsOf(const v1::CreateKeyRequest& request) {
    std::vector<FieldError> wrong;
    if (!isName(request.name()))
        wrong.push_back({"name", "must be 1 to 64 letters, digits, '.', '-' or '_'"});
    if (!roleFromName(request.role()))
        wrong.push_back({"role", "must be one of " + std::string(kRoleNames)});
    if (request.models_size() > kMostPatterns)
        wrong.push_back({"models", "has more than 100 patterns; use '*' in fewer of them"});
    for (int i = 0; i < std::min(request.models_size(), kMostPatterns); ++i)
        if (!isModelPattern(request.models(i)))
            wrong.push_back({"models[" + std::to_string(i) + "]",
                             "must be 1 to 256 visible ASCII characters such as 'org/repo', 'org/*' or '*'"});
    if (request.max_priority() < v1::PRIORITY_UNSPECIFIED || request.max_priority() > v1::PRIORITY_CRITICAL)
        wrong.push_back({"max_priority", "must be critical, high, normal or low"});
    const v1::KeyLimits& limits = request.limits();
    checkLimit(wrong, "limits.requests_per_minute", limits.has_requests_per_minute(), limits.requests_per_minute());
    checkLimit(wrong, "limits.compute_seconds_per_minute", limits.has_compute_seconds_per_minute(),
               limits.compute_seconds_per_minute());
    checkLimit(wrong, "limits.compute_seconds_per_day", limits.has_compute_seconds_per_day(),
               limits.compute_seconds_per_day());
    if (request.expires_in_seconds() < 0 || request.expires_in_seconds() > kLongestLife)
        wrong.push_back({"expires_in_seconds", "must be from 1 to ten years, or 0 for a key that does not expire"});
    return wrong;
}

Error refused(std::vector<FieldError> wrong) {
    Error error{ErrorCode::ValidationError, "The key cannot be made:", {}, std::move(wrong)};
    for (const FieldError& field : error.fieldErrors)
        error.message += " " + field.field + " " + field.message + ".";
    return error;
}

Limits limitsOf(const v1::KeyLimits& limits) {
    Limits out;
    if (limits.has_requests_per_minute())
        out.requestsPerMinute = limits.requests_per_minute();
    if (limits.has_compute_seconds_per_minute())
        out.computeSecondsPerMinute = limits.compute_seconds_per_minute();
    if (limits.has_compute_seconds_per_day())
        out.computeSecondsPerDay = limits.compute_seconds_per_day();
    return out;
}

} // namespace

bool isModelPattern(std::string_view text) {
    return !text.empty() && text.size() <= kLongestPattern &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

Result<IssuedKey> newKey(const v1::CreateKeyRequest& request, WallTime now, const std::string& createdBy) {
    if (std::vector<FieldError> wrong = faultsOf(request); !wrong.empty())
        return refused(std::move(wrong));
    MM_TRY(std::string secret, newSecret());
    MM_TRY(std::string id, newKeyId());
    ApiKey key;
    key.id = std::move(id);
    key.name = request.name();
    key.role = *roleFromName(request.role());
    key.models.assign(request.models().begin(), request.models().end());
    key.maxPriority = request.max_priority();
    key.limits = limitsOf(request.limits());
    key.hash = hashOf(secret);
    key.secretBegins = beginningOf(secret);
    key.createdAt = now;
    key.createdBy = createdBy;
    if (request.expires_in_seconds() > 0)
        key.expiresAt = now + std::chrono::seconds(request.expires_in_seconds());
    return IssuedKey{std::move(key), std::move(secret)};
}

Result<IssuedKey> rotated(const ApiKey& key, std::int64_t keepOldSeconds, WallTime now) {
    if (key.isRevoked() || key.isExpired(now))
        return Error{ErrorCode::IllegalTransition,
                     "The key '" + key.name + "' is " + (key.isRevoked() ? "revoked" : "expired") +
                         " and cannot be rotated. Create a new one.",
                     {{"key", key.name}}};
    if (keepOldSeconds < 0 || keepOldSeconds > kLongestOverlap)
        return invalidField("keep_old_seconds", "must be from 0 to 2592000 (30 days)");
    MM_TRY(std::string secret, newSecret());
    ApiKey next = key;
    next.oldHash.clear();
    next.oldUntil.reset();
    if (keepOldSeconds > 0) {
        next.oldHash = key.hash;
        next.oldUntil = now + std::chrono::seconds(keepOldSeconds);
    }
    next.hash = hashOf(secret);
    next.secretBegins = beginningOf(secret);
    next.rotatedAt = now;
    return IssuedKey{std::move(next), std::move(secret)};
}

} // namespace mm::access

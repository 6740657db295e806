// What a key may be, and how one comes to be: from a request to what is stored. All faults of a request are listed at
// once. Pure apart from the chance in the secret; any thread.
#pragma once

#include "engine/access/keys/api_key.h"
#include "engine/base/result.h"

#include <string>
#include <string_view>

namespace mm::access {

Result<IssuedKey> newKey(const v1::CreateKeyRequest& request, WallTime now, const std::string& createdBy);
// The same key with another secret. Fails with IllegalTransition for one that is revoked or expired.
Result<IssuedKey> rotated(const ApiKey& key, std::int64_t keepOldSeconds, WallTime now);

// A pattern of models that could ever fit.
[[nodiscard]] bool isModelPattern(std::string_view text);

} // namespace mm::access

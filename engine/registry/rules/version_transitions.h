// Which changes of a model's versions are allowed, and the errors that say why one is not: shared by the store, which
// decides within its transaction, and the catalogue's view. Pure, any thread.
#pragma once

#include "engine/base/result.h"
#include "engine/registry/model_entry.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mm::registry {

// A further version of a model: not one it has (ModelAlreadyExists), and for the same task.
Result<void> checkNewVersion(const ModelVersions& model, const ModelEntry& entry);
// A version whose files have failed is not made current (IllegalTransition).
Result<void> checkPromotion(const ModelEntry& entry);

Error modelNotFound(std::string_view modelId, const std::vector<std::string>& known);
Error versionNotFound(std::string_view version, const ModelVersions& model);
Error revisionConflict(std::string_view modelId, std::int64_t expected, std::int64_t actual);
// `done` is what was to be done to it: "deleted", "deprecated".
Error versionIsCurrent(const ModelEntry& entry, std::string_view done);

} // namespace mm::registry

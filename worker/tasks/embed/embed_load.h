// Loads a model for sentence embeddings: encoder, pooling and what modules.json lists behind it. Compute thread.
// Throws Failure naming the file, tensor or setting that is wrong.
#pragma once

#include "worker/tasks/task_registry.h"

#include <memory>

namespace mm::worker {

std::unique_ptr<Model> loadEmbed(const LoadOptions& options, const LoadProgress& progress);

} // namespace mm::worker

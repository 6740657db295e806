// From a model's folder to an EmbedModel: files, weights, pooling and dense layers, tokenizer, warm-up, each a stage
// that the load reports. Compute thread. Throws Failure naming the file, tensor or setting that is wrong.
#pragma once

#include "worker/tasks/task_registry.h"

#include <memory>

namespace mm::worker {

std::unique_ptr<Model> loadEmbed(const LoadOptions& options, const LoadProgress& progress);

} // namespace mm::worker

// Loads a model with its classification head, to give labels to texts or scores to pairs of texts. Compute thread.
// Throws Failure naming the file, tensor or setting that is wrong.
#pragma once

#include "worker/tasks/task_registry.h"

#include <memory>

namespace mm::worker {

std::unique_ptr<Model> loadClassify(const LoadOptions& options, const LoadProgress& progress);
std::unique_ptr<Model> loadScore(const LoadOptions& options, const LoadProgress& progress);

} // namespace mm::worker

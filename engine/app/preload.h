// Preload: loads models at the start, one after another so that they do not slow each other down. A model that cannot
// be loaded is logged, shows why in its status, and stops none of the others. Engine thread; the manager outlives it.
#pragma once

#include "engine/base/executor.h"
#include "engine/lifecycle/lifecycle_manager.h"
#include "engine/registry/catalogue.h"

#include <functional>
#include <string>
#include <vector>

namespace mm::app {

// The current version of every model whose configuration says "preload", by name.
[[nodiscard]] std::vector<std::string> modelsToPreload(const registry::Catalogue& catalogue);

// `done` gets how many were loaded.
void preload(std::vector<std::string> keys, lifecycle::LifecycleManager& lifecycle, Executor& engine,
             std::function<void(int loaded)> done);

} // namespace mm::app

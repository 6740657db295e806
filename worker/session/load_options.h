// The engine's Load frame as LoadOptions: the registry's configuration read for what concerns the worker. Pure.
// Throws Failure(InvalidConfiguration) naming the setting. Settings of others are left alone.
#pragma once

#include "modelmora/worker/v1/worker.pb.h"
#include "worker/tasks/task_registry.h"

namespace mm::worker {

LoadOptions toLoadOptions(const modelmora::worker::v1::Load& load);

} // namespace mm::worker

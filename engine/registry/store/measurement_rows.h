// Between a MeasuredLoad and its row in model_measurement. Used by SqliteStore on its thread.
#pragma once

#include "engine/registry/measured_load.h"
#include "engine/store/database.h"

#include <vector>

namespace mm::registry {

Result<std::vector<MeasuredLoad>> readMeasuredLoads(store::SqliteSession& session);
// Replaces the line of that device and dtype. False where there is no such version (any more).
Result<bool> writeMeasuredLoad(store::SqliteSession& session, const MeasuredLoad& load);

} // namespace mm::registry

// What the log remembered, kept in a file while no engine runs, so that readers that come back after a restart miss
// nothing. Blocking; called at an engine's start and end.
#pragma once

#include "engine/base/result.h"
#include "engine/events/event_log.h"

#include <filesystem>
#include <optional>

namespace mm::events {

// Written beside it and moved into its place, whole or not at all.
Result<void> writeEventFile(const std::filesystem::path& file, const EventLog::Past& past);

// Reads the file and removes it: what an engine does after that is not in it, and where it is killed nobody shall
// believe that nothing happened. Nothing where there is no file or it is damaged.
std::optional<EventLog::Past> takeEventFile(const std::filesystem::path& file);

} // namespace mm::events

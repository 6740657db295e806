// ExitReport: how a worker process ended and what it said last, as the Error that everyone waiting for it receives.
// Pure, any thread.
#pragma once

#include "engine/base/error.h"

#include <optional>
#include <string>
#include <vector>

namespace mm::lifecycle {

struct ExitReport {
    std::string key;
    // What it was doing: "spawn", a stage of the load, or "running".
    std::string stage;
    bool bySignal = false;
    int code = 0; // exit code, or the signal's number
    std::vector<std::string> lastLines;
    // Of a SIGKILL that was not the engine's: whether the kernel killed for want of memory meanwhile; unset where the
    // system does not tell.
    std::optional<bool> outOfMemory;
};

// "SIGSEGV"; numbers without a name as "signal 77".
std::string signalName(int number);

// ModelLoadFailed while it loaded, WorkerCrashed while it ran. Facts: stage, signal or exit_code, out_of_memory and
// last_lines where there are any, suggested_action where one is known.
Error toError(const ExitReport& report);

} // namespace mm::lifecycle

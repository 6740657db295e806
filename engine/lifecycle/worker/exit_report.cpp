#include "engine/lifecycle/worker/exit_report.h"

#include <algorithm>
#include <csignal>
#include <cstring>

namespace mm::lifecycle {
namespace {

constexpr const char* kFreeMemory = "free memory, or load the model with a smaller dtype";

// Libraries that cannot report a failed allocation abort, but not without a word.
bool saysOutOfMemory(const ExitReport& report) {
    return std::any_of(report.lastLines.begin(), report.lastLines.end(), [](const std::string& line) {
        return line.find("memory allocation of") != std::string::npos ||
               line.find("std::bad_alloc") != std::string::npos;
    });
}

bool isOutOfMemory(const ExitReport& report) {
    if (report.bySignal && report.code == SIGKILL)
        return report.outOfMemory.value_or(false);
    return report.bySignal && report.code == SIGABRT && saysOutOfMemory(report);
}

std::string suggestion(const ExitReport& report) {
    if (!report.bySignal)
        return {};
    if (isOutOfMemory(report))
        return report.code == SIGKILL
                   ? std::string("the system ran out of memory and its kernel chose this worker; ") + kFreeMemory
                   : std::string("it ran out of memory; ") + kFreeMemory + ", or raise its config.memory_limit_mb";
    switch (report.code) {
    case SIGKILL:
        if (report.outOfMemory)
            return "someone outside the engine killed it, and not for want of memory; it is started again when the "
                   "model is needed";
        return std::string("most likely the system ran out of memory; ") + kFreeMemory;
    case SIGILL:
        return "this CPU lacks an instruction that the worker was built for";
    case SIGSEGV:
    case SIGBUS:
    case SIGABRT:
    case SIGFPE:
        return "a fault in the worker, or model files that changed under it; verify the files, and report it with the "
               "last lines";
    case SIGTERM:
        return "someone outside the engine ended it; it is started again when the model is needed";
    default:
        return {};
    }
}

} // namespace

std::string signalName(int number) {
    const char* name = ::sigabbrev_np(number);
    return name != nullptr ? "SIG" + std::string(name) : "signal " + std::to_string(number);
}

Error toError(const ExitReport& report) {
    const bool running = report.stage == "running";
    Error error{running ? ErrorCode::WorkerCrashed : ErrorCode::ModelLoadFailed, "the worker of " + report.key};
    if (report.bySignal) {
        error.message += " was killed by " + signalName(report.code);
        error.facts["signal"] = signalName(report.code);
    } else {
        error.message += " exited with code " + std::to_string(report.code);
        error.facts["exit_code"] = std::int64_t(report.code);
    }
    error.message += running ? " while its model was loaded" : " while loading, in stage \"" + report.stage + "\"";
    if (isOutOfMemory(report))
        error.facts["out_of_memory"] = true;
    error.facts["stage"] = report.stage;
    error.facts["model"] = report.key;
    if (const std::string hint = suggestion(report); !hint.empty()) {
        error.message += ": " + hint;
        error.facts["suggested_action"] = hint;
    }
    if (!report.lastLines.empty()) {
        error.message += "; its last line: " + report.lastLines.back();
        error.facts["last_lines"] = report.lastLines;
    }
    return error;
}

} // namespace mm::lifecycle

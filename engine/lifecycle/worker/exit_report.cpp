#include "engine/lifecycle/worker/exit_report.h"

#include <csignal>
#include <cstring>

namespace mm::lifecycle {
namespace {

std::string suggestion(const ExitReport& report) {
    if (!report.bySignal)
        return {};
    switch (report.code) {
    case SIGKILL:
        return "most likely the system ran out of memory; free memory, or load the model with a smaller dtype";
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

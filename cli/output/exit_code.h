// How the program ends, for scripts: the documented exit codes and which error leads to which. Pure, any thread.
#pragma once

#include "engine/base/error.h"

namespace mm::cli {

enum ExitCode : int {
    kOk = 0,
    kFailed = 1,      // the engine could not do it, or something is wrong inside
    kUsage = 2,       // the command line makes no sense
    kUnreachable = 3, // no engine answers
    kNotFound = 4,    // no such model or version
    kConflict = 5,    // exists already, in use, changed meanwhile
    kInvalid = 6,     // the input is not acceptable
    kTimeout = 7,     // no answer in time
    kBusy = 8,        // not now: queue, memory or disk is full
    kNotReady = 9,    // health: the engine answers, but it or a model is not well
};

// The fact that marks errors of the connection itself.
inline constexpr const char* kUnreachableFact = "unreachable";

ExitCode exitCodeFor(const Error& error);

// The list for people, as `modelmora help` shows it.
const char* exitCodeHelp();

} // namespace mm::cli

// How the program ends, for scripts: the documented exit codes and which error leads to which. Pure, any thread.
#pragma once

#include "engine/base/error.h"

namespace mm::cli {

enum ExitCode : int {
    Ok = 0,
    Failed = 1,      // the engine could not do it, or something is wrong inside
    Usage = 2,       // the command line makes no sense
    Unreachable = 3, // no engine answers
    NotFound = 4,    // no such model or version
    Conflict = 5,    // exists already, in use, changed meanwhile
    Invalid = 6,     // the input is not acceptable
    Timeout = 7,     // no answer in time
    Busy = 8,        // not now: queue, memory or disk is full
    NotReady = 9,    // health: the engine answers, but it or a model is not well
    Denied = 10,     // no credentials, or none that may do this
};

// As shells have it for a program that a signal has ended.
inline ExitCode endedBy(int signal) {
    return static_cast<ExitCode>(128 + signal);
}

// The fact that marks errors of the connection itself.
inline constexpr const char* kUnreachableFact = "unreachable";

ExitCode exitCodeFor(const Error& error);

// The list for people, as `modelmora help` shows it.
const char* exitCodeHelp();

} // namespace mm::cli

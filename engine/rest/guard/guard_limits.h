// What a client may cost the server before anything of it is believed. Plain values.
#pragma once

#include <cstdint>

namespace mm::rest::guard {

struct RequestLimits {
    std::int64_t maxHeadBytes = 16L * 1024;
    std::int64_t maxTargetBytes = 8L * 1024;
    std::int64_t maxBodyBytes = 32 << 20;
    int maxHeaders = 100;
};

struct GuardLimits {
    RequestLimits request;
    int maxConnections = 512;
    int maxConnectionsPerAddress = 256;
    int headMs = 10'000; // from a request's first byte to the end of its head; also for a fresh connection
    int bodyMs = 30'000; // for a body, plus its size at minBodyBytesPerSecond
    std::int64_t minBodyBytesPerSecond = 16L * 1024;
    int idleMs = 75'000;                   // between requests
    int answerMs = 900'000;                // last resort: longer than any inference and load may take
    int writeStallMs = 30'000;             // a client that takes nothing of its answer for so long
    int lingerMs = 2'000;                  // to read the reason of a refusal
    std::int64_t maxUnsentBytes = 1 << 20; // no further pipelined request is begun above this
};

} // namespace mm::rest::guard

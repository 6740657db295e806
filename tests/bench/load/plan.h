// Plan: what the load generator is to send, read from JSON:
//   {"address": "127.0.0.1:8000", "seconds": 5, "warmup_seconds": 0.5, "streams": [
//      {"name": "short", "path": "/v1/embeddings", "bodies": "bodies.jsonl", "connections": 16,
//       "rate": 0, "method": "POST", "headers": {"X-ModelMora-Client": "a"}}]}
// A stream is a set of keep-alive connections that send alike: `rate` 0 is a closed loop (each connection sends its
// next request when it has the answer), otherwise so many requests a second fall due whatever comes back (an open
// loop). `bodies` holds one body a line, sent in turn. Fails with InvalidConfiguration, naming the field.
#pragma once

#include "engine/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace mm::load {

struct StreamPlan {
    std::string name;
    std::vector<std::string> messages; // whole requests, head and body, ready to be sent
    int connections = 1;
    double rate = 0; // requests a second; 0: closed loop
};

struct Plan {
    std::string host; // a numeric IPv4 address
    int port = 0;
    double seconds = 5;
    double warmupSeconds = 0.5;
    std::vector<StreamPlan> streams;
};

Result<Plan> readPlan(std::string_view json);

} // namespace mm::load

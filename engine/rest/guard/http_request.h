// One request as the guard has read it: complete, checked, nothing of it decoded yet. Plain value.
#pragma once

#include "engine/base/error.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mm::rest::guard {

struct HttpRequest {
    std::string method;
    std::string path;  // as sent, percent-encoded; begins with one '/', or is "*"
    std::string query; // as sent, without '?'
    std::vector<std::pair<std::string, std::string>> headers; // names in lower case
    std::string body;
    std::string peer;        // the client's address, without its port
    std::string certificate; // of the client, in PEM, where it has shown one
    bool headOnly = false;   // was HEAD; method says GET
    bool keepAlive = true;
    bool http10 = false;

    // The first header of that (lower-case) name, or nothing.
    [[nodiscard]] std::string_view header(std::string_view name) const;
};

// A request that cannot be served: the status of the answer and why. The connection ends with it.
struct Refusal {
    int status = 400;
    Error error;
};

} // namespace mm::rest::guard

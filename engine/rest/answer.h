// What goes back to the client, before it is HTTP. Plain value; moved, since bodies may be large.
#pragma once

#include "engine/base/error.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mm::rest {

struct Answer {
    int status = 200;
    std::string body;
    std::string_view contentType = "application/json"; // text that lives for ever
    std::vector<std::pair<std::string, std::string>> headers = {};
    bool isModelOutput = false; // mostly numbers: see semantics::Compression
};

// How a dialect says that something went wrong.
using ErrorFormat = Answer (*)(const Error& error, const std::string& traceId);

} // namespace mm::rest

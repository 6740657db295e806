// Whose share of the compute a request comes out of: the name that the client gives itself, or where it calls from. Not
// an identity to be trusted: anyone may give any name. Pure, any thread.
#pragma once

#include "engine/base/result.h"

#include <string>
#include <string_view>

namespace mm::service {

// `source` is the header it came in. MalformedRequest where the name is not 1 to 128 visible ASCII characters.
Result<std::string> clientName(std::string_view given, std::string_view peer, std::string_view source);

} // namespace mm::service

// What a client takes: Accept and Accept-Encoding with their weights (RFC 9110, 12.4 and 12.5). What cannot be read of
// such a header is passed over, as if it were not there. Pure, any thread.
#pragma once

#include <string_view>

namespace mm::rest::semantics {

// Whether an Accept header takes the media type ("application/json"): the most specific of its ranges decides, and no
// range that can be read takes everything. Parameters other than q are not looked at.
[[nodiscard]] bool accepts(std::string_view accept, std::string_view mediaType);

enum class Coding { Identity, Gzip, Deflate };

// The coding that an Accept-Encoding header likes best; of equals the one that makes the answer smaller. Without the
// header, identity.
[[nodiscard]] Coding bestCoding(std::string_view acceptEncoding);

} // namespace mm::rest::semantics

#include "engine/service/client_name.h"

#include <algorithm>

namespace mm::service {
namespace {

constexpr std::size_t kLongestName = 128;

} // namespace

Result<std::string> clientName(std::string_view given, std::string_view peer, std::string_view source) {
    if (given.empty())
        return peer.empty() ? std::string("anonymous") : std::string(peer.substr(0, kLongestName));
    if (given.size() > kLongestName ||
        !std::all_of(given.begin(), given.end(), [](char c) { return c > ' ' && c < 127; }))
        return Error{ErrorCode::MalformedRequest,
                     std::string(source) + " must be 1 to 128 visible ASCII characters without spaces."};
    return std::string(given);
}

} // namespace mm::service

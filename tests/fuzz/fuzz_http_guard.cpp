// The HTTP guard's readers against any bytes: slicing must not change what is read, limits must hold, nothing may
// crash. The first byte sets the slicing, the rest is the stream.
#include "engine/rest/guard/request_parser.h"
#include "engine/rest/guard/response_follower.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using mm::rest::guard::RequestLimits;
using mm::rest::guard::RequestParser;
using mm::rest::guard::ResponseFollower;

constexpr RequestLimits kLimits{.maxHeadBytes = 512, .maxTargetBytes = 200, .maxBodyBytes = 1000, .maxHeaders = 10};

void require(bool holds) {
    if (!holds)
        std::abort();
}

// Everything that was read, as text that can be compared.
std::string readAll(std::string_view stream, std::size_t slice) {
    RequestParser parser(kLimits);
    std::string story;
    for (std::size_t at = 0; at < stream.size(); at += slice) {
        parser.feed(stream.substr(at, slice));
        while (parser.state() == RequestParser::State::Complete) {
            const auto request = parser.take();
            require(request.body.size() <= static_cast<std::size_t>(kLimits.maxBodyBytes));
            require(request.path == "*" || request.path.front() == '/');
            require(request.path.find("//") == std::string::npos);
            story += request.method + ' ' + request.path + '?' + request.query + '\n';
            for (const auto& [name, value] : request.headers)
                story += name + ':' + value + '\n';
            story += request.body + (request.keepAlive ? "\nstays\n" : "\nends\n");
            parser.feed({});
        }
    }
    if (parser.state() == RequestParser::State::Refused)
        story += "refused " + std::to_string(parser.refusal().status);
    return story;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2)
        return 0;
    const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::size_t slice = data[0] + 1U;
    require(readAll(stream, slice) == readAll(stream, stream.size()));

    ResponseFollower follower;
    follower.begin(false);
    for (std::size_t at = 0; at < stream.size(); at += slice)
        require(follower.feed(stream.substr(at, slice)).body.size() <= slice);
    return 0;
}

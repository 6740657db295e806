// The HTTP guard's readers against any bytes: slicing must not change what is read, limits must hold, nothing may
// crash. The first byte sets the slicing, the rest is the stream.
#include "engine/rest/guard/answer_head.h"
#include "engine/rest/guard/request_parser.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using mm::rest::guard::RequestLimits;
using mm::rest::guard::RequestParser;

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

// Whatever a header holds, the head ends where it should and has the lines it should.
void requireOneHead(std::string_view value, std::uint8_t manner) {
    mm::rest::Answer answer;
    answer.headers = {{"X-One", std::string(value)}, {std::string(value), "two"}};
    const std::string head =
        mm::rest::guard::answerHead(answer, {(manner & 1) != 0, (manner & 2) != 0, (manner & 4) != 0},
                                    mm::rest::guard::BodyFraming::Length, value.size());
    require(head.find("\r\n\r\n") == head.size() - 4);
    std::size_t lines = 0;
    for (std::size_t at = 0; (at = head.find('\n', at)) != std::string::npos; ++at)
        ++lines;
    const bool keepsAlive = (manner & 4) != 0;
    const bool saysConnection = !keepsAlive || (manner & 2) != 0;
    require(lines <= (saysConnection ? 8U : 7U));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2)
        return 0;
    const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::size_t slice = data[0] + 1U;
    require(readAll(stream, slice) == readAll(stream, stream.size()));

    requireOneHead(stream, data[0]);
    return 0;
}

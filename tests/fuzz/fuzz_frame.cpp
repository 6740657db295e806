// Any bytes in any slices as the worker's end of the socket: frames are found or refused, and slicing changes nothing.
#include "engine/ipc/frame.h"
#include "modelmora/worker/v1/worker.pb.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace {

constexpr std::size_t kLimit = 1 << 16;

struct Seen {
    std::vector<std::string> frames;
    bool refused = false;

    bool operator==(const Seen&) const = default;
};

Seen readAll(std::string_view stream, std::size_t slice) {
    mm::ipc::FrameReader reader(kLimit);
    Seen seen;
    for (std::size_t at = 0; at < stream.size() && !seen.refused; at += slice) {
        reader.append(stream.substr(at, slice));
        for (;;) {
            const auto next = reader.next();
            seen.refused = !next.ok();
            if (seen.refused || !*next)
                break;
            if ((*next)->size() > kLimit)
                std::abort();
            seen.frames.emplace_back(**next);
        }
    }
    return seen;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1)
        return 0;
    const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
    const Seen whole = readAll(stream, std::max<std::size_t>(stream.size(), 1));
    if (!(readAll(stream, std::size_t{data[0]} + 1) == whole))
        std::abort();
    for (const std::string& frame : whole.frames) {
        modelmora::worker::v1::EngineFrame message;
        (void)message.ParseFromString(frame);
    }
    return 0;
}

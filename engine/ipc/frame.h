// Frames on the socket pair between engine and worker: a 4-byte little-endian length, then one protobuf message.
// FrameReader turns any slicing of the byte stream back into messages and refuses what is too long before reading it.
// Plain values; one owner, one thread.
#pragma once

#include "engine/base/result.h"

#include <google/protobuf/message_lite.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mm::ipc {

inline constexpr std::uint32_t kProtocolVersion = 1;
inline constexpr std::size_t kMaxFrameBytes = 256U << 20;
inline constexpr std::size_t kFrameHeaderBytes = 4;

// Appends the message as one frame. Fails, leaving `out` as it was, when it is longer than kMaxFrameBytes.
Result<void> appendFrame(const google::protobuf::MessageLite& message, std::string& out);

class FrameReader {
public:
    explicit FrameReader(std::size_t maxFrameBytes = kMaxFrameBytes) : m_maxFrameBytes(maxFrameBytes) {}

    // Room for `bytes` more, to read into; commit() says how many came.
    char* prepare(std::size_t bytes);
    void commit(std::size_t bytes);
    void append(std::string_view bytes);

    // The next whole frame's payload, or nothing yet. The view lives until the next call to prepare() or append().
    // An announced length over the limit is an error and stays one: the stream cannot be trusted any more.
    Result<std::optional<std::string_view>> next();

    [[nodiscard]] std::size_t buffered() const { return m_end - m_begin; }

private:
    std::size_t m_maxFrameBytes;
    std::string m_buffer;
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
};

} // namespace mm::ipc

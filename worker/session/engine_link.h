// The worker's end of the socket pair: whole frames in, frames out with what the socket does not take yet kept back.
// Owns the descriptor. Reading is the I/O thread's, sending any thread's. Errors are final: the engine is gone or
// cannot be trusted.
#pragma once

#include "engine/base/result.h"
#include "engine/ipc/frame.h"
#include "modelmora/worker/v1/worker.pb.h"

#include <mutex>
#include <optional>
#include <string>

namespace mm::worker {

class EngineLink {
public:
    explicit EngineLink(int fd);
    ~EngineLink();
    EngineLink(const EngineLink&) = delete;
    EngineLink& operator=(const EngineLink&) = delete;

    [[nodiscard]] int fd() const { return m_fd; }
    // Reads what is there; false at the end of the stream.
    Result<bool> read();
    // The next whole frame of what was read, or nothing yet. WorkerMisbehaved where it is none of the protocol.
    Result<std::optional<modelmora::worker::v1::EngineFrame>> next();
    // Fails, sending nothing, when the frame is over the limit.
    Result<void> send(const modelmora::worker::v1::WorkerFrame& frame);
    // Writes what the socket takes.
    Result<void> flush();
    [[nodiscard]] std::size_t unsent() const;

private:
    Result<void> flushLocked();

    int m_fd;
    ipc::FrameReader m_reader;
    mutable std::mutex m_mutex; // guards the following
    std::string m_out;
    std::size_t m_sent = 0;
};

} // namespace mm::worker

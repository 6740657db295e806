// Frames from the compute thread on their way to the socket. push() wakes the I/O thread through an eventfd and waits
// while too much is under way, so that an engine that does not read slows the work instead of filling memory.
#pragma once

#include "modelmora/worker/v1/worker.pb.h"

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

namespace mm::worker {

class Outbox {
public:
    using Frame = modelmora::worker::v1::WorkerFrame;

    Outbox();
    ~Outbox();
    Outbox(const Outbox&) = delete;
    Outbox& operator=(const Outbox&) = delete;

    // Compute thread.
    void push(std::vector<Frame> frames);
    void push(Frame frame);
    // I/O thread: readable when there is something to take.
    [[nodiscard]] int wakeFd() const { return m_wakeFd; }
    std::vector<Frame> take();

private:
    std::mutex m_mutex;
    std::condition_variable m_room;
    std::vector<Frame> m_frames;
    std::size_t m_bytes = 0;
    int m_wakeFd = -1;
};

} // namespace mm::worker

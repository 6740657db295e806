// Frames from the compute thread on their way to the socket. push() wakes the I/O thread through an eventfd and waits
// while too much is under way, so that an engine that does not read slows the work instead of filling memory. An answer
// that is alone does without the I/O thread: pushAnswers() writes it to the socket itself, which saves its request the
// way over one more thread; the I/O thread hears of it later.
#pragma once

#include "modelmora/worker/v1/worker.pb.h"
#include "worker/session/engine_link.h"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace mm::worker {

class Outbox {
public:
    using Frame = modelmora::worker::v1::WorkerFrame;

    explicit Outbox(EngineLink& link);
    ~Outbox();
    Outbox(const Outbox&) = delete;
    Outbox& operator=(const Outbox&) = delete;

    // Compute thread.
    void push(std::vector<Frame> frames);
    void push(Frame frame);
    // The last ones of their requests.
    void pushAnswers(std::vector<Frame> answers);
    // I/O thread: readable when there is something to take, or to flush.
    [[nodiscard]] int wakeFd() const { return m_wakeFd; }
    // What is to be sent; passedOn() once the link has it.
    std::vector<Frame> take();
    void passedOn();
    // The requests whose answers have left since the last call.
    std::vector<std::uint64_t> takeAnswered();

private:
    bool sendStraight(const Frame& answer);
    void wake() const;

    EngineLink& m_link;
    std::mutex m_mutex;
    std::condition_variable m_room;
    std::vector<Frame> m_frames;
    std::size_t m_bytes = 0;
    bool m_isPassing = false; // between take() and passedOn()
    std::vector<std::uint64_t> m_answered;
    int m_wakeFd = -1;
};

} // namespace mm::worker

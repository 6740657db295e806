// The worker's conversation with its engine, on the I/O thread: frames in and out, requests checked and tokenised in
// pieces between them, pings answered whatever the compute thread is doing. Distrusts the engine as the engine
// distrusts it: a frame out of order ends the process. run() returns the exit code.
#pragma once

#include "worker/session/compute_loop.h"
#include "worker/session/engine_link.h"
#include "worker/session/outbox.h"
#include "worker/tasks/task_registry.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>

namespace mm::worker {

class Session {
public:
    Session(int socket, const TaskRegistry& tasks, std::optional<ipc::DeviceTurns> turns);

    int run();

private:
    enum class Phase { AwaitingLoad, Loading, Ready, Refused };
    using Frame = modelmora::worker::v1::EngineFrame;

    // An exit code where the session is over.
    std::optional<int> turn();
    std::optional<int> readFrames();
    std::optional<int> handle(Frame& frame);
    std::optional<int> startLoad(const modelmora::worker::v1::Load& load);
    std::optional<int> startRun(modelmora::worker::v1::Run& run);
    void startItem(modelmora::worker::v1::RunItem& item);
    void cancel(std::uint64_t id);
    void answerPing(std::uint64_t nonce);
    // One piece of one request's preparation; requests of the highest priority take turns.
    void prepareSome();
    void answerPreparation(std::uint64_t id, Error& error);
    void sendWaiting();
    void settleAnswered();
    void settle(std::uint64_t id);
    void answerError(std::uint64_t id, const Error& error);
    void refuseLoad(const Error& error);
    void send(const modelmora::worker::v1::WorkerFrame& frame);
    int breach(const std::string& what) const;

    EngineLink m_link;
    Outbox m_outbox;
    Phase m_phase = Phase::AwaitingLoad;
    std::unordered_map<std::uint64_t, std::size_t> m_active; // requests without an answer yet, and their bytes
    std::size_t m_activeBytes = 0;
    std::deque<std::unique_ptr<Preparation>> m_preparing;
    ComputeLoop m_compute; // last: its thread uses the outbox
};

} // namespace mm::worker

// Generator: runs a plan with one thread and epoll, cheaply enough not to take the machine from the server it measures.
// What is sent in the warm-up is not counted; after the end the answers that are owed are waited for, bounded, so that
// none goes unaccounted. Fails where a connection cannot be made at the start.
#pragma once

#include "engine/base/result.h"
#include "tests/bench/load/connection.h"
#include "tests/bench/load/plan.h"
#include "tests/bench/load/stream_result.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace mm::load {

class Generator {
public:
    explicit Generator(const Plan& plan);
    ~Generator();
    Generator(const Generator&) = delete;
    Generator& operator=(const Generator&) = delete;

    Result<std::vector<StreamResult>> run();

private:
    using Clock = std::chrono::steady_clock;
    using Instant = Clock::time_point;

    struct Stream {
        const StreamPlan* plan = nullptr;
        StreamResult result;
        std::size_t nextMessage = 0;
        std::vector<std::size_t> idle; // connections without a request (open loop)
        std::deque<Instant> due;       // requests that wait for a connection (open loop)
        Instant nextDue;
        std::chrono::nanoseconds interval{0};
    };
    struct Slot {
        Connection connection;
        std::size_t stream = 0;
        Instant begun; // of the request under way
        bool isBusy = false;
    };

    Result<void> connectAll();
    Result<void> open(std::size_t slot);
    void startAll(Instant now);
    void loop();
    void handle(std::size_t slot);
    void settle(std::size_t slot, Connection::Progress progress);
    void answered(Slot& slot, Instant now);
    void next(std::size_t slot, Instant now);
    void send(std::size_t slot, Instant begun);
    void sendWhatIsDue(Instant now);
    void problem(Stream& stream, const std::string& what);
    [[nodiscard]] int waitMicros(Instant now) const;
    [[nodiscard]] bool isMeasured(Instant when) const { return when >= m_begin && when < m_end; }

    const Plan& m_plan;
    int m_epoll = -1;
    std::vector<Stream> m_streams;
    std::deque<Slot> m_slots;
    std::size_t m_busy = 0;
    Instant m_begin; // of what is counted
    Instant m_end;   // nothing is sent from here on
    Instant m_giveUp;
};

} // namespace mm::load

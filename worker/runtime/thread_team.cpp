#include "worker/runtime/thread_team.h"

#include <algorithm>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace mm::worker {

namespace {

// About 100 us between two runs before a thread gives its core to others.
constexpr int kSpinsBetweenRuns = 2000;
// Inside a run the others are microseconds away unless one lost its core; then yielding lets it have one.
constexpr int kSpinsInside = 1000;

constexpr std::uint64_t kUnitMask = 0xffffffffU;

std::uint32_t stageOf(std::uint64_t ticket) {
    return static_cast<std::uint32_t>(ticket >> 32);
}

void relax() {
#if defined(__x86_64__)
    _mm_pause();
#else
    std::this_thread::yield();
#endif
}

template <typename Done>
bool spin(int times, Done done) {
    for (int i = 0; i < times; ++i) {
        if (done())
            return true;
        relax();
    }
    return done();
}

} // namespace

ThreadTeam::ThreadTeam(int threads) {
    for (int index = 1; index < std::max(threads, 1); ++index)
        m_threads.emplace_back([this, index] { serve(index); });
}

ThreadTeam::~ThreadTeam() {
    m_stopping = true;
    m_round.fetch_add(2);
    m_round.notify_all();
    for (std::thread& thread : m_threads)
        thread.join();
}

// The round is opened (odd), and closed (even) once the caller is through; a member counts itself in before it looks
// whether the round is still open, the caller closes before it looks who is in, so neither can miss the other.
void ThreadTeam::start(Step step, void* context) {
    m_step = step;
    m_context = context;
    m_firstStage = stageOf(m_ticket.load(std::memory_order_relaxed));
    m_round.fetch_add(1);
    m_round.notify_all();
    Member self(*this, 0);
    step(context, self);
    m_round.fetch_add(1);
    while (!spin(kSpinsInside, [&] { return m_inside.load() == 0; }))
        std::this_thread::yield();
}

void ThreadTeam::serve(int index) {
    std::uint32_t seen = 0;
    while (true) {
        while (!spin(kSpinsBetweenRuns, [&] { return m_round.load(std::memory_order_acquire) != seen; }))
            m_round.wait(seen, std::memory_order_acquire);
        if (m_stopping)
            return;
        m_inside.fetch_add(1);
        seen = m_round.load();
        if (seen % 2 == 1) {
            Member self(*this, index);
            m_step(m_context, self);
        }
        m_inside.fetch_sub(1);
    }
}

std::int64_t ThreadTeam::claim(std::uint32_t stage, std::int64_t units) {
    std::uint64_t ticket = m_ticket.load(std::memory_order_acquire);
    while (stageOf(ticket) == stage && static_cast<std::int64_t>(ticket & kUnitMask) < units)
        if (m_ticket.compare_exchange_weak(ticket, ticket + 1, std::memory_order_acq_rel))
            return static_cast<std::int64_t>(ticket & kUnitMask);
    return -1;
}

void ThreadTeam::finish(std::uint32_t stage, std::int64_t units) {
    if (m_finished.fetch_add(1, std::memory_order_acq_rel) + 1 < units)
        return;
    m_finished.store(0, std::memory_order_relaxed);
    m_ticket.store(std::uint64_t{stage + 1} << 32, std::memory_order_release);
}

void ThreadTeam::awaitEnd(std::uint32_t stage) const {
    while (!spin(kSpinsInside, [&] { return stageOf(m_ticket.load(std::memory_order_acquire)) != stage; }))
        std::this_thread::yield();
}

} // namespace mm::worker

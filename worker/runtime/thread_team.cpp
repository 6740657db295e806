#include "worker/runtime/thread_team.h"

#include <algorithm>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace mm::worker {

namespace {

// About 100 us of waiting before a thread gives its core to others.
constexpr int kSpins = 2000;
// Inside a step a partner is microseconds away unless it lost its core; then yielding lets it have one.
constexpr int kBarrierSpins = 4000;

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
    for (int member = 1; member < std::max(threads, 1); ++member)
        m_threads.emplace_back([this, member] { serve(member); });
}

ThreadTeam::~ThreadTeam() {
    m_stopping = true;
    m_round.fetch_add(1, std::memory_order_release);
    m_round.notify_all();
    for (std::thread& thread : m_threads)
        thread.join();
}

void ThreadTeam::start(Step step, void* context) {
    m_step = step;
    m_context = context;
    m_working.store(static_cast<int>(m_threads.size()), std::memory_order_relaxed);
    m_round.fetch_add(1, std::memory_order_release);
    m_round.notify_all();
    step(context, 0);
    while (!spin(kBarrierSpins, [&] { return m_working.load(std::memory_order_acquire) == 0; }))
        std::this_thread::yield();
}

void ThreadTeam::serve(int member) {
    std::uint32_t seen = 0;
    while (true) {
        while (!spin(kSpins, [&] { return m_round.load(std::memory_order_acquire) != seen; }))
            m_round.wait(seen, std::memory_order_acquire);
        ++seen;
        if (m_stopping)
            return;
        m_step(m_context, member);
        m_working.fetch_sub(1, std::memory_order_release);
    }
}

void ThreadTeam::barrier() {
    if (m_threads.empty())
        return;
    const std::uint32_t phase = m_phase.load(std::memory_order_relaxed);
    if (m_arrived.fetch_add(1, std::memory_order_acq_rel) + 1 == size()) {
        m_arrived.store(0, std::memory_order_relaxed);
        m_phase.store(phase + 1, std::memory_order_release);
        return;
    }
    while (!spin(kBarrierSpins, [&] { return m_phase.load(std::memory_order_acquire) != phase; }))
        std::this_thread::yield();
}

} // namespace mm::worker

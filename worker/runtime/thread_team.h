// A fixed team of threads that run one function together and can meet at a barrier inside it, which a general thread
// pool does not promise. Waiting spins for a moment, because the next step usually follows at once, and then sleeps.
// run() is for one caller at a time; the function must not throw.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

namespace mm::worker {

class ThreadTeam {
public:
    // The caller of run() is member 0; threads - 1 others are started.
    explicit ThreadTeam(int threads);
    ~ThreadTeam();
    ThreadTeam(const ThreadTeam&) = delete;
    ThreadTeam& operator=(const ThreadTeam&) = delete;

    [[nodiscard]] int size() const { return static_cast<int>(m_threads.size()) + 1; }

    // Calls work(member) once for every member, in parallel, and returns when all have returned.
    template <typename Work>
    void run(Work& work) {
        start([](void* context, int member) { (*static_cast<Work*>(context))(member); }, &work);
    }
    // Inside work: returns when every member has called it as often.
    void barrier();

private:
    using Step = void (*)(void* context, int member);
    void start(Step step, void* context);
    void serve(int member);

    std::vector<std::thread> m_threads;
    Step m_step = nullptr;
    void* m_context = nullptr;
    alignas(64) std::atomic<std::uint32_t> m_round{0};
    alignas(64) std::atomic<int> m_working{0};
    alignas(64) std::atomic<int> m_arrived{0};
    alignas(64) std::atomic<std::uint32_t> m_phase{0};
    std::atomic<bool> m_stopping{false};
};

} // namespace mm::worker

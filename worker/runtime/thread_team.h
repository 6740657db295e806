// A fixed team of threads for work in many short stages. Within run(), share() deals out the units of a stage to
// whoever is free and returns when all are done, so that a member which lost its core holds up no more than the unit it
// is in, and one which is still waking up holds up nobody. Waiting spins for a moment, because the next stage usually
// follows at once, and then sleeps. run() is for one caller at a time; the work must not throw.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace mm::worker {

class ThreadTeam {
public:
    // One thread's place in a run. Every member must come to the same stages in the same order.
    class Member {
    public:
        [[nodiscard]] int index() const { return m_index; }
        // Calls unit(i) once for every i below units, on any member; at least one unit.
        template <typename Unit>
        void share(std::int64_t units, Unit unit) {
            for (std::int64_t i = m_team.claim(m_stage, units); i >= 0; i = m_team.claim(m_stage, units)) {
                unit(i);
                m_team.finish(m_stage, units);
            }
            m_team.awaitEnd(m_stage);
            ++m_stage;
        }

    private:
        friend class ThreadTeam;
        Member(ThreadTeam& team, int index) : m_team(team), m_index(index), m_stage(team.m_firstStage) {}

        ThreadTeam& m_team;
        int m_index;
        std::uint32_t m_stage;
    };

    // The caller of run() is member 0; threads - 1 others are started.
    explicit ThreadTeam(int threads);
    ~ThreadTeam();
    ThreadTeam(const ThreadTeam&) = delete;
    ThreadTeam& operator=(const ThreadTeam&) = delete;

    [[nodiscard]] int size() const { return static_cast<int>(m_threads.size()) + 1; }

    // Calls work(member) on the caller's thread and, as soon as they are awake, on the others; returns when all of them
    // that began have returned.
    template <typename Work>
    void run(Work& work) {
        start([](void* context, Member& member) { (*static_cast<Work*>(context))(member); }, &work);
    }

private:
    using Step = void (*)(void* context, Member& member);
    void start(Step step, void* context);
    void serve(int index);
    // The next unit of the stage, or -1 where none is left.
    std::int64_t claim(std::uint32_t stage, std::int64_t units);
    void finish(std::uint32_t stage, std::int64_t units);
    void awaitEnd(std::uint32_t stage) const;

    std::vector<std::thread> m_threads;
    Step m_step = nullptr;
    void* m_context = nullptr;
    std::uint32_t m_firstStage = 0;
    alignas(64) std::atomic<std::uint32_t> m_round{0};  // odd while a run takes members in
    alignas(64) std::atomic<int> m_inside{0};           // members in the run, the caller not counted
    alignas(64) std::atomic<std::uint64_t> m_ticket{0}; // stage in the upper half, its next unit in the lower
    alignas(64) std::atomic<std::int64_t> m_finished{0};
    std::atomic<bool> m_stopping{false};
};

} // namespace mm::worker

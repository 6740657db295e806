// The compute thread: loads the model, then steps it as long as anything is admitted, looking for cancels between
// steps. Where other workers share the device, each step waits for its turn, the warm-up's too. The I/O thread hands
// work in and gets frames out through the outbox; every admitted request is answered exactly once. load(), admit() and
// cancel() are for the I/O thread; model() too, from the moment it has seen Loaded.
#pragma once

#include "engine/base/error.h"
#include "engine/ipc/device_turns.h"
#include "worker/session/memory_limit.h"
#include "worker/session/outbox.h"
#include "worker/tasks/task_registry.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

namespace mm::worker {

class ComputeLoop {
public:
    ComputeLoop(const TaskRegistry& tasks, Outbox& outbox, std::optional<ipc::DeviceTurns> turns);
    // Waits for the step being done; a process that must end at once does not come here.
    ~ComputeLoop();
    ComputeLoop(const ComputeLoop&) = delete;
    ComputeLoop& operator=(const ComputeLoop&) = delete;

    void load(LoadOptions options);
    void admit(std::unique_ptr<Preparation> request);
    void cancel(std::uint64_t id);
    [[nodiscard]] Model* model() const { return m_model.get(); }
    [[nodiscard]] const MemoryLimit& memoryLimit() const { return m_limit; }
    // How long the step under way has taken; 0 between steps. Any thread.
    [[nodiscard]] std::chrono::microseconds stepTime() const;

private:
    struct CancelOrder {
        std::uint64_t id;
    };
    struct StopOrder {};
    using Order = std::variant<LoadOptions, std::unique_ptr<Preparation>, CancelOrder, StopOrder>;

    void post(Order order);
    void run();
    [[nodiscard]] std::vector<Order> nextOrders();
    bool obey(Order& order);
    void loadModel(const LoadOptions& options);
    void warmUp();
    // False where there is news to look at first.
    [[nodiscard]] bool takeTurn();
    void giveTurnBack();
    void step();
    void answerError(std::uint64_t id, const Error& error);

    const TaskRegistry& m_tasks;
    Outbox& m_outbox;
    MemoryLimit m_limit;
    std::optional<ipc::DeviceTurns> m_turns;
    std::unique_ptr<Model> m_model;
    std::unique_ptr<ipc::DeviceTurn> m_turn; // from the warm-up on; none where nobody shares the device
    std::atomic<ipc::DeviceTurn*> m_poked{nullptr};
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::vector<Order> m_orders;
    std::atomic<std::int64_t> m_stepBegun{0}; // on the steady clock; 0 between steps
    bool m_trimmed = true;                    // nothing to give back since the last time
    std::thread m_thread;                     // last: it uses all of the above
};

} // namespace mm::worker

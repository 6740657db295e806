#include "worker/session/compute_loop.h"

#include "engine/ipc/facts.h"
#include "engine/ipc/thread_manner.h"
#include "worker/session/guard.h"
#include "worker/session/memory_report.h"

#include <ATen/Parallel.h>
#include <malloc.h>

#include <algorithm>

namespace mm::worker {
namespace {

using modelmora::worker::v1::Output;
using modelmora::worker::v1::WorkerFrame;

// Idle for so long, the worker gives back what its largest batch needed.
constexpr std::chrono::seconds kTrimAfterIdle{2};

template <typename... Visitors>
struct Overloaded : Visitors... {
    using Visitors::operator()...;
};
// clang 14 does not deduce an aggregate by itself yet.
template <typename... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

// Load progress as frames, no more than one for each hundredth of a stage.
class ProgressFrames {
public:
    explicit ProgressFrames(Outbox& outbox) : m_outbox(outbox) {}

    void operator()(const char* stage, std::int64_t done, std::int64_t total, const std::string& detail) {
        const std::int64_t hundredth = total > 0 ? done * 100 / total : 0;
        if (stage == m_stage && hundredth == m_hundredth && done != total)
            return;
        m_stage = stage;
        m_hundredth = hundredth;
        WorkerFrame frame;
        auto* progress = frame.mutable_load_progress();
        progress->set_stage(stage);
        progress->set_done(done);
        progress->set_total(total);
        progress->set_detail(detail);
        m_outbox.push(std::move(frame));
    }

private:
    Outbox& m_outbox;
    std::string m_stage;
    std::int64_t m_hundredth = -1;
};

} // namespace

ComputeLoop::ComputeLoop(const TaskRegistry& tasks, Outbox& outbox, std::optional<ipc::DeviceTurns> turns)
    : m_tasks(tasks), m_outbox(outbox), m_turns(std::move(turns)), m_thread([this] { run(); }) {}

ComputeLoop::~ComputeLoop() {
    post(StopOrder{});
    m_thread.join();
}

void ComputeLoop::load(LoadOptions options) {
    post(std::move(options));
}

void ComputeLoop::admit(std::unique_ptr<Preparation> request) {
    post(std::move(request));
}

void ComputeLoop::cancel(std::uint64_t id) {
    post(CancelOrder{id});
}

void ComputeLoop::post(Order order) {
    {
        const std::lock_guard lock(m_mutex);
        m_orders.push_back(std::move(order));
    }
    m_wake.notify_one();
    // A cancel, or a request of higher priority, does not wait for the turn.
    if (ipc::DeviceTurn* turn = m_poked.load())
        turn->poke();
}

void ComputeLoop::run() {
    ipc::computeSteadily(); // and so do the threads of the kernels, which this one starts
    for (;;) {
        std::vector<Order> orders = nextOrders();
        for (Order& order : orders)
            if (!obey(order))
                return;
        if (!m_model || m_model->idle())
            giveTurnBack();
        else if (takeTurn())
            step();
    }
}

bool ComputeLoop::takeTurn() {
    return !m_turn || m_turn->take(m_model->nextPriority());
}

void ComputeLoop::giveTurnBack() {
    if (m_turn)
        m_turn->giveBack();
}

std::vector<ComputeLoop::Order> ComputeLoop::nextOrders() {
    std::unique_lock lock(m_mutex);
    const auto some = [this] { return !m_orders.empty(); };
    if (!m_model || m_model->idle()) {
        if (!m_trimmed && !m_wake.wait_for(lock, kTrimAfterIdle, some)) {
            lock.unlock();
            ::malloc_trim(0);
            m_trimmed = true;
            lock.lock();
        }
        m_wake.wait(lock, some);
    }
    return std::exchange(m_orders, {});
}

bool ComputeLoop::obey(Order& order) {
    return std::visit(Overloaded{
                          [this](const LoadOptions& options) {
                              loadModel(options);
                              return true;
                          },
                          [this](std::unique_ptr<Preparation>& request) {
                              m_model->admit(std::move(request));
                              return true;
                          },
                          [this](const CancelOrder& cancel) {
                              if (m_model->cancel(cancel.id))
                                  answerError(cancel.id, {ErrorCode::RequestCancelled, "the request was cancelled"});
                              return true;
                          },
                          [](StopOrder) { return false; },
                      },
                      order);
}

void ComputeLoop::loadModel(const LoadOptions& options) {
    std::string stage = "files";
    ProgressFrames frames(m_outbox);
    const LoadProgress progress = [&](const char* name, std::int64_t done, std::int64_t total,
                                      const std::string& detail) {
        stage = name;
        frames(name, done, total, detail);
    };
    WorkerFrame frame;
    std::int64_t largest = 0;
    m_limit.begin(options.memoryLimitBytes, options.threads);
    auto error = failureOf(ErrorCode::ModelLoadFailed, [&] {
        // LibTorch's own operators take no more of the processors than the kernels do. Counts for this thread.
        at::set_num_threads(options.threads);
        m_model = m_tasks.load(options, progress);
        progress("warmup", 0, 1, "");
        warmUp();
        progress("warmup", 1, 1, "");
        largest = memoryReport().private_bytes();
        ::malloc_trim(0);
        m_limit.checkLoaded();
    });
    if (error) {
        m_turn.reset();
        m_model.reset();
        m_limit.explain(*error);
        error->facts.try_emplace("stage", stage);
        *frame.mutable_load_failed() = ipc::toFailure(*error);
    } else {
        auto* loaded = frame.mutable_loaded();
        m_model->describe(*loaded);
        *loaded->mutable_memory() = memoryReport();
        loaded->set_activation_bytes(std::max<std::int64_t>(0, largest - loaded->memory().private_bytes()));
        m_poked = m_turn.get();
    }
    m_outbox.push(std::move(frame));
}

void ComputeLoop::warmUp() {
    if (m_turns) {
        WorkerFrame frame;
        m_model->describe(*frame.mutable_loaded());
        m_turn = m_turns->join(frame.loaded().device());
    }
    // Before everything that is not as urgent: it is short, and a load that waits for a busy device would fail in the
    // end.
    std::vector<Output> finished;
    while (!m_model->idle()) {
        while (m_turn && !m_turn->take(modelmora::v1::PRIORITY_CRITICAL)) {
        }
        m_model->step(finished);
        giveTurnBack();
    }
}

std::chrono::microseconds ComputeLoop::stepTime() const {
    const std::chrono::steady_clock::duration begun(m_stepBegun.load(std::memory_order_relaxed));
    if (begun == begun.zero())
        return std::chrono::microseconds{0};
    const auto took = std::chrono::steady_clock::now().time_since_epoch() - begun;
    return std::max(std::chrono::microseconds{1}, std::chrono::duration_cast<std::chrono::microseconds>(took));
}

void ComputeLoop::step() {
    m_trimmed = false;
    std::vector<Output> finished;
    m_stepBegun.store(std::chrono::steady_clock::now().time_since_epoch().count(), std::memory_order_relaxed);
    auto error = failureOf(ErrorCode::InferenceFailed, [&] { m_model->step(finished); });
    m_stepBegun.store(0, std::memory_order_relaxed);
    giveTurnBack();
    if (error && error->code == ErrorCode::InsufficientMemory) {
        ::malloc_trim(0);
        if (m_model->retrySmaller())
            return;
        m_limit.explain(*error);
    }
    if (error)
        for (const std::uint64_t id : m_model->dropFailed())
            answerError(id, *error);
    if (finished.empty())
        return;
    std::vector<WorkerFrame> frames(finished.size());
    for (std::size_t i = 0; i < finished.size(); ++i)
        *frames[i].mutable_output() = std::move(finished[i]);
    m_outbox.pushAnswers(std::move(frames));
}

void ComputeLoop::answerError(std::uint64_t id, const Error& error) {
    WorkerFrame frame;
    frame.mutable_output()->set_id(id);
    frame.mutable_output()->set_last(true);
    *frame.mutable_output()->mutable_error() = ipc::toFailure(error);
    m_outbox.push(std::move(frame));
}

} // namespace mm::worker

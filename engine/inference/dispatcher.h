// Dispatcher: takes a request in, refuses at once what cannot succeed, waits for the model, sends, and answers with
// every stage's time. Owns all requests that are not answered yet. Engine thread only; each reply comes exactly once,
// on it. Requests of a model that is not loaded wait in arrival order; the queue, scheduler and batcher take that
// place.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/executor.h"
#include "engine/inference/admission.h"
#include "engine/inference/ports.h"
#include "modelmora/v1/management.pb.h"

#include <QTimer>

#include <chrono>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

namespace mm::inference {

struct Call {
    std::string requestId; // what the client knows it by; need not be unique
    std::string client;
    Instant received;
    // A job's: it waits for as long as it takes, and its timeout counts from when a worker has it.
    bool patient = false;
};

class Dispatcher {
public:
    using Response = std::shared_ptr<const v1::InferenceResponse>;
    struct Ports {
        ModelCatalogue& catalogue;
        ModelLeases& leases;
        const Clock& clock;
        const Executor& engineThread;
    };

    Dispatcher(DispatcherOptions options, Ports ports);
    ~Dispatcher();
    Dispatcher(const Dispatcher&) = delete;
    Dispatcher& operator=(const Dispatcher&) = delete;

    void submit(std::shared_ptr<const v1::InferenceRequest> request, Call call, Reply<Response> reply);
    // Every request of that id ends with RequestCancelled; unknown ids are ignored.
    void cancel(const std::string& requestId);
    // Ends everything with this error: the engine stops.
    void cancelAll(const Error& error);
    // Answers what is past its deadline; the timer calls it.
    void expire();

    // The most urgent of what waits for this model ("org/repo@version"); nothing where nobody waits. What is held does
    // not count.
    [[nodiscard]] std::optional<Urgency> demand(const std::string& key) const;
    // Waiting for their model, by priority; and with a worker.
    [[nodiscard]] v1::QueueStatus waiting() const;
    [[nodiscard]] std::size_t running() const { return m_running; }
    [[nodiscard]] std::size_t unfinished() const { return m_requests.size(); }
    // Nothing more is admitted until something is answered.
    [[nodiscard]] bool full() const { return m_requests.size() >= m_options.maxRequests; }

private:
    enum class Stage { Waiting, Running, Abandoned }; // abandoned: answered, but the worker still has it

    struct Request {
        std::shared_ptr<const v1::InferenceRequest> request;
        Call call;
        Reply<Response> reply;
        ResolvedModel model;
        Stage stage = Stage::Waiting;
        std::chrono::seconds timeout{};
        Instant deadline; // the end of time for a patient one that waits
        std::optional<Instant> waitingSince;
        Instant sent;
        std::chrono::steady_clock::duration loadTime{};
        std::unique_ptr<Lease> lease;
        std::uint64_t runId = 0;
        bool rerun = false; // once is enough
    };
    struct ModelQueue {
        std::deque<std::uint64_t> waiting;
        std::size_t requests = 0;
        bool leaseWanted = false;
    };

    [[nodiscard]] Result<Request> admit(std::shared_ptr<const v1::InferenceRequest> request, Call call) const;
    void start(std::uint64_t id);
    void wantLease(const std::string& key);
    void onLease(const std::string& key, Result<std::unique_ptr<Lease>> lease);
    void send(std::uint64_t id, std::unique_ptr<Lease> lease);
    void onOutput(std::uint64_t id, Result<wv1::Output> output);
    void onWorkerLost(std::uint64_t id, const Error& error);
    [[nodiscard]] Response respond(const Request& request, wv1::Output& output) const;
    void finish(std::uint64_t id, Result<Response> answer);
    // Answers now; where a worker has it, the worker is told and its last output awaited.
    void abandon(std::uint64_t id, const Error& error);
    void forgetName(std::uint64_t id, const Request& request);
    void armTimer();

    DispatcherOptions m_options;
    Ports m_ports;
    std::uint64_t m_nextId = 1;
    std::size_t m_running = 0;
    std::unordered_map<std::uint64_t, Request> m_requests;
    std::unordered_multimap<std::string, std::uint64_t> m_byName;
    std::unordered_map<std::string, ModelQueue> m_models;
    std::set<std::pair<Instant, std::uint64_t>> m_deadlines;
    QTimer m_timer;
    Instant m_timerAt = Instant::max();
    // Answers of workers may come after the dispatcher is gone.
    std::shared_ptr<const bool> m_alive = std::make_shared<const bool>(true);
};

} // namespace mm::inference

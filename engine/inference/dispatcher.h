// Dispatcher: takes a request in, refuses at once what cannot succeed, queues it, sends it to a worker when its turn
// has come and its model takes it, and answers with every stage's time. Owns all requests that are not answered yet,
// the queue's order and the short history of those that are. Asks for one lease per model where requests wait and none
// is loaded. Engine thread only; each reply comes exactly once, on it, and may come before the call returns.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/executor.h"
#include "engine/inference/admission.h"
#include "engine/inference/model_lane.h"
#include "engine/inference/ports.h"
#include "engine/inference/queue/client_table.h"
#include "engine/inference/queue/request_queue.h"
#include "engine/inference/queue/request_table.h"
#include "engine/inference/queue/running_levels.h"
#include "engine/inference/queue/whole_requests.h"
#include "engine/inference/report/inference_counters.h"
#include "engine/inference/report/queue_report.h"
#include "engine/inference/report/request_history.h"
#include "modelmora/v1/management.pb.h"

#include <QTimer>

#include <chrono>
#include <optional>
#include <string>

namespace mm::inference {

// For an id that nobody has, or that the asker may not know of.
[[nodiscard]] Error requestNotFound(const std::string& requestId);

class Dispatcher {
public:
    using Response = Request::Response;
    struct Ports {
        ModelCatalogue& catalogue;
        ModelLeases& leases;
        const Clock& clock;
        const Executor& engineThread;
        InferenceListener* listener = nullptr; // one more who wants to know; may be none
    };

    Dispatcher(DispatcherOptions options, Ports ports);
    ~Dispatcher();
    Dispatcher(const Dispatcher&) = delete;
    Dispatcher& operator=(const Dispatcher&) = delete;

    // What is in already stays, even where it would not be let in any more.
    void setOptions(DispatcherOptions options);

    void submit(std::shared_ptr<const v1::InferenceRequest> request, Call call, Reply<Response> reply);
    // Every request of that id ends with RequestCancelled; unknown ids are ignored.
    void cancel(const std::string& requestId);
    // Ends everything that this model ("org/repo@version") runs, that waits for it or is held, and that is still to
    // come of what comes in parts. How many requests those were; those of jobs, which ends them itself, do not count.
    int endModel(const std::string& key, const Error& error);
    // Ends everything with this error: the engine stops.
    void cancelAll(const Error& error);
    // Does what is due: answers what is past its deadline, lets batches go and old requests up. The timer calls it.
    void expire();

    // An operator's view and say. Of several requests of one id the newest is meant, but cancel ends all of them. One
    // that comes in parts is shown as one, and what is said of it holds for the parts that are still to come as well.
    // RequestNotFound where there never was one or it is forgotten; IllegalTransition where it has got too far.
    [[nodiscard]] v1::QueueReport report(const v1::GetQueueRequest& filter) const;
    [[nodiscard]] Result<v1::QueueEntry> describe(const std::string& requestId) const;
    [[nodiscard]] const RequestHistory& ended() const { return m_history; }
    Result<v1::QueueEntry> cancelNamed(const std::string& requestId);
    Result<v1::QueueEntry> setPriority(const std::string& requestId, v1::Priority priority);
    Result<v1::QueueEntry> hold(const std::string& requestId);
    Result<v1::QueueEntry> release(const std::string& requestId);

    // The most urgent of what waits for this model ("org/repo@version"); nothing where nobody waits. What is held does
    // not count.
    [[nodiscard]] std::optional<Urgency> demand(const std::string& key) const;
    [[nodiscard]] const ModelLanes& lanes() const { return m_lanes; }
    // Waiting, by priority, without those held; and with a worker.
    [[nodiscard]] v1::QueueStatus waiting() const;
    [[nodiscard]] std::size_t running() const { return m_running.all(); }
    [[nodiscard]] std::size_t unfinished() const { return m_requests.size(); }
    // Nothing more is admitted until something is answered.
    [[nodiscard]] bool full() const { return m_requests.size() >= m_options.maxRequests; }

private:
    // Takes the call where it is let in.
    [[nodiscard]] Result<Request> admit(std::shared_ptr<const v1::InferenceRequest> request, Call& call) const;

    // Waiting.
    void enqueue(Request& request);
    void leaveQueue(Request& request);
    void noteGone(ModelLane& lane, const Request& request);
    // Whether and for whom the model is open now, with a lease at hand; then whatever may go, goes.
    void serve(ModelLane& lane);
    void openLane(ModelLane& lane);
    [[nodiscard]] BatchDecision decide(ModelLane& lane) const;
    void pump();
    void wantLease(ModelLane& lane);
    void onLease(ModelLane& lane, Result<std::unique_ptr<Lease>> lease);
    void failWaiting(ModelLane& lane, const Error& error);
    void tellDemand(ModelLane& lane);

    // Running.
    void send(const RequestQueue::Item& item);
    void onOutput(std::uint64_t id, Result<wv1::Output> output);
    void onWorkerLost(Request& request, const Error& error);
    void settle(Request& request, std::optional<std::int64_t> measured);
    void finish(std::uint64_t id, Result<Response> answer);
    // Answers now; where a worker has it, the worker is told and its last output awaited.
    void abandon(std::uint64_t id, const Error& error);
    void record(const Request& request, const Result<Response>& answer);
    void remember(std::uint64_t id, v1::QueueEntry entry, const RequestTrace* trace);
    void tell(RequestChange::What what, const Request& request) const;

    // Parts of a larger request.
    WholeRequest* joinWhole(Request& part);
    void recordPart(WholeRequest& whole, const Request& part, const Result<Response>& answer, v1::QueueEntry entry);
    void endWhole(WholeRequest& whole, const Error& error);
    void remember(const WholeRequest& whole, v1::RequestState state);
    [[nodiscard]] v1::QueueEntry describe(const WholeRequest& whole) const;

    // The newest of that id, where an operator may still change it: what of it waits or is held, and more may come.
    struct Changeable {
        WholeRequest* whole = nullptr; // of which they are parts
        std::vector<std::uint64_t> waiting;
    };
    [[nodiscard]] Result<Changeable> changeable(const std::string& requestId, const std::string& wish);
    void hold(Request& request);
    void release(Request& request);
    [[nodiscard]] QueueReporter reporter() const;
    [[nodiscard]] Occupancy occupancy(const std::string& key) const;
    // When a patient one that runs must be done; nothing more urgent was with a worker for all of its timeout then.
    [[nodiscard]] Instant patientUntil(const Request& request) const;
    void armTimer(std::optional<Instant> at);

    DispatcherOptions m_options;
    Ports m_ports;
    RequestTable m_requests;
    WholeRequests m_wholes;
    RequestQueue m_queue;
    ClientTable m_clients;
    ModelLanes m_lanes;
    InferenceCounters m_counters;
    RequestHistory m_history;
    RunningLevels m_running;
    bool m_pumping = false;
    std::vector<std::uint32_t> m_gone; // lanes of which requests were handed over in this go
    QTimer m_timer;
    Instant m_timerAt = Instant::max();
    // Answers of workers may come after the dispatcher is gone.
    std::shared_ptr<const bool> m_alive = std::make_shared<const bool>(true);
};

} // namespace mm::inference

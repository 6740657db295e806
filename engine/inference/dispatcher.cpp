#include "engine/inference/dispatcher.h"

#include "engine/base/log.h"
#include "engine/inference/input_kind.h"
#include "engine/inference/response.h"
#include "engine/ipc/facts.h"
#include "engine/ipc/loss_cause.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace mm::inference {
namespace {

// As the worker should see it: its priority may have been changed while it waited.
std::shared_ptr<const v1::InferenceRequest> withPriority(const std::shared_ptr<const v1::InferenceRequest>& request,
                                                         int level) {
    if (levelOf(request->priority()) == level)
        return request;
    auto changed = std::make_shared<v1::InferenceRequest>(*request);
    changed->set_priority(priorityOf(level));
    return changed;
}

v1::RequestState stateOf(const Result<Dispatcher::Response>& answer) {
    if (answer)
        return v1::REQUEST_STATE_COMPLETED;
    return answer.error().code == ErrorCode::RequestCancelled ? v1::REQUEST_STATE_CANCELLED : v1::REQUEST_STATE_FAILED;
}

} // namespace

Dispatcher::Dispatcher(DispatcherOptions options, Ports ports)
    : m_options(std::move(options))
    , m_ports(ports)
    , m_queue({std::chrono::milliseconds(100), m_options.ageing})
    , m_clients(m_options.clientWeights)
    , m_history(m_options.maxFinished) {
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { expire(); });
}

Dispatcher::~Dispatcher() = default;

void Dispatcher::submit(std::shared_ptr<const v1::InferenceRequest> request, Call call, Reply<Response> reply) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    WholeRequest* whole = m_wholes.find(call.wholeInputs);
    if (whole != nullptr && whole->end)
        return reply(*whole->end);
    Result<Request> admitted = admit(std::move(request), call);
    if (!admitted && whole != nullptr)
        whole->setback = admitted.error();
    if (!admitted) {
        if (m_ports.listener != nullptr)
            m_ports.listener->onRefused({call.requestId, call.client, admitted.error(), call.trace.get()});
        return reply(std::move(admitted).error());
    }
    Request& entry = m_requests.add(std::move(admitted).value());
    entry.reply = std::move(reply);
    ModelLane& lane = m_lanes.lane(entry.model);
    entry.lane = lane.index;
    ++lane.unfinished;
    entry.client = m_clients.enter(entry.call.client);
    m_queue.setWeight(entry.client, m_clients.at(entry.client).weight);
    armTimer(m_requests.nextDeadline());
    whole = joinWhole(entry);
    enqueue(entry);
    tell(RequestChange::What::Queued, entry);
    if (whole != nullptr && whole->isHeld)
        hold(entry);
    serve(lane);
}

Result<Request> Dispatcher::admit(std::shared_ptr<const v1::InferenceRequest> request, Call& call) const {
    MM_TRY(const std::chrono::seconds timeout, checkTimeout(request->timeout_seconds(), m_options));
    MM_CHECK(checkEmbeddingFormat(*request));
    MM_TRY(ResolvedModel model, m_ports.catalogue.resolve(request->model_id()));
    MM_CHECK(checkInput(model, request->input_data()));
    MM_TRY(const std::int64_t bytes, checkSize(*request));
    MM_CHECK(checkRoom(occupancy(model.key), bytes, model.modelId, m_options));
    Request admitted;
    admitted.level = levelOf(request->priority());
    admitted.inputs = inputCount(request->input_data());
    admitted.bytes = bytes;
    admitted.timeout = timeout;
    if (!call.patient)
        admitted.deadline = call.received + timeout;
    admitted.request = std::move(request);
    admitted.call = std::move(call);
    admitted.model = std::move(model);
    return admitted;
}

Occupancy Dispatcher::occupancy(const std::string& key) const {
    const ModelLane* lane = m_lanes.find(key);
    Occupancy now{m_requests.size(), lane == nullptr ? 0 : lane->unfinished, m_requests.bytes(), {}};
    if (now.all >= m_options.maxRequests || now.ofModel >= m_options.maxRequestsPerModel ||
        now.bytes >= m_options.maxBytes / 2)
        now.halfDone = std::chrono::seconds(backlogMicros(m_lanes) / 2'000'000);
    return now;
}

// Waiting

void Dispatcher::enqueue(Request& request) {
    const Instant now = m_ports.clock.now();
    ModelLane& lane = m_lanes.at(request.lane);
    request.stage = Stage::Waiting;
    request.loadMark = lane.loading.total(now);
    request.batchMark = lane.gathering.total(now);
    request.ticket = m_queue.push({request.id, request.client, request.lane, request.level, request.sequence}, now);
    request.sequence = m_queue.at(request.ticket).sequence;
    if (lane.waitingRequests++ == 0)
        lane.waitingSince = now;
    lane.waitingInputs += request.inputs;
    if (m_options.ageing.count() > 0)
        armTimer(now + m_options.ageing);
}

// It waits no longer; the queue has let go of it, or will.
void Dispatcher::noteGone(ModelLane& lane, const Request& request) {
    --lane.waitingRequests;
    lane.waitingInputs -= request.inputs;
}

void Dispatcher::leaveQueue(Request& request) {
    m_queue.remove(request.ticket);
    if (request.stage == Stage::Waiting)
        noteGone(m_lanes.at(request.lane), request);
}

void Dispatcher::serve(ModelLane& lane) {
    openLane(lane);
    pump();
    tellDemand(lane);
}

BatchDecision Dispatcher::decide(ModelLane& lane) const {
    BatchSituation situation;
    situation.now = m_ports.clock.now();
    situation.outstanding = lane.outstanding;
    situation.batchMaxSize = lane.batchMaxSize;
    situation.batchMaxWait = lane.batchMaxWait;
    situation.waitingInputs = lane.waitingInputs;
    situation.topLevel = m_queue.topLevel(lane.index);
    situation.waitingSince = lane.waitingSince;
    if (situation.batchMaxWait.count() > 0 && m_ports.leases.serving(lane.key) == 0)
        situation.batchMaxWait = {}; // a batch gathers anyway while it loads
    const BatchDecision one = decideBatch(situation);
    if (one.until || one.openFrom <= situation.topLevel)
        return one;
    situation.instances = std::max(1, m_ports.leases.serving(lane.key));
    return decideBatch(situation);
}

void Dispatcher::openLane(ModelLane& lane) {
    if (lane.failing)
        return;
    const bool waits = m_queue.isWaiting(lane.index);
    const BatchDecision decision = waits ? decide(lane) : BatchDecision{};
    lane.gathering.set(decision.until.has_value() && !lane.leaseWanted, m_ports.clock.now());
    lane.batchDue = decision.until;
    armTimer(decision.until);
    if (!waits || decision.openFrom > m_queue.topLevel(lane.index)) {
        m_queue.setOpen(lane.index, kLevels);
        lane.spare.reset();
        return;
    }
    if (!lane.spare && !lane.leaseWanted)
        lane.spare = m_ports.leases.tryLease(lane.key);
    m_queue.setOpen(lane.index, lane.spare ? decision.openFrom : kLevels);
    if (!lane.spare && !lane.leaseWanted)
        wantLease(lane);
}

void Dispatcher::pump() {
    if (m_pumping)
        return; // the loop below goes on with what has come
    m_pumping = true;
    while (const auto item = m_queue.takeNext())
        send(*item);
    m_pumping = false;
    for (const std::uint32_t index : std::exchange(m_gone, {})) {
        ModelLane& lane = m_lanes.at(index);
        const BatchSent batch{lane.key, std::exchange(lane.goRequests, 0), std::exchange(lane.goInputs, 0)};
        m_counters.onBatch(batch);
        if (m_ports.listener != nullptr)
            m_ports.listener->onBatch(batch);
    }
}

void Dispatcher::wantLease(ModelLane& lane) {
    lane.leaseWanted = true;
    lane.loading.set(true, m_ports.clock.now());
    lane.toldLevel = m_queue.topLevel(lane.index);
    m_ports.leases.lease(lane.key, demand(lane.key).value_or(Urgency{}),
                         [this, &lane, alive = std::weak_ptr(m_alive)](Result<std::unique_ptr<Lease>> lease) {
                             if (!alive.expired())
                                 onLease(lane, std::move(lease));
                         });
}

void Dispatcher::onLease(ModelLane& lane, Result<std::unique_ptr<Lease>> lease) {
    lane.leaseWanted = false;
    lane.loading.set(false, m_ports.clock.now());
    if (!lease)
        failWaiting(lane, lease.error());
    else
        lane.spare = std::move(lease).value();
    serve(lane);
}

void Dispatcher::failWaiting(ModelLane& lane, const Error& error) {
    lane.failing = true;
    for (const RequestQueue::Item& item : m_queue.waitingFor(lane.index))
        finish(item.id, error);
    lane.failing = false;
}

void Dispatcher::tellDemand(ModelLane& lane) {
    if (!lane.leaseWanted)
        return;
    const int level = m_queue.topLevel(lane.index);
    const int told = std::exchange(lane.toldLevel, level);
    if (level > told || (level < 0 && told >= 0))
        m_ports.leases.demandChanged(lane.key);
}

// Running

void Dispatcher::send(const RequestQueue::Item& item) {
    Request& request = *m_requests.find(item.id);
    ModelLane& lane = m_lanes.at(request.lane);
    const Instant now = m_ports.clock.now();
    noteGone(lane, request);
    lane.gathering.set(false, now);
    request.stage = Stage::Running;
    request.loadTime += lane.loading.total(now) - request.loadMark;
    request.batchTime += lane.gathering.total(now) - request.batchMark;
    request.sent = now;
    if (request.call.patient) {
        m_requests.setDeadline(request, now + request.timeout);
        armTimer(request.deadline);
    }
    request.estimate = lane.speed.estimate(request.inputs);
    m_queue.charge(request.client, request.level, request.estimate);
    request.window = windowInputs(request.inputs, lane.batchMaxSize);
    lane.outstanding[request.level] += request.window;
    ++lane.running;
    m_running.began(request.level);
    if (lane.goRequests++ == 0)
        m_gone.push_back(lane.index);
    lane.goInputs += request.inputs;

    request.lease = std::exchange(lane.spare, nullptr);
    if (request.request->has_keep_alive_seconds())
        request.lease->setKeepAlive(std::chrono::seconds(request.request->keep_alive_seconds()));
    if (WholeRequest* whole = m_wholes.find(request.call.wholeInputs); whole != nullptr && !whole->waitedMs)
        whole->waitedMs = toMilliseconds(now - request.call.received);
    request.request = withPriority(request.request, request.level);
    tell(RequestChange::What::Started, request);
    const Result<std::uint64_t> run = request.lease->run(
        *request.request, [this, id = item.id, alive = std::weak_ptr(m_alive)](Result<wv1::Output> output) {
            if (!alive.expired())
                onOutput(id, std::move(output));
        });
    if (!run)
        finish(item.id, run.error());
    else if (Request* still = m_requests.find(item.id))
        still->runId = *run;
    openLane(lane);
}

void Dispatcher::onOutput(std::uint64_t id, Result<wv1::Output> output) {
    Request* request = m_requests.find(id);
    if (request == nullptr)
        return;
    if (!output)
        return onWorkerLost(*request, output.error());
    if (!output->last())
        return; // nobody asked for partial results
    const std::int64_t measured = chargedMicros(*output);
    if (measured > 0)
        m_lanes.at(request->lane).speed.learn(measured, request->inputs);
    settle(*request, measured);
    if (request->stage == Stage::Abandoned)
        return finish(id, Error{ErrorCode::RequestCancelled, {}}); // nobody hears it any more
    if (output->has_error())
        return finish(id, ipc::fromFailure(output->error()));
    if (!output->has_data())
        return finish(id, Error{ErrorCode::WorkerMisbehaved,
                                "the worker of " + request->model.key + " answered without a result"});
    finish(id, makeResponse(*request, *output, m_ports.clock));
}

void Dispatcher::onWorkerLost(Request& request, const Error& error) {
    // The worker was ended because of some request: this one need not be to blame and runs again, once.
    if (!ipc::mayRunAgain(error) || request.stage != Stage::Running || request.rerun)
        return finish(request.id, error);
    log::info(
        "request runs again",
        {{"request_id", request.call.requestId}, {"trace_id", request.call.traceId}, {"model", request.model.key}});
    ModelLane& lane = m_lanes.at(request.lane);
    settle(request, std::nullopt);
    request.rerun = true;
    request.lease.reset();
    if (request.call.patient)
        m_requests.setDeadline(request, Instant::max());
    enqueue(request);
    tell(RequestChange::What::RunsAgain, request);
    serve(lane);
}

// The worker has done with it. What was estimated is put right; without a measurement nothing is charged.
void Dispatcher::settle(Request& request, std::optional<std::int64_t> measured) {
    const std::int64_t window = std::exchange(request.window, 0);
    if (window == 0)
        return; // already
    ModelLane& lane = m_lanes.at(request.lane);
    lane.outstanding[request.level] -= window;
    --lane.running;
    m_running.ended(request.level, m_ports.clock.now());
    m_queue.charge(request.client, request.level, measured.value_or(0) - request.estimate);
    m_queue.settle(request.client, request.level);
    m_clients.charge(request.client, measured.value_or(0));
}

void Dispatcher::finish(std::uint64_t id, Result<Response> answer) {
    std::optional<Request> request = m_requests.take(id);
    if (!request)
        return;
    ModelLane& lane = m_lanes.at(request->lane);
    if (request->waits())
        leaveQueue(*request);
    else
        settle(*request, std::nullopt);
    --lane.unfinished;
    request->lease.reset();
    if (const auto forgotten = m_clients.leave(request->client))
        m_queue.forgetClient(*forgotten);
    if (request->reply) { // who waits first, who looks afterwards
        request->reply(answer);
        record(*request, answer);
    }
    serve(lane);
}

void Dispatcher::abandon(std::uint64_t id, const Error& error) {
    Request* request = m_requests.find(id);
    if (request == nullptr || request->stage == Stage::Abandoned)
        return;
    if (request->waits())
        return finish(id, error);
    record(*request, error);
    m_requests.forgetName(*request);
    request->stage = Stage::Abandoned;
    request->request.reset();
    const Reply<Response> reply = std::exchange(request->reply, nullptr);
    request->lease->cancel(request->runId);
    reply(error);
}

void Dispatcher::record(const Request& request, const Result<Response>& answer) {
    v1::QueueEntry entry = QueueReporter::outline(request, m_ports.clock);
    entry.set_state(stateOf(answer));
    entry.clear_deadline();
    entry.set_inputs_done(answer ? request.inputs : 0);
    if (answer)
        *entry.mutable_metadata() = (*answer)->metadata();
    else
        *entry.mutable_error() = ipc::toProto(answer.error());
    *entry.mutable_finished_at() = QueueReporter::timestamp(m_ports.clock.wallNow());
    const RequestEnd end{request.call.requestId,
                         request.model.key,
                         request.call.client,
                         entry.state(),
                         request.inputs,
                         entry.metadata(),
                         answer ? nullptr : &answer.error(),
                         request.call.trace.get(),
                         &entry,
                         request.call.wholeInputs != nullptr};
    m_counters.onFinished(end);
    if (m_ports.listener != nullptr)
        m_ports.listener->onFinished(end);
    if (WholeRequest* whole = m_wholes.find(request.call.wholeInputs))
        recordPart(*whole, request, answer, std::move(entry));
    else
        remember(request.id, std::move(entry), request.call.trace.get());
}

void Dispatcher::tell(RequestChange::What what, const Request& request) const {
    if (m_ports.listener != nullptr)
        m_ports.listener->onChanged({what, request.call.requestId, request.model.key, request.call.client,
                                     priorityOf(request.level), request.inputs});
}

} // namespace mm::inference

// The dispatcher's second half: what ends requests from outside, what an operator may see and say, and its one timer.
#include "engine/inference/dispatcher.h"

#include <algorithm>
#include <limits>

namespace mm::inference {
namespace {

Error cancelled() {
    return {ErrorCode::RequestCancelled, "the request was cancelled"};
}

std::string stateName(v1::RequestState state) {
    switch (state) {
    case v1::REQUEST_STATE_COMPLETED:
        return "has been answered";
    case v1::REQUEST_STATE_FAILED:
        return "has failed";
    case v1::REQUEST_STATE_CANCELLED:
        return "has been cancelled";
    default:
        return "is running";
    }
}

Error tooLate(const std::string& requestId, const std::string& wish, v1::RequestState state) {
    const std::string hint = state == v1::REQUEST_STATE_RUNNING ? "; it can still be cancelled" : "";
    return {ErrorCode::IllegalTransition,
            "the request " + requestId + " " + stateName(state) + " and cannot be " + wish + " any more" + hint,
            {{"request_id", requestId}, {"wish", wish}}};
}

} // namespace

Error requestNotFound(const std::string& requestId) {
    return {ErrorCode::RequestNotFound,
            "there is no request " + requestId + ", or it ended so long ago that it is forgotten",
            {{"request_id", requestId}}};
}

void Dispatcher::cancel(const std::string& requestId) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    for (WholeRequest* whole : m_wholes.allNamed(requestId))
        endWhole(*whole, whole->setback.value_or(cancelled()));
    for (const std::uint64_t id : m_requests.named(requestId))
        abandon(id, cancelled());
}

int Dispatcher::endModel(const std::string& key, const Error& error) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    int ended = 0;
    for (WholeRequest* whole : m_wholes.allOf(key)) {
        endWhole(*whole, error);
        ++ended;
    }
    std::vector<std::uint64_t> ids;
    for (const auto& [id, request] : m_requests.all())
        if (request.model.key == key && request.stage != Stage::Abandoned)
            ids.push_back(id);
    if (ids.empty())
        return ended;
    std::sort(ids.begin(), ids.end());
    ModelLane& lane = m_lanes.at(m_requests.find(ids.front())->lane);
    lane.failing = true; // the end of one is not the turn of the next
    lane.spare.reset();
    m_queue.setOpen(lane.index, kLevels);
    for (const std::uint64_t id : ids)
        if (const Request* request = m_requests.find(id)) {
            ended += request->call.patient || request->call.wholeInputs != nullptr ? 0 : 1;
            abandon(id, error);
        }
    lane.failing = false;
    serve(lane);
    return ended;
}

void Dispatcher::cancelAll(const Error& error) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    std::vector<std::uint64_t> ids;
    for (const auto& [id, request] : m_requests.all())
        ids.push_back(id);
    std::sort(ids.begin(), ids.end());
    for (const std::uint64_t id : ids)
        abandon(id, error);
}

// The operator's view and say

QueueReporter Dispatcher::reporter() const {
    return QueueReporter({m_requests, m_queue, m_clients, m_lanes, m_counters, m_ports.leases, m_ports.clock});
}

v1::QueueReport Dispatcher::report(const v1::GetQueueRequest& filter) const {
    MM_ASSERT_THREAD(m_ports.engineThread);
    return reporter().report(filter);
}

Result<v1::QueueEntry> Dispatcher::describe(const std::string& requestId) const {
    MM_ASSERT_THREAD(m_ports.engineThread);
    const std::uint64_t id = m_requests.newest(requestId);
    const WholeRequest* whole = m_wholes.named(requestId);
    if (whole != nullptr && whole->newest < id)
        whole = nullptr; // another request has taken its name
    if (auto ended = m_history.find(requestId); ended && ended->id > (whole != nullptr ? whole->newest : id))
        return std::move(ended->entry);
    if (whole != nullptr)
        return describe(*whole);
    if (id == 0)
        return requestNotFound(requestId);
    return reporter().entryOf(*m_requests.find(id));
}

Result<Dispatcher::Changeable> Dispatcher::changeable(const std::string& requestId, const std::string& wish) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    const std::uint64_t newest = m_requests.newest(requestId);
    Changeable found{m_wholes.named(requestId), {}};
    if (found.whole != nullptr && found.whole->newest < newest)
        found.whole = nullptr;
    for (const std::uint64_t id : m_requests.named(requestId)) {
        const Request& request = *m_requests.find(id);
        if (request.waits() && (found.whole != nullptr ? found.whole->owns(request) : id == newest))
            found.waiting.push_back(id);
    }
    if (!found.waiting.empty() || (found.whole != nullptr && found.whole->hasMoreToCome()))
        return found;
    if (newest != 0)
        return tooLate(requestId, wish, v1::REQUEST_STATE_RUNNING);
    if (const auto ended = m_history.find(requestId))
        return tooLate(requestId, wish, ended->entry.state());
    return requestNotFound(requestId);
}

Result<v1::QueueEntry> Dispatcher::cancelNamed(const std::string& requestId) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    if (m_requests.newest(requestId) == 0 && m_wholes.named(requestId) == nullptr) {
        const auto ended = m_history.find(requestId);
        return ended ? tooLate(requestId, "cancelled", ended->entry.state()) : requestNotFound(requestId);
    }
    cancel(requestId);
    return describe(requestId);
}

Result<v1::QueueEntry> Dispatcher::setPriority(const std::string& requestId, v1::Priority priority) {
    if (priority < v1::PRIORITY_LOW || priority > v1::PRIORITY_CRITICAL)
        return invalidField("priority", "must be low, normal, high or critical");
    MM_TRY(const Changeable found, changeable(requestId, "given another priority"));
    const int level = levelOf(priority);
    if (found.whole != nullptr)
        found.whole->level = level;
    for (const std::uint64_t id : found.waiting) {
        Request* request = m_requests.find(id);
        if (request == nullptr || !request->waits())
            continue; // it went while another was served
        request->level = level;
        m_queue.setLevel(request->ticket, level, m_ports.clock.now());
        tell(RequestChange::What::Priority, *request);
        serve(m_lanes.at(request->lane));
    }
    return describe(requestId);
}

Result<v1::QueueEntry> Dispatcher::hold(const std::string& requestId) {
    MM_TRY(const Changeable found, changeable(requestId, "held"));
    if (found.whole != nullptr)
        found.whole->isHeld = true;
    for (const std::uint64_t id : found.waiting) // all of them, before any may go
        hold(*m_requests.find(id));
    for (const std::uint64_t id : found.waiting)
        if (const Request* request = m_requests.find(id))
            serve(m_lanes.at(request->lane));
    return describe(requestId);
}

void Dispatcher::hold(Request& request) {
    if (request.stage != Stage::Waiting)
        return;
    const Instant now = m_ports.clock.now();
    ModelLane& lane = m_lanes.at(request.lane);
    m_queue.hold(request.ticket);
    noteGone(lane, request);
    request.stage = Stage::Held;
    request.loadTime += lane.loading.total(now) - request.loadMark;
    request.batchTime += lane.gathering.total(now) - request.batchMark;
    tell(RequestChange::What::Held, request);
}

Result<v1::QueueEntry> Dispatcher::release(const std::string& requestId) {
    MM_TRY(const Changeable found, changeable(requestId, "released"));
    if (found.whole != nullptr)
        found.whole->isHeld = false;
    for (const std::uint64_t id : found.waiting)
        if (Request* request = m_requests.find(id); request != nullptr && request->stage == Stage::Held)
            release(*request);
    return describe(requestId);
}

void Dispatcher::release(Request& request) {
    m_queue.remove(request.ticket);
    enqueue(request);
    tell(RequestChange::What::Released, request);
    serve(m_lanes.at(request.lane));
}

std::optional<Urgency> Dispatcher::demand(const std::string& key) const {
    const ModelLane* lane = m_lanes.find(key);
    const auto oldest = lane == nullptr ? std::nullopt : m_queue.oldest(lane->index);
    if (!oldest)
        return std::nullopt;
    return Urgency{priorityOf(oldest->level), m_requests.find(oldest->id)->call.received};
}

v1::QueueStatus Dispatcher::waiting() const {
    return QueueReporter::depthOf(m_queue);
}

// Time

void Dispatcher::expire() {
    MM_ASSERT_THREAD(m_ports.engineThread);
    const Instant now = m_ports.clock.now();
    m_timerAt = Instant::max();
    while (const std::uint64_t id = m_requests.expired(now)) {
        Request& request = *m_requests.find(id);
        if (const Instant until = patientUntil(request); until > now) {
            m_requests.setDeadline(request, until);
            continue;
        }
        const std::int64_t seconds = request.timeout.count();
        const bool waits = request.waits();
        const std::string where = !waits                                 ? "was running"
                                  : request.stage == Stage::Held         ? "was held"
                                  : m_lanes.at(request.lane).leaseWanted ? "still waited for its model"
                                                                         : "still waited for its turn";
        abandon(id, {ErrorCode::InferenceTimeout,
                     "the request was not done within " + std::to_string(seconds) + " s; it " + where,
                     {{"timeout_seconds", seconds}, {"stage", std::string(waits ? "waiting" : "running")}}});
    }
    std::vector<std::uint32_t> raised;
    const auto nextRise = m_queue.age(now, [&](const RequestQueue::Item& item) {
        Request& request = *m_requests.find(item.id);
        request.level = item.level;
        tell(RequestChange::What::Priority, request);
        raised.push_back(item.model);
    });
    for (const std::uint32_t index : raised)
        serve(m_lanes.at(index));
    for (const auto& lane : m_lanes.all())
        if (lane->batchDue && *lane->batchDue <= now)
            serve(*lane);
        else
            armTimer(lane->batchDue);
    armTimer(nextRise);
    armTimer(m_requests.nextDeadline());
}

Instant Dispatcher::patientUntil(const Request& request) const {
    if (!request.call.patient || request.stage != Stage::Running)
        return request.deadline;
    return std::max(request.sent, m_running.busyAbove(request.level, m_ports.clock.now())) + request.timeout;
}

void Dispatcher::setOptions(DispatcherOptions options) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    m_options = std::move(options);
    m_queue.setAgeing(m_options.ageing);
    m_clients.setWeights(m_options.clientWeights);
    for (const std::uint32_t client : m_clients.all())
        m_queue.setWeight(client, m_clients.at(client).weight);
    armTimer(m_ports.clock.now()); // some may have waited long enough now
}

void Dispatcher::armTimer(std::optional<Instant> at) {
    // Left alone where it rings early enough: most deadlines are long over when their time comes.
    if (!at || *at >= m_timerAt)
        return;
    m_timerAt = *at;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(m_timerAt - m_ports.clock.now());
    m_timer.start(
        std::chrono::milliseconds(std::clamp<std::int64_t>(left.count(), 0, std::numeric_limits<int>::max())));
}

} // namespace mm::inference

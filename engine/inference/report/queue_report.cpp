#include "engine/inference/report/queue_report.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace mm::inference {
namespace {

constexpr int kDefaultLimit = 1000;

WallTime wallTime(Instant instant, const Clock& clock) {
    return clock.wallNow() + std::chrono::duration_cast<WallTime::duration>(instant - clock.now());
}

std::string versionOf(const ResolvedModel& model) {
    return model.key.substr(std::min(model.key.size(), model.modelId.size() + 1));
}

v1::RequestState stateOf(Stage stage) {
    switch (stage) {
    case Stage::Waiting:
        return v1::REQUEST_STATE_WAITING;
    case Stage::Held:
        return v1::REQUEST_STATE_HELD;
    default:
        return v1::REQUEST_STATE_RUNNING;
    }
}

bool isMeant(const Request& request, const v1::GetQueueRequest& filter) {
    const std::string& model = filter.model_id();
    return request.stage != Stage::Abandoned &&
           (model.empty() || model == request.model.modelId || model == request.model.key) &&
           (filter.client().empty() || filter.client() == request.call.client);
}

std::string ahead(int count) {
    return std::to_string(count) + (count == 1 ? " request is" : " requests are") + " ahead";
}

} // namespace

void QueueReporter::findTurns() {
    if (std::exchange(m_turnsKnown, true))
        return;
    const auto costOf = [this](const RequestQueue::Item& item) {
        return m_state.lanes.at(item.model).speed.estimate(m_state.requests.find(item.id)->inputs);
    };
    Turn turn;
    std::unordered_map<std::uint32_t, std::int64_t> ofModel;
    for (const RequestQueue::Item& item : m_state.queue.expectedOrder(costOf)) {
        const ModelLane& lane = m_state.lanes.at(item.model);
        ++turn.position;
        turn.aheadOfModelMicros = ofModel[item.model];
        m_turns.emplace(item.id, turn);
        const std::int64_t cost = costOf(item);
        ofModel[item.model] += cost;
        if (!lane.leaseWanted)
            turn.aheadMicros += cost; // those of a model that is not there hold nobody up
    }
}

google::protobuf::Timestamp QueueReporter::timestamp(WallTime time) {
    return google::protobuf::util::TimeUtil::NanosecondsToTimestamp(
        std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count());
}

v1::QueueStatus QueueReporter::depthOf(const RequestQueue& queue) {
    const auto count = [&queue](v1::Priority priority) { return static_cast<int>(queue.waiting(levelOf(priority))); };
    v1::QueueStatus depth;
    depth.set_low_priority(count(v1::PRIORITY_LOW));
    depth.set_medium_priority(count(v1::PRIORITY_NORMAL));
    depth.set_high_priority(count(v1::PRIORITY_HIGH));
    depth.set_critical_priority(count(v1::PRIORITY_CRITICAL));
    return depth;
}

v1::QueueEntry QueueReporter::outline(const Request& request, const Clock& clock) {
    v1::QueueEntry entry;
    entry.set_request_id(request.call.requestId);
    entry.set_model_id(request.model.modelId);
    entry.set_version(versionOf(request.model));
    entry.set_client(request.call.client);
    entry.set_priority(priorityOf(request.level));
    entry.set_state(stateOf(request.stage));
    entry.set_inputs(request.inputs);
    *entry.mutable_received_at() = timestamp(wallTime(request.call.received, clock));
    if (request.deadline != Instant::max())
        *entry.mutable_deadline() = timestamp(wallTime(request.deadline, clock));
    const Instant until = request.waits() || request.sent < request.call.received ? clock.now() : request.sent;
    entry.set_waited_ms(toMilliseconds(until - request.call.received));
    return entry;
}

const LoadState& QueueReporter::loadState(const ModelLane& lane) {
    const auto known = m_loadStates.find(lane.index);
    return known != m_loadStates.end()
               ? known->second
               : m_loadStates.emplace(lane.index, m_state.leases.loadState(lane.key)).first->second;
}

std::string QueueReporter::reasonOf(const Request& request, const Turn& turn) {
    if (request.stage == Stage::Held)
        return "held until it is released";
    const ModelLane& lane = m_state.lanes.at(request.lane);
    if (lane.leaseWanted)
        return loadState(lane).reason;
    if (lane.batchDue)
        return "gathers a batch of " + std::to_string(lane.batchMaxSize) + " inputs with " +
               std::to_string(lane.waitingInputs) + " so far, for at most " +
               std::to_string(lane.batchMaxWait.count()) + " ms";
    return turn.position > 1 ? ahead(turn.position - 1) + " and the worker is busy" : "next; the worker is busy";
}

std::optional<std::int64_t> QueueReporter::startsInMicros(const ModelLane& lane, const Turn& turn) {
    if (!lane.speed.known())
        return std::nullopt;
    if (lane.leaseWanted) {
        const auto left = loadState(lane).left;
        return left ? std::optional(std::chrono::microseconds(*left).count() + turn.aheadOfModelMicros) : std::nullopt;
    }
    double running = 0;
    for (const auto& each : m_state.lanes.all())
        if (each->speed.known())
            for (const std::int64_t inputs : each->outstanding)
                running += each->speed.microsPerInput() * static_cast<double>(inputs);
    return static_cast<std::int64_t>(running) + turn.aheadMicros;
}

void QueueReporter::describeWait(const Request& request, v1::QueueEntry& entry) {
    findTurns();
    const auto found = m_turns.find(request.id);
    const Turn turn = found == m_turns.end() ? Turn{} : found->second;
    entry.set_position(turn.position);
    entry.set_reason(reasonOf(request, turn));
    if (turn.position == 0)
        return;
    if (const auto micros = startsInMicros(m_state.lanes.at(request.lane), turn))
        *entry.mutable_estimated_start_at() = timestamp(m_state.clock.wallNow() + std::chrono::microseconds(*micros));
}

v1::QueueEntry QueueReporter::entryOf(const Request& request) {
    v1::QueueEntry entry = outline(request, m_state.clock);
    if (request.waits())
        describeWait(request, entry);
    return entry;
}

void QueueReporter::addClients(v1::QueueReport& report) const {
    std::unordered_map<std::uint32_t, std::pair<int, int>> counts;
    for (const auto& [id, request] : m_state.requests.all())
        if (request.stage != Stage::Abandoned)
            ++(request.waits() ? counts[request.client].first : counts[request.client].second);
    for (const std::uint32_t index : m_state.clients.all()) {
        const ClientTable::Client& client = m_state.clients.at(index);
        v1::ClientShare& share = *report.add_clients();
        share.set_client(client.name);
        share.set_weight(client.weight);
        share.set_waiting(counts[index].first);
        share.set_running(counts[index].second);
        share.set_compute_ms(static_cast<double>(client.charged) / 1000);
    }
    std::sort(report.mutable_clients()->begin(), report.mutable_clients()->end(),
              [](const v1::ClientShare& a, const v1::ClientShare& b) { return a.client() < b.client(); });
}

void QueueReporter::addModels(v1::QueueReport& report) {
    for (const auto& lane : m_state.lanes.all()) {
        v1::ModelQueue& model = *report.add_models();
        model.set_model_id(lane->modelId);
        model.set_version(versionOf({lane->key, lane->modelId}));
        model.set_waiting(lane->waitingRequests);
        model.set_running(lane->running);
        if (lane->leaseWanted)
            model.set_reason(loadState(*lane).reason);
        const InferenceCounters::OfModel counted = m_state.counters.of(lane->key);
        model.set_requests_finished(counted.requests);
        model.set_inputs_finished(counted.inputs);
        model.set_batches_sent(counted.batchesSent);
        model.set_batches_computed(std::llround(counted.batches));
        if (counted.batches > 0)
            model.set_mean_batch_size(static_cast<double>(counted.inputs) / counted.batches);
        if (counted.requests > 0) {
            model.set_mean_queue_ms(counted.queueMs / static_cast<double>(counted.requests));
            model.set_mean_batch_wait_ms(counted.batchWaitMs / static_cast<double>(counted.requests));
        }
        if (lane->speed.known())
            model.set_compute_ms_per_input(lane->speed.microsPerInput() / 1000);
    }
}

v1::QueueReport QueueReporter::report(const v1::GetQueueRequest& filter) {
    const int limit = filter.limit() > 0 ? filter.limit() : kDefaultLimit;
    findTurns();
    std::vector<const Request*> meant;
    v1::QueueReport report;
    for (const auto& [id, request] : m_state.requests.all()) {
        if (request.stage == Stage::Running)
            report.set_running(report.running() + 1);
        if (isMeant(request, filter))
            meant.push_back(&request);
    }
    // Running ones by age, then those in turn, then those held.
    const auto place = [this](const Request* request) {
        const auto turn = m_turns.find(request->id);
        const int position = request->stage == Stage::Held ? static_cast<int>(m_turns.size()) + 1
                             : turn == m_turns.end()       ? 0
                                                           : turn->second.position;
        return std::pair(position, request->id);
    };
    std::sort(meant.begin(), meant.end(), [&place](const Request* a, const Request* b) { return place(a) < place(b); });
    report.set_total(static_cast<int>(meant.size()));
    for (const Request* request : meant)
        if (report.entries_size() < limit)
            *report.add_entries() = entryOf(*request);
    *report.mutable_depth() = depthOf(m_state.queue);
    addClients(report);
    addModels(report);
    return report;
}

} // namespace mm::inference

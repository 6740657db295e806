#include "engine/inference/dispatcher.h"

#include "engine/base/log.h"
#include "engine/inference/input_kind.h"
#include "engine/ipc/facts.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace mm::inference {
namespace {

Error cancelled() {
    return {ErrorCode::RequestCancelled, "the request was cancelled"};
}

double inMilliseconds(std::int64_t microseconds) {
    return static_cast<double>(microseconds) / 1000;
}

} // namespace

Dispatcher::Dispatcher(DispatcherOptions options, Ports ports) : m_options(options), m_ports(ports) {
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { expire(); });
}

Dispatcher::~Dispatcher() = default;

void Dispatcher::submit(std::shared_ptr<const v1::InferenceRequest> request, Call call, Reply<Response> reply) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    Result<Request> admitted = admit(std::move(request), std::move(call));
    if (!admitted)
        return reply(std::move(admitted).error());
    const std::uint64_t id = m_nextId++;
    Request& entry = m_requests.emplace(id, std::move(admitted).value()).first->second;
    entry.reply = std::move(reply);
    m_byName.emplace(entry.call.requestId, id);
    m_deadlines.emplace(entry.deadline, id);
    ++m_models[entry.model.key].requests;
    armTimer();
    start(id);
}

Result<Dispatcher::Request> Dispatcher::admit(std::shared_ptr<const v1::InferenceRequest> request, Call call) const {
    MM_TRY(const std::chrono::seconds timeout, checkTimeout(request->timeout_seconds(), m_options));
    MM_TRY(ResolvedModel model, m_ports.catalogue.resolve(request->model_id()));
    MM_CHECK(checkInput(model, request->input_data()));
    const auto queue = m_models.find(model.key);
    MM_CHECK(
        checkRoom(m_requests.size(), queue == m_models.end() ? 0 : queue->second.requests, model.modelId, m_options));
    MM_CHECK(checkSize(*request));
    Request admitted;
    admitted.timeout = timeout;
    admitted.deadline = call.patient ? Instant::max() : call.received + timeout;
    admitted.request = std::move(request);
    admitted.call = std::move(call);
    admitted.model = std::move(model);
    return admitted;
}

void Dispatcher::start(std::uint64_t id) {
    Request& request = m_requests.at(id);
    ModelQueue& queue = m_models.at(request.model.key);
    if (queue.waiting.empty())
        if (auto lease = m_ports.leases.tryLease(request.model.key))
            return send(id, std::move(lease));
    request.stage = Stage::Waiting;
    request.waitingSince = m_ports.clock.now();
    queue.waiting.push_back(id);
    if (!queue.leaseWanted)
        wantLease(request.model.key);
}

void Dispatcher::wantLease(const std::string& key) {
    m_models.at(key).leaseWanted = true;
    m_ports.leases.lease(key, demand(key).value_or(Urgency{}),
                         [this, key, alive = std::weak_ptr(m_alive)](Result<std::unique_ptr<Lease>> lease) {
                             if (!alive.expired())
                                 onLease(key, std::move(lease));
                         });
}

void Dispatcher::onLease(const std::string& key, Result<std::unique_ptr<Lease>> lease) {
    const auto queue = m_models.find(key);
    if (queue == m_models.end())
        return; // all who waited have left; the lease goes back by itself
    queue->second.leaseWanted = false;
    std::deque<std::uint64_t> waiting = std::exchange(queue->second.waiting, {});
    if (!lease) {
        for (const std::uint64_t id : waiting)
            finish(id, lease.error());
        return;
    }
    std::unique_ptr<Lease> next = std::move(lease).value();
    while (!waiting.empty()) {
        if (!next)
            next = m_ports.leases.tryLease(key);
        if (!next)
            break; // lost again meanwhile
        const std::uint64_t id = waiting.front();
        waiting.pop_front();
        if (m_requests.contains(id))
            send(id, std::move(next));
    }
    std::erase_if(waiting, [this](std::uint64_t id) { return !m_requests.contains(id); });
    if (waiting.empty())
        return;
    // Whoever is left was there before anyone who came during the loop.
    ModelQueue& left = m_models.at(key);
    left.waiting.insert(left.waiting.begin(), waiting.begin(), waiting.end());
    if (!left.leaseWanted)
        wantLease(key);
}

void Dispatcher::send(std::uint64_t id, std::unique_ptr<Lease> lease) {
    Request& request = m_requests.at(id);
    const Instant now = m_ports.clock.now();
    if (const auto since = std::exchange(request.waitingSince, std::nullopt))
        request.loadTime += now - *since;
    request.sent = now;
    request.stage = Stage::Running;
    if (request.call.patient) {
        m_deadlines.erase({request.deadline, id});
        request.deadline = now + request.timeout;
        m_deadlines.emplace(request.deadline, id);
        armTimer();
    }
    request.lease = std::move(lease);
    ++m_running;
    const Result<std::uint64_t> run =
        request.lease->run(*request.request, [this, id, alive = std::weak_ptr(m_alive)](Result<wv1::Output> output) {
            if (!alive.expired())
                onOutput(id, std::move(output));
        });
    if (!run)
        return finish(id, run.error());
    request.runId = *run;
}

void Dispatcher::onOutput(std::uint64_t id, Result<wv1::Output> output) {
    const auto found = m_requests.find(id);
    if (found == m_requests.end())
        return;
    if (!output)
        return onWorkerLost(id, output.error());
    if (!output->last())
        return; // nobody asked for partial results
    if (output->has_error())
        return finish(id, ipc::fromFailure(output->error()));
    if (!output->has_data())
        return finish(id, Error{ErrorCode::WorkerMisbehaved,
                                "the worker of " + found->second.model.key + " answered without a result"});
    finish(id, respond(found->second, *output));
}

void Dispatcher::onWorkerLost(std::uint64_t id, const Error& error) {
    Request& request = m_requests.at(id);
    // The worker was killed because another request would not stop: this one is not to blame and runs again, once.
    const auto cause = error.facts.find("cause");
    const bool bystander = cause != error.facts.end() && cause->second == FactValue(std::string("cancel_not_obeyed"));
    if (!bystander || request.stage != Stage::Running || request.rerun)
        return finish(id, error);
    log::info("request runs again", {{"request_id", request.call.requestId}, {"model", request.model.key}});
    request.rerun = true;
    request.lease.reset();
    --m_running;
    start(id);
}

Dispatcher::Response Dispatcher::respond(const Request& request, wv1::Output& output) const {
    auto response = std::make_shared<v1::InferenceResponse>();
    response->set_model_id(request.model.modelId);
    *response->mutable_output_data() = std::move(*output.mutable_data());
    auto* metadata = response->mutable_metadata();
    const ModelFacts facts = request.lease->facts();
    metadata->set_device(facts.device);
    metadata->set_dtype(facts.dtype);
    metadata->set_model_version(facts.version);
    metadata->set_request_id(request.call.requestId);
    metadata->set_batch_size(output.batch_size());
    metadata->set_input_tokens(output.input_tokens());
    metadata->set_truncated_inputs(output.truncated_inputs());
    const auto sinceEpoch =
        std::chrono::duration_cast<std::chrono::nanoseconds>(m_ports.clock.wallNow().time_since_epoch());
    *metadata->mutable_timestamp() = google::protobuf::util::TimeUtil::NanosecondsToTimestamp(sinceEpoch.count());

    const double total = toMilliseconds(m_ports.clock.now() - request.call.received);
    const double load = toMilliseconds(request.loadTime);
    const double queue = std::max(0.0, toMilliseconds(request.sent - request.call.received) - load);
    const double wait = inMilliseconds(output.times().wait_us());
    const double tokenize = inMilliseconds(output.times().tokenize_us());
    const double compute = inMilliseconds(output.times().compute_us());
    metadata->set_total_time_ms(total);
    metadata->set_load_ms(load);
    metadata->set_queue_ms(queue);
    metadata->set_batch_wait_ms(wait);
    metadata->set_tokenize_ms(tokenize);
    metadata->set_compute_ms(compute);
    metadata->set_inference_time_ms(tokenize + compute);
    // What is left is the way to the worker and back.
    metadata->set_send_ms(std::max(0.0, total - load - queue - wait - tokenize - compute));
    return response;
}

void Dispatcher::finish(std::uint64_t id, Result<Response> answer) {
    auto node = m_requests.extract(id);
    if (!node)
        return;
    Request& request = node.mapped();
    if (request.stage != Stage::Waiting)
        --m_running;
    if (request.stage != Stage::Abandoned)
        forgetName(id, request);
    const auto queue = m_models.find(request.model.key);
    if (request.stage == Stage::Waiting)
        std::erase(queue->second.waiting, id);
    if (--queue->second.requests == 0)
        m_models.erase(queue);
    request.lease.reset();
    if (request.reply)
        request.reply(std::move(answer));
}

void Dispatcher::abandon(std::uint64_t id, const Error& error) {
    const auto found = m_requests.find(id);
    if (found == m_requests.end())
        return;
    Request& request = found->second;
    if (request.stage == Stage::Waiting)
        return finish(id, error);
    forgetName(id, request);
    request.stage = Stage::Abandoned;
    request.request.reset();
    const Reply<Response> reply = std::exchange(request.reply, nullptr);
    request.lease->cancel(request.runId);
    reply(error);
}

void Dispatcher::forgetName(std::uint64_t id, const Request& request) {
    m_deadlines.erase({request.deadline, id});
    const auto [first, last] = m_byName.equal_range(request.call.requestId);
    const auto entry = std::find_if(first, last, [id](const auto& each) { return each.second == id; });
    if (entry != last)
        m_byName.erase(entry);
}

void Dispatcher::cancel(const std::string& requestId) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    std::vector<std::uint64_t> ids;
    const auto [first, last] = m_byName.equal_range(requestId);
    std::transform(first, last, std::back_inserter(ids), [](const auto& entry) { return entry.second; });
    for (const std::uint64_t id : ids)
        abandon(id, cancelled());
}

void Dispatcher::cancelAll(const Error& error) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    std::vector<std::uint64_t> ids;
    for (const auto& [deadline, id] : m_deadlines)
        ids.push_back(id);
    for (const std::uint64_t id : ids)
        abandon(id, error);
}

void Dispatcher::expire() {
    MM_ASSERT_THREAD(m_ports.engineThread);
    const Instant now = m_ports.clock.now();
    while (!m_deadlines.empty() && m_deadlines.begin()->first <= now) {
        const std::uint64_t id = m_deadlines.begin()->second;
        const Request& request = m_requests.at(id);
        const std::int64_t seconds = request.timeout.count();
        const bool waits = request.stage == Stage::Waiting;
        abandon(id, {ErrorCode::InferenceTimeout,
                     "the request was not done within " + std::to_string(seconds) + " s; it " +
                         (waits ? "still waited for its model" : "was running"),
                     {{"timeout_seconds", seconds}, {"stage", std::string(waits ? "waiting" : "running")}}});
    }
    m_timerAt = Instant::max();
    armTimer();
}

void Dispatcher::armTimer() {
    // Left alone where it rings early enough: most deadlines are long over when their time comes.
    if (m_deadlines.empty() || m_deadlines.begin()->first >= m_timerAt)
        return;
    m_timerAt = m_deadlines.begin()->first;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(m_timerAt - m_ports.clock.now());
    m_timer.start(
        std::chrono::milliseconds(std::clamp<std::int64_t>(left.count(), 0, std::numeric_limits<int>::max())));
}

std::optional<Urgency> Dispatcher::demand(const std::string& key) const {
    const auto queue = m_models.find(key);
    if (queue == m_models.end())
        return std::nullopt;
    std::optional<Urgency> most;
    for (const std::uint64_t id : queue->second.waiting) {
        const auto found = m_requests.find(id);
        if (found == m_requests.end())
            continue;
        const v1::Priority asked = found->second.request->priority();
        const v1::Priority priority = asked == v1::PRIORITY_UNSPECIFIED ? v1::PRIORITY_NORMAL : asked;
        if (!most || priority > most->priority)
            most = Urgency{priority, found->second.call.received};
    }
    return most;
}

v1::QueueStatus Dispatcher::waiting() const {
    v1::QueueStatus status;
    for (const auto& [id, request] : m_requests) {
        if (request.stage != Stage::Waiting)
            continue;
        switch (request.request->priority()) {
        case v1::PRIORITY_CRITICAL:
            status.set_critical_priority(status.critical_priority() + 1);
            break;
        case v1::PRIORITY_HIGH:
            status.set_high_priority(status.high_priority() + 1);
            break;
        case v1::PRIORITY_LOW:
            status.set_low_priority(status.low_priority() + 1);
            break;
        default:
            status.set_medium_priority(status.medium_priority() + 1);
        }
    }
    return status;
}

} // namespace mm::inference

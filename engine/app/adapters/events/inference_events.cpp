#include "engine/app/adapters/events/inference_events.h"

#include "engine/ipc/names.h"

#include <string_view>
#include <utility>

namespace mm::app {
namespace {

using namespace events;
using inference::RequestChange;
namespace v1 = inference::v1;

constexpr std::chrono::milliseconds kDepthEvery{250};

struct Telling {
    const EventType& type;
    std::string_view what;
};

Telling tellingOf(RequestChange::What what) {
    switch (what) {
    case RequestChange::What::Queued:
        return {type::kRequestQueued, "waits"};
    case RequestChange::What::Started:
        return {type::kRequestStarted, "runs"};
    case RequestChange::What::RunsAgain:
        return {type::kRequestRunsAgain, "lost its worker and waits once more"};
    case RequestChange::What::Held:
        return {type::kRequestHeld, "is held"};
    case RequestChange::What::Released:
        return {type::kRequestReleased, "is released"};
    case RequestChange::What::Priority:
        break;
    }
    return {type::kRequestPriority, "has another priority"};
}

Telling tellingOf(v1::RequestState state) {
    switch (state) {
    case v1::REQUEST_STATE_COMPLETED:
        return {type::kRequestFinished, "is answered"};
    case v1::REQUEST_STATE_CANCELLED:
        return {type::kRequestCancelled, "is cancelled"};
    default:
        return {type::kRequestFailed, "failed"};
    }
}

std::string sentence(const std::string& request, std::string_view what) {
    std::string text;
    text.reserve(request.size() + what.size() + 16);
    return text.append("Request ").append(request).append(" ").append(what).append(".");
}

Facts depthFacts(const v1::QueueStatus& depth) {
    return {{"critical", std::int64_t{depth.critical_priority()}},
            {"high", std::int64_t{depth.high_priority()}},
            {"normal", std::int64_t{depth.medium_priority()}},
            {"low", std::int64_t{depth.low_priority()}}};
}

} // namespace

InferenceEvents::InferenceEvents(EventLog& log) : m_log(log) {
    m_timer.setSingleShot(true);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { tellDepth(); });
}

void InferenceEvents::onBatch(const inference::BatchSent& batch) {
    if (!m_log.wants(Topic::Queue))
        return;
    m_log.publish(type::kBatchFormed,
                  {.modelId = batch.key,
                   .message = std::to_string(batch.requests) + " requests go to " + batch.key + ".",
                   .details = {{"requests", std::int64_t{batch.requests}}, {"inputs", std::int64_t{batch.inputs}}}});
}

void InferenceEvents::onChanged(const RequestChange& change) {
    if (m_log.wants(Topic::Request)) {
        const Telling telling = tellingOf(change.what);
        m_log.publish(telling.type, {.modelId = change.key,
                                     .requestId = change.requestId,
                                     .client = change.client,
                                     .message = sentence(change.requestId, telling.what),
                                     .details = {{"priority", std::string(priorityName(change.priority))},
                                                 {"inputs", std::int64_t{change.inputs}}}});
    }
    depthMayHaveChanged();
}

void InferenceEvents::onFinished(const inference::RequestEnd& end) {
    if (m_log.wants(Topic::Request)) {
        const Telling telling = tellingOf(end.state);
        EventDraft draft{.modelId = end.key,
                         .requestId = end.requestId,
                         .client = end.client,
                         .details = {{"inputs", std::int64_t{end.inputs}}}};
        if (end.error != nullptr) {
            draft.message = end.error->message;
            draft.details.insert(end.error->facts.begin(), end.error->facts.end());
            draft.details["error_code"] = std::string(errorName(end.error->code));
        } else {
            draft.message = sentence(end.requestId, telling.what);
            draft.details["total_ms"] = end.metadata.total_time_ms();
            draft.details["queue_ms"] = end.metadata.queue_ms();
        }
        m_log.publish(telling.type, std::move(draft));
    }
    depthMayHaveChanged();
}

void InferenceEvents::depthMayHaveChanged() {
    if (m_depth && m_log.wants(Topic::Queue) && !m_timer.isActive())
        m_timer.start(m_told.empty() ? std::chrono::milliseconds(0) : kDepthEvery);
}

void InferenceEvents::tellDepth() {
    const v1::QueueStatus depth = m_depth();
    std::string told = depth.SerializeAsString() + "."; // never empty once told
    if (told == m_told)
        return;
    m_told = std::move(told);
    const int waiting =
        depth.critical_priority() + depth.high_priority() + depth.medium_priority() + depth.low_priority();
    m_log.publish(type::kQueueDepth,
                  {.message = std::to_string(waiting) + " requests wait.", .details = depthFacts(depth)});
}

} // namespace mm::app

#include "engine/app/adapters/observability/request_metrics.h"

#include "engine/ipc/facts.h"

#include <google/protobuf/util/time_util.h>

namespace mm::app {
namespace {

observability::EndedTrace endedTrace(const inference::RequestTrace& trace, const inference::v1::QueueEntry& entry,
                                     bool isPart) {
    return {trace.traceId, trace.parentId, trace.spanId, trace.state, isPart, entry};
}

} // namespace

void RequestMetrics::onBatch(const inference::BatchSent& batch) {
    m_parts.book.batchSent(batch.key);
}

void RequestMetrics::onFinished(const inference::RequestEnd& end) {
    if (end.state != inference::v1::REQUEST_STATE_COMPLETED)
        return;
    m_parts.book.computed(end.key, end.inputs, end.metadata);
    m_parts.history.computed(end.key, end.inputs, end.metadata);
}

void RequestMetrics::onEnded(const inference::WholeEnd& end) {
    m_parts.book.ended(end.entry);
    m_parts.history.ended(end.entry);
}

void RequestMetrics::onRefused(const inference::RequestRefusal& refusal) {
    m_parts.book.refused(refusal.error.code);
}

void RequestTraces::onFinished(const inference::RequestEnd& end) {
    if (end.isPart && end.trace != nullptr && end.trace->isSampled && end.entry != nullptr)
        m_exporter.add(endedTrace(*end.trace, *end.entry, true));
}

void RequestTraces::onEnded(const inference::WholeEnd& end) {
    if (end.trace != nullptr && end.trace->isSampled)
        m_exporter.add(endedTrace(*end.trace, end.entry, false));
}

void RequestTraces::onRefused(const inference::RequestRefusal& refusal) {
    if (refusal.trace == nullptr || !refusal.trace->isSampled)
        return;
    inference::v1::QueueEntry entry;
    entry.set_request_id(refusal.requestId);
    entry.set_client(refusal.client);
    entry.set_state(inference::v1::REQUEST_STATE_FAILED);
    *entry.mutable_received_at() = google::protobuf::util::TimeUtil::GetCurrentTime();
    *entry.mutable_finished_at() = entry.received_at();
    *entry.mutable_error() = ipc::toProto(refusal.error);
    m_exporter.add(endedTrace(*refusal.trace, entry, false));
}

} // namespace mm::app

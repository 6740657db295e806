// The dispatcher's third part: requests that come in parts, as the one request that their client sent.
#include "engine/inference/dispatcher.h"
#include "engine/inference/metadata_sum.h"
#include "engine/ipc/facts.h"

#include <algorithm>
#include <utility>

namespace mm::inference {

WholeRequest* Dispatcher::joinWhole(Request& part) {
    WholeRequest* whole = m_wholes.join(part);
    if (whole == nullptr)
        return nullptr;
    part.level = whole->level.value_or(part.level);
    whole->trace = part.call.trace;
    whole->last = QueueReporter::outline(part, m_ports.clock);
    return whole;
}

void Dispatcher::recordPart(WholeRequest& whole, const Request& part, const Result<Response>& answer,
                            v1::QueueEntry entry) {
    if (whole.end)
        return; // by another of its parts, or cancelled
    if (answer) {
        whole.add(entry.metadata());
        whole.done += part.inputs;
        whole.last = std::move(entry);
        if (!whole.isDone())
            return;
        fitTimes(toMilliseconds(m_ports.clock.now() - part.call.received), whole.metadata);
        remember(whole, v1::REQUEST_STATE_COMPLETED);
        return m_wholes.remove(part.call.wholeInputs);
    }
    if (answer.error().code != ErrorCode::QueueFull)
        return endWhole(whole, answer.error());
    whole.came -= part.inputs; // it may come again
    whole.setback = answer.error();
}

void Dispatcher::endWhole(WholeRequest& whole, const Error& error) {
    whole.end = error;
    remember(whole, error.code == ErrorCode::RequestCancelled ? v1::REQUEST_STATE_CANCELLED : v1::REQUEST_STATE_FAILED);
}

void Dispatcher::remember(const WholeRequest& whole, v1::RequestState state) {
    v1::QueueEntry entry = whole.entryFrom(whole.last);
    entry.set_state(state);
    entry.clear_deadline();
    if (whole.end)
        *entry.mutable_error() = ipc::toProto(*whole.end);
    else
        entry.clear_error();
    if (whole.done > 0)
        *entry.mutable_metadata() = whole.metadata;
    *entry.mutable_finished_at() = QueueReporter::timestamp(m_ports.clock.wallNow());
    remember(whole.newest, std::move(entry), whole.trace.get());
}

void Dispatcher::remember(std::uint64_t id, v1::QueueEntry entry, const RequestTrace* trace) {
    if (m_ports.listener != nullptr)
        m_ports.listener->onEnded({entry, trace});
    m_history.add(id, std::move(entry));
}

v1::QueueEntry Dispatcher::describe(const WholeRequest& whole) const {
    const Request* shown = nullptr; // the one that runs, or else the next
    for (const std::uint64_t id : m_requests.named(whole.requestId)) {
        const Request& part = *m_requests.find(id);
        if (whole.owns(part) && (shown == nullptr || (shown->waits() && !part.waits())))
            shown = &part;
    }
    v1::QueueEntry entry = whole.entryFrom(shown != nullptr ? reporter().entryOf(*shown) : whole.last);
    if (shown == nullptr) {
        entry.set_state(whole.isHeld ? v1::REQUEST_STATE_HELD : v1::REQUEST_STATE_RUNNING);
        entry.clear_metadata();
        entry.clear_error();
        entry.clear_finished_at();
        entry.set_reason(whole.setback ? "its next inputs are to come again: " + whole.setback->message
                                       : "its next inputs come when its client has read more of the answer");
    }
    if (whole.isHeld)
        entry.set_reason(entry.state() == v1::REQUEST_STATE_RUNNING
                             ? "what of it does not run is held until it is released"
                             : "held until it is released");
    return entry;
}

} // namespace mm::inference

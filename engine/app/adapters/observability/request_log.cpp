#include "engine/app/adapters/observability/request_log.h"

#include "engine/base/log.h"
#include "engine/base/logs/log_control.h"
#include "engine/ipc/enum_name.h"

namespace mm::app {

void RequestLog::onEnded(const inference::WholeEnd& end) {
    const inference::v1::QueueEntry& entry = end.entry;
    m_keeper.ended(entry);
    const bool failed = entry.state() == inference::v1::REQUEST_STATE_FAILED;
    const bool slow = m_keeper.isSlow(entry);
    const log::Level level = failed || slow ? log::Level::Info : log::Level::Debug;
    if (!log::enabled(level))
        return;
    Facts facts{{"request_id", entry.request_id()},
                {"model", entry.model_id() + (entry.version().empty() ? "" : "@" + entry.version())},
                {"client", entry.client()},
                {"inputs", std::int64_t{entry.inputs()}}};
    if (end.trace != nullptr) {
        facts["trace_id"] = end.trace->traceId;
        facts["span_id"] = end.trace->spanId;
    }
    if (entry.has_metadata()) {
        facts["total_ms"] = entry.metadata().total_time_ms();
        facts["queue_ms"] = entry.metadata().queue_ms();
        facts["compute_ms"] = entry.metadata().compute_ms();
    }
    if (entry.has_error()) {
        facts["error"] = entry.error().code();
        facts["message"] = entry.error().message();
    }
    log::write(level, slow ? "a request was slow" : "a request ended", facts, {{"state", enumName(entry.state())}});
}

} // namespace mm::app

// What a ModelSlot tells about itself: its status in the public API's words, and why it refuses.
#include "engine/ipc/facts.h"
#include "engine/lifecycle/model_slot.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <cmath>

namespace mm::lifecycle {
namespace {

google::protobuf::Timestamp toTimestamp(WallTime time) {
    const auto since = std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch());
    return google::protobuf::util::TimeUtil::NanosecondsToTimestamp(since.count());
}

bool isSet(WallTime time) {
    return time != WallTime{};
}

} // namespace

v1::ModelStatus ModelSlot::status() const {
    v1::ModelStatus status;
    const std::size_t at = m_key.rfind('@');
    status.set_model_id(m_key.substr(0, at));
    if (at != std::string::npos)
        status.set_version(m_key.substr(at + 1));
    status.set_state(m_state);
    status.set_requests_total(m_requests);
    status.set_crashes(m_crashes);
    const bool unhealthy = m_state == v1::MODEL_STATE_UNHEALTHY;
    auto* health = status.mutable_health_status();
    health->set_healthy(!unhealthy);
    if (unhealthy && m_lastFailure)
        health->set_error_message(m_lastFailure->message);
    if (isSet(m_lastCheckAt))
        *health->mutable_last_check_at() = toTimestamp(m_lastCheckAt);
    if (m_lastFailure)
        *status.mutable_last_failure() = ipc::toProto(*m_lastFailure);
    if (isSet(m_lastUsedAt))
        *status.mutable_last_used_at() = toTimestamp(m_lastUsedAt);
    if (m_worker)
        status.set_pid(m_worker->pid());
    if (m_state == v1::MODEL_STATE_LOADING)
        *status.mutable_load_progress() = m_progress;
    if (m_loaded)
        describeLoaded(status);
    return status;
}

void ModelSlot::describeLoaded(v1::ModelStatus& status) const {
    status.set_memory_usage_mb(static_cast<double>(m_residentBytes) / (1 << 20));
    status.set_in_flight(m_loaded->leases());
    status.set_device(m_facts.device());
    status.set_device_reason(m_facts.device_reason());
    status.set_dtype(m_facts.dtype());
    status.set_threads(m_facts.threads());
    status.set_weights_bytes(m_facts.weights_bytes());
    status.set_embedding_dimension(m_facts.embedding_dimension());
    status.set_max_sequence_length(m_facts.max_sequence_length());
    *status.mutable_labels() = m_facts.labels();
    status.set_load_time_ms(m_loadTimeMs);
    *status.mutable_loaded_at() = toTimestamp(m_loadedAt);
}

Error ModelSlot::unhealthyError(Instant blockedUntil) const {
    const double wait = toMilliseconds(blockedUntil - m_ports.clock.now()) / 1000;
    const auto seconds = std::max(std::int64_t(1), static_cast<std::int64_t>(std::ceil(wait)));
    Error error{ErrorCode::UnhealthyModel,
                "the model " + m_key + " failed " + std::to_string(m_history.recent()) +
                    " times in a row and is tried again in " + std::to_string(seconds) +
                    " s, or at once by an explicit load; the last time: " + m_lastFailure->message,
                m_lastFailure->facts};
    error.facts["retry_after_seconds"] = seconds;
    error.facts["cause"] = std::string(errorName(m_lastFailure->code));
    return error;
}

} // namespace mm::lifecycle

#include "engine/observability/metrics/metrics_book.h"

#include <algorithm>

namespace mm::observability {

std::array<double, kStages.size()> stageMilliseconds(const v1::InferenceMetadata& metadata) {
    return {metadata.queue_ms(),    metadata.load_ms(),    metadata.batch_wait_ms(),
            metadata.tokenize_ms(), metadata.compute_ms(), metadata.send_ms()};
}

ModelCounters& MetricsBook::of(std::string_view key) {
    const std::string_view id = key.substr(0, key.rfind('@'));
    const auto found = m_models.find(id);
    return found != m_models.end() ? found->second : m_models.emplace(id, ModelCounters{}).first->second;
}

void MetricsBook::ended(const v1::QueueEntry& entry) {
    ModelCounters& model = of(entry.model_id());
    switch (entry.state()) {
    case v1::REQUEST_STATE_COMPLETED:
        ++model.completed;
        model.duration.observe(entry.metadata().total_time_ms() / 1000);
        model.queueWait.observe(entry.metadata().queue_ms() / 1000);
        break;
    case v1::REQUEST_STATE_CANCELLED:
        ++model.cancelled;
        break;
    default:
        ++model.failed;
        ++m_errors[entry.error().code()];
    }
}

void MetricsBook::computed(std::string_view key, int inputs, const v1::InferenceMetadata& metadata) {
    ModelCounters& model = of(key);
    model.inputs += static_cast<std::uint64_t>(inputs);
    model.tokens += static_cast<std::uint64_t>(std::max<std::int64_t>(0, metadata.input_tokens()));
    model.truncated += static_cast<std::uint64_t>(std::max(0, metadata.truncated_inputs()));
    model.compute.observe(metadata.compute_ms() / 1000);
    const auto stages = stageMilliseconds(metadata);
    for (std::size_t i = 0; i < stages.size(); ++i)
        model.stageSeconds[i] += stages[i] / 1000;
    if (metadata.batch_size() <= 0)
        return;
    model.batchSize.observe(metadata.batch_size());
    model.batchesComputed += static_cast<double>(inputs) / metadata.batch_size();
}

void MetricsBook::batchSent(std::string_view key) {
    ++of(key).batchesSent;
}

void MetricsBook::loaded(std::string_view key, double seconds) {
    ModelCounters& model = of(key);
    ++model.loads;
    model.loadDuration.observe(seconds);
}

void MetricsBook::loadFailed(std::string_view key) {
    ++of(key).loadFailures;
    ++m_loadFailures;
}

void MetricsBook::unloaded(std::string_view key, UnloadCause cause) {
    ++of(key).unloads[static_cast<std::size_t>(cause)];
    m_evictions += cause == UnloadCause::Evicted ? 1 : 0;
}

void MetricsBook::keepOnly(const std::vector<std::string>& registered) {
    std::erase_if(m_models, [&](const auto& each) {
        return !std::binary_search(registered.begin(), registered.end(), each.first);
    });
}

} // namespace mm::observability

#include "engine/observability/history/history_recorder.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace mm::observability {
namespace {

// Of one reading; names come from outside, and a row has to end somewhere.
constexpr int kMostModels = 1'000;

void note(const std::optional<double>& value, hv1::Gauge* (hv1::Machine::*gauge)(), hv1::Machine& machine) {
    if (!value)
        return;
    (machine.*gauge)()->set_sum(*value);
    (machine.*gauge)()->set_samples(1);
}

hv1::Machine machineOf(const EngineFigures& figures, std::int64_t engineBytes) {
    hv1::Machine machine;
    machine.set_cpu_percent(std::max(0.0, figures.cpuPercent));
    machine.set_memory_percent(std::max(0.0, figures.memoryPercent));
    machine.set_disk_percent(std::max(0.0, figures.diskPercent));
    machine.set_waiting(
        static_cast<double>(std::accumulate(figures.waiting.begin(), figures.waiting.end(), std::int64_t{0})));
    machine.set_running(static_cast<double>(figures.running));
    machine.set_engine_memory_bytes(static_cast<double>(engineBytes));
    note(figures.gpus.usePercent, &hv1::Machine::mutable_gpu_percent, machine);
    note(figures.gpus.memoryPercent, &hv1::Machine::mutable_gpu_memory_percent, machine);
    note(figures.gpus.celsius, &hv1::Machine::mutable_gpu_celsius, machine);
    note(figures.gpus.watts, &hv1::Machine::mutable_gpu_watts, machine);
    for (const ModelFigures& model : figures.models) {
        machine.set_models_memory_bytes(machine.models_memory_bytes() + static_cast<double>(model.memoryBytes));
        machine.set_models_loaded(machine.models_loaded() + (model.instances[kLoadedState] > 0 ? 1 : 0));
    }
    return machine;
}

} // namespace

HistoryRecorder::Sums& HistoryRecorder::of(std::string_view key) {
    const std::string_view id = key.substr(0, key.rfind('@'));
    const auto found = m_models.find(id);
    Sums& sums = found != m_models.end() ? found->second : m_models.try_emplace(std::string(id)).first->second;
    sums.isTouched = true;
    return sums;
}

void HistoryRecorder::ended(const v1::QueueEntry& entry) {
    Sums& sums = of(entry.model_id());
    switch (entry.state()) {
    case v1::REQUEST_STATE_COMPLETED:
        sums.counts.set_completed(sums.counts.completed() + 1);
        sums.latency.observe(entry.metadata().total_time_ms());
        sums.queue.observe(entry.metadata().queue_ms());
        break;
    case v1::REQUEST_STATE_CANCELLED:
        sums.counts.set_cancelled(sums.counts.cancelled() + 1);
        break;
    default:
        sums.counts.set_failed(sums.counts.failed() + 1);
    }
}

void HistoryRecorder::computed(std::string_view key, int inputs, const v1::InferenceMetadata& metadata) {
    Sums& sums = of(key);
    sums.counts.set_inputs(sums.counts.inputs() + static_cast<std::uint64_t>(inputs));
    sums.counts.set_tokens(sums.counts.tokens() +
                           static_cast<std::uint64_t>(std::max<std::int64_t>(0, metadata.input_tokens())));
    sums.counts.set_compute_ms(sums.counts.compute_ms() + metadata.compute_ms());
}

hv1::Span HistoryRecorder::take(const EngineFigures& figures, std::int64_t engineBytes) {
    hv1::Span span;
    span.set_samples(1);
    *span.mutable_machine() = machineOf(figures, engineBytes);
    std::map<std::string, hv1::Model> models;
    for (auto& [id, sums] : m_models) {
        hv1::Model& model = models[id];
        model = sums.counts;
        if (!sums.latency.isEmpty())
            *model.mutable_latency() = sums.latency.toMessage();
        if (!sums.queue.isEmpty())
            *model.mutable_queue() = sums.queue.toMessage();
        sums.counts.Clear();
        sums.latency.clear();
        sums.queue.clear();
    }
    // Who did nothing for a whole span is let go.
    std::erase_if(m_models, [](const auto& each) { return !each.second.isTouched; });
    for (auto& [id, sums] : m_models)
        sums.isTouched = false;
    for (const ModelFigures& figure : figures.models) {
        hv1::Model& model = models[figure.modelId];
        model.set_memory_bytes(model.memory_bytes() + static_cast<double>(figure.memoryBytes));
        model.set_instances(model.instances() + figure.instances[kLoadedState]);
        model.set_waiting(model.waiting() + static_cast<double>(figure.waiting));
    }
    for (auto& [id, model] : models) {
        const bool isIdle = model.ByteSizeLong() == 0;
        if (isIdle || span.models_size() >= kMostModels)
            continue;
        model.set_model_id(id);
        *span.add_models() = std::move(model);
    }
    return span;
}

} // namespace mm::observability

#include "engine/observability/history/history_spans.h"

#include "engine/observability/history/distribution.h"

#include <map>
#include <string>

namespace mm::observability {
namespace {

void addGauge(hv1::Gauge& sum, const hv1::Gauge& more) {
    sum.set_sum(sum.sum() + more.sum());
    sum.set_samples(sum.samples() + more.samples());
}

void addMachine(hv1::Machine& sum, const hv1::Machine& more) {
    sum.set_cpu_percent(sum.cpu_percent() + more.cpu_percent());
    sum.set_memory_percent(sum.memory_percent() + more.memory_percent());
    sum.set_disk_percent(sum.disk_percent() + more.disk_percent());
    sum.set_models_memory_bytes(sum.models_memory_bytes() + more.models_memory_bytes());
    sum.set_models_loaded(sum.models_loaded() + more.models_loaded());
    sum.set_waiting(sum.waiting() + more.waiting());
    sum.set_running(sum.running() + more.running());
    sum.set_engine_memory_bytes(sum.engine_memory_bytes() + more.engine_memory_bytes());
    if (more.has_gpu_percent())
        addGauge(*sum.mutable_gpu_percent(), more.gpu_percent());
    if (more.has_gpu_memory_percent())
        addGauge(*sum.mutable_gpu_memory_percent(), more.gpu_memory_percent());
    if (more.has_gpu_celsius())
        addGauge(*sum.mutable_gpu_celsius(), more.gpu_celsius());
    if (more.has_gpu_watts())
        addGauge(*sum.mutable_gpu_watts(), more.gpu_watts());
}

} // namespace

WallTime beginOf(WallTime time, std::chrono::seconds span) {
    const auto since = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch());
    return WallTime(since - since % span);
}

void add(hv1::Model& sum, const hv1::Model& more) {
    sum.set_completed(sum.completed() + more.completed());
    sum.set_failed(sum.failed() + more.failed());
    sum.set_cancelled(sum.cancelled() + more.cancelled());
    sum.set_inputs(sum.inputs() + more.inputs());
    sum.set_tokens(sum.tokens() + more.tokens());
    sum.set_compute_ms(sum.compute_ms() + more.compute_ms());
    if (more.has_latency())
        add(*sum.mutable_latency(), more.latency());
    if (more.has_queue())
        add(*sum.mutable_queue(), more.queue());
    sum.set_memory_bytes(sum.memory_bytes() + more.memory_bytes());
    sum.set_instances(sum.instances() + more.instances());
    sum.set_waiting(sum.waiting() + more.waiting());
}

void add(hv1::Span& sum, const hv1::Span& more) {
    sum.set_samples(sum.samples() + more.samples());
    sum.set_seconds(sum.seconds() + more.seconds());
    addMachine(*sum.mutable_machine(), more.machine());
    std::map<std::string, hv1::Model*> known;
    for (hv1::Model& model : *sum.mutable_models())
        known.emplace(model.model_id(), &model);
    for (const hv1::Model& model : more.models()) {
        const auto found = known.find(model.model_id());
        if (found != known.end())
            add(*found->second, model);
        else
            *sum.add_models() = model;
    }
}

} // namespace mm::observability

#include "engine/observability/metrics/model_families.h"

#include <algorithm>
#include <array>

namespace mm::observability {
namespace {

using ByModel = std::vector<const MetricsBook::Models::value_type*>;

// By name, so that two scrapes list them alike.
ByModel sorted(const MetricsBook::Models& models) {
    ByModel all;
    all.reserve(models.size());
    for (const auto& each : models)
        all.push_back(&each);
    std::sort(all.begin(), all.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
    return all;
}

struct CounterFamily {
    const char* name;
    const char* help;
    double (*read)(const ModelCounters&);
};

template <auto Member>
double counted(const ModelCounters& model) {
    return static_cast<double>(model.*Member);
}

constexpr std::array kCounters{
    CounterFamily{"modelmora_requests_failed_total", "Requests that ended with an error.",
                  counted<&ModelCounters::failed>},
    CounterFamily{"modelmora_inputs_total", "Inputs computed.", counted<&ModelCounters::inputs>},
    CounterFamily{"modelmora_input_tokens_total", "Tokens of the inputs computed.", counted<&ModelCounters::tokens>},
    CounterFamily{"modelmora_truncated_inputs_total", "Inputs cut to the model's longest.",
                  counted<&ModelCounters::truncated>},
    CounterFamily{"modelmora_batches_sent_total", "Groups of requests handed to a worker at once.",
                  counted<&ModelCounters::batchesSent>},
    CounterFamily{"modelmora_batches_computed_total", "Batches that workers formed, by the shares of their inputs.",
                  counted<&ModelCounters::batchesComputed>},
    CounterFamily{"modelmora_worker_crashes_total", "Workers that ended while their model was loaded.",
                  counted<&ModelCounters::crashes>},
};

struct HistogramFamily {
    const char* name;
    const char* help;
    Histogram ModelCounters::*member;
};

constexpr std::array kHistograms{
    HistogramFamily{"modelmora_queue_wait_seconds", "Time that completed requests waited for their turn.",
                    &ModelCounters::queueWait},
    HistogramFamily{"modelmora_compute_duration_seconds", "Time that a worker computed for a request.",
                    &ModelCounters::compute},
    HistogramFamily{"modelmora_batch_size", "Inputs in the batch that a request was computed in.",
                    &ModelCounters::batchSize},
    HistogramFamily{"modelmora_model_load_duration_seconds", "Time from the start of a worker until its model served.",
                    &ModelCounters::loadDuration},
};

void addRequests(Families& families, const ByModel& models) {
    Family byId = families.counter("modelmora_requests_total", "Inference requests answered.");
    for (const auto* model : models) {
        byId.value({{"model_id", model->first}, {"status", "success"}}, static_cast<double>(model->second.completed));
        byId.value({{"model_id", model->first}, {"status", "error"}}, static_cast<double>(model->second.failed));
        byId.value({{"model_id", model->first}, {"status", "cancelled"}}, static_cast<double>(model->second.cancelled));
    }
    Family byName = families.counter("modelmora_inference_requests_total",
                                     "The same as modelmora_requests_total, by the label model_name.");
    for (const auto* model : models) {
        byName.value({{"model_name", model->first}, {"status", "success"}},
                     static_cast<double>(model->second.completed));
        byName.value({{"model_name", model->first}, {"status", "error"}}, static_cast<double>(model->second.failed));
        byName.value({{"model_name", model->first}, {"status", "cancelled"}},
                     static_cast<double>(model->second.cancelled));
    }
    Family duration = families.histogram("modelmora_inference_duration_seconds",
                                         "Time from a request's arrival to its answer, of those that completed.");
    for (const auto* model : models)
        duration.histogram({{"model_id", model->first}, {"model_name", model->first}}, model->second.duration);
}

void addLoads(Families& families, const ByModel& models) {
    Family loads = families.counter("modelmora_model_loads_total", "Loads of models that ended, by their outcome.");
    for (const auto* model : models) {
        loads.value({{"model_id", model->first}, {"status", "success"}}, static_cast<double>(model->second.loads));
        loads.value({{"model_id", model->first}, {"status", "error"}}, static_cast<double>(model->second.loadFailures));
    }
    Family unloads = families.counter("modelmora_model_unloads_total", "Instances that ended, by the cause.");
    for (const auto* model : models)
        for (std::size_t i = 0; i < kUnloadCauses.size(); ++i)
            if (model->second.unloads[i] > 0)
                unloads.value({{"model_id", model->first}, {"cause", kUnloadCauses[i]}},
                              static_cast<double>(model->second.unloads[i]));
}

struct GaugeFamily {
    const char* name;
    const char* help;
    std::int64_t ModelFigures::*member;
};

constexpr std::array kGauges{
    GaugeFamily{"modelmora_model_memory_predicted_bytes", "Memory that was expected of the model's instances.",
                &ModelFigures::predictedBytes},
    GaugeFamily{"modelmora_model_memory_peak_bytes", "The most that was seen of them.", &ModelFigures::peakBytes},
    GaugeFamily{"modelmora_model_resident_bytes", "Resident memory of them, mapped files included.",
                &ModelFigures::residentBytes},
    GaugeFamily{"modelmora_model_requests_running", "Requests with a worker.", &ModelFigures::inFlight},
    GaugeFamily{"modelmora_model_requests_waiting", "Requests that wait for the model.", &ModelFigures::waiting},
};

} // namespace

void addModelCounters(Families& families, const MetricsBook& book) {
    const ByModel models = sorted(book.models());
    addRequests(families, models);
    for (const CounterFamily& each : kCounters) {
        Family family = families.counter(each.name, each.help);
        for (const auto* model : models)
            family.value({{"model_id", model->first}}, each.read(model->second));
    }
    for (const HistogramFamily& each : kHistograms) {
        Family family = families.histogram(each.name, each.help);
        for (const auto* model : models)
            family.histogram({{"model_id", model->first}}, model->second.*each.member);
    }
    Family stages = families.counter("modelmora_stage_duration_seconds_total",
                                     "Time that requests spent in each stage, all together.");
    for (const auto* model : models)
        for (std::size_t i = 0; i < kStages.size(); ++i)
            stages.value({{"model_id", model->first}, {"stage", kStages[i]}}, model->second.stageSeconds[i]);
    addLoads(families, models);
}

void addModelFigures(Families& families, const EngineFigures& figures) {
    Family memory = families.gauge("modelmora_model_memory_usage_bytes",
                                   "Memory that the ledger counts for the model's instances.");
    for (const ModelFigures& model : figures.models)
        memory.value({{"model_name", model.modelId}, {"version", model.version}},
                     static_cast<double>(model.memoryBytes));
    for (const GaugeFamily& each : kGauges) {
        Family family = families.gauge(each.name, each.help);
        for (const ModelFigures& model : figures.models)
            family.value({{"model_id", model.modelId}, {"version", model.version}},
                         static_cast<double>(model.*each.member));
    }
    Family instances = families.gauge("modelmora_model_instances", "Instances of the model by their state.");
    for (const ModelFigures& model : figures.models)
        for (std::size_t i = 0; i < kInstanceStates.size(); ++i)
            instances.value({{"model_id", model.modelId}, {"version", model.version}, {"state", kInstanceStates[i]}},
                            model.instances[i]);
    Family pinned = families.gauge("modelmora_model_pinned", "1 where the model is never evicted.");
    for (const ModelFigures& model : figures.models)
        pinned.value({{"model_id", model.modelId}, {"version", model.version}}, model.isPinned ? 1 : 0);
}

} // namespace mm::observability

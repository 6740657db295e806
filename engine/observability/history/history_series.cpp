#include "engine/observability/history/history_series.h"

#include "engine/observability/history/distribution.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <optional>
#include <set>

namespace mm::observability {
namespace {

// A span together with what it says of the model that is asked for, or of all of them.
struct Reading {
    const hv1::Machine& machine;
    const hv1::Model& model;
    double samples;
    double seconds;
};

struct Series {
    std::string_view name;
    std::string_view unit;
    std::optional<double> (*read)(const Reading&);
};

template <auto Get>
std::optional<double> machineMean(const Reading& reading) {
    return (reading.machine.*Get)() / reading.samples;
}
template <auto Get>
std::optional<double> gaugeMean(const Reading& reading) {
    const hv1::Gauge& gauge = (reading.machine.*Get)();
    return gauge.samples() == 0 ? std::nullopt : std::optional(gauge.sum() / gauge.samples());
}
template <auto Get>
std::optional<double> modelMean(const Reading& reading) {
    return (reading.model.*Get)() / reading.samples;
}
template <auto Get>
std::optional<double> rate(const Reading& reading) {
    return static_cast<double>((reading.model.*Get)()) / reading.seconds;
}
template <int Percent, auto Get>
std::optional<double> percentileOf(const Reading& reading) {
    constexpr double kAll = 100;
    const hv1::Distribution& distribution = (reading.model.*Get)();
    return distribution.counts_size() == 0 ? std::nullopt : std::optional(percentile(distribution, Percent / kAll));
}

constexpr std::array kOfRequests{
    Series{"requests_per_second", "1/s", rate<&hv1::Model::completed>},
    Series{"failures_per_second", "1/s", rate<&hv1::Model::failed>},
    Series{"cancellations_per_second", "1/s", rate<&hv1::Model::cancelled>},
    Series{"inputs_per_second", "1/s", rate<&hv1::Model::inputs>},
    Series{"tokens_per_second", "1/s", rate<&hv1::Model::tokens>},
    Series{"compute_ms_per_second", "ms", rate<&hv1::Model::compute_ms>},
    Series{"latency_p50_ms", "ms", percentileOf<50, &hv1::Model::latency>},
    Series{"latency_p95_ms", "ms", percentileOf<95, &hv1::Model::latency>},
    Series{"latency_p99_ms", "ms", percentileOf<99, &hv1::Model::latency>},
    Series{"queue_p50_ms", "ms", percentileOf<50, &hv1::Model::queue>},
    Series{"queue_p95_ms", "ms", percentileOf<95, &hv1::Model::queue>},
    Series{"queue_p99_ms", "ms", percentileOf<99, &hv1::Model::queue>},
};
constexpr std::array kOfModel{
    Series{"memory_bytes", "bytes", modelMean<&hv1::Model::memory_bytes>},
    Series{"instances", "", modelMean<&hv1::Model::instances>},
    Series{"waiting", "", modelMean<&hv1::Model::waiting>},
};
constexpr std::array kOfMachine{
    Series{"cpu_percent", "percent", machineMean<&hv1::Machine::cpu_percent>},
    Series{"memory_percent", "percent", machineMean<&hv1::Machine::memory_percent>},
    Series{"disk_percent", "percent", machineMean<&hv1::Machine::disk_percent>},
    Series{"models_memory_bytes", "bytes", machineMean<&hv1::Machine::models_memory_bytes>},
    Series{"engine_memory_bytes", "bytes", machineMean<&hv1::Machine::engine_memory_bytes>},
    Series{"models_loaded", "", machineMean<&hv1::Machine::models_loaded>},
    Series{"waiting", "", machineMean<&hv1::Machine::waiting>},
    Series{"running", "", machineMean<&hv1::Machine::running>},
    Series{"gpu_percent", "percent", gaugeMean<&hv1::Machine::gpu_percent>},
    Series{"gpu_memory_percent", "percent", gaugeMean<&hv1::Machine::gpu_memory_percent>},
    Series{"gpu_celsius", "celsius", gaugeMean<&hv1::Machine::gpu_celsius>},
    Series{"gpu_watts", "watts", gaugeMean<&hv1::Machine::gpu_watts>},
};

std::vector<Series> seriesOf(bool ofModel) {
    std::vector<Series> all(kOfRequests.begin(), kOfRequests.end());
    if (ofModel)
        all.insert(all.end(), kOfModel.begin(), kOfModel.end());
    else
        all.insert(all.end(), kOfMachine.begin(), kOfMachine.end());
    return all;
}

// What a span says of a model, or of all of them together; nothing where it says nothing of that one.
std::optional<hv1::Model> wanted(const hv1::Span& span, const std::string& modelId) {
    if (!modelId.empty()) {
        for (const hv1::Model& model : span.models())
            if (model.model_id() == modelId)
                return model;
        return std::nullopt;
    }
    hv1::Model sum;
    for (const hv1::Model& model : span.models())
        add(sum, model);
    return sum;
}

google::protobuf::Timestamp timestamp(WallTime time) {
    return google::protobuf::util::TimeUtil::MillisecondsToTimestamp(
        std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count());
}

WallTime wallTime(const google::protobuf::Timestamp& time) {
    return WallTime(std::chrono::seconds(time.seconds()));
}

std::string namesOf(const std::vector<std::string_view>& names) {
    std::string list;
    for (const std::string_view name : names)
        list.append(list.empty() ? "" : ", ").append(name);
    return list;
}

const Resolution* resolutionFor(std::int32_t seconds, WallTime from, WallTime now) {
    for (const Resolution& each : kResolutions)
        if (seconds == 0 ? from >= now - each.kept : each.span.count() == seconds)
            return &each;
    return seconds == 0 ? &kResolutions.back() : nullptr;
}

} // namespace

std::vector<std::string_view> seriesNames(bool ofModel) {
    std::vector<std::string_view> names;
    for (const Series& each : seriesOf(ofModel))
        names.push_back(each.name);
    return names;
}

Result<HistoryRange> rangeOf(const v1::GetHistoryRequest& request, WallTime now) {
    Error error{ErrorCode::ValidationError, "The request is not acceptable."};
    HistoryRange range;
    range.to = request.has_to() ? wallTime(request.to()) : now;
    range.from = request.has_from() ? wallTime(request.from()) : range.to - std::chrono::hours(1);
    if (range.from >= range.to)
        error.fieldErrors.push_back({"from", "must be before to"});
    if (const Resolution* found = resolutionFor(request.resolution_seconds(), range.from, now))
        range.resolution = *found;
    else
        error.fieldErrors.push_back({"resolution", "must be 10, 60 or 900 seconds"});
    const std::vector<std::string_view> known = seriesNames(!request.model_id().empty());
    for (const std::string& name : request.series())
        if (std::find(known.begin(), known.end(), name) == known.end())
            error.fieldErrors.push_back({"series", "must be among " + namesOf(known)});
    if (!error.fieldErrors.empty())
        return error;
    // What is older than all that is kept need not be looked for.
    range.from =
        beginOf(std::max(range.from, now - kResolutions.back().kept - std::chrono::hours(1)), range.resolution.span);
    range.to = std::max(range.to, range.from);
    return range;
}

v1::HistoryReport reportOf(const v1::GetHistoryRequest& request, const HistoryRange& range,
                           const std::vector<DatedSpan>& spans) {
    v1::HistoryReport report;
    *report.mutable_from() = timestamp(range.from);
    *report.mutable_to() = timestamp(range.to);
    report.set_resolution_seconds(static_cast<std::int32_t>(range.resolution.span.count()));
    report.set_model_id(request.model_id());
    std::vector<std::pair<Series, v1::HistorySeries*>> shown;
    for (const Series& each : seriesOf(!request.model_id().empty())) {
        if (request.series_size() > 0 &&
            std::find(request.series().begin(), request.series().end(), each.name) == request.series().end())
            continue;
        v1::HistorySeries& series = *report.add_series();
        series.set_name(std::string(each.name));
        series.set_unit(std::string(each.unit));
        shown.emplace_back(each, &series);
    }
    std::set<std::string> models;
    for (const auto& [at, span] : spans) {
        for (const hv1::Model& model : span.models())
            models.insert(model.model_id());
        const std::optional<hv1::Model> model = wanted(span, request.model_id());
        if (!model || span.samples() <= 0 || span.seconds() <= 0)
            continue;
        const double samples = span.samples();
        for (const auto& [series, target] : shown) {
            const auto value = series.read({span.machine(), *model, samples, span.seconds()});
            if (!value)
                continue;
            v1::HistoryPoint& point = *target->add_points();
            *point.mutable_at() = timestamp(at);
            point.set_value(*value);
        }
    }
    for (const std::string& id : models)
        report.add_models(id);
    return report;
}

} // namespace mm::observability

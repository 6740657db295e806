#include "gui/pages/models/list/model_row.h"

#include "engine/ipc/names.h"
#include "gui/pages/models/say.h"
#include "gui/widgets/time_text.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace mm::gui::models {
namespace {

const v1::ModelStatus* statusOf(const v1::Model& model, const Sources& sources) {
    const v1::ModelStatus* found = nullptr;
    if (sources.status != nullptr)
        for (const v1::ModelStatus& each : sources.status->loaded_models())
            if (each.model_id() == model.model_id() && (found == nullptr || each.version() == model.version()))
                found = &each;
    return found;
}

const Learned* learnedOf(const v1::Model& model, const Sources& sources) {
    const auto found = sources.learned.find(model.model_id());
    return found == sources.learned.end() ? nullptr : &found->second;
}

void nameState(const v1::ModelStatus& status, ModelRow& row) {
    row.detail = text(status.reason());
    switch (status.state()) {
    case v1::MODEL_STATE_LOADING:
        row.condition = Condition::Loading;
        row.percent = std::clamp(status.load_progress().percent(), 0.0, 100.0);
        row.state = Say::tr("loading %1 %").arg(std::lround(*row.percent));
        row.detail = text(status.load_progress().stage());
        return;
    case v1::MODEL_STATE_LOADED:
        row.condition = status.in_flight() > 0 ? Condition::Busy : Condition::Ready;
        row.state = status.in_flight() > 0 ? Say::tr("busy") : Say::tr("ready");
        row.detail.clear();
        return;
    case v1::MODEL_STATE_DRAINING:
        row.condition = Condition::Leaving;
        row.state = Say::tr("unloading");
        return;
    case v1::MODEL_STATE_UNHEALTHY:
        row.condition = Condition::Failed;
        row.state = Say::tr("failed");
        row.detail = text(status.last_failure().message());
        return;
    default:
        row.condition = Condition::Unloaded;
        row.state = Say::tr("unloaded");
    }
}

void takeStatus(const v1::ModelStatus& status, std::int64_t now, ModelRow& row) {
    nameState(status, row);
    row.isPinned = status.pinned();
    row.running = status.in_flight();
    row.crashes = status.crashes();
    row.measuredBytes = row.isInMemory() ? status.measured_bytes() : 0;
    if (status.predicted_bytes() > 0)
        row.predictedBytes = status.predicted_bytes();
    if (status.has_last_used_at()) {
        row.usedAt = status.last_used_at().seconds();
        row.used = agoText(static_cast<double>(now - row.usedAt) * 1000);
    }
    if (status.has_idle_unload_at() && row.isInMemory()) {
        row.unloadsAt = status.idle_unload_at().seconds();
        row.unloadsIn = countdownText(row.unloadsAt - now);
    }
    // Of a version that is not the current one, where that is what is loaded.
    if (!status.version().empty() && text(status.version()) != row.version && row.isInMemory())
        row.state += Say::tr(" (version %1)").arg(text(status.version()));
}

void takeQueue(const v1::QueueReport& queue, ModelRow& row) {
    std::int64_t batches = 0;
    double inputs = 0;
    QString reason;
    for (const v1::ModelQueue& each : queue.models()) {
        if (each.model_id() != row.id)
            continue;
        row.waiting += each.waiting();
        batches += each.batches_computed();
        inputs += each.mean_batch_size() * static_cast<double>(each.batches_computed());
        if (!each.reason().empty())
            reason = text(each.reason());
    }
    if (batches > 0)
        row.batch = inputs / static_cast<double>(batches);
    if (row.condition == Condition::Unloaded && row.waiting > 0) {
        row.condition = Condition::Waiting;
        row.state = Say::tr("waits for room");
        row.detail = reason;
    }
}

void takeLearned(const Learned& learned, ModelRow& row) {
    row.p50 = learned.p50;
    row.p95 = learned.p95;
    row.p99 = learned.p99;
    row.rate = learned.rate;
    row.rates = learned.rates;
    if (row.predictedBytes == 0)
        row.predictedBytes = learned.predictedBytes;
}

// The list of the loaded ones is newer than what was learned of one that is not among them.
v1::ModelStatus asUnloaded(v1::ModelStatus status) {
    status.set_state(v1::MODEL_STATE_UNLOADED);
    status.set_in_flight(0);
    return status;
}

ModelRow rowOf(const v1::Model& model, const Sources& sources) {
    ModelRow row;
    row.id = model.model_id();
    row.task = text(std::string(taskName(model.task_type())));
    row.version = text(model.version());
    for (const std::string& tag : model.tags())
        row.tags.append(text(tag));
    row.state = Say::tr("unloaded");
    const Learned* learned = learnedOf(model, sources);
    if (const v1::ModelStatus* status = statusOf(model, sources))
        takeStatus(*status, sources.now, row);
    else if (learned != nullptr && learned->status)
        takeStatus(asUnloaded(*learned->status), sources.now, row);
    if (model.status() == "failed") {
        row.condition = Condition::Failed;
        row.state = Say::tr("files failed");
        row.detail = text(model.status_message());
    }
    if (sources.queue != nullptr)
        takeQueue(*sources.queue, row);
    if (learned != nullptr)
        takeLearned(*learned, row);
    if (row.isPinned && row.condition != Condition::Failed)
        row.state += Say::tr(" · pinned");
    return row;
}

} // namespace

std::vector<ModelRow> rowsOf(const Sources& sources) {
    std::map<QString, int> called;
    for (const v1::Model& model : sources.models)
        ++called[shortName(model.model_id())];
    std::vector<ModelRow> rows;
    rows.reserve(sources.models.size());
    for (const v1::Model& model : sources.models) {
        ModelRow& row = rows.emplace_back(rowOf(model, sources));
        row.name = shortName(row.id);
        if (called[row.name] > 1)
            row.name = text(row.id);
    }
    std::sort(rows.begin(), rows.end(), [](const ModelRow& one, const ModelRow& other) { return one.id < other.id; });
    return rows;
}

namespace {

// A value for each span of the report, 0 where none is known.
std::vector<double> spread(const v1::HistoryReport& report, const v1::HistorySeries& series) {
    constexpr std::int64_t kMostSpans = 1000;
    const std::int64_t from = report.from().seconds();
    const std::int64_t spans =
        report.resolution_seconds() > 0 ? (report.to().seconds() - from) / report.resolution_seconds() + 1 : 0;
    if (series.points().empty() || spans < 1 || spans > kMostSpans)
        return {};
    std::vector<double> values(static_cast<std::size_t>(spans));
    for (const v1::HistoryPoint& point : series.points())
        if (const std::int64_t at = (point.at().seconds() - from) / report.resolution_seconds(); at >= 0 && at < spans)
            values[static_cast<std::size_t>(at)] = point.value();
    return values;
}

} // namespace

void learn(const v1::HistoryReport& report, Learned& into) {
    const auto last = [](const v1::HistorySeries& series) -> std::optional<double> {
        if (series.points().empty())
            return std::nullopt;
        return series.points(series.points_size() - 1).value();
    };
    for (const v1::HistorySeries& series : report.series()) {
        if (series.name() == kP50Series)
            into.p50 = last(series);
        else if (series.name() == kP95Series)
            into.p95 = last(series);
        else if (series.name() == kP99Series)
            into.p99 = last(series);
        else if (series.name() == kRateSeries) {
            into.rate = last(series);
            into.rates = spread(report, series);
        }
    }
}

QString summary(const std::vector<ModelRow>& rows) {
    const auto loaded = std::count_if(rows.begin(), rows.end(), [](const ModelRow& row) { return row.isInMemory(); });
    return Say::tr("%1 registered · %2 loaded").arg(rows.size()).arg(loaded);
}

} // namespace mm::gui::models

#include "gui/pages/overview/loaded_rows.h"

#include "gui/widgets/time_text.h"

#include <QCoreApplication>

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <map>

namespace mm::gui {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("overview", text);
}

std::int64_t millisecondsOf(bool isSet, const google::protobuf::Timestamp& time) {
    return isSet ? google::protobuf::util::TimeUtil::TimestampToMilliseconds(time) : 0;
}

LoadedState stateOf(const v1::ModelStatus& model) {
    switch (model.state()) {
    case v1::MODEL_STATE_LOADING:
        return LoadedState::Loading;
    case v1::MODEL_STATE_UNHEALTHY:
        return LoadedState::Unhealthy;
    case v1::MODEL_STATE_DRAINING:
        return LoadedState::Ending;
    default:
        return model.in_flight() > 0 ? LoadedState::Busy : LoadedState::Ready;
    }
}

QString stageOf(const v1::LoadStage& stage) {
    const QString name = QString::fromStdString(stage.stage());
    constexpr std::int64_t kCountable = 10'000; // more than this are bytes
    if (stage.total() <= 1 || stage.total() > kCountable)
        return name;
    return tr("%1 %2 of %3").arg(name).arg(stage.done()).arg(stage.total());
}

LoadedRow rowOf(const v1::ModelStatus& model) {
    LoadedRow row;
    row.modelId = model.model_id().substr(0, model.model_id().find('@'));
    row.version = model.version();
    row.dtype = QString::fromStdString(model.dtype());
    row.state = stateOf(model);
    row.percent = model.load_progress().percent();
    row.stage = stageOf(model.load_progress());
    row.predictedBytes = model.predicted_bytes();
    const bool isThere = row.state != LoadedState::Loading && row.state != LoadedState::Unhealthy;
    row.measuredBytes = isThere ? model.measured_bytes() : 0; // of one whose worker is gone it is what once was
    row.inFlight = model.in_flight();
    row.loadMs = model.load_time_ms();
    row.isPinned = model.pinned();
    row.loadedAt = millisecondsOf(model.has_loaded_at(), model.loaded_at());
    row.lastUsedAt = millisecondsOf(model.has_last_used_at(), model.last_used_at());
    return row;
}

void addEstimates(LoadedRows& rows, const v1::MemoryLedger& memory) {
    for (const v1::DeviceLedger& device : memory.devices())
        for (const v1::LedgerEntry& entry : device.entries())
            for (LoadedRow& row : rows)
                if (row.modelId == entry.model_id() && row.version == entry.version() && entry.instance() == 0)
                    row.estimate = entry.estimate();
}

void addWaiting(LoadedRows& rows, const v1::QueueReport& queue) {
    for (const v1::ModelQueue& each : queue.models())
        for (LoadedRow& row : rows)
            if (row.modelId == each.model_id() && row.version == each.version())
                row.waiting = each.waiting();
}

QString stayOf(const LoadedRow& row) {
    if (row.state == LoadedState::Unhealthy)
        return tr("no: its worker is gone");
    if (row.isPinned)
        return tr("never: pinned");
    if (row.state == LoadedState::Loading)
        return row.waiting > 0 ? tr("no: awaited") : tr("no: being loaded");
    if (row.state == LoadedState::Ending)
        return tr("goes now");
    if (row.inFlight > 0)
        return row.inFlight == 1 ? tr("no: 1 request running") : tr("no: %1 requests running").arg(row.inFlight);
    if (row.waiting > 0)
        return row.waiting == 1 ? tr("no: 1 request waiting") : tr("no: %1 requests waiting").arg(row.waiting);
    return {};
}

void addFates(LoadedRows& rows) {
    std::vector<LoadedRow*> idle;
    for (LoadedRow& row : rows) {
        row.fate.sentence = stayOf(row);
        if (row.fate.sentence.isEmpty())
            idle.push_back(&row);
    }
    const auto lastUse = [](const LoadedRow& row) { return std::max(row.lastUsedAt, row.loadedAt); };
    std::stable_sort(idle.begin(), idle.end(),
                     [&](const LoadedRow* one, const LoadedRow* other) { return lastUse(*one) < lastUse(*other); });
    for (std::size_t i = 0; i < idle.size(); ++i) {
        idle[i]->fate.order = static_cast<int>(i) + 1;
        const QString why = i == 0 && idle.size() > 1 ? tr("idle longest") : tr("idle");
        idle[i]->fate.sentence =
            idle[i]->loadMs > 0 ? tr("%1, reloads in %2").arg(why, spanText(idle[i]->loadMs)) : why;
    }
}

} // namespace

LoadedRows loadedRowsOf(const v1::SystemStatus& status, const v1::MemoryLedger* memory, const v1::QueueReport* queue) {
    LoadedRows rows;
    for (const v1::ModelStatus& model : status.loaded_models())
        rows.push_back(rowOf(model));
    std::sort(rows.begin(), rows.end(), [](const auto& one, const auto& other) { return one.key() < other.key(); });
    if (memory != nullptr)
        addEstimates(rows, *memory);
    if (queue != nullptr)
        addWaiting(rows, *queue);
    addFates(rows);
    return rows;
}

QString stateWord(LoadedState state) {
    switch (state) {
    case LoadedState::Loading:
        return tr("loading");
    case LoadedState::Busy:
        return tr("busy");
    case LoadedState::Ending:
        return tr("ending");
    case LoadedState::Unhealthy:
        return tr("unhealthy");
    case LoadedState::Ready:
        break;
    }
    return tr("ready");
}

QString splitText(const v1::MemoryEstimate& estimate) {
    const auto part = [](std::int64_t bytes) { return bytes > 0 ? bytesText(bytes) : kNothing; };
    return QStringList{part(estimate.weights_bytes()), part(estimate.activation_bytes()),
                       part(estimate.runtime_bytes())}
        .join(QStringLiteral(" · "));
}

} // namespace mm::gui

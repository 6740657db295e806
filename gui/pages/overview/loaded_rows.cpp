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

// What the engine does not put in order, since nothing is left to decide.
QString decided(const LoadedRow& row) {
    if (row.state == LoadedState::Unhealthy)
        return tr("no: its worker is gone");
    if (row.state == LoadedState::Ending)
        return tr("goes now");
    return {};
}

LoadedRow* rowOf(LoadedRows& rows, const std::string& modelId, const std::string& version) {
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const LoadedRow& row) {
        return row.modelId == modelId && row.version == version;
    });
    return found == rows.end() ? nullptr : &*found;
}

void addFates(LoadedRows& rows, const v1::EvictionOrder* order) {
    for (LoadedRow& row : rows)
        row.fate.sentence = decided(row);
    if (order == nullptr)
        return;
    int place = 0;
    for (const v1::PlannedEviction& planned : order->evictions()) {
        LoadedRow* row = rowOf(rows, planned.model_id(), planned.version());
        if (row == nullptr || !row->fate.sentence.isEmpty())
            continue; // of several workers the first one is told
        const QString why = QString::fromStdString(planned.reason());
        const bool saysReload = order->policy() == "cost";
        row->fate = {++place,
                     row->loadMs > 0 && !saysReload ? tr("%1, reloads in %2").arg(why, spanText(row->loadMs)) : why};
    }
    for (const v1::PlannedStay& planned : order->stays())
        if (LoadedRow* row = rowOf(rows, planned.model_id(), planned.version());
            row != nullptr && row->fate.sentence.isEmpty())
            row->fate.sentence =
                row->isPinned ? tr("never: pinned") : tr("no: %1").arg(QString::fromStdString(planned.reason()));
}

} // namespace

LoadedRows loadedRowsOf(const v1::SystemStatus& status, const v1::MemoryLedger* memory, const v1::QueueReport* queue,
                        const v1::EvictionOrder* order) {
    LoadedRows rows;
    for (const v1::ModelStatus& model : status.loaded_models())
        rows.push_back(rowOf(model));
    std::sort(rows.begin(), rows.end(), [](const auto& one, const auto& other) { return one.key() < other.key(); });
    if (memory != nullptr)
        addEstimates(rows, *memory);
    if (queue != nullptr)
        addWaiting(rows, *queue);
    addFates(rows, order);
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

#include "gui/pages/overview/memory_picture.h"

#include "gui/widgets/time_text.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace mm::gui {
namespace {

using Kind = MemoryPart::Kind;

QString tr(const char* text) {
    return QCoreApplication::translate("overview", text);
}

const LoadedRow* rowOf(const LoadedRows& rows, const v1::LedgerEntry& entry) {
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const LoadedRow& row) {
        return row.modelId == entry.model_id() && row.version == entry.version();
    });
    return found == rows.end() ? nullptr : &*found;
}

QString amountOf(const v1::LedgerEntry& entry) {
    switch (entry.state()) {
    case v1::LEDGER_STATE_RESERVED:
        return tr("%1 reserved for it").arg(bytesText(entry.predicted_bytes()));
    case v1::LEDGER_STATE_RELEASING:
        return tr("%1, coming back").arg(bytesText(entry.measured_bytes()));
    default:
        return tr("%1 measured, %2 predicted")
            .arg(bytesText(entry.measured_bytes()), bytesText(entry.predicted_bytes()));
    }
}

QString aboutEntry(const v1::LedgerEntry& entry, const LoadedRow* row, std::int64_t nowMs) {
    QStringList lines{QString::fromStdString(entry.model_id() + "@" + entry.version())};
    if (entry.instance() > 0)
        lines.front() += tr(", instance %1").arg(entry.instance() + 1);
    lines << amountOf(entry);
    lines << tr("weights · activations · run time: %1").arg(splitText(entry.estimate()));
    if (row == nullptr)
        return lines.join(QLatin1Char('\n'));
    if (row->loadedAt > 0)
        lines << tr("loaded %1").arg(agoText(static_cast<double>(nowMs - row->loadedAt)));
    if (row->lastUsedAt > 0)
        lines << tr("last used %1").arg(agoText(static_cast<double>(nowMs - row->lastUsedAt)));
    if (row->fate.order > 0)
        lines << tr("would go as number %1: %2").arg(row->fate.order).arg(row->fate.sentence);
    else if (!row->fate.sentence.isEmpty())
        lines << tr("would go: %1").arg(row->fate.sentence);
    return lines.join(QLatin1Char('\n'));
}

void addParts(MemoryPicture& picture, const v1::LedgerEntry& entry, const LoadedRow* row, std::int64_t nowMs) {
    MemoryPart part{Kind::Weights, entry.model_id(), 0, shortName(entry.model_id()), aboutEntry(entry, row, nowMs)};
    if (entry.state() == v1::LEDGER_STATE_RESERVED) {
        part.kind = Kind::Reserved;
        part.bytes = entry.predicted_bytes();
        part.label = tr("loading");
        return picture.parts.push_back(std::move(part));
    }
    if (entry.state() == v1::LEDGER_STATE_RELEASING) {
        part.kind = Kind::Releasing;
        part.bytes = entry.measured_bytes();
        return picture.parts.push_back(std::move(part));
    }
    const std::int64_t weights = std::min(entry.estimate().weights_bytes(), entry.measured_bytes());
    part.bytes = weights;
    if (weights > 0)
        picture.parts.push_back(part);
    part.kind = Kind::Rest;
    part.bytes = entry.measured_bytes() - weights;
    if (weights > 0)
        part.label = tr("run time");
    if (part.bytes > 0)
        picture.parts.push_back(std::move(part));
}

std::int64_t usedBytes(const v1::DeviceLedger& device) {
    return device.committed_bytes() + device.reserved_bytes() + device.other_programs_bytes();
}

} // namespace

MemoryPicture pictureOf(const v1::DeviceLedger& device, const LoadedRows& rows, std::int64_t nowMs) {
    MemoryPicture picture;
    picture.totalBytes = device.total_bytes();
    picture.limitBytes = device.effective_budget_bytes();
    std::vector<const v1::LedgerEntry*> entries;
    for (const v1::LedgerEntry& entry : device.entries())
        entries.push_back(&entry);
    std::stable_sort(entries.begin(), entries.end(), [](const auto* one, const auto* other) {
        return std::tie(one->model_id(), one->version()) < std::tie(other->model_id(), other->version());
    });
    for (const v1::LedgerEntry* entry : entries)
        addParts(picture, *entry, rowOf(rows, *entry), nowMs);
    if (device.other_programs_bytes() > 0)
        picture.parts.push_back({Kind::OtherPrograms,
                                 {},
                                 device.other_programs_bytes(),
                                 tr("other programs"),
                                 tr("Other programs: %1").arg(bytesText(device.other_programs_bytes()))});
    return picture;
}

std::optional<double> predictionErrorPercent(const v1::DeviceLedger& device) {
    std::int64_t predicted = 0;
    std::int64_t measured = 0;
    for (const v1::LedgerEntry& entry : device.entries())
        if (entry.state() == v1::LEDGER_STATE_COMMITTED) {
            predicted += entry.predicted_bytes();
            measured += entry.measured_bytes();
        }
    if (measured <= 0)
        return std::nullopt;
    constexpr double kPercent = 100;
    return kPercent * std::abs(static_cast<double>(predicted - measured)) / static_cast<double>(measured);
}

QString memorySentence(const v1::DeviceLedger& device) {
    QStringList parts{
        tr("%1 of %2 GB used").arg(gigabytesText(usedBytes(device)), gigabytesText(device.total_bytes()))};
    if (device.effective_budget_bytes() < device.budget_bytes())
        parts << tr("budget %1 GB, %2 GB of it beside other programs")
                     .arg(gigabytesText(device.budget_bytes()), gigabytesText(device.effective_budget_bytes()));
    else
        parts << tr("budget %1 GB").arg(gigabytesText(device.budget_bytes()));
    if (const auto error = predictionErrorPercent(device))
        parts << tr("predicted and measured differ by %1 %").arg(QLocale().toString(*error, 'f', *error < 10 ? 1 : 0));
    return parts.join(QStringLiteral(" · "));
}

} // namespace mm::gui

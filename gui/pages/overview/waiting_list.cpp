#include "gui/pages/overview/waiting_list.h"

#include "gui/widgets/time_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <set>

namespace mm::gui {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("overview", text);
}

QString counted(int number, const char* one, const char* many) {
    return number == 1 ? tr(one) : tr(many).arg(number);
}

QString wordOf(v1::Priority priority) {
    switch (priority) {
    case v1::PRIORITY_CRITICAL:
        return tr("critical");
    case v1::PRIORITY_HIGH:
        return tr("high");
    case v1::PRIORITY_LOW:
        return tr("low");
    default:
        return tr("normal");
    }
}

WaitingLine lineOf(const v1::QueueEntry& entry) {
    WaitingLine line;
    line.isCritical = entry.priority() == v1::PRIORITY_CRITICAL;
    line.place = line.isCritical ? QStringLiteral("!") : QString::number(entry.position());
    line.client = QString::fromStdString(entry.client());
    line.modelId = entry.model_id();
    line.waited = spanText(entry.waited_ms());
    line.reason = QString::fromStdString(entry.reason());
    line.requestId = QString::fromStdString(entry.request_id());
    return line;
}

QString moreOf(const std::vector<const v1::QueueEntry*>& hidden, int count) {
    if (count <= 0)
        return {};
    const QString more = tr("%1 more").arg(count);
    const bool allKnown = static_cast<int>(hidden.size()) == count;
    std::set<std::pair<std::string, v1::Priority>> kinds;
    for (const v1::QueueEntry* entry : hidden)
        kinds.emplace(entry->client(), entry->priority());
    if (!allKnown || kinds.size() != 1)
        return more;
    return tr("%1, all %2 · %3").arg(more, QString::fromStdString(kinds.begin()->first), wordOf(kinds.begin()->second));
}

} // namespace

WaitingList waitingListOf(const v1::QueueReport& queue, std::size_t most) {
    WaitingList list;
    const v1::QueueStatus& depth = queue.depth();
    list.waiting = depth.critical_priority() + depth.high_priority() + depth.medium_priority() + depth.low_priority();
    std::vector<const v1::QueueEntry*> hidden;
    for (const v1::QueueEntry& entry : queue.entries()) {
        if (entry.state() != v1::REQUEST_STATE_WAITING && entry.state() != v1::REQUEST_STATE_HELD)
            continue;
        if (list.lines.size() < most)
            list.lines.push_back(lineOf(entry));
        else
            hidden.push_back(&entry);
    }
    list.waiting = std::max(list.waiting, static_cast<int>(list.lines.size() + hidden.size()));
    const auto clients = static_cast<int>(std::count_if(queue.clients().begin(), queue.clients().end(),
                                                        [](const auto& each) { return each.waiting() > 0; }));
    if (list.waiting > 0)
        list.summary = counted(list.waiting, "1 request", "%1 requests") + QStringLiteral(" · ") +
                       counted(clients, "1 client", "%1 clients");
    list.more = moreOf(hidden, list.waiting - static_cast<int>(list.lines.size()));
    return list;
}

} // namespace mm::gui

#include "gui/pages/models/details/worker_lines.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>

namespace mm::gui::models {
namespace {

const QString kEvent = QStringLiteral("worker says");

// Of a line for people: `2026-11-22T01:06:13.042Z debug: worker says model=org/model@main pid=12 line="its words"`.
QJsonObject factsOf(const QString& line) {
    const qsizetype from = line.indexOf(QStringLiteral(": ") + kEvent + QLatin1Char(' '));
    if (from < 0)
        return {};
    const auto named = [&](const QString& name, bool isLast) {
        const qsizetype begin = line.indexOf(QLatin1Char(' ') + name + QLatin1Char('='), from) + name.size() + 2;
        const QString value = isLast ? line.mid(begin) : line.mid(begin, line.indexOf(QLatin1Char(' '), begin) - begin);
        if (!value.startsWith(QLatin1Char('"')))
            return value;
        const auto read = QJsonDocument::fromJson((QStringLiteral("{\"v\":") + value + QLatin1Char('}')).toUtf8());
        return read.object().value(QLatin1String("v")).toString(value);
    };
    return {{QStringLiteral("time"), line.section(QLatin1Char(' '), 0, 0)},
            {QStringLiteral("event"), kEvent},
            {QStringLiteral("model"), named(QStringLiteral("model"), false)},
            {QStringLiteral("pid"), named(QStringLiteral("pid"), false)},
            {QStringLiteral("line"), named(QStringLiteral("line"), true)}};
}

} // namespace

QStringList workerLines(const std::vector<std::string>& log, const std::string& modelId) {
    QStringList lines;
    const QString id = QString::fromStdString(modelId);
    for (const std::string& each : log) {
        if (each.find("worker says") == std::string::npos)
            continue;
        const QString line = QString::fromStdString(each);
        const QJsonObject facts =
            line.startsWith(QLatin1Char('{')) ? QJsonDocument::fromJson(line.toUtf8()).object() : factsOf(line);
        if (facts.value(QLatin1String("event")).toString() != kEvent ||
            facts.value(QLatin1String("model")).toString().section(QLatin1Char('@'), 0, 0) != id)
            continue;
        const QDateTime at =
            QDateTime::fromString(facts.value(QLatin1String("time")).toString(), Qt::ISODateWithMs).toLocalTime();
        lines += QStringLiteral("%1  %2  %3")
                     .arg(at.toString(QStringLiteral("HH:mm:ss.zzz")),
                          facts.value(QLatin1String("pid")).toVariant().toString(),
                          facts.value(QLatin1String("line")).toString());
    }
    return lines;
}

QStringList newOf(const QStringList& before, const QStringList& now) {
    return before.isEmpty() ? now : now.mid(now.lastIndexOf(before.last()) + 1);
}

} // namespace mm::gui::models

#include "gui/pages/activity/record.h"

#include <QDateTime>

#include <google/protobuf/util/time_util.h>

namespace mm::gui {
namespace {

using google::protobuf::util::TimeUtil;

Role inkOfEvent(const QString& type) {
    for (const char* bad : {"failed", "unhealthy", "device.lost", "events_lost"})
        if (type.endsWith(QLatin1String(bad)))
            return Role::Bad;
    for (const char* warning : {"refused", "model.waiting", "exceeded", "evicted"})
        if (type.endsWith(QLatin1String(warning)))
            return Role::Warning;
    return Role::Text;
}

Role inkOfLevel(const QString& level) {
    if (level == QStringLiteral("error") || level == QStringLiteral("critical"))
        return Role::Bad;
    return level == QStringLiteral("warning") ? Role::Warning : Role::Text;
}

QString firstOf(std::initializer_list<const std::string*> texts) {
    for (const std::string* text : texts)
        if (!text->empty())
            return QString::fromStdString(*text);
    return {};
}

QString withoutVersion(const QString& model) {
    return model.section(QLatin1Char('@'), 0, 0);
}

} // namespace

Record recordOf(const v1::Event& event) {
    Record record;
    record.number = event.id();
    record.atMs = TimeUtil::TimestampToMilliseconds(event.at());
    record.what = QString::fromStdString(event.type());
    record.about = firstOf({&event.model_id(), &event.request_id(), &event.job_id()});
    record.who = QString::fromStdString(event.client());
    record.text = QString::fromStdString(event.message());
    record.model = withoutVersion(QString::fromStdString(event.model_id()));
    record.request = QString::fromStdString(event.request_id());
    record.job = QString::fromStdString(event.job_id());
    record.ink = inkOfEvent(record.what);
    return record;
}

Record recordOf(const std::string& logLine) {
    Record record;
    record.text = QString::fromStdString(logLine);
    const qsizetype space = record.text.indexOf(QLatin1Char(' '));
    const qsizetype colon = record.text.indexOf(QStringLiteral(": "), space);
    const QDateTime at = QDateTime::fromString(record.text.left(space), Qt::ISODateWithMs);
    if (!at.isValid() || colon < 0 || record.text.indexOf(QLatin1Char(' '), space + 1) < colon)
        return record;
    record.atMs = at.toMSecsSinceEpoch();
    record.what = record.text.mid(space + 1, colon - space - 1);
    record.text = record.text.mid(colon + 2);
    record.ink = inkOfLevel(record.what);
    const auto named = [&](const QString& name) {
        const qsizetype begin = record.text.indexOf(QLatin1Char(' ') + name + QLatin1Char('='));
        const qsizetype from = begin + name.size() + 2;
        return begin < 0 ? QString() : record.text.mid(from, record.text.indexOf(QLatin1Char(' '), from) - from);
    };
    record.model = withoutVersion(named(QStringLiteral("model")));
    record.request = named(QStringLiteral("request_id"));
    record.job = named(QStringLiteral("job_id"));
    return record;
}

Record recordOf(const v1::AuditRecord& audit) {
    Record record;
    record.number = audit.number();
    record.atMs = TimeUtil::TimestampToMilliseconds(audit.at());
    record.what = QString::fromStdString(audit.action());
    record.about = QString::fromStdString(audit.target());
    record.who = QString::fromStdString(audit.client());
    if (!audit.role().empty())
        record.who += QStringLiteral(" (%1)").arg(QString::fromStdString(audit.role()));
    record.text = QString::fromStdString(audit.outcome());
    if (!audit.message().empty())
        record.text += QStringLiteral(": ") + QString::fromStdString(audit.message());
    if (audit.action().starts_with("model."))
        record.model = withoutVersion(record.about);
    if (audit.action().starts_with("request."))
        record.request = record.about;
    if (audit.action().starts_with("job."))
        record.job = record.about;
    record.ink = audit.outcome() == "done" ? Role::Text : audit.outcome() == "refused" ? Role::Warning : Role::Bad;
    return record;
}

QString topicOf(const QString& what) {
    return what.section(QLatin1Char('.'), 0, 0);
}

} // namespace mm::gui

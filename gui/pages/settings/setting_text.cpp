#include "gui/pages/settings/setting_text.h"

#include "gui/widgets/figures.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace mm::gui {
namespace {

namespace v1 = modelmora::v1;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(SettingText)
};

} // namespace

QString groupTitle(const std::string& group) {
    const std::map<std::string, QString> titles{{"memory", Words::tr("Memory budgets")},
                                                {"policies", Words::tr("Policies")},
                                                {"limits", Words::tr("Limits")},
                                                {"faces", Words::tr("Faces and ports")},
                                                {"tls", Words::tr("TLS")},
                                                {"access", Words::tr("Access")},
                                                {"retention", Words::tr("Retention")},
                                                {"telemetry", Words::tr("Metrics and traces")},
                                                {"log", Words::tr("Log")},
                                                {"places", Words::tr("Places")}};
    const auto found = titles.find(group);
    return found == titles.end() ? QString::fromStdString(group) : found->second;
}

QString unitOf(const v1::Setting& setting) {
    if (setting.type() == "seconds")
        return QStringLiteral(" s");
    if (setting.type() == "mebibytes")
        return QStringLiteral(" MiB");
    return setting.name().ends_with("-ms") ? QStringLiteral(" ms") : QString();
}

QString settingValue(const v1::Setting& setting, const std::string& value) {
    return value.empty() ? kNothing : QString::fromStdString(value) + unitOf(setting);
}

QString settingSource(const v1::Setting& setting) {
    const QString source = QString::fromStdString(setting.source());
    if (setting.origin() == "flag")
        return Words::tr("flag %1").arg(source);
    if (setting.origin() == "environment")
        return Words::tr("environment %1").arg(source);
    if (setting.origin() == "changed")
        return Words::tr("changed here");
    if (setting.origin() == "temporary")
        return Words::tr("until the engine ends");
    if (setting.origin() == "default")
        return Words::tr("default");
    const qsizetype colon = source.lastIndexOf(QLatin1Char(':'));
    return Words::tr("%1, line %2")
        .arg(QFileInfo(source.first(std::max<qsizetype>(colon, 0))).fileName(), source.sliced(colon + 1));
}

QString settingApplies(const v1::Setting& setting) {
    return setting.applies_now() ? Words::tr("now") : Words::tr("at restart");
}

QString settingWaits(const v1::Setting& setting) {
    return setting.waits_for_restart()
               ? Words::tr("waiting for restart: %1").arg(settingValue(setting, setting.next_value()))
               : QString();
}

std::string setTo(const v1::Setting& setting) {
    return setting.waits_for_restart() ? setting.next_value() : setting.value();
}

QString meanwhileSentence(const v1::Setting& setting) {
    return Words::tr("Somebody else has set this to %1 meanwhile. Enter it again to replace that, or reset it to keep "
                     "that.")
        .arg(settingValue(setting, setTo(setting)));
}

bool concernsSettings(const v1::Event& event) {
    if (event.type() == "engine.settings_changed" || event.type() == "engine.events_lost")
        return true;
    const auto action = event.details().fields().find("action"); // the log's level, for the time being
    return event.type() == "audit.changed" && action != event.details().fields().end() &&
           action->second.string_value() == "log.level";
}

QString waitingSentence(int count) {
    return Words::tr("%n change(s) wait for a restart of the engine.", "", count);
}

QString helpSentence(const v1::Setting& setting) {
    QString text = QString::fromStdString(setting.help());
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return text.endsWith(QLatin1Char('.')) ? text : text + QLatin1Char('.');
}

v1::ChangeSettingsRequest requestFor(const v1::Setting& entered, const std::string& text, const Drafts& drafts,
                                     const std::map<std::string, std::string>& groupOf) {
    v1::ChangeSettingsRequest request;
    const auto add = [&](const std::string& name, const std::string& value) {
        v1::SettingChange& change = *request.add_changes();
        change.set_name(name);
        change.set_value(value);
    };
    add(entered.name(), text);
    for (const auto& [name, draft] : drafts) {
        const auto group = groupOf.find(name);
        if (draft.isHalf && name != entered.name() && group != groupOf.end() && group->second == entered.group())
            add(name, draft.text);
    }
    return request;
}

} // namespace mm::gui

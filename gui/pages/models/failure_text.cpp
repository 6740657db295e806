#include "gui/pages/models/failure_text.h"

#include "gui/pages/models/say.h"
#include "gui/widgets/figures.h"

#include <QLocale>

namespace mm::gui::models {
namespace {

QString valueText(const std::string& name, const FactValue& value) {
    if (const auto* flag = std::get_if<bool>(&value))
        return *flag ? Say::tr("yes") : Say::tr("no");
    if (const auto* whole = std::get_if<std::int64_t>(&value))
        return name.ends_with("bytes") ? bytesText(*whole) : QLocale().toString(static_cast<qlonglong>(*whole));
    if (const auto* real = std::get_if<double>(&value))
        return numberText(*real);
    if (const auto* words = std::get_if<std::string>(&value))
        return text(*words);
    QStringList lines;
    for (const std::string& line : std::get<std::vector<std::string>>(value))
        lines += text(line);
    return lines.join(QLatin1Char('\n'));
}

QString nameText(std::string name) {
    for (char& c : name)
        if (c == '_')
            c = ' ';
    return text(name);
}

} // namespace

QStringList lastLines(const Error& error) {
    const auto found = error.facts.find("last_lines");
    if (found == error.facts.end())
        return {};
    return valueText("last_lines", found->second).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
}

QString adviceOf(const Error& error) {
    if (error.facts.contains("suggested_action"))
        return {}; // its sentence ends with that
    switch (error.code) {
    case ErrorCode::InvalidModelFiles:
    case ErrorCode::ChecksumMismatch:
        return Say::tr("Fetch or convert the model again, and load it again; only safetensors are read.");
    case ErrorCode::UnsupportedModel:
        return Say::tr("No architecture here runs it: take a model of one of the families that the README names.");
    case ErrorCode::SourceNotFound:
        return Say::tr("Check that the folder is still there and that the engine may read it.");
    case ErrorCode::InsufficientMemory:
        return Say::tr("Load it again to see what would have to go, unload something, or raise the budget.");
    case ErrorCode::DeviceUnavailable:
        return Say::tr("Set device to cpu or auto in its configuration, or install the driver and its libraries.");
    case ErrorCode::ModelLoadFailed:
        return Say::tr("See its stage and the last lines below; raise load-timeout where the disk is slow.");
    case ErrorCode::ProcessSpawnFailed:
        return Say::tr("Check the setting worker, the rights of that file, and the limits on processes.");
    case ErrorCode::WorkerCrashed:
        return Say::tr("The next request starts it again. If it comes back, look at its output and the system's log.");
    case ErrorCode::WorkerMisbehaved:
        return Say::tr("Install the engine and its worker from one build.");
    case ErrorCode::InvalidConfiguration:
        return Say::tr("Mend the values that are named, in its configuration.");
    default:
        return {};
    }
}

QString failureFacts(const Error& error) {
    QStringList lines;
    for (const FieldError& field : error.fieldErrors)
        lines += Say::tr("%1: %2").arg(text(field.field), text(field.message));
    for (const auto& [name, value] : error.facts)
        if (name != "last_lines" && name != "suggested_action" && name != "model" && name != "model_id")
            lines += Say::tr("%1: %2").arg(nameText(name), valueText(name, value));
    for (const QString& line : lastLines(error))
        lines += Say::tr("> %1").arg(line);
    return lines.join(QLatin1Char('\n'));
}

} // namespace mm::gui::models

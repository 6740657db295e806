#include "gui/pages/models/unload_text.h"

#include "gui/pages/models/say.h"
#include "gui/widgets/figures.h"

namespace mm::gui::models {

QString unloadText(const ModelRow& row) {
    if (row.condition == Condition::Loading || row.condition == Condition::Waiting)
        return row.waiting > 0 ? Say::tr("The load ends, and the requests that wait for it (%1) fail.").arg(row.waiting)
                               : QString();
    QStringList parts;
    if (row.running > 0)
        parts += Say::tr("Requests that run (%1) are finished first; what still runs after the engine's drain-timeout "
                         "fails.")
                     .arg(row.running);
    if (row.waiting > 0)
        parts += Say::tr("Requests that wait (%1) are not lost: for them it is loaded again.").arg(row.waiting);
    return parts.join(QLatin1Char('\n'));
}

QString killText(const ModelRow& row) {
    QStringList parts;
    if (row.running > 0)
        parts += Say::tr("Requests that run (%1) are ended at once, with an error.").arg(row.running);
    if (row.waiting > 0)
        parts += Say::tr("Requests that wait (%1) are ended as well.").arg(row.waiting);
    if (parts.isEmpty())
        parts += Say::tr("No request runs or waits just now; what comes meanwhile is ended at once, with an error.");
    parts += Say::tr("Its jobs that are not done fail; each can be retried.");
    return parts.join(QLatin1Char('\n'));
}

QString unloadedText(const QString& model, const v1::UnloadModelResponse& answer) {
    if (!answer.unloaded())
        return Say::tr("%1 was not loaded").arg(model);
    const QString freed = bytesText(static_cast<std::int64_t>(answer.freed_mb() * (1 << 20)));
    if (answer.ended_requests() > 0)
        return Say::tr("%1 is unloaded, requests that ended with it: %2, %3 are free again")
            .arg(model, QString::number(answer.ended_requests()), freed);
    return Say::tr("%1 is unloaded, %2 are free again").arg(model, freed);
}

} // namespace mm::gui::models

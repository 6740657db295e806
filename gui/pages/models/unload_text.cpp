#include "gui/pages/models/unload_text.h"

#include "gui/pages/models/say.h"

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

} // namespace mm::gui::models

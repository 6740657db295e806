#include "gui/shell/leaving/still_running.h"

#include <QCoreApplication>

namespace mm::gui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(StillRunning)
};

} // namespace

QString stillRunning(const modelmora::v1::SystemStatus* status) {
    if (!status)
        return Words::tr("What runs in it is not known at the moment.");
    int running = 0;
    for (const auto& model : status->loaded_models())
        running += model.in_flight();
    const auto& queue = status->queue();
    const int waiting =
        queue.critical_priority() + queue.high_priority() + queue.medium_priority() + queue.low_priority();
    const int loaded = status->loaded_models_size();
    if (loaded == 0 && running == 0 && waiting == 0)
        return Words::tr("No model is loaded and nothing waits.");
    QString text = Words::tr("%n model(s) in memory", nullptr, loaded);
    text += running == 0 ? Words::tr(", none of them computes")
                         : Words::tr(", %n request(s) being computed", nullptr, running);
    text += waiting == 0 ? Words::tr(", nothing waits.") : Words::tr(", %n request(s) waiting.", nullptr, waiting);
    return text;
}

} // namespace mm::gui

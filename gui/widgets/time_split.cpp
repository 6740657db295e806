#include "gui/widgets/time_split.h"

#include "gui/widgets/time_text.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <numeric>

namespace mm::gui {

TimeSplit timeSplitOf(const modelmora::v1::InferenceMetadata& metadata) {
    TimeSplit split;
    split.stages = {metadata.queue_ms(),    metadata.load_ms(),    metadata.batch_wait_ms(),
                    metadata.tokenize_ms(), metadata.compute_ms(), metadata.send_ms()};
    for (double& stage : split.stages)
        stage = std::max(0.0, stage);
    split.total = std::max(metadata.total_time_ms(), std::accumulate(split.stages.begin(), split.stages.end(), 0.0));
    return split;
}

QString stageName(std::size_t stage) {
    constexpr std::array kNames{QT_TRANSLATE_NOOP("time", "queue"),      QT_TRANSLATE_NOOP("time", "load"),
                                QT_TRANSLATE_NOOP("time", "batch wait"), QT_TRANSLATE_NOOP("time", "tokenise"),
                                QT_TRANSLATE_NOOP("time", "compute"),    QT_TRANSLATE_NOOP("time", "send")};
    return QCoreApplication::translate("time", kNames.at(stage));
}

QString splitText(const TimeSplit& split) {
    QStringList parts;
    for (std::size_t stage = 0; stage < kStages; ++stage)
        if (split.stages[stage] > 0)
            parts << QString(stageName(stage) % QLatin1Char(' ') % spanText(split.stages[stage]));
    return parts.join(QStringLiteral(" · "));
}

} // namespace mm::gui

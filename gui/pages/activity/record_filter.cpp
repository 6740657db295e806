#include "gui/pages/activity/record_filter.h"

#include "gui/pages/activity/record_table.h"

#include <algorithm>

namespace mm::gui {

bool isWanted(const Record& record, const Wanted& wanted) {
    if (!wanted.topic.isEmpty() && topicOf(record.what) != wanted.topic)
        return false;
    const auto words = QStringView(wanted.text).split(QLatin1Char(' '), Qt::SkipEmptyParts);
    return std::all_of(words.begin(), words.end(), [&](QStringView word) {
        const QString* const texts[] = {&record.what, &record.about, &record.who, &record.text, &record.request};
        return std::any_of(std::begin(texts), std::end(texts),
                           [&](const QString* text) { return text->contains(word, Qt::CaseInsensitive); });
    });
}

void RecordFilter::set(Wanted wanted) {
    if (wanted == m_wanted)
        return;
    m_wanted = std::move(wanted);
    invalidateFilter();
}

const Record& RecordFilter::at(int row) const {
    return static_cast<const RecordTable*>(sourceModel())->at(mapToSource(index(row, 0)).row());
}

bool RecordFilter::filterAcceptsRow(int row, const QModelIndex&) const {
    return isWanted(static_cast<const RecordTable*>(sourceModel())->at(row), m_wanted);
}

} // namespace mm::gui

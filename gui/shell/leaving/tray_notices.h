// TrayNotices: which notifications are worth one: each thing that has broken, once, while nobody looks at the window.
// Pure but for what it has told. GUI thread.
#pragma once

#include "gui/shell/header/health.h"

#include <QString>

#include <optional>
#include <set>

namespace mm::gui {

struct Notice {
    QString title;
    QString text;
    QString page; // what a click opens, and about what; empty: the window as it was left
    QString subject;
};

class TrayNotices {
public:
    // Several things that come together are one notice. What is over and breaks again is told again.
    std::optional<Notice> next(const HealthReport& report, bool isSeen);

private:
    std::set<QString> m_told; // decisions, by id
};

} // namespace mm::gui

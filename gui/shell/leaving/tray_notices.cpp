#include "gui/shell/leaving/tray_notices.h"

#include <QCoreApplication>
#include <QStringList>

#include <tuple>
#include <utility>
#include <vector>

namespace mm::gui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(TrayNotices)
};

Notice about(const Decision& decision) {
    Notice notice{decision.title, decision.detail, {}, {}};
    for (const DecisionAction& action : decision.actions)
        if (action.what == DecisionAction::What::OpenPage && notice.page.isEmpty())
            std::tie(notice.page, notice.subject) = std::tie(action.page, action.subject);
    return notice;
}

} // namespace

std::optional<Notice> TrayNotices::next(const HealthReport& report, bool isSeen) {
    std::set<QString> now;
    std::vector<const Decision*> news;
    for (const Decision& decision : report.decisions) {
        if (decision.level != HealthLevel::Bad)
            continue;
        now.insert(decision.id);
        if (!m_told.contains(decision.id) && !isSeen)
            news.push_back(&decision);
    }
    m_told = std::move(now);
    if (news.empty())
        return std::nullopt;
    if (news.size() == 1)
        return about(*news.front());
    QStringList titles;
    for (const Decision* decision : news)
        titles << decision->title;
    return Notice{Words::tr("%n things need a decision", nullptr, static_cast<int>(news.size())),
                  titles.join(QLatin1Char('\n')),
                  {},
                  {}};
}

} // namespace mm::gui

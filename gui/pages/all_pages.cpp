#include "gui/pages/all_pages.h"

#include "gui/pages/activity/activity_page.h"
#include "gui/pages/models/models_page.h"
#include "gui/pages/overview/overview_page.h"
#include "gui/pages/playground/playground_page.h"
#include "gui/pages/queue/queue_page.h"
#include "gui/pages/settings/settings_page.h"

#include <QCoreApplication>

namespace mm::gui {
namespace {

template <typename Made>
PageEntry page(const char* id, const char* title, const char* icon) {
    return {QString::fromLatin1(id), QCoreApplication::translate("pages", title), QString::fromLatin1(icon),
            [](const PageContext& context) -> Page* { return new Made(context); }};
}

} // namespace

PageList allPages() {
    return {
        page<OverviewPage>("overview", QT_TRANSLATE_NOOP("pages", "Overview"), "chart-bar"),
        page<models::ModelsPage>("models", QT_TRANSLATE_NOOP("pages", "Models"), "box"),
        page<QueuePage>("queue", QT_TRANSLATE_NOOP("pages", "Queue and jobs"), "list-details"),
        page<PlaygroundPage>("playground", QT_TRANSLATE_NOOP("pages", "Playground"), "player-play"),
        page<ActivityPage>("activity", QT_TRANSLATE_NOOP("pages", "Activity"), "activity"),
        page<SettingsPage>("settings", QT_TRANSLATE_NOOP("pages", "Settings"), "settings"),
    };
}

} // namespace mm::gui

#include "gui/pages/activity/activity_page.h"

#include "gui/pages/activity/audit_tab.h"
#include "gui/pages/activity/event_tab.h"
#include "gui/pages/activity/log_tab.h"
#include "gui/pages/activity/worker_tab.h"
#include "gui/theme/kind.h"

#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

namespace mm::gui {
namespace {

constexpr int kWorkers = 2; // the tab
constexpr const char16_t* kOfWorker = u"worker:";

} // namespace

ActivityPage::ActivityPage(const PageContext& context) : m_context(context), m_tabs(new QTabWidget) {
    m_tabs->setObjectName(QStringLiteral("activity"));
    m_tabs->setDocumentMode(true);
    m_tabs->tabBar()->setDrawBase(false);
    addTab(new EventTab(m_context), tr("Events"));
    addTab(new LogTab(m_context), tr("Engine log"));
    addTab(new WorkerTab(m_context), tr("Workers' output"));
    addTab(new AuditTab(m_context), tr("Audit"));
    auto* card = new QFrame;
    setKind(*card, "card");
    auto* inside = new QVBoxLayout(card);
    inside->setContentsMargins(14, 8, 14, 12);
    inside->addWidget(m_tabs);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->addWidget(card);
    connect(m_tabs, &QTabWidget::currentChanged, this, &ActivityPage::tell);
}

void ActivityPage::addTab(ActivityTab* tab, const QString& title) {
    m_tabs->addTab(tab, title);
    m_all.push_back(tab);
}

void ActivityPage::setSeen(bool seen) {
    m_isSeen = seen;
    tell();
}

void ActivityPage::tell() {
    for (std::size_t i = 0; i < m_all.size(); ++i)
        m_all[i]->setSeen(m_isSeen && static_cast<int>(i) == m_tabs->currentIndex());
}

void ActivityPage::show(const QString& subject) {
    const QString worker = QString::fromUtf16(kOfWorker);
    const bool isOfWorker = subject.startsWith(worker);
    m_tabs->setCurrentIndex(isOfWorker ? kWorkers : 0);
    m_all[static_cast<std::size_t>(m_tabs->currentIndex())]->search(isOfWorker ? subject.mid(worker.size()) : subject);
}

} // namespace mm::gui

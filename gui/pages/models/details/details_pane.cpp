#include "gui/pages/models/details/details_pane.h"

#include "gui/client/engine_state.h"
#include "gui/pages/models/details/config_tab.h"
#include "gui/pages/models/details/files_tab.h"
#include "gui/pages/models/details/instances_tab.h"
#include "gui/pages/models/details/output_tab.h"
#include "gui/pages/models/details/overview_tab.h"
#include "gui/pages/models/details/versions_tab.h"
#include "gui/pages/models/model_actions.h"
#include "gui/pages/models/say.h"
#include "gui/theme/kind.h"
#include "gui/widgets/figures.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include <chrono>
#include <utility>

namespace mm::gui::models {
namespace {

constexpr std::chrono::milliseconds kEvery(3000);

// A button that does as its action says, whatever that becomes.
QPushButton* buttonOf(QAction& action, const char* name) {
    auto* button = new QPushButton;
    button->setObjectName(QString::fromLatin1(name));
    const auto follow = [button, &action] {
        button->setText(action.text());
        button->setIcon(action.icon());
        button->setEnabled(action.isEnabled());
        QString tip = action.toolTip() == action.text() ? QString() : action.toolTip();
        const QString key = action.shortcut().toString(QKeySequence::NativeText);
        if (!key.isEmpty())
            tip += (tip.isEmpty() ? QString() : QStringLiteral("  ")) + QStringLiteral("[%1]").arg(key);
        button->setToolTip(tip);
    };
    follow();
    QObject::connect(&action, &QAction::changed, button, follow);
    QObject::connect(button, &QPushButton::clicked, &action, &QAction::trigger);
    return button;
}

} // namespace

DetailsPane::DetailsPane(const PageContext& context, ModelActions& actions, QWidget* parent)
    : QFrame(parent), m_context(context) {
    setKind(*this, "card");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 10, 14, 12);
    column->setSpacing(8);
    column->addLayout(makeHead(actions));
    m_tabs = new QTabWidget;
    m_tabs->setObjectName(QStringLiteral("modelTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->tabBar()->setDrawBase(false);
    m_tabs->addTab(new OverviewTab(context), tr("Overview"));
    m_tabs->addTab(new VersionsTab(context), tr("Versions"));
    m_tabs->addTab(new FilesTab(context), tr("Files"));
    m_tabs->addTab(new ConfigTab(context), tr("Configuration"));
    m_tabs->addTab(new InstancesTab(context), tr("Instances"));
    m_tabs->addTab(new OutputTab(context), tr("Output"));
    m_every.setInterval(kEvery);
    connect(&m_every, &QTimer::timeout, this, &DetailsPane::refresh);
    connect(m_tabs, &QTabWidget::currentChanged, this, &DetailsPane::refresh);
    column->addWidget(m_tabs, 1);
    show(nullptr);
}

QLayout* DetailsPane::makeHead(ModelActions& actions) {
    m_name = new QLabel;
    m_name->setObjectName(QStringLiteral("detailsName"));
    setKind(*m_name, "heading");
    m_name->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_facts = new QLabel;
    m_facts->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // the buttons come first where it is narrow
    setKind(*m_facts, "muted");
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_name);
    row->addWidget(m_facts, 1);
    row->addWidget(buttonOf(*actions.load, "loadAction"));
    row->addWidget(buttonOf(*actions.unload, "unloadAction"));
    row->addWidget(buttonOf(*actions.pin, "pinAction"));
    row->addWidget(buttonOf(*actions.warmUp, "warmUpAction"));
    row->addWidget(buttonOf(*actions.test, "testAction"));
    auto* remove = buttonOf(*actions.remove, "removeAction");
    setKind(*remove, "danger");
    row->addWidget(remove);
    return row;
}

void DetailsPane::show(const ModelRow* row) {
    setVisible(row != nullptr);
    if (row == nullptr)
        return m_id.clear();
    m_name->setText(shortName(row->id));
    const QString id = text(row->id);
    m_facts->setText(
        QStringList{id.section(QLatin1Char('/'), 0, 0), row->task, tr("version %1").arg(row->version)}.join(
            QStringLiteral(" · ")));
    const bool isOther = std::exchange(m_id, row->id) != row->id;
    const bool isNews = std::exchange(m_condition, row->condition) != row->condition;
    if (isOther)
        for (int i = 0; i < m_tabs->count(); ++i)
            static_cast<DetailsTab*>(m_tabs->widget(i))->open(m_id);
    if (isOther || isNews)
        refresh();
}

void DetailsPane::setSeen(bool seen) {
    m_isSeen = seen;
    if (!seen)
        return m_every.stop();
    m_every.start();
    refresh();
}

void DetailsPane::refresh() {
    if (m_isSeen && !m_id.empty() && m_context.link.state() == EngineLink::State::Connected)
        static_cast<DetailsTab*>(m_tabs->currentWidget())->refresh();
}

} // namespace mm::gui::models

#include "gui/pages/models/details/details_pane.h"

#include "gui/client/engine_state.h"
#include "gui/pages/models/details/action_button.h"
#include "gui/pages/models/details/config_tab.h"
#include "gui/pages/models/details/files_tab.h"
#include "gui/pages/models/details/instances_tab.h"
#include "gui/pages/models/details/output_tab.h"
#include "gui/pages/models/details/overview_tab.h"
#include "gui/pages/models/details/versions_tab.h"
#include "gui/pages/models/model_actions.h"
#include "gui/pages/models/say.h"
#include "gui/theme/kind.h"
#include "gui/widgets/elided_label.h"
#include "gui/widgets/figures.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include <chrono>
#include <utility>

namespace mm::gui::models {
namespace {

constexpr std::chrono::milliseconds kEvery(3000);
constexpr int kSpace = 8;

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
    m_facts = new ElidedLabel; // the buttons come first where it is narrow
    setKind(*m_facts, "muted");
    auto* row = new QHBoxLayout;
    row->setSpacing(kSpace);
    row->addWidget(m_name);
    row->addWidget(m_facts, 1);
    const auto add = [&](QAction& action, const char* name) {
        m_buttons.push_back(new ActionButton(action, name));
        row->addWidget(m_buttons.back());
        return m_buttons.back();
    };
    add(*actions.load, "loadAction");
    add(*actions.unload, "unloadAction");
    ActionButton* kill = add(*actions.kill, "killAction");
    setKind(*kill, "danger");
    kill->setVisible(false); // the row is full, and what is not loaded cannot be killed
    connect(actions.kill, &QAction::changed, this, [this, kill, &actions] {
        kill->setVisible(actions.kill->isEnabled());
        fitButtons();
    });
    add(*actions.pin, "pinAction");
    add(*actions.warmUp, "warmUpAction");
    add(*actions.test, "testAction");
    setKind(*add(*actions.remove, "removeAction"), "danger");
    return row;
}

void DetailsPane::resizeEvent(QResizeEvent* event) {
    QFrame::resizeEvent(event);
    fitButtons();
}

void DetailsPane::fitButtons() {
    constexpr int kAround = 40; // the margins, and something of the facts
    int wanted = m_name->sizeHint().width() + kAround;
    for (const ActionButton* button : m_buttons)
        wanted += button->isHidden() ? 0 : button->fullWidth() + kSpace;
    // The first two are what one looks for.
    for (std::size_t i = 2; i < m_buttons.size(); ++i)
        m_buttons[i]->setBrief(wanted > width());
}

void DetailsPane::show(const ModelRow* row) {
    setVisible(row != nullptr);
    if (row == nullptr)
        return m_id.clear();
    m_name->setText(shortName(row->id));
    fitButtons();
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

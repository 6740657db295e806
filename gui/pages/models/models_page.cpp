#include "gui/pages/models/models_page.h"

#include "gui/client/engine_state.h"
#include "gui/pages/models/details/details_pane.h"
#include "gui/pages/models/list/model_table.h"
#include "gui/pages/models/list/model_watch.h"
#include "gui/pages/models/list/table_view.h"
#include "gui/pages/models/model_actions.h"
#include "gui/pages/models/register/register_dialog.h"
#include "gui/pages/models/say.h"
#include "gui/theme/kind.h"
#include "gui/theme/theme.h"

#include <QDateTime>
#include <QDragEnterEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QScrollBar>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>

namespace mm::gui::models {
namespace {

constexpr std::chrono::milliseconds kJoin(30);
constexpr int kMargin = 16;

QString folderOf(const QMimeData& dropped) {
    for (const QUrl& url : dropped.urls())
        if (url.isLocalFile())
            return url.toLocalFile();
    return {};
}

} // namespace

ModelsPage::ModelsPage(const PageContext& context) : m_context(context) {
    setObjectName(QStringLiteral("modelsPage"));
    setAcceptDrops(true);
    m_actions = new ModelActions(m_context, this);
    m_table = new ModelTable(m_context.theme, this);
    m_sort = new ModelSort(this);
    m_sort->setSourceModel(m_table);
    m_watch = new ModelWatch(m_context.link, this);
    m_stack = new QStackedWidget;
    m_stack->addWidget(makeTable());
    m_stack->addWidget(makeEmpty());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    column->setSpacing(12);
    column->addWidget(makeTop());
    column->addWidget(m_stack, 1);
    m_later.setSingleShot(true);
    m_later.setInterval(kJoin);
    connectAll();
    update();
}

QWidget* ModelsPage::makeTop() {
    auto* title = new QLabel(tr("Models"));
    setKind(*title, "title");
    m_summary = new QLabel;
    m_summary->setObjectName(QStringLiteral("modelsSummary"));
    setKind(*m_summary, "muted");
    m_filter = new QLineEdit;
    m_filter->setObjectName(QStringLiteral("modelsFilter"));
    m_filter->setPlaceholderText(tr("Filter by name, task, tag"));
    m_filter->setAccessibleName(tr("Filter by name, task, tag"));
    m_filter->setToolTip(QKeySequence(QKeySequence::Find).toString(QKeySequence::NativeText));
    m_filter->setClearButtonEnabled(true);
    m_filter->setFixedWidth(220);
    m_register = new QPushButton(tr("Register a model…"));
    m_register->setObjectName(QStringLiteral("registerModel"));
    m_register->setToolTip(QStringLiteral("[%1]").arg(QKeySequence(QKeySequence::New).toString()));
    setKind(*m_register, "primary");
    auto* top = new QWidget;
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(title);
    row->addWidget(m_summary);
    row->addStretch(1);
    row->addWidget(m_filter);
    row->addWidget(m_register);
    return top;
}

QWidget* ModelsPage::makeTable() {
    m_view = makeTableView(*m_sort, m_context.theme);
    auto* card = new QFrame;
    setKind(*card, "card");
    auto* inside = new QVBoxLayout(card);
    inside->setContentsMargins(6, 4, 6, 4);
    inside->addWidget(m_view, 1);
    m_nobody = new QLabel(tr("No model is called or does that."));
    setKind(*m_nobody, "muted");
    m_nobody->setAlignment(Qt::AlignCenter);
    m_nobody->hide();
    inside->addWidget(m_nobody);
    m_details = new DetailsPane(m_context, *m_actions);
    auto* splitter = new QSplitter(Qt::Vertical);
    splitter->setHandleWidth(12);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(card);
    splitter->addWidget(m_details);
    splitter->setStretchFactor(0, 1);
    splitter->setSizes({440, 300});
    return splitter;
}

QWidget* ModelsPage::makeEmpty() {
    auto* title = new QLabel(tr("No model is registered yet"));
    setKind(*title, "title");
    auto* how = new QLabel(tr("Register a folder with a model in it, or an entry of the Hugging Face cache. Nothing is "
                              "copied; a folder can be dropped here too."));
    setKind(*how, "muted");
    how->setWordWrap(true);
    how->setAlignment(Qt::AlignCenter);
    how->setFixedWidth(460);
    how->setMinimumHeight(3 * how->fontMetrics().lineSpacing());
    auto* button = new QPushButton(tr("Register a model…"));
    button->setObjectName(QStringLiteral("registerFirst"));
    setKind(*button, "primary");
    connect(button, &QPushButton::clicked, this, [this] { openRegister({}); });
    auto* card = new QFrame;
    setKind(*card, "card");
    auto* column = new QVBoxLayout(card);
    column->setSpacing(12);
    column->addStretch(1);
    for (QWidget* each : std::initializer_list<QWidget*>{title, how, button})
        column->addWidget(each, 0, Qt::AlignHCenter);
    column->addStretch(1);
    return card;
}

void ModelsPage::connectAll() {
    connect(&m_later, &QTimer::timeout, this, &ModelsPage::update);
    const auto soon = [this] {
        if (m_isSeen && !m_later.isActive())
            m_later.start();
    };
    connect(&m_context.state, &EngineState::statusChanged, this, soon);
    connect(&m_context.state, &EngineState::queueChanged, this, soon);
    connect(&m_context.state, &EngineState::modelsChanged, this, &ModelsPage::update);
    connect(m_watch, &ModelWatch::changed, this, soon);
    connect(m_actions, &ModelActions::done, m_watch, &ModelWatch::forget);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ModelsPage::showSelected);
    connect(m_view, &QTableView::customContextMenuRequested, this, &ModelsPage::openMenu);
    connect(m_view, &QTableView::activated, this, &ModelsPage::activate);
    connect(m_view->verticalScrollBar(), &QScrollBar::valueChanged, this, &ModelsPage::lookAtVisible);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& words) {
        m_sort->setWords(words);
        m_nobody->setVisible(m_sort->rowCount() == 0);
        lookAtVisible();
    });
    connect(m_filter, &QLineEdit::returnPressed, m_view, qOverload<>(&QWidget::setFocus));
    connect(m_register, &QPushButton::clicked, this, [this] { openRegister({}); });
    for (QAction* action :
         {m_actions->load, m_actions->unload, m_actions->kill, m_actions->pin, m_actions->warmUp, m_actions->test})
        addAction(action);
    m_view->addAction(m_actions->remove); // these two keys mean something else in a field
    m_view->addAction(m_actions->copyId);
    const auto key = [this](const QKeySequence& keys, auto act) {
        connect(new QShortcut(keys, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut), &QShortcut::activated,
                this, act);
    };
    key(QKeySequence::Find, [this] {
        m_filter->setFocus(Qt::ShortcutFocusReason);
        m_filter->selectAll();
    });
    key(QKeySequence::New, [this] { openRegister({}); });
}

void ModelsPage::setSeen(bool seen) {
    m_isSeen = seen;
    m_watch->setSeen(seen);
    m_details->setSeen(seen);
    if (!seen)
        return;
    update();
    m_view->setFocus();
}

void ModelsPage::show(const QString& subject) {
    if (subject == QLatin1String("register") || subject.startsWith(QLatin1String("register ")))
        return openRegister(subject.mid(9));
    m_wanted = subject;
    m_filter->clear();
    update();
}

void ModelsPage::update() {
    const EngineState& state = m_context.state;
    static const std::vector<v1::Model> kNone;
    const auto& models = state.models() ? *state.models() : kNone;
    std::vector<ModelRow> rows =
        rowsOf({models, state.status() ? &*state.status() : nullptr, state.queue() ? &*state.queue() : nullptr,
                m_watch->learned(), QDateTime::currentSecsSinceEpoch()});
    const bool isBad =
        std::any_of(rows.begin(), rows.end(), [](const ModelRow& row) { return row.condition == Condition::Failed; });
    Q_EMIT countChanged(static_cast<int>(rows.size()), isBad);
    m_summary->setText(state.models() ? summary(rows) : QString());
    m_stack->setCurrentIndex(state.models() && rows.empty() ? 1 : 0);
    m_table->show(std::move(rows));
    m_nobody->setVisible(m_table->rowCount() > 0 && m_sort->rowCount() == 0);
    if (!m_wanted.isEmpty())
        select(m_wanted.section(QLatin1Char('@'), 0, 0).toStdString());
    else if (!m_view->currentIndex().isValid() && m_sort->rowCount() > 0)
        m_view->selectRow(0);
    lookAtVisible();
    showSelected();
}

void ModelsPage::lookAtVisible() {
    std::vector<std::string> ids;
    const int last = m_view->rowAt(m_view->viewport()->height() - 1);
    for (int row = std::max(0, m_view->rowAt(0)); row < m_sort->rowCount() && (last < 0 || row <= last); ++row)
        ids.push_back(m_table->at(m_sort->mapToSource(m_sort->index(row, 0)).row())->id);
    m_watch->look(std::move(ids));
}

std::string ModelsPage::selectedId() const {
    const ModelRow* row = m_table->at(m_sort->mapToSource(m_view->currentIndex()).row());
    return row != nullptr ? row->id : std::string();
}

void ModelsPage::select(const std::string& id) {
    const int at = m_table->find(id);
    if (at < 0)
        return;
    m_wanted.clear();
    const QModelIndex index = m_sort->mapFromSource(m_table->index(at, 0));
    m_view->setCurrentIndex(index);
    m_view->scrollTo(index);
}

void ModelsPage::showSelected() {
    const QModelIndex current = m_view->currentIndex();
    const ModelRow* row = current.isValid() ? m_table->at(m_sort->mapToSource(current).row()) : nullptr;
    m_actions->setSubject(row);
    m_details->show(row);
}

void ModelsPage::openMenu(const QPoint& where) {
    if (!m_actions->subject())
        return;
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("modelMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (QAction* action : m_actions->all())
        if (action != nullptr)
            menu->addAction(action);
        else
            menu->addSeparator();
    menu->popup(m_view->viewport()->mapToGlobal(where));
}

// Enter on a row does what is wanted next of it.
void ModelsPage::activate() {
    if (m_actions->load->isEnabled())
        m_actions->load->trigger();
    else if (m_actions->test->isEnabled())
        m_actions->test->trigger();
}

void ModelsPage::openRegister(const QString& folder) {
    auto* dialog = new RegisterDialog(m_context, folder, this);
    connect(dialog, &RegisterDialog::registered, this, [this](const QString& id) {
        m_wanted = id;
        m_context.guide.tell(tr("%1 is registered; load it with Enter").arg(id));
        m_context.state.refresh();
    });
    dialog->open();
}

void ModelsPage::dragEnterEvent(QDragEnterEvent* event) {
    if (!folderOf(*event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void ModelsPage::dropEvent(QDropEvent* event) {
    const QString folder = folderOf(*event->mimeData());
    if (folder.isEmpty())
        return;
    event->acceptProposedAction();
    openRegister(folder);
}

} // namespace mm::gui::models

#include "gui/pages/queue/queue_page.h"

#include "gui/client/engine_state.h"
#include "gui/pages/queue/jobs/jobs_panel.h"
#include "gui/pages/queue/queue_actions.h"
#include "gui/pages/queue/recent/recent_panel.h"
#include "gui/pages/queue/request_card.h"
#include "gui/pages/queue/share_bars.h"
#include "gui/theme/kind.h"
#include "gui/theme/theme.h"

#include <QAction>
#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>

namespace mm::gui {
namespace {

constexpr std::chrono::milliseconds kPollEvery(500);
constexpr std::chrono::milliseconds kTickEvery(250);
constexpr int kPatience = 5; // seconds
constexpr int kSideWidth = 304;
const QString kJob = QStringLiteral("job:"); // before the id of what is shown

QLabel* labelOf(const char* kind, const QString& text = {}) {
    auto* label = new QLabel(text);
    setKind(*label, kind);
    return label;
}

} // namespace

QueuePage::QueuePage(const PageContext& context) : m_context(context), m_model(context.theme) {
    m_do = new QueueActions(context, this);
    makeActions();
    auto* body = new QHBoxLayout;
    body->setSpacing(12);
    body->addWidget(makeLanes(), 1);
    body->addWidget(makeSide());
    body->setContentsMargins(0, 0, 0, 0);
    auto* upper = new QWidget;
    upper->setLayout(body);
    auto* split = new QSplitter(Qt::Vertical);
    split->setChildrenCollapsible(false);
    split->setHandleWidth(12);
    split->addWidget(upper);
    split->addWidget(makeBelow());
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(12);
    column->addWidget(makeHead());
    column->addWidget(split, 1);

    m_poll.setInterval(kPollEvery);
    m_tick.setInterval(kTickEvery);
    connect(&m_poll, &QTimer::timeout, this, &QueuePage::poll);
    connect(&m_tick, &QTimer::timeout, this, [this] { m_model.setNow(now(), m_view->seen()); });
    connect(m_do, &QueueActions::done, this, &QueuePage::poll);
    connect(&m_model, &QueueModel::dropped, this,
            [this](const QStringList& ids, Lane lane) { m_do->setPriority(ids, priorityOf(lane)); });
    connect(m_view, &QueueView::choiceChanged, this, &QueuePage::choiceChanged);
    connect(&m_context.theme, &Theme::changed, m_view->viewport(), qOverload<>(&QWidget::update));
    connect(&m_context.state, &EngineState::queueChanged, this, [this] {
        const auto& queue = m_context.state.queue();
        Q_EMIT countChanged(queue ? std::max(0, queue->total() - queue->running()) : 0, false);
    });
    connect(&m_context.link, &EngineLink::changed, this, [this] {
        m_isAsking = false; // an engine that has gone does not answer any more
        if (m_engine == m_context.link.target().name)
            return;
        m_engine = m_context.link.target().name;
        m_shares.clear();
        m_wanted.clear();
        take({});
    });
    choiceChanged();
}

QAction* QueuePage::addAction(const char* name, const QString& text, const QString& shortText, const QString& keys) {
    auto* action = new QAction(text, this);
    action->setObjectName(QString::fromLatin1(name));
    action->setIconText(shortText);
    action->setShortcut(QKeySequence::fromString(keys));
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    action->setToolTip(tr("%1 (%2)").arg(text, action->shortcut().toString(QKeySequence::NativeText)));
    return action;
}

void QueuePage::makeActions() {
    m_view = new QueueView(m_model, m_context.theme);
    m_view->setObjectName(QStringLiteral("queue"));
    m_raise = addAction("raise", tr("Raise to the lane above"), tr("Raise"), QStringLiteral("Alt+Up"));
    m_lower = addAction("lower", tr("Lower to the lane below"), tr("Lower"), QStringLiteral("Alt+Down"));
    m_hold = addAction("hold", tr("Hold: keeps its place, does not start"), tr("Hold"), QStringLiteral("H"));
    m_release = addAction("release", tr("Release: may start again"), tr("Release"), QStringLiteral("R"));
    m_cancel = addAction("cancel", tr("Cancel"), tr("Cancel"), QStringLiteral("Del"));
    m_cancel->setProperty("danger", true);
    connect(m_raise, &QAction::triggered, this, [this] { m_do->move(m_view->chosen(), -1); });
    connect(m_lower, &QAction::triggered, this, [this] { m_do->move(m_view->chosen(), 1); });
    connect(m_hold, &QAction::triggered, this, [this] { m_do->hold(m_view->chosen()); });
    connect(m_release, &QAction::triggered, this, [this] { m_do->release(m_view->chosen()); });
    connect(m_cancel, &QAction::triggered, this, [this] { m_do->cancel(m_view->chosen()); });
    m_view->addActions({m_raise, m_lower, m_hold, m_release, m_cancel});
    connect(m_view, &QueueView::menuWanted, this, [this](const QPoint& at) {
        auto* menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->addActions(m_view->actions());
        menu->popup(at);
    });
}

QWidget* QueuePage::makeHead() {
    auto* head = new QWidget;
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    m_summary = labelOf("muted");
    m_summary->setObjectName(QStringLiteral("queueSummary"));
    m_holdLow = new QPushButton(tr("Hold all low"));
    m_holdLow->setObjectName(QStringLiteral("holdLow"));
    connect(m_holdLow, &QPushButton::clicked, this, &QueuePage::holdLow);
    auto* cancel = new QPushButton(tr("Cancel selected"));
    cancel->setObjectName(QStringLiteral("cancelSelected"));
    setKind(*cancel, "danger");
    connect(cancel, &QPushButton::clicked, m_cancel, &QAction::trigger);
    connect(m_cancel, &QAction::changed, cancel, [this, cancel] { cancel->setEnabled(m_cancel->isEnabled()); });
    row->addWidget(labelOf("title", tr("Queue and jobs")));
    row->addWidget(m_summary);
    row->addStretch(1);
    row->addWidget(m_holdLow);
    row->addWidget(cancel);
    return head;
}

QWidget* QueuePage::makeLanes() {
    auto* card = new QFrame;
    setKind(*card, "card");
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(6, 4, 6, 6);
    column->setSpacing(4);
    m_more = labelOf("muted");
    m_more->setContentsMargins(8, 0, 8, 4);
    m_more->hide();
    column->addWidget(m_view, 1);
    column->addWidget(m_more);
    return card;
}

QWidget* QueuePage::makeSide() {
    auto* side = new QWidget;
    side->setFixedWidth(kSideWidth);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    auto* shares = new QFrame;
    setKind(*shares, "card");
    auto* inside = new QVBoxLayout(shares);
    inside->setContentsMargins(14, 12, 14, 2);
    inside->setSpacing(8);
    auto* title = new QHBoxLayout;
    title->addWidget(labelOf("heading", tr("Fair shares")));
    title->addWidget(labelOf("muted", tr("compute, last minute")));
    title->addStretch(1);
    m_bars = new ShareBars(m_context.theme);
    inside->addLayout(title);
    inside->addWidget(m_bars);
    m_card = new RequestCard(m_context.theme, {m_raise, m_lower, m_hold, m_release, m_cancel});
    column->addWidget(shares);
    column->addWidget(m_card, 1);
    return side;
}

QWidget* QueuePage::makeBelow() {
    auto* card = new QFrame;
    setKind(*card, "card");
    m_jobs = new JobsPanel(m_context);
    m_recent = new RecentPanel(m_context);
    m_tabs = new QTabWidget;
    m_tabs->setObjectName(QStringLiteral("below"));
    m_tabs->addTab(m_jobs, tr("Jobs"));
    m_tabs->addTab(m_recent, tr("Where the time went"));
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(10, 4, 10, 8);
    column->addWidget(m_tabs);
    connect(m_tabs, &QTabWidget::currentChanged, this, [this] { seeBelow(m_poll.isActive()); });
    connect(m_recent, &RecentPanel::requestChosen, this, &QueuePage::chooseRequest);
    return card;
}

void QueuePage::seeBelow(bool seen) {
    m_jobs->setSeen(seen && m_tabs->currentWidget() == m_jobs);
    m_recent->setSeen(seen && m_tabs->currentWidget() == m_recent);
}

double QueuePage::now() const {
    return static_cast<double>(QDateTime::currentMSecsSinceEpoch()) + m_ahead;
}

void QueuePage::setSeen(bool seen) {
    if (!seen) {
        m_poll.stop();
        m_tick.stop();
        return seeBelow(false);
    }
    m_poll.start();
    m_tick.start();
    poll();
    seeBelow(true);
}

void QueuePage::show(const QString& subject) {
    if (!subject.startsWith(kJob))
        return chooseRequest(subject);
    m_tabs->setCurrentWidget(m_jobs);
    m_jobs->choose(subject.mid(kJob.size()).toStdString());
}

void QueuePage::chooseRequest(const QString& requestId) {
    m_view->clearSelection();
    m_wanted = requestId.toStdString();
    if (!m_view->choose(m_wanted))
        askFor(m_wanted);
}

void QueuePage::poll() {
    if (m_isAsking || m_context.link.state() != EngineLink::State::Connected)
        return;
    m_isAsking = true;
    v1::GetQueueRequest request;
    m_limit = entriesToAsk(m_limit, m_view->depth(), m_total, m_view->selectionModel()->hasSelection());
    request.set_limit(m_limit);
    m_context.link.call(
        &InferenceCalls::GetQueue, request, this,
        [this](Result<v1::QueueReport> answer) {
            m_isAsking = false;
            if (answer.ok())
                take(std::move(answer).value());
        },
        kPatience);
}

void QueuePage::take(v1::QueueReport report) {
    const auto here = static_cast<double>(QDateTime::currentMSecsSinceEpoch());
    m_ahead = engineAhead(report, here).value_or(m_ahead);
    m_shares.add(here, report.clients());
    m_bars->setShares(m_shares.shares());
    m_summary->setText(summaryText(report, now()));
    const int beyond = report.total() - report.entries_size();
    m_total = report.total();
    m_model.setTotals(laneTotals(report));
    m_more->setVisible(beyond > 0);
    m_more->setText(tr("%1 more wait behind these").arg(QLocale().toString(beyond)));
    m_model.update({std::make_move_iterator(report.mutable_entries()->begin()),
                    std::make_move_iterator(report.mutable_entries()->end())},
                   now());
    showChosen();
    const auto& low = m_model.entriesOf(Lane::Low);
    const bool anyToHold = std::any_of(low.begin(), low.end(), canHold);
    const bool anyToRelease = std::any_of(low.begin(), low.end(), canRelease);
    m_holdLow->setText(anyToRelease && !anyToHold ? tr("Release all low") : tr("Hold all low"));
    m_holdLow->setEnabled(anyToHold || anyToRelease);
}

void QueuePage::choiceChanged() {
    if (const QModelIndexList rows = m_view->selectionModel()->selectedRows(); rows.size() == 1)
        if (const auto* entry = m_model.entryAt(rows.front()))
            m_wanted = entry->request_id();
    showChosen();
}

// The chosen request may have changed its lane, which is another row, or have ended.
void QueuePage::showChosen() {
    if (m_view->selectionModel()->selectedRows().isEmpty() && !m_wanted.empty() && m_model.indexOf(m_wanted).isValid())
        m_view->choose(m_wanted);
    const auto chosen = m_view->chosen();
    const auto any = [&](auto test) { return std::any_of(chosen.begin(), chosen.end(), test); };
    m_raise->setEnabled(any([](const auto& entry) { return neighbour(entry, -1).has_value(); }));
    m_lower->setEnabled(any([](const auto& entry) { return neighbour(entry, 1).has_value(); }));
    m_hold->setVisible(!any(canRelease) || any(canHold));
    m_hold->setEnabled(any(canHold));
    m_release->setVisible(any(canRelease));
    m_release->setEnabled(any(canRelease));
    m_cancel->setEnabled(any(canCancel));
    if (chosen.size() > 1)
        return m_card->showNothing(tr("%n requests are chosen.", nullptr, static_cast<int>(chosen.size())));
    if (chosen.size() == 1)
        return m_card->show(chosen.front(), now());
    if (m_wanted.empty())
        return m_card->showNothing(tr("Choose a request to see all of it."));
    if (!m_card->entry() || m_card->entry()->request_id() != m_wanted || !isOver(*m_card->entry()))
        askFor(m_wanted);
}

void QueuePage::askFor(const std::string& requestId) {
    v1::GetRequestRequest request;
    request.set_request_id(requestId);
    m_context.link.call(
        &InferenceCalls::GetRequest, request, this,
        [this, requestId](const Result<v1::QueueEntry>& answer) {
            if (requestId != m_wanted || m_view->choose(requestId))
                return;
            if (answer.ok())
                return m_card->show(*answer, now());
            m_wanted.clear();
            m_card->showNothing(QString::fromStdString(answer.error().message));
        },
        kPatience);
}

void QueuePage::holdLow() {
    const auto& low = m_model.entriesOf(Lane::Low);
    if (std::any_of(low.begin(), low.end(), canHold))
        m_do->hold(low);
    else
        m_do->release(low);
}

} // namespace mm::gui

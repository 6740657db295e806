#include "gui/pages/queue/jobs/jobs_panel.h"

#include "gui/pages/queue/jobs/result_dialog.h"
#include "gui/theme/kind.h"
#include "gui/theme/theme.h"
#include "gui/widgets/table.h"
#include "gui/widgets/time_text.h"

#include <QAction>
#include <QDateTime>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QTableView>

#include <chrono>

namespace mm::gui {
namespace {

constexpr std::chrono::milliseconds kPollEvery(1000);
constexpr int kMost = 100;
constexpr int kPatience = 5; // seconds
constexpr int kRowHeight = 30;
constexpr double kBar = 5;

bool isRight(int column) {
    return column == JobsModel::Done || column == JobsModel::Rate || column == JobsModel::Left;
}

class ProgressDelegate : public QStyledItemDelegate {
public:
    ProgressDelegate(const JobsModel& model, const Theme& theme, QObject* parent)
        : QStyledItemDelegate(parent), m_model(model), m_theme(theme) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        QStyledItemDelegate::paint(painter, option, index);
        const auto* job = m_model.rowAt(index);
        if (job == nullptr)
            return;
        const bool hasFailed = job->status() == v1::JOB_STATUS_FAILED;
        const QRectF track(option.rect.left() + 6, option.rect.center().y() - kBar / 2, option.rect.width() - 12, kBar);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(m_theme.colour(Role::Free));
        painter->drawRoundedRect(track, 2, 2);
        painter->setBrush(m_theme.colour(hasFailed ? Role::Bad : Role::Accent));
        painter->drawRoundedRect(QRectF(track.topLeft(), QSizeF(track.width() * doneOf(*job), kBar)), 2, 2);
        painter->restore();
    }

private:
    const JobsModel& m_model;
    const Theme& m_theme;
};

double now() {
    return static_cast<double>(QDateTime::currentMSecsSinceEpoch());
}

} // namespace

JobsModel::JobsModel(Theme& theme, QObject* parent) : RowsModel(parent), m_theme(theme) {}

void JobsModel::take(std::vector<v1::JobStatusResponse> jobs, double now) {
    m_rates.add(now, jobs);
    update(std::move(jobs));
}

int JobsModel::columnCount(const QModelIndex&) const {
    return kColumns;
}

QVariant JobsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter | (isRight(section) ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    const std::array<QString, kColumns> names{
        JobsPanel::tr("Job"),    JobsPanel::tr("Client"), JobsPanel::tr("Model"), JobsPanel::tr("Progress"),
        JobsPanel::tr("Inputs"), JobsPanel::tr("Rate"),   JobsPanel::tr("Left"),  JobsPanel::tr("State")};
    return names.at(static_cast<std::size_t>(section));
}

QVariant JobsModel::textOf(const v1::JobStatusResponse& job, int column) const {
    switch (column) {
    case Job:
        return shortId(job.job_id());
    case Client:
        return QString::fromStdString(job.client());
    case Model:
        return shortName(job.model_id());
    case Done:
        return doneText(job);
    case Rate: {
        const double rate = m_rates.perSecond(job.job_id());
        return rate < 0 ? kNothing : JobsPanel::tr("%1 /s").arg(QLocale().toString(rate, 'f', rate < 10 ? 1 : 0));
    }
    case Left:
        return spanText(m_rates.leftMs(job));
    case State:
        return jobStateText(job);
    default:
        return {};
    }
}

QVariant JobsModel::data(const QModelIndex& index, int role) const {
    const v1::JobStatusResponse* job = rowAt(index);
    if (job == nullptr)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return textOf(*job, index.column());
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::AlignVCenter | (isRight(index.column()) ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::ToolTipRole:
        return index.column() == Job ? QString::fromStdString(job->job_id()) : textOf(*job, index.column()).toString();
    case Qt::AccessibleTextRole:
        return index.column() == Progress ? QVariant(doneText(*job)) : textOf(*job, index.column());
    case Qt::ForegroundRole:
        if (index.column() == State && job->status() == v1::JOB_STATUS_FAILED)
            return m_theme.colour(Role::Bad);
        return {};
    default:
        return {};
    }
}

JobsPanel::JobsPanel(const PageContext& context, QWidget* parent)
    : QWidget(parent), m_context(context), m_model(context.theme) {
    makeTable();
    makeActions();
    m_says = new QLabel;
    setKind(*m_says, "muted");
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_says);
    row->addStretch(1);
    for (QAction* action : {m_results, m_retry, m_cancel}) {
        auto* button = new QPushButton(action->iconText());
        button->setObjectName(QString(action->objectName() % QStringLiteral("Button")));
        const auto take = [button, action] {
            button->setText(action->iconText());
            button->setToolTip(action->toolTip());
            button->setEnabled(action->isEnabled());
        };
        connect(action, &QAction::changed, button, take);
        connect(button, &QPushButton::clicked, action, &QAction::trigger);
        take();
        row->addWidget(button);
    }
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(4, 8, 4, 0);
    column->setSpacing(6);
    column->addLayout(row);
    column->addWidget(m_table, 1);
    m_poll.setInterval(kPollEvery);
    connect(&m_poll, &QTimer::timeout, this, &JobsPanel::poll);
    connect(&m_context.link, &EngineLink::changed, this, [this] { m_isAsking = false; });
    choiceChanged();
}

void JobsPanel::makeTable() {
    m_table = gui::makeTable(m_model, QStringLiteral("jobs"), tr("Jobs"), kRowHeight);
    m_table->setItemDelegateForColumn(JobsModel::Progress, new ProgressDelegate(m_model, m_context.theme, this));
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    setWidths(*m_table, {{JobsModel::Job, 120},
                         {JobsModel::Client, 110},
                         {JobsModel::Model, 150},
                         {JobsModel::Progress, 130},
                         {JobsModel::Done, 124},
                         {JobsModel::Rate, 70},
                         {JobsModel::Left, 66}});
    m_table->horizontalHeader()->setStretchLastSection(true);
    letColumnsBeChosen(*m_table, QStringLiteral("jobs"));
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &JobsPanel::choiceChanged);
    connect(m_table, &QTableView::activated, this, &JobsPanel::showResults);
}

void JobsPanel::makeActions() {
    const auto add = [this](const char* name, const QString& text, const QString& keys) {
        auto* action = new QAction(text, this);
        action->setObjectName(QString::fromLatin1(name));
        action->setShortcut(QKeySequence::fromString(keys));
        action->setShortcutContext(Qt::WidgetShortcut);
        m_table->addAction(action);
        return action;
    };
    m_results = add("results", tr("Results…"), QStringLiteral("Ctrl+Return"));
    m_retry = add("retryJob", tr("Try again"), QStringLiteral("Ctrl+R"));
    m_cancel = add("cancelJob", tr("Cancel"), QStringLiteral("Del"));
    connect(m_results, &QAction::triggered, this, &JobsPanel::showResults);
    connect(m_retry, &QAction::triggered, this, &JobsPanel::retry);
    connect(m_cancel, &QAction::triggered, this, &JobsPanel::cancel);
}

void JobsPanel::setSeen(bool seen) {
    if (!seen)
        return m_poll.stop();
    m_poll.start();
    poll();
}

void JobsPanel::choose(const std::string& jobId) {
    m_wanted = jobId;
    if (const int row = m_model.rowOf(jobId); row >= 0) {
        m_table->selectRow(row);
        m_wanted.clear();
    } else
        poll();
}

const v1::JobStatusResponse* JobsPanel::chosen() const {
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    return rows.isEmpty() ? nullptr : m_model.rowAt(rows.front());
}

void JobsPanel::poll() {
    if (m_isAsking || m_context.link.state() != EngineLink::State::Connected)
        return;
    m_isAsking = true;
    v1::ListJobsRequest request;
    request.mutable_pagination()->set_page(1);
    request.mutable_pagination()->set_page_size(kMost);
    m_context.link.call(
        &InferenceCalls::ListJobs, request, this,
        [this](Result<v1::ListJobsResponse> answer) {
            m_isAsking = false;
            if (!answer.ok())
                return m_says->setText(QString::fromStdString(answer.error().message));
            auto& jobs = *answer->mutable_jobs();
            m_model.take({std::make_move_iterator(jobs.begin()), std::make_move_iterator(jobs.end())}, now());
            const int beyond = answer->pagination().total() - static_cast<int>(m_model.rows().size());
            m_says->setText(beyond > 0
                                ? tr("%1 · %2 older").arg(jobsSummary(m_model.rows()), QLocale().toString(beyond))
                                : jobsSummary(m_model.rows()));
            if (!m_wanted.empty() && m_model.rowOf(m_wanted) >= 0)
                choose(std::string(m_wanted));
            choiceChanged();
        },
        kPatience);
}

void JobsPanel::choiceChanged() {
    const auto* job = chosen();
    m_results->setEnabled(job != nullptr && hasResult(*job));
    m_cancel->setEnabled(job != nullptr);
    const bool isEnded = job != nullptr && isOver(*job);
    m_cancel->setText(isEnded ? tr("Forget, with its result") : tr("Cancel"));
    m_cancel->setIconText(isEnded ? tr("Forget") : tr("Cancel"));
    const bool isRetried = job != nullptr && mayTryAgain(*job, now());
    m_retry->setEnabled(isRetried);
    m_retry->setToolTip(isRetried ? tr("Sends its inputs once more, as a new job (Ctrl+R)")
                                  : tr("For a job that failed or was cancelled, while its inputs are kept (Ctrl+R)"));
    m_cancel->setToolTip(isEnded ? tr("Removes the job and its result (Del)") : tr("Stops the job (Del)"));
}

void JobsPanel::showResults() {
    const auto* job = chosen();
    if (job == nullptr || !hasResult(*job))
        return;
    auto* dialog = new ResultDialog(m_context, *job, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void JobsPanel::retry() {
    const auto* job = chosen();
    if (job == nullptr || !mayTryAgain(*job, now()))
        return;
    v1::RetryJobRequest request;
    request.set_job_id(job->job_id());
    m_context.link.call(&JobCalls::RetryJob, request, this, [this](const Result<v1::JobReference>& again) {
        if (!again.ok())
            return m_context.guide.tellFailure(QString::fromStdString(again.error().message));
        choose(again->job_id());
    });
}

void JobsPanel::cancel() {
    const auto* job = chosen();
    if (job == nullptr)
        return;
    v1::CancelJobRequest request;
    request.set_job_id(job->job_id());
    m_context.link.call(&InferenceCalls::CancelJob, request, this, [this](const Result<v1::CancelJobResponse>& answer) {
        if (!answer.ok())
            m_context.guide.tellFailure(QString::fromStdString(answer.error().message));
        poll();
    });
}

} // namespace mm::gui

#include "gui/pages/models/details/overview_tab.h"

#include "engine/ipc/facts.h"
#include "gui/client/engine_link.h"
#include "gui/pages/models/details/request_times.h"
#include "gui/pages/models/failure_text.h"
#include "gui/pages/models/say.h"
#include "gui/theme/kind.h"
#include "gui/theme/theme.h"
#include "gui/widgets/charts/time_chart.h"
#include "gui/widgets/time_split_bar.h"
#include "gui/widgets/time_text.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace mm::gui::models {
namespace {

constexpr int kRequests = 500;
constexpr int kSpan = 3600; // seconds

QLabel* muted(const QString& words = {}) {
    auto* label = new QLabel(words);
    label->setWordWrap(true); // or the page could not be narrow
    setKind(*label, "muted");
    return label;
}

QString runsText(const v1::ModelStatus& status) {
    QStringList parts;
    for (const std::string* part : {&status.device(), &status.dtype()})
        if (!part->empty())
            parts += text(*part);
    if (status.threads() > 0)
        parts += Say::tr("threads: %1").arg(status.threads());
    if (status.load_time_ms() > 0)
        parts += Say::tr("loaded in %1").arg(spanText(status.load_time_ms()));
    if (status.requests_total() > 0)
        parts += Say::tr("%L1 requests").arg(static_cast<qlonglong>(status.requests_total()));
    return parts.join(QStringLiteral(" · "));
}

} // namespace

OverviewTab::OverviewTab(const PageContext& context, QWidget* parent) : DetailsTab(parent), m_context(context) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 10, 0, 0);
    row->setSpacing(24);
    row->addLayout(makeTimes(), 1);
    row->addLayout(makeFailure(), 1);
    row->addLayout(makeHistory(), 1);
}

QLayout* OverviewTab::makeTimes() {
    m_timesTitle = muted();
    m_times = new TimeSplitBar(m_context.theme);
    m_legend = new TimeLegend(m_context.theme, nullptr, 2);
    m_runs = muted();
    auto* column = new QVBoxLayout;
    column->setSpacing(8);
    column->addWidget(m_timesTitle);
    column->addWidget(m_times);
    column->addWidget(m_legend);
    column->addWidget(m_runs);
    column->addStretch(1);
    return column;
}

QLayout* OverviewTab::makeFailure() {
    m_failureTitle = muted();
    m_failure = new QLabel;
    m_failure->setObjectName(QStringLiteral("lastFailure"));
    m_failure->setWordWrap(true);
    m_failure->setTextInteractionFlags(Qt::TextSelectableByMouse);
    setKind(*m_failure, "bad");
    m_advice = new QLabel;
    m_advice->setObjectName(QStringLiteral("failureAdvice"));
    m_advice->setWordWrap(true);
    m_advice->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_lines = new QPlainTextEdit;
    m_lines->setReadOnly(true);
    m_lines->setTabChangesFocus(true);
    m_lines->setFont(Theme::monospaced());
    m_lines->setAccessibleName(tr("What is known of the failure"));
    auto* column = new QVBoxLayout;
    column->setSpacing(8);
    column->addWidget(m_failureTitle);
    column->addWidget(m_failure);
    column->addWidget(m_advice);
    column->addWidget(m_lines, 1);
    column->addStretch(0);
    return column;
}

QLayout* OverviewTab::makeHistory() {
    const QString ms = QStringLiteral("ms");
    m_chart = new TimeChart(m_context.theme, tr("Latency and requests of the last hour"),
                            {{.series = QLatin1String(kP50Series), .title = tr("p50"), .modelColour = 2, .unit = ms},
                             {.series = QLatin1String(kP95Series), .title = tr("p95"), .modelColour = 3, .unit = ms},
                             {.series = QLatin1String(kP99Series), .title = tr("p99"), .modelColour = 1, .unit = ms},
                             {.series = QLatin1String(kRateSeries),
                              .title = tr("requests/s"),
                              .unit = QStringLiteral("/s"),
                              .isRight = true}});
    auto* legend = muted();
    const auto write = [this, legend] { legend->setText(m_chart->legend().join(QStringLiteral("&nbsp;&nbsp; "))); };
    connect(&m_context.theme, &Theme::changed, legend, write);
    write();
    auto* title = new QHBoxLayout;
    auto* name = muted(tr("The last hour"));
    name->setWordWrap(false);
    legend->setAlignment(Qt::AlignRight | Qt::AlignTop);
    title->addWidget(name, 0, Qt::AlignTop);
    title->addWidget(legend, 1);
    auto* column = new QVBoxLayout;
    column->setSpacing(8);
    column->addLayout(title);
    column->addWidget(m_chart, 1);
    return column;
}

void OverviewTab::open(const std::string& id) {
    m_id = id;
    showRequests({});
    showStatus({});
    showHistory({});
}

void OverviewTab::refresh() {
    if (m_id.empty())
        return;
    const auto isStill = [this, id = m_id] { return id == m_id; };
    v1::GetModelStatusRequest status;
    status.set_model_id(m_id);
    m_context.link.call(&ManagementCalls::GetModelStatus, status, this,
                        [this, isStill](const Result<v1::ModelStatus>& got) {
                            if (got.ok() && isStill())
                                showStatus(*got);
                        });
    v1::ListRequestsRequest requests;
    requests.set_model_id(m_id);
    requests.set_state(v1::REQUEST_STATE_COMPLETED);
    requests.set_limit(kRequests);
    m_context.link.call(&ObservabilityCalls::ListRequests, requests, this,
                        [this, isStill](const Result<v1::ListRequestsResponse>& got) {
                            if (got.ok() && isStill())
                                showRequests(*got);
                        });
    v1::GetHistoryRequest history;
    history.set_model_id(m_id);
    history.mutable_from()->set_seconds(QDateTime::currentSecsSinceEpoch() - kSpan);
    history.mutable_to()->set_seconds(QDateTime::currentSecsSinceEpoch());
    for (const char* series : {kRateSeries, kP50Series, kP95Series, kP99Series})
        history.add_series(series);
    m_context.link.call(&ObservabilityCalls::GetHistory, history, this,
                        [this, isStill](const Result<v1::HistoryReport>& got) {
                            if (got.ok() && isStill())
                                showHistory(*got);
                        });
}

void OverviewTab::showRequests(const v1::ListRequestsResponse& requests) {
    const RequestTimes times = timesOf(requests.requests());
    m_timesTitle->setText(times.requests == 0
                              ? tr("Where a request's time went: none has ended lately")
                              : tr("Where a request's time went, median of the last %1").arg(times.requests));
    m_times->setSplit(times.median);
    m_legend->setSplit(times.requests > 0 ? std::optional(times.median) : std::nullopt);
}

void OverviewTab::showHistory(const v1::HistoryReport& report) {
    SeriesByName values;
    for (const v1::HistorySeries& series : report.series())
        for (const v1::HistoryPoint& point : series.points())
            values[text(series.name())].emplace_back(msOf(point.at()), point.value());
    const double to = report.has_to() ? msOf(report.to()) : static_cast<double>(QDateTime::currentMSecsSinceEpoch());
    const double from = report.has_from() ? msOf(report.from()) : to - kSpan * 1000.0;
    m_chart->setData(values, {from, to}, std::max(1, report.resolution_seconds()) * 1000.0);
}

void OverviewTab::showStatus(const v1::ModelStatus& status) {
    m_runs->setText(runsText(status));
    const bool hasFailed = status.has_last_failure();
    m_failureTitle->setText(hasFailed ? tr("Last failure") : tr("No failure since the engine's start"));
    m_failure->setVisible(hasFailed);
    m_lines->setVisible(hasFailed);
    m_advice->setVisible(hasFailed);
    if (!hasFailed)
        return m_failure->clear();
    const Error error = ipc::fromProto(status.last_failure());
    m_failure->setText(text(error.message));
    m_advice->setText(adviceOf(error));
    m_advice->setVisible(!m_advice->text().isEmpty());
    const QString facts = failureFacts(error);
    if (m_lines->toPlainText() != facts)
        m_lines->setPlainText(facts);
    m_lines->setVisible(!facts.isEmpty());
}

} // namespace mm::gui::models

// OverviewTab: where a request's time went, the last failure, and the last hour of latency and rate. GUI thread.
#pragma once

#include "engine/base/error.h"
#include "gui/pages/models/details/tab.h"
#include "gui/shell/page.h"

class QLabel;
class QPlainTextEdit;

namespace mm::gui {
class TimeChart;
class TimeLegend;
class TimeSplitBar;
} // namespace mm::gui

namespace mm::gui::models {

class OverviewTab : public DetailsTab {
    Q_OBJECT

public:
    explicit OverviewTab(const PageContext& context, QWidget* parent = nullptr);

    void open(const std::string& id) override;
    void refresh() override;

private:
    QLayout* makeTimes();
    QLayout* makeFailure();
    QLayout* makeHistory();
    void showStatus(const v1::ModelStatus& status);
    void showRequests(const v1::ListRequestsResponse& requests);
    void showHistory(const v1::HistoryReport& report);

    PageContext m_context;
    std::string m_id;
    QLabel* m_timesTitle = nullptr;
    TimeSplitBar* m_times = nullptr;
    TimeLegend* m_legend = nullptr;
    QLabel* m_failureTitle = nullptr;
    QLabel* m_failure = nullptr;
    QLabel* m_advice = nullptr;
    QPlainTextEdit* m_lines = nullptr;
    QLabel* m_runs = nullptr;
    TimeChart* m_chart = nullptr;
};

} // namespace mm::gui::models

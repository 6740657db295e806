// JobsPanel: what was accepted to be done later, how far it is, and what came of it. GUI thread.
#pragma once

#include "gui/client/engine_link.h"
#include "gui/pages/queue/jobs/job_texts.h"
#include "gui/shell/page.h"
#include "gui/widgets/rows_model.h"

#include <QTimer>
#include <QWidget>

class QAction;
class QLabel;
class QTableView;

namespace mm::gui {

class JobsModel : public RowsModel<v1::JobStatusResponse> {
public:
    enum Column { Job, Client, Model, Progress, Done, Rate, Left, State, kColumns };

    explicit JobsModel(Theme& theme, QObject* parent = nullptr);
    void take(std::vector<v1::JobStatusResponse> jobs, double now);
    [[nodiscard]] int columnCount(const QModelIndex& parent) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    [[nodiscard]] std::string idOf(const v1::JobStatusResponse& row) const override { return row.job_id(); }

private:
    [[nodiscard]] QVariant textOf(const v1::JobStatusResponse& job, int column) const;

    Theme& m_theme;
    JobRates m_rates;
};

class JobsPanel : public QWidget {
    Q_OBJECT

public:
    explicit JobsPanel(const PageContext& context, QWidget* parent = nullptr);
    void setSeen(bool seen);
    // As soon as the engine tells of it.
    void choose(const std::string& jobId);

private:
    void makeTable();
    void makeActions();
    void poll();
    void choiceChanged();
    void showResults();
    void cancel();
    void retry();
    [[nodiscard]] const v1::JobStatusResponse* chosen() const;

    PageContext m_context;
    JobsModel m_model;
    QTimer m_poll;
    bool m_isAsking = false;
    std::string m_wanted;
    QTableView* m_table = nullptr;
    QLabel* m_says = nullptr;
    QAction* m_results = nullptr;
    QAction* m_retry = nullptr;
    QAction* m_cancel = nullptr;
};

} // namespace mm::gui

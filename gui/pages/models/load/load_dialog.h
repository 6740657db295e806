// LoadDialog: what loading a model would mean, then the load itself as it goes on, then how it ended. Nothing happens
// before its button is pressed; closing it while it loads cancels the load. GUI thread; deletes itself.
#pragma once

#include "engine/base/result.h"
#include "gui/client/engine_link.h"
#include "gui/pages/models/load/plan_text.h"
#include "gui/shell/page.h"

#include <QDialog>
#include <QTimer>

#include <optional>
#include <string>

class QCheckBox;
class QGridLayout;
class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace mm::gui::models {

class PlanBarView;

class LoadDialog : public QDialog {
    Q_OBJECT

public:
    LoadDialog(const PageContext& context, std::string modelId, QWidget* parent);

    void reject() override;

Q_SIGNALS:
    // A sentence that says how.
    void loaded(const QString& sentence);

private:
    QLayout* makeOptions();
    QWidget* makeProgress();
    QLayout* makeButtons();
    void askPlan();
    void showPlan(const v1::LoadPlan& plan);
    void showFault(const Error& error);
    void start();
    void took(const std::vector<v1::LoadEvent>& events);
    void ended(const Result<void>& how);
    void setLoading(bool isLoading);
    void copyCommand();

    PageContext m_context;
    const std::string m_modelId;
    QTimer m_again; // plans anew, since others load and unload too
    CallHandle m_planning;
    CallHandle m_loading;
    std::optional<v1::ModelStatus> m_status;
    PlanText m_told;
    bool m_needsForce = false;
    bool m_hasFailed = false;
    QLabel* m_headline = nullptr;
    PlanBarView* m_bar = nullptr;
    QGridLayout* m_lines = nullptr;
    QLabel* m_todo = nullptr;
    QSpinBox* m_instances = nullptr;
    QCheckBox* m_pin = nullptr;
    QWidget* m_progress = nullptr;
    QProgressBar* m_percent = nullptr;
    QLabel* m_stage = nullptr;
    QPushButton* m_load = nullptr;
    QPushButton* m_cancel = nullptr;
};

} // namespace mm::gui::models

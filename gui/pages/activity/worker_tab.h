// WorkerTab: how each model's workers are, and the last words of the one that failed. GUI thread.
#pragma once

#include "gui/client/engine_link.h"
#include "gui/pages/activity/tab.h"

class QComboBox;
class QPlainTextEdit;

namespace mm::gui {

class LiveOutput;

struct PageContext;

// Everything that the engine tells of a model's workers, line by line. Pure.
QString workerReport(const v1::ModelStatus& model);

class WorkerTab : public ActivityTab {
    Q_OBJECT

public:
    explicit WorkerTab(const PageContext& context, QWidget* parent = nullptr);

    void setSeen(bool seen) override;
    // A model's id.
    void search(const QString& text) override;

private:
    void listModels();
    void ask();
    void write(const QString& text);

    const PageContext& m_context;
    QComboBox* m_model = nullptr;
    QPlainTextEdit* m_text = nullptr;
    LiveOutput* m_live = nullptr;
    CallHandle m_call;
    bool m_isSeen = false;
};

} // namespace mm::gui

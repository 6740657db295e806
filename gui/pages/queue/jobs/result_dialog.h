// ResultDialog: the first rows of a job's result, and all of it into a file. GUI thread.
#pragma once

#include "gui/client/engine_link.h"
#include "gui/shell/page.h"

#include <QDialog>

#include <memory>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace mm::gui {

class ResultDialog : public QDialog {
    Q_OBJECT

public:
    ResultDialog(const PageContext& context, const v1::JobStatusResponse& job, QWidget* parent);

private:
    void take(Result<v1::InferenceResponse> answer);
    void chooseFile();
    // Off the GUI thread, since a result may be large.
    void exportTo(const QString& path);

    PageContext m_context;
    QString m_name;
    std::shared_ptr<const v1::InferenceResponse> m_result;
    QLabel* m_says = nullptr;
    QPlainTextEdit* m_rows = nullptr;
    QPushButton* m_export = nullptr;
};

} // namespace mm::gui

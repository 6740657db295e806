// RequestForm: what a model is asked, in the fields that fit its task. GUI thread.
#pragma once

#include "engine/base/result.h"
#include "modelmora/v1/inference.pb.h"
#include "modelmora/v1/registry.pb.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QPlainTextEdit;

namespace mm::gui {

namespace v1 = modelmora::v1;

// Not empty lines, without the space around them. Pure, as the next.
QStringList linesOf(const QString& text);
// An InferenceRequest as the engine's API writes it in JSON: input_data, parameters.
Result<v1::InferenceRequest> requestFromJson(const QString& text);

class RequestForm : public QWidget {
    Q_OBJECT

public:
    explicit RequestForm(QWidget* parent = nullptr);

    void setTask(v1::TaskType task);
    // Without its model; or what is wrong with what was written.
    [[nodiscard]] Result<v1::InferenceRequest> request() const;
    // Puts a request of before into the fields.
    void setRequest(const v1::InferenceRequest& request);

private:
    [[nodiscard]] bool isGeneric() const;

    v1::TaskType m_task = v1::TASK_TYPE_TXT2EMBED;
    QLabel* m_queryName = nullptr;
    QLineEdit* m_query = nullptr;
    QLabel* m_textsName = nullptr;
    QPlainTextEdit* m_texts = nullptr;
    QLabel* m_parametersName = nullptr;
    QPlainTextEdit* m_parameters = nullptr;
};

} // namespace mm::gui

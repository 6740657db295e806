// The playground: ask a model something and see what it answers, how long that took and how to ask it from elsewhere.
// GUI thread.
#pragma once

#include "gui/client/engine_link.h"
#include "gui/pages/playground/copy_as.h"
#include "gui/pages/playground/kept_history.h"
#include "gui/shell/page.h"

#include <vector>

class QComboBox;
class QLabel;
class QListWidget;
class QPlainTextEdit;
class QPushButton;
class QTabWidget;

namespace mm::gui {

class AnswerView;
class RequestForm;

class PlaygroundPage : public Page {
    Q_OBJECT

public:
    explicit PlaygroundPage(const PageContext& context);

    void setSeen(bool seen) override;
    // Of a model, by its id.
    void show(const QString& subject) override;
    using Page::show;

private:
    QWidget* makeQuestion();
    QWidget* makeAnswer();
    QPushButton* makeCopy();
    void showModels();
    void modelChosen();
    [[nodiscard]] Result<v1::InferenceRequest> request() const;
    void run();
    void runAsJob();
    void took(const v1::InferenceRequest& request, Result<v1::InferenceResponse> answer);
    void showAsked(const Asked& asked);
    // Once: what the console that ran before has kept.
    void recall();
    void list(const Asked& asked);
    // Off the GUI thread, since vectors make long texts.
    void showRaw(QPlainTextEdit* into, std::shared_ptr<const google::protobuf::Message> message);
    void copy(QString (*as)(const v1::InferenceRequest&, const Addresses&));
    void askAddresses();
    void askSettings();

    PageContext m_context;
    Addresses m_addresses;
    QString m_wantedModel;
    std::vector<Asked> m_asked;
    bool m_isRecalled = false;
    CallHandle m_running;

    QComboBox* m_model = nullptr;
    QLabel* m_modelSays = nullptr;
    RequestForm* m_form = nullptr;
    QPushButton* m_run = nullptr;
    QListWidget* m_history = nullptr;
    QTabWidget* m_tabs = nullptr;
    AnswerView* m_answer = nullptr;
    QPlainTextEdit* m_rawRequest = nullptr;
    QPlainTextEdit* m_rawResponse = nullptr;
};

} // namespace mm::gui

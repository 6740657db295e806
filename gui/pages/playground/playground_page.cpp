#include "gui/pages/playground/playground_page.h"

#include "gui/client/engine_state.h"
#include "gui/pages/playground/answer_view.h"
#include "gui/pages/playground/load_panel.h"
#include "gui/pages/playground/request_form.h"
#include "gui/theme/kind.h"
#include "gui/theme/theme.h"
#include "gui/widgets/time_split.h"
#include "gui/widgets/time_text.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QDateTime>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QThreadPool>

#include <utility>

namespace mm::gui {
namespace {

constexpr int kQuestionWidth = 400;
constexpr int kNarrowQuestion = 280;
constexpr qsizetype kMostRaw = 200'000; // characters; what a person reads of vectors

QLabel* labelOf(const char* kind, const QString& text = {}) {
    auto* label = new QLabel(text);
    setKind(*label, kind);
    return label;
}

QPlainTextEdit* rawOf(const char* name, const QString& accessible) {
    auto* raw = new QPlainTextEdit;
    raw->setObjectName(QString::fromLatin1(name));
    raw->setReadOnly(true);
    raw->setFont(Theme::monospaced());
    raw->setLineWrapMode(QPlainTextEdit::NoWrap);
    raw->setAccessibleName(accessible);
    return raw;
}

QString lineOf(const v1::InferenceRequest& request, const Result<v1::InferenceResponse>& answer) {
    const QString end = answer.ok()
                            ? spanText(timeSplitOf(answer->metadata()).total)
                            : PlaygroundPage::tr("refused: %1").arg(QString::fromStdString(answer.error().message));
    return PlaygroundPage::tr("%1 · %2 · %3")
        .arg(QLocale().toString(QDateTime::currentDateTime(), QStringLiteral("d MMM HH:mm:ss")),
             shortName(request.model_id()), end);
}

// What such a model does, with the API's word for it.
QString taskText(v1::TaskType task) {
    const QString name = QString::fromStdString(v1::TaskType_Name(task));
    const QString word = name.mid(static_cast<int>(std::char_traits<char>::length("TASK_TYPE_"))).toLower();
    switch (task) {
    case v1::TASK_TYPE_TXT2EMBED:
        return PlaygroundPage::tr("embeddings of texts (%1)").arg(word);
    case v1::TASK_TYPE_TXT2CLASS:
        return PlaygroundPage::tr("labels of texts (%1)").arg(word);
    case v1::TASK_TYPE_TXTPAIR2SCORE:
        return PlaygroundPage::tr("scores of documents for a query (%1)").arg(word);
    default:
        return word;
    }
}

} // namespace

PlaygroundPage::PlaygroundPage(const PageContext& context) : m_context(context) {
    auto* body = new QHBoxLayout;
    body->setSpacing(12);
    body->addWidget(makeQuestion(), 1);
    body->addWidget(makeAnswer(), 2);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(12);
    auto* head = new QHBoxLayout;
    head->addWidget(labelOf("title", tr("Playground")));
    head->addWidget(labelOf("muted", tr("the model is loaded when it is asked")));
    head->addStretch(1);
    head->addWidget(makeCopy());
    column->addLayout(head);
    column->addLayout(body, 1);
    connect(&m_context.state, &EngineState::modelsChanged, this, &PlaygroundPage::showModels);
    connect(&m_context.link, &EngineLink::changed, this, [this] {
        const EngineLink& link = m_context.link;
        if (link.state() == EngineLink::State::Connected && isVisible())
            return askAddresses();
        m_addresses = {};
        if (m_running && link.state() != EngineLink::State::Lost)
            run(); // is never answered any more
    });
    showModels();
}

QWidget* PlaygroundPage::makeQuestion() {
    auto* card = new QFrame;
    setKind(*card, "card");
    card->setMinimumWidth(kNarrowQuestion);
    card->setMaximumWidth(kQuestionWidth);
    m_model = new QComboBox;
    m_model->setObjectName(QStringLiteral("model"));
    m_model->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_modelSays = labelOf("muted");
    auto* name = labelOf("muted", tr("&Model"));
    name->setBuddy(m_model);
    m_form = new RequestForm;
    m_run = new QPushButton(tr("Run"));
    m_run->setObjectName(QStringLiteral("run"));
    setKind(*m_run, "primary");
    m_run->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return));
    m_run->setToolTip(tr("Ask the model (%1)").arg(m_run->shortcut().toString(QKeySequence::NativeText)));
    m_history = new QListWidget;
    m_history->setObjectName(QStringLiteral("history"));
    m_history->setAccessibleName(tr("What was asked before"));
    m_history->setMaximumHeight(150);
    m_history->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_history->setSpacing(2);
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(14, 12, 14, 12);
    column->setSpacing(6);
    column->addWidget(name);
    column->addWidget(m_model);
    column->addWidget(m_modelSays);
    column->addWidget(m_form, 1);
    auto* buttons = new QHBoxLayout;
    auto* asJob = new QPushButton(tr("Run as a job"));
    asJob->setObjectName(QStringLiteral("runAsJob"));
    asJob->setToolTip(tr("The engine accepts it at once and keeps the result; the queue's page shows it"));
    connect(asJob, &QPushButton::clicked, this, &PlaygroundPage::runAsJob);
    buttons->addWidget(m_run, 1);
    buttons->addWidget(asJob);
    column->addLayout(buttons);
    column->addSpacing(8);
    column->addWidget(labelOf("heading", tr("Asked before")));
    column->addWidget(m_history);
    connect(m_model, &QComboBox::currentIndexChanged, this, &PlaygroundPage::modelChosen);
    connect(m_run, &QPushButton::clicked, this, &PlaygroundPage::run);
    connect(m_history, &QListWidget::currentRowChanged, this, [this](int row) {
        if (row < 0 || row >= static_cast<int>(m_asked.size()))
            return;
        const Asked& asked = m_asked[m_asked.size() - 1 - static_cast<std::size_t>(row)];
        m_model->setCurrentIndex(m_model->findData(QString::fromStdString(asked.request.model_id())));
        m_form->setRequest(asked.request);
        showAsked(asked);
    });
    return card;
}

QWidget* PlaygroundPage::makeAnswer() {
    auto* card = new QFrame;
    setKind(*card, "card");
    m_answer = new AnswerView(m_context.theme);
    m_rawRequest = rawOf("rawRequest", tr("Request as the API takes it"));
    m_rawResponse = rawOf("rawResponse", tr("Response as the API gives it"));
    m_tabs = new QTabWidget;
    m_tabs->setObjectName(QStringLiteral("answers"));
    m_tabs->addTab(m_answer, tr("Answer"));
    m_tabs->addTab(m_rawRequest, tr("Request"));
    m_tabs->addTab(m_rawResponse, tr("Response"));
    m_tabs->addTab(new LoadPanel(m_context.link, m_context.theme, [this] { return request(); }), tr("Load test"));
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(10, 6, 10, 10);
    column->addWidget(m_tabs);
    return card;
}

QPushButton* PlaygroundPage::makeCopy() {
    auto* button = new QPushButton(m_context.theme.icon(QStringLiteral("copy")), tr("Copy as"));
    auto* menu = new QMenu(button);
    const auto add = [&](const char* name, const QString& text, const QString& keys,
                         QString (*as)(const v1::InferenceRequest&, const Addresses&)) {
        QAction* action = menu->addAction(text, this, [this, as] { copy(as); });
        action->setObjectName(QString::fromLatin1(name));
        action->setShortcut(QKeySequence::fromString(keys));
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
    };
    add("copyCurl", tr("curl"), QStringLiteral("Ctrl+Shift+C"), &curlOf);
    add("copyPython", tr("Python"), QStringLiteral("Ctrl+Shift+P"), &pythonOf);
    add("copyGrpc", tr("gRPC (grpcurl)"), QStringLiteral("Ctrl+Shift+G"), &grpcurlOf);
    button->setMenu(menu);
    return button;
}

void PlaygroundPage::setSeen(bool seen) {
    if (!seen)
        return;
    recall();
    if (m_addresses.rest.empty())
        askAddresses();
}

void PlaygroundPage::show(const QString& subject) {
    m_wantedModel = subject;
    showModels();
}

// The chosen model stays chosen, whatever comes and goes.
void PlaygroundPage::showModels() {
    const QString chosen = m_wantedModel.isEmpty() ? m_model->currentData().toString() : m_wantedModel;
    QStringList ids;
    if (const auto& models = m_context.state.models())
        for (const v1::Model& model : *models)
            ids << QString::fromStdString(model.model_id());
    QStringList shown;
    for (int i = 0; i < m_model->count(); ++i)
        shown << m_model->itemData(i).toString();
    if (ids != shown) {
        const QSignalBlocker quiet(m_model);
        m_model->clear();
        for (const QString& id : ids)
            m_model->addItem(id, id);
    }
    m_model->setCurrentIndex(std::max(0, m_model->findData(chosen)));
    if (m_model->findData(m_wantedModel) >= 0)
        m_wantedModel.clear();
    modelChosen();
}

void PlaygroundPage::modelChosen() {
    const std::string id = m_model->currentData().toString().toStdString();
    m_run->setEnabled(!id.empty());
    m_modelSays->setText(id.empty() ? tr("No model is registered yet; the page Models does that.") : QString());
    if (const auto& models = m_context.state.models())
        for (const v1::Model& model : *models)
            if (model.model_id() == id) {
                m_modelSays->setText(taskText(model.task_type()));
                m_form->setTask(model.task_type());
            }
}

Result<v1::InferenceRequest> PlaygroundPage::request() const {
    auto request = m_form->request();
    if (request.ok())
        request->set_model_id(m_model->currentData().toString().toStdString());
    return request;
}

void PlaygroundPage::run() {
    if (m_running) { // pressed again: that one is not wanted any more
        m_running->letGo();
        m_running.reset();
        m_run->setText(tr("Run"));
        return m_answer->showRefusal(tr("This was cancelled."));
    }
    auto made = request();
    m_tabs->setCurrentIndex(0);
    if (!made.ok())
        return m_answer->showRefusal(QString::fromStdString(made.error().message));
    const v1::InferenceRequest asked = std::move(made).value();
    m_answer->showWaiting();
    m_run->setText(tr("Cancel"));
    m_running = m_context.link.call(
        &InferenceCalls::Infer, asked, this,
        [this, asked](Result<v1::InferenceResponse> answer) { took(asked, std::move(answer)); },
        EngineLink::kLongSeconds);
}

void PlaygroundPage::runAsJob() {
    const auto made = request();
    if (!made.ok())
        return m_answer->showRefusal(QString::fromStdString(made.error().message));
    m_context.link.call(&InferenceCalls::InferAsync, *made, this, [this](const Result<v1::JobReference>& answer) {
        if (!answer.ok())
            return m_answer->showRefusal(QString::fromStdString(answer.error().message));
        m_context.guide.open(QStringLiteral("queue"),
                             QString(QStringLiteral("job:") % QString::fromStdString(answer->job_id())));
    });
}

void PlaygroundPage::took(const v1::InferenceRequest& request, Result<v1::InferenceResponse> answer) {
    m_running.reset();
    m_run->setText(tr("Run"));
    recall();
    const QString line = lineOf(request, answer);
    m_asked.push_back({request, std::move(answer), line});
    const QSignalBlocker quiet(m_history);
    list(m_asked.back());
    if (m_asked.size() > kMostKept) {
        m_asked.erase(m_asked.begin());
        delete m_history->takeItem(static_cast<int>(kMostKept));
    }
    m_history->setCurrentRow(0);
    writeHistory(m_asked);
    showAsked(m_asked.back());
}

void PlaygroundPage::recall() {
    if (std::exchange(m_isRecalled, true))
        return;
    m_asked = readHistory();
    const QSignalBlocker quiet(m_history);
    for (const Asked& asked : m_asked)
        list(asked);
    m_history->setCurrentRow(-1);
}

void PlaygroundPage::list(const Asked& asked) {
    auto* item = new QListWidgetItem(asked.line);
    item->setToolTip(asked.line);
    m_history->insertItem(0, item);
}

void PlaygroundPage::showAsked(const Asked& asked) {
    showRaw(m_rawRequest, std::make_shared<v1::InferenceRequest>(asked.request));
    if (!asked.answer.ok()) {
        m_rawResponse->setPlainText(QString::fromStdString(asked.answer.error().message));
        return m_answer->showRefusal(QString::fromStdString(asked.answer.error().message));
    }
    showRaw(m_rawResponse, std::make_shared<v1::InferenceResponse>(*asked.answer));
    m_answer->show(asked.request, *asked.answer);
}

void PlaygroundPage::showRaw(QPlainTextEdit* into, std::shared_ptr<const google::protobuf::Message> message) {
    into->clear();
    QThreadPool::globalInstance()->start([into = QPointer(into), to = QPointer(qApp), message = std::move(message)] {
        QString text = jsonOf(*message);
        if (text.size() > kMostRaw)
            text = QString(text.left(kMostRaw) % QStringLiteral("\n…"));
        if (to)
            QMetaObject::invokeMethod(to, [into, text] {
                if (into)
                    into->setPlainText(text);
            });
    });
}

void PlaygroundPage::copy(QString (*as)(const v1::InferenceRequest&, const Addresses&)) {
    const auto made = request();
    if (!made.ok())
        return m_context.guide.tellFailure(QString::fromStdString(made.error().message));
    if (m_addresses.rest.empty())
        return m_context.guide.tellFailure(tr("The engine has not said yet where it listens."));
    QGuiApplication::clipboard()->setText(as(*made, m_addresses));
    m_context.guide.tell(tr("Copied."));
}

// The engine's event of its start says where it listens.
void PlaygroundPage::askAddresses() {
    v1::WatchEventsRequest request;
    request.add_types("engine.started");
    request.set_remembered_only(true);
    m_context.link.stream(
        &ManagementCalls::WatchEvents, request, this,
        [this](const std::vector<v1::Event>& events) {
            const EngineTarget& target = m_context.link.target();
            const auto& facts = events.back().details().fields();
            const auto at = [&](const char* name) {
                const auto found = facts.find(name);
                return found == facts.end() ? std::string() : reachable(found->second.string_value(), target.address);
            };
            m_addresses = {at("rest"), at("grpc"), !target.key.empty()};
        },
        [this](const Result<void>&) {
            if (m_addresses.rest.empty())
                askSettings();
        },
        EngineLink::kQuickSeconds);
}

// Of an engine that does not remember its start any more.
void PlaygroundPage::askSettings() {
    v1::DiagnoseRequest request;
    request.set_log_lines(1);
    m_context.link.call(&ObservabilityCalls::Diagnose, request, this, [this](const Result<v1::Diagnosis>& answer) {
        if (!answer.ok())
            return;
        const EngineTarget& target = m_context.link.target();
        m_addresses.needsKey = !target.key.empty();
        for (const v1::SettingValue& setting : answer->settings()) {
            if (setting.name() == "rest")
                m_addresses.rest = reachable(setting.value(), target.address);
            if (setting.name() == "grpc")
                m_addresses.grpc = reachable(setting.value(), target.address);
        }
    });
}

} // namespace mm::gui

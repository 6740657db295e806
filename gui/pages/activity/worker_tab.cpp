#include "gui/pages/activity/worker_tab.h"

#include "gui/client/engine_state.h"
#include "gui/pages/activity/live_output.h"
#include "gui/shell/page.h"
#include "gui/theme/kind.h"
#include "gui/theme/theme.h"
#include "gui/widgets/figures.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QVBoxLayout>

#include <map>

namespace mm::gui {
namespace {

constexpr const char* kLastLines = "last_lines";

QString wordOf(v1::ModelState state) {
    switch (state) {
    case v1::MODEL_STATE_LOADING:
        return WorkerTab::tr("loading");
    case v1::MODEL_STATE_LOADED:
        return WorkerTab::tr("loaded");
    case v1::MODEL_STATE_UNHEALTHY:
        return WorkerTab::tr("unhealthy");
    case v1::MODEL_STATE_DRAINING:
        return WorkerTab::tr("ending");
    default:
        return WorkerTab::tr("not loaded");
    }
}

QString instanceOf(const v1::InstanceStatus& instance) {
    QStringList parts{WorkerTab::tr("worker %1: %2").arg(instance.instance() + 1).arg(wordOf(instance.state()))};
    if (instance.pid() > 0)
        parts << WorkerTab::tr("process %1").arg(instance.pid()) << bytesText(instance.measured_bytes())
              << WorkerTab::tr("%1 running").arg(instance.in_flight());
    if (instance.crashes() > 0)
        parts << (instance.crashes() == 1 ? WorkerTab::tr("crashed once")
                                          : WorkerTab::tr("crashed %1 times").arg(instance.crashes()));
    return parts.join(QStringLiteral(", "));
}

QString failureOf(const v1::Error& failure) {
    QStringList lines{WorkerTab::tr("The last failure: %1").arg(QString::fromStdString(failure.message()))};
    if (!failure.code().empty())
        lines << QStringLiteral("  code: ") + QString::fromStdString(failure.code());
    for (const auto& [name, value] :
         std::map<std::string, std::string>(failure.details().begin(), failure.details().end()))
        if (name != kLastLines)
            lines << QStringLiteral("  %1: %2").arg(QString::fromStdString(name), QString::fromStdString(value));
    const auto last = failure.details().find(kLastLines);
    lines << QString();
    if (last == failure.details().end() || last->second.empty())
        lines << WorkerTab::tr("It wrote nothing before it ended.");
    else
        lines << WorkerTab::tr("Its last lines:") << QString::fromStdString(last->second);
    return lines.join(QLatin1Char('\n'));
}

} // namespace

QString workerReport(const v1::ModelStatus& model) {
    QStringList lines;
    lines << QStringLiteral("%1: %2").arg(QString::fromStdString(model.model_id() + "@" + model.version()),
                                          wordOf(model.state()));
    if (!model.reason().empty())
        lines << QString::fromStdString(model.reason());
    for (const v1::InstanceStatus& instance : model.instances())
        lines << instanceOf(instance);
    lines << QString();
    lines << (model.has_last_failure() ? failureOf(model.last_failure())
                                       : WorkerTab::tr("None of its workers has failed since the engine started."));
    return lines.join(QLatin1Char('\n'));
}

WorkerTab::WorkerTab(const PageContext& context, QWidget* parent)
    : ActivityTab(parent), m_context(context), m_model(new QComboBox), m_text(new QPlainTextEdit) {
    m_model->setObjectName(QStringLiteral("worker-model"));
    m_model->setAccessibleName(tr("Model"));
    m_model->setMinimumWidth(320);
    m_text->setObjectName(QStringLiteral("worker-output"));
    m_text->setAccessibleName(tr("Workers' output"));
    m_text->setReadOnly(true);
    m_text->setFont(Theme::monospaced());
    m_text->setFrameShape(QFrame::NoFrame);
    auto* note = new QLabel(tr("The engine keeps what a worker wrote before its last failure."));
    setKind(*note, "muted");
    m_live = new LiveOutput(context.link);
    auto* row = new QHBoxLayout;
    row->setSpacing(12);
    row->addWidget(m_model);
    row->addWidget(note, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 10, 0, 0);
    column->setSpacing(8);
    column->addLayout(row);
    column->addWidget(m_text, 1);
    column->addWidget(m_live, 1);
    connect(m_model, &QComboBox::currentIndexChanged, this, &WorkerTab::ask);
    connect(&context.state, &EngineState::modelsChanged, this, &WorkerTab::listModels);
    connect(&context.state, &EngineState::statusChanged, this, &WorkerTab::ask);
    listModels();
}

void WorkerTab::setSeen(bool seen) {
    m_isSeen = seen;
    m_live->setSeen(seen);
    ask();
}

void WorkerTab::search(const QString& text) {
    if (const int found = m_model->findText(text); found >= 0)
        m_model->setCurrentIndex(found);
}

void WorkerTab::listModels() {
    QStringList ids;
    if (const auto& models = m_context.state.models())
        for (const v1::Model& model : *models)
            ids << QString::fromStdString(model.model_id());
    QStringList shown;
    for (int i = 0; i < m_model->count(); ++i)
        shown << m_model->itemText(i);
    if (ids == shown)
        return;
    const QString chosen = m_model->currentText();
    {
        const QSignalBlocker quiet(m_model);
        m_model->clear();
        m_model->addItems(ids);
        m_model->setCurrentIndex(std::max(0, static_cast<int>(ids.indexOf(chosen))));
    }
    ask();
}

void WorkerTab::ask() {
    if (!m_isSeen || m_call)
        return;
    if (m_model->currentIndex() < 0)
        return write(tr("No model is registered."));
    m_live->setModel(m_model->currentText());
    v1::GetModelStatusRequest request;
    request.set_model_id(m_model->currentText().toStdString());
    m_call = m_context.link.call(&ManagementCalls::GetModelStatus, request, this,
                                 [this, asked = request.model_id()](const Result<v1::ModelStatus>& answer) {
                                     m_call.reset();
                                     if (asked != m_model->currentText().toStdString())
                                         return ask();
                                     write(answer.ok() ? workerReport(*answer)
                                                       : QString::fromStdString(answer.error().message));
                                 });
}

void WorkerTab::write(const QString& text) {
    if (text == m_text->toPlainText())
        return; // where it was read, it stays
    m_text->setPlainText(text);
}

} // namespace mm::gui

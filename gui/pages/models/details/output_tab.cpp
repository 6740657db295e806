#include "gui/pages/models/details/output_tab.h"

#include "engine/ipc/facts.h"
#include "gui/client/engine_link.h"
#include "gui/pages/models/details/worker_lines.h"
#include "gui/pages/models/failure_text.h"
#include "gui/pages/models/say.h"
#include "gui/theme/kind.h"
#include "gui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace mm::gui::models {
namespace {

constexpr int kLogLines = 2'000; // of the whole engine
constexpr int kMostLines = 5'000;

} // namespace

OutputTab::OutputTab(const PageContext& context, QWidget* parent) : DetailsTab(parent), m_context(context) {
    m_note = new QLabel;
    m_note->setObjectName(QStringLiteral("outputNote"));
    m_note->setWordWrap(true);
    m_all = new QPushButton(tr("Follow all of it"));
    m_all->setObjectName(QStringLiteral("outputAll"));
    m_all->setToolTip(tr("Sets the level of the engine's log to debug, until the engine ends"));
    m_all->hide();
    m_text = new QPlainTextEdit;
    m_text->setObjectName(QStringLiteral("workerOutput"));
    m_text->setAccessibleName(tr("What its workers write"));
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setFont(Theme::monospaced());
    m_text->setMaximumBlockCount(kMostLines);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_note, 1);
    row->addWidget(m_all);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(8);
    column->addLayout(row);
    column->addWidget(m_text, 1);
    connect(m_all, &QPushButton::clicked, this, &OutputTab::follow);
}

void OutputTab::open(const std::string& id) {
    m_id = id;
    m_lines.clear();
    m_text->clear();
    say({}, "muted");
}

void OutputTab::refresh() {
    if (m_id.empty())
        return;
    askLevel();
    v1::DiagnoseRequest request;
    request.set_log_lines(kLogLines);
    m_context.link.call(&ObservabilityCalls::Diagnose, request, this,
                        [this, id = m_id](const Result<v1::Diagnosis>& got) {
                            if (id != m_id)
                                return;
                            if (!got.ok())
                                return say(text(got.error().message), "bad");
                            take(workerLines({got->log_lines().begin(), got->log_lines().end()}, m_id));
                        });
}

void OutputTab::askLevel() {
    m_context.link.call(&ObservabilityCalls::GetLogLevel, {}, this, [this](const Result<v1::LogLevelStatus>& got) {
        if (got.ok())
            showLevel(*got);
    });
}

void OutputTab::showLevel(const v1::LogLevelStatus& level) {
    const bool isAll = level.level() == "debug" || level.level() == "trace";
    m_all->setVisible(!isAll);
    say(isAll ? tr("What its workers write comes here while you watch.")
              : tr("The engine's log is at the level %1, at which it keeps what a worker wrote only when that failed.")
                    .arg(text(level.level())),
        "muted");
}

void OutputTab::follow() {
    v1::SetLogLevelRequest request;
    request.set_level("debug");
    m_context.link.call(&ObservabilityCalls::SetLogLevel, request, this, [this](const Result<v1::LogLevelStatus>& now) {
        if (!now.ok())
            return say(text(now.error().message), "bad");
        showLevel(*now);
        refresh();
    });
}

void OutputTab::take(const QStringList& lines) {
    for (const QString& line : newOf(m_lines, lines))
        m_text->appendPlainText(line);
    m_lines = lines.isEmpty() ? m_lines : lines;
    if (!m_lines.isEmpty())
        return;
    v1::GetModelStatusRequest request;
    request.set_model_id(m_id);
    m_context.link.call(&ManagementCalls::GetModelStatus, request, this,
                        [this, id = m_id](const Result<v1::ModelStatus>& got) {
                            if (id != m_id || !m_lines.isEmpty() || !got.ok() || !got->has_last_failure())
                                return;
                            const QString last = lastLines(ipc::fromProto(got->last_failure())).join(QLatin1Char('\n'));
                            if (last != m_text->toPlainText())
                                m_text->setPlainText(last);
                        });
}

void OutputTab::say(const QString& sentence, const char* kind) {
    m_note->setText(sentence);
    setKind(*m_note, kind);
}

} // namespace mm::gui::models

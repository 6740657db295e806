#include "gui/pages/activity/live_output.h"

#include "gui/pages/activity/log_tab.h"
#include "gui/theme/kind.h"
#include "gui/theme/theme.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include <utility>

namespace mm::gui {
namespace {

constexpr int kEvery = 500; // ms
constexpr int kLogLines = 500;
constexpr int kMostLines = 5'000;
const QString kSays = QStringLiteral(": worker says ");
const std::string kDebug = "debug";

QString factOf(const QString& line, const QString& name) {
    const qsizetype begin = line.indexOf(QString(QLatin1Char(' ') + name + QLatin1Char('=')));
    if (begin < 0)
        return {};
    const qsizetype from = begin + name.size() + 2;
    return line.mid(from, line.indexOf(QLatin1Char(' '), from) - from);
}

// The last fact of its line, quoted where it needs to be.
QString saidIn(const QString& line) {
    const QString name = QStringLiteral(" line=");
    QString said = line.mid(line.indexOf(name) + name.size());
    if (said.size() >= 2 && said.startsWith(QLatin1Char('"')) && said.endsWith(QLatin1Char('"')))
        said = said.mid(1, said.size() - 2).replace(QStringLiteral("\\\""), QStringLiteral("\""));
    return said;
}

} // namespace

QStringList printedLines(const std::vector<std::string>& log, const QString& modelId) {
    QStringList printed;
    for (const std::string& each : log) {
        const QString line = QString::fromStdString(each);
        if (line.contains(kSays) && factOf(line, QStringLiteral("model")).section(QLatin1Char('@'), 0, 0) == modelId)
            printed << LiveOutput::tr("process %1: %2").arg(factOf(line, QStringLiteral("pid")), saidIn(line));
    }
    return printed;
}

LiveOutput::LiveOutput(EngineLink& link, QWidget* parent) : QWidget(parent), m_link(link) {
    m_follow = new QCheckBox(tr("Follow what its workers print"));
    m_follow->setObjectName(QStringLiteral("follow-output"));
    m_follow->setToolTip(tr("The engine's log is at the level debug while this is on"));
    m_note = new QLabel;
    setKind(*m_note, "muted");
    m_note->setWordWrap(true);
    m_lines = new QPlainTextEdit;
    m_lines->setObjectName(QStringLiteral("live-output"));
    m_lines->setAccessibleName(tr("What the workers print now"));
    m_lines->setReadOnly(true);
    m_lines->setFont(Theme::monospaced());
    m_lines->setFrameShape(QFrame::NoFrame);
    m_lines->setMaximumBlockCount(kMostLines);
    m_lines->hide();
    auto* row = new QHBoxLayout;
    row->setSpacing(12);
    row->addWidget(m_follow);
    row->addWidget(m_note, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addLayout(row);
    column->addWidget(m_lines, 1);
    m_again.setSingleShot(true);
    m_again.setInterval(kEvery);
    connect(&m_again, &QTimer::timeout, this, &LiveOutput::ask);
    connect(m_follow, &QCheckBox::toggled, this, &LiveOutput::follow);
}

LiveOutput::~LiveOutput() {
    const QSignalBlocker quiet(m_follow);
    follow(false);
}

void LiveOutput::setModel(const QString& modelId) {
    if (std::exchange(m_model, modelId) == modelId)
        return;
    m_lines->clear();
    m_log.clear();
}

void LiveOutput::setSeen(bool seen) {
    if (!seen)
        m_follow->setChecked(false);
}

void LiveOutput::follow(bool on) {
    m_lines->setVisible(on);
    if (!on) {
        m_again.stop();
        m_note->clear();
        if (const CallHandle before = std::exchange(m_call, nullptr))
            before->letGo();
        if (!m_levelBefore.empty())
            setLevel(std::exchange(m_levelBefore, {}));
        return;
    }
    m_lines->clear();
    m_log.clear();
    m_call = m_link.call(&ObservabilityCalls::GetLogLevel, {}, this, [this](const Result<v1::LogLevelStatus>& level) {
        m_call.reset();
        if (!level.ok())
            return refuse(level.error());
        if (level->level() != kDebug && level->level() != "trace") {
            m_levelBefore = level->level();
            setLevel(kDebug);
        }
        m_note->setText(tr("The engine's log is at the level debug until this is off."));
        ask();
    });
}

void LiveOutput::setLevel(const std::string& level) {
    v1::SetLogLevelRequest request;
    request.set_level(level);
    m_link.call(&ObservabilityCalls::SetLogLevel, request, this, [this](const Result<v1::LogLevelStatus>& set) {
        if (!set.ok() && m_follow->isChecked()) {
            m_levelBefore.clear(); // it was not changed
            refuse(set.error());
        }
    });
}

void LiveOutput::refuse(const Error& error) {
    m_follow->setChecked(false);
    m_note->setText(QString::fromStdString(error.message));
}

void LiveOutput::ask() {
    if (!m_follow->isChecked() || m_call)
        return;
    v1::DiagnoseRequest request;
    request.set_log_lines(kLogLines);
    m_call = m_link.call(&ObservabilityCalls::Diagnose, request, this, [this](const Result<v1::Diagnosis>& answer) {
        m_call.reset();
        if (!answer.ok() && m_link.state() == EngineLink::State::Connected)
            return refuse(answer.error());
        m_again.start();
        if (answer.ok())
            take(*answer);
    });
}

void LiveOutput::take(const v1::Diagnosis& diagnosis) {
    std::vector<std::string> log(diagnosis.log_lines().begin(), diagnosis.log_lines().end());
    const QStringList printed = printedLines(newLines(m_log, log), m_model);
    m_log = std::move(log);
    if (!printed.isEmpty())
        m_lines->appendPlainText(printed.join(QLatin1Char('\n')));
}

} // namespace mm::gui

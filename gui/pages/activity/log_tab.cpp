#include "gui/pages/activity/log_tab.h"

#include "gui/pages/activity/records_view.h"
#include "gui/shell/page.h"

#include <QVBoxLayout>

#include <algorithm>

namespace mm::gui {
namespace {

constexpr int kEvery = 2'000; // ms
constexpr int kLinesAtFirst = 2'000;
constexpr int kLinesLater = 500;

} // namespace

std::vector<std::string> newLines(const std::vector<std::string>& before, const std::vector<std::string>& now) {
    for (std::size_t overlap = std::min(before.size(), now.size()); overlap > 0; --overlap)
        if (std::equal(before.end() - static_cast<std::ptrdiff_t>(overlap), before.end(), now.begin()))
            return {now.begin() + static_cast<std::ptrdiff_t>(overlap), now.end()};
    return now;
}

LogTab::LogTab(const PageContext& context, QWidget* parent)
    : ActivityTab(parent)
    , m_context(context)
    , m_view(new RecordsView(context, tr("Engine log"), QStringLiteral("log"),
                             std::initializer_list<RecordTable::Column>{RecordTable::About, RecordTable::Who})) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_view);
    m_again.setSingleShot(true);
    m_again.setInterval(kEvery);
    connect(&m_again, &QTimer::timeout, this, &LogTab::ask);
    connect(&context.link, &EngineLink::changed, this, &LogTab::ask);
}

void LogTab::setSeen(bool seen) {
    m_isSeen = seen;
    if (seen)
        ask();
    else
        m_again.stop();
}

void LogTab::search(const QString& text) {
    m_view->search(text);
}

void LogTab::ask() {
    if (m_engine != m_context.link.target().name) {
        m_engine = m_context.link.target().name;
        m_lines.clear();
        m_view->clear();
    }
    if (!m_isSeen || m_call || m_context.link.state() != EngineLink::State::Connected)
        return;
    v1::DiagnoseRequest request;
    request.set_log_lines(m_lines.empty() ? kLinesAtFirst : kLinesLater);
    m_call =
        m_context.link.call(&ObservabilityCalls::Diagnose, request, this, [this](const Result<v1::Diagnosis>& answer) {
            m_call.reset();
            m_again.start();
            m_view->setNote(answer.ok() ? QString() : QString::fromStdString(answer.error().message), true);
            if (answer.ok())
                take(*answer);
        });
}

void LogTab::take(const v1::Diagnosis& diagnosis) {
    std::vector<std::string> lines(diagnosis.log_lines().begin(), diagnosis.log_lines().end());
    std::vector<Record> records;
    for (const std::string& line : newLines(m_lines, lines))
        records.push_back(recordOf(line));
    m_lines = std::move(lines);
    if (!records.empty())
        m_view->add(std::move(records));
}

} // namespace mm::gui

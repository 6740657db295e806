#include "gui/pages/playground/load_panel.h"

#include "gui/pages/playground/bar_list.h"
#include "gui/theme/kind.h"
#include "gui/theme/theme.h"
#include "gui/widgets/time_text.h"

#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSpinBox>

namespace mm::gui {
namespace {

constexpr int kBars = 40;
constexpr int kMostAtATime = 256;
constexpr int kMostSeconds = 600;

QLabel* labelOf(const char* kind, const QString& text = {}) {
    auto* label = new QLabel(text);
    setKind(*label, kind);
    return label;
}

QSpinBox* spinOf(const char* name, int value, int most) {
    auto* spin = new QSpinBox;
    spin->setObjectName(QString::fromLatin1(name));
    spin->setRange(1, most);
    spin->setValue(value);
    spin->setAlignment(Qt::AlignRight);
    spin->setButtonSymbols(QAbstractSpinBox::NoButtons);
    return spin;
}

} // namespace

LoadPanel::LoadPanel(EngineLink& link, Theme& theme, std::function<Result<v1::InferenceRequest>()> make,
                     QWidget* parent)
    : QWidget(parent), m_run(link), m_make(std::move(make)) {
    m_concurrency = spinOf("concurrency", 4, kMostAtATime);
    m_seconds = spinOf("seconds", 10, kMostSeconds);
    m_seconds->setSuffix(tr(" s"));
    m_button = new QPushButton(tr("Start"));
    m_button->setObjectName(QStringLiteral("loadTest"));
    auto* atATime = labelOf("muted", tr("&At a time"));
    atATime->setBuddy(m_concurrency);
    auto* lasts = labelOf("muted", tr("&For"));
    lasts->setBuddy(m_seconds);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    for (QWidget* widget : std::initializer_list<QWidget*>{atATime, m_concurrency, lasts, m_seconds, m_button})
        row->addWidget(widget);
    row->addStretch(1);

    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(28);
    grid->setVerticalSpacing(2);
    const std::array<QString, 6> names{tr("throughput"), tr("p50"), tr("p95"), tr("p99"), tr("done"), tr("failed")};
    for (std::size_t i = 0; i < names.size(); ++i) {
        m_numbers[i] = labelOf("title", kNothing);
        m_numbers[i]->setAccessibleName(names[i]);
        grid->addWidget(labelOf("muted", names[i]), 0, static_cast<int>(i), Qt::AlignRight);
        grid->addWidget(m_numbers[i], 1, static_cast<int>(i), Qt::AlignRight);
    }
    m_numbers[4]->setObjectName(QStringLiteral("loadDone"));
    grid->setColumnStretch(static_cast<int>(names.size()), 1);
    m_histogram = new HistogramView(theme);
    m_fault = labelOf("bad");
    m_fault->setWordWrap(true);
    m_fault->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(4, 12, 4, 4);
    column->setSpacing(16);
    column->addLayout(row);
    column->addLayout(grid);
    column->addWidget(m_fault);
    column->addWidget(m_histogram, 1);
    connect(m_button, &QPushButton::clicked, this, &LoadPanel::startOrStop);
    connect(&m_run, &LoadRun::moved, this, &LoadPanel::showNumbers);
    connect(&m_run, &LoadRun::ended, this, [this] { m_button->setText(tr("Start")); });
}

void LoadPanel::startOrStop() {
    if (m_run.isRunning())
        return m_run.stop();
    auto request = m_make();
    m_fault->setVisible(!request.ok());
    if (!request.ok())
        return m_fault->setText(QString::fromStdString(request.error().message));
    m_button->setText(tr("Stop"));
    m_run.start(std::move(request).value(), m_concurrency->value(), m_seconds->value());
}

void LoadPanel::showNumbers() {
    const LatencySummary numbers = summarise(m_run.latencies(), m_run.failed(), m_run.seconds());
    const QLocale locale;
    const auto span = [&](double ms) { return numbers.done > 0 ? spanText(ms) : kNothing; };
    m_numbers[0]->setText(tr("%1 /s").arg(locale.toString(numbers.perSecond, 'f', numbers.perSecond < 10 ? 1 : 0)));
    m_numbers[1]->setText(span(numbers.p50));
    m_numbers[2]->setText(span(numbers.p95));
    m_numbers[3]->setText(span(numbers.p99));
    m_numbers[4]->setText(locale.toString(numbers.done));
    m_numbers[5]->setText(locale.toString(numbers.failed));
    m_histogram->setHistogram(histogramOf(m_run.latencies(), kBars));
    m_fault->setVisible(!m_run.lastFault().isEmpty());
    m_fault->setText(m_run.lastFault());
}

} // namespace mm::gui

#include "gui/pages/overview/history/history_panel.h"

#include "gui/pages/overview/side/happenings.h"
#include "gui/shell/page.h"
#include "gui/theme/kind.h"

#include <QButtonGroup>
#include <QCoreApplication>
#include <QDateTime>
#include <QFileDialog>
#include <QGridLayout>
#include <QMenu>
#include <QPushButton>
#include <QSaveFile>
#include <QToolButton>

#include <algorithm>
#include <iterator>

namespace mm::gui {
namespace {

constexpr std::size_t kFirstRange = 1; // 15 min

} // namespace

HistoryPanel::HistoryPanel(const PageContext& context, const Happenings& happenings, QWidget* parent)
    : QWidget(parent), m_context(context), m_happenings(happenings), m_history(context.link), m_live(context.state) {
    setObjectName(QStringLiteral("history"));
    makeCards();
    auto* bar = new QHBoxLayout;
    bar->setSpacing(8);
    bar->addWidget(makeRanges());
    bar->addStretch(1);
    bar->addWidget(makeTools());
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(12);
    grid->setVerticalSpacing(8);
    grid->addLayout(bar, 0, 0, 1, 2);
    grid->addWidget(m_cards.front(), 1, 0, 1, 2);
    for (std::size_t i = 1; i < m_cards.size(); ++i)
        grid->addWidget(m_cards[i], static_cast<int>(i + 3) / 2, static_cast<int>(i + 1) % 2);
    connect(&m_history, &HistorySource::changed, this, &HistoryPanel::redraw);
    connect(&happenings, &Happenings::changed, this, &HistoryPanel::showMarks);
    m_everySecond.setInterval(static_cast<int>(LiveSamples::kStep));
    connect(&m_everySecond, &QTimer::timeout, this, [this] {
        if (isLive())
            redraw();
    });
}

ChartCard* HistoryPanel::addCard(const QString& title, std::vector<ChartLine> lines, double fixedTop) {
    auto* card = new ChartCard(m_context.theme, title, std::move(lines), fixedTop);
    m_cards.push_back(card);
    follow(card->chart());
    return card;
}

void HistoryPanel::makeCards() {
    const QString perSecond = tr("/s");
    const auto line = [](const char* series, QString title, int colour, QString unit) {
        return ChartLine{QString::fromLatin1(series), std::move(title), Role::Accent, colour, std::move(unit)};
    };
    ChartLine requests = line("requests_per_second", tr("requests/s"), 0, perSecond);
    requests.isRight = true;
    const QString ms = tr("ms");
    addCard(tr("Requests and latency"),
            {requests, line("latency_p50_ms", tr("p50"), 2, ms), line("latency_p95_ms", tr("p95"), 3, ms),
             line("latency_p99_ms", tr("p99"), 1, ms)})
        ->explainMarks();
    constexpr double kPercent = 100;
    std::vector<ChartLine> machine{line("cpu_percent", tr("CPU"), 0, tr("%")),
                                   line("memory_percent", tr("RAM"), 3, tr("%"))};
    addCard(tr("Processor and memory"), machine, kPercent);
    std::vector<ChartLine> waiting{line("waiting", tr("all"), 3, {}), line("waiting_low", tr("low"), 4, {}),
                                   line("waiting_normal", tr("normal"), 0, {}), line("waiting_high", tr("high"), 1, {}),
                                   line("waiting_critical", tr("critical"), -1, {})};
    waiting.back().role = Role::Bad;
    waiting[1].isFilled = waiting[2].isFilled = true;
    addCard(tr("Waiting by priority"), waiting);
    ChartLine tokens = line("tokens_per_second", tr("tokens/s"), 4, perSecond);
    tokens.isRight = true;
    addCard(tr("Inputs and tokens"), {line("inputs_per_second", tr("inputs/s"), 0, perSecond), tokens});
    addCard(tr("Memory of models and engine"), {line("models_memory_bytes", tr("models"), 3, QStringLiteral("bytes")),
                                                line("engine_memory_bytes", tr("engine"), 2, QStringLiteral("bytes"))});
    addCard(tr("GPU"),
            {line("gpu_percent", tr("use"), 0, tr("%")), line("gpu_memory_percent", tr("memory"), 3, tr("%"))},
            kPercent)
        ->setOptional();
    ChartLine watts = line("gpu_watts", tr("power"), 4, tr("W"));
    watts.isRight = true;
    addCard(tr("GPU temperature and power"), {line("gpu_celsius", tr("temperature"), 1, tr("°C")), watts})
        ->setOptional();
}

QWidget* HistoryPanel::makeRanges() {
    auto* all = new QWidget;
    auto* row = new QHBoxLayout(all);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2);
    auto* group = new QButtonGroup(all);
    for (std::size_t i = 0; i < kHistoryRanges.size(); ++i) {
        auto* button = new QToolButton;
        button->setText(QCoreApplication::translate("overview", kHistoryRanges[i].title));
        button->setObjectName(QStringLiteral("range-%1").arg(i));
        button->setAccessibleName(tr("The last %1").arg(button->text()));
        button->setCheckable(true);
        button->setFocusPolicy(Qt::StrongFocus);
        button->setChecked(i == kFirstRange);
        group->addButton(button);
        row->addWidget(button);
        connect(button, &QToolButton::clicked, this, [this, i] { setRange(i); });
    }
    return all;
}

QWidget* HistoryPanel::makeTools() {
    auto* all = new QWidget;
    auto* row = new QHBoxLayout(all);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2);
    const auto add = [&](const char* icon, const QString& name) {
        auto* button = new QToolButton;
        button->setIcon(m_context.theme.icon(QString::fromLatin1(icon)));
        button->setAccessibleName(name);
        button->setToolTip(name);
        button->setFocusPolicy(Qt::StrongFocus);
        row->addWidget(button);
        return button;
    };
    m_pause = add("player-pause", tr("Pause"));
    m_pause->setObjectName(QStringLiteral("pause-charts"));
    m_pause->setCheckable(true);
    connect(m_pause, &QToolButton::toggled, this, &HistoryPanel::setPaused);
    m_back = add("refresh", tr("Show the whole range again"));
    m_back->setObjectName(QStringLiteral("whole-range"));
    m_back->setVisible(false);
    connect(m_back, &QToolButton::clicked, this, &HistoryPanel::zoomBack);
    QToolButton* save = add("file-export", tr("Save the charts"));
    auto* menu = new QMenu(save);
    fillMenu(*menu);
    save->setMenu(menu);
    save->setPopupMode(QToolButton::InstantPopup);
    return all;
}

void HistoryPanel::fillMenu(QMenu& menu) {
    menu.addAction(tr("Save as picture (PNG)…"), this, [this] { save(QStringLiteral("png")); })
        ->setObjectName(QStringLiteral("save-png"));
    menu.addAction(tr("Save as table (CSV)…"), this, [this] { save(QStringLiteral("csv")); })
        ->setObjectName(QStringLiteral("save-csv"));
    menu.addSeparator();
    menu.addAction(tr("Show the whole range"), this, &HistoryPanel::zoomBack);
    menu.addAction(tr("Pause or go on"), this, [this] { m_pause->toggle(); });
}

void HistoryPanel::follow(TimeChart* chart) {
    connect(chart, &TimeChart::zoomed, this, &HistoryPanel::zoom);
    connect(chart, &TimeChart::zoomedBack, this, &HistoryPanel::zoomBack);
    connect(chart, &TimeChart::pointed, this, [this, chart](std::optional<double> at) {
        for (ChartCard* card : m_cards)
            if (card->chart() != chart)
                card->chart()->point(at, false);
    });
    chart->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(chart, &QWidget::customContextMenuRequested, this, [this, chart](const QPoint& at) {
        auto* menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillMenu(*menu);
        menu->popup(chart->mapToGlobal(at));
    });
}

void HistoryPanel::setSeen(bool seen) {
    m_isSeen = seen;
    m_history.setAsking(seen && !m_isPaused);
    if (!seen)
        return m_everySecond.stop();
    m_everySecond.start();
    redraw();
}

void HistoryPanel::setPaused(bool paused) {
    m_isPaused = paused;
    m_history.setAsking(m_isSeen && !paused);
    m_pause->setToolTip(paused ? tr("Go on") : tr("Pause"));
    redraw();
}

void HistoryPanel::setRange(std::size_t number) {
    m_zoom.reset();
    m_back->setVisible(false);
    m_history.setRange(kHistoryRanges.at(number));
    m_whole = {};
    redraw();
}

bool HistoryPanel::isLive() const {
    return m_history.range().length <= kHistoryRanges.front().length;
}

TimeSpan HistoryPanel::span() const {
    return m_zoom.value_or(m_whole);
}

// The history ends with the last span that is over; what has been seen since goes on from there.
SeriesByName HistoryPanel::data() const {
    SeriesByName all = m_history.series();
    const double step = m_history.range().step * 1e3;
    const bool isFine = m_history.range().step == kHistoryRanges.front().step;
    for (const auto& [name, points] : m_live.series()) {
        Points& known = all[name];
        if (isLive())
            known.clear();
        const double end = known.empty() ? 0 : known.back().x() + step;
        if (isFine)
            std::copy_if(points.begin(), points.end(), std::back_inserter(known),
                         [end](const QPointF& point) { return point.x() >= end; });
    }
    return all;
}

void HistoryPanel::redraw() {
    const bool isFresh = m_whole == TimeSpan();
    if (!m_isSeen || (m_isPaused && !isFresh))
        return;
    const auto now = static_cast<double>(QDateTime::currentMSecsSinceEpoch());
    m_whole = {now - m_history.range().length, now};
    const SeriesByName all = data();
    for (ChartCard* card : m_cards)
        card->setData(all, span(), m_history.range().step * 1e3);
    showMarks();
}

void HistoryPanel::showMarks() {
    if (!m_isSeen)
        return;
    std::vector<ChartMark> marks;
    for (const Happening& each : m_happenings.all())
        if (isMarked(each.kind) && static_cast<double>(each.atMs) >= m_whole.from)
            marks.push_back({static_cast<double>(each.atMs), roleOf(each.kind), each.text});
    for (ChartCard* card : m_cards)
        card->chart()->setMarks(marks);
}

void HistoryPanel::zoom(const TimeSpan& span) {
    m_zoom = span;
    m_back->setVisible(true);
    for (ChartCard* card : m_cards)
        card->chart()->setSpan(span);
}

void HistoryPanel::zoomBack() {
    m_zoom.reset();
    m_back->setVisible(false);
    for (ChartCard* card : m_cards)
        card->chart()->setSpan(m_whole);
}

QString HistoryPanel::csv() const {
    return csvOf(data(), span());
}

void HistoryPanel::save(const QString& ending) {
    auto* dialog = new QFileDialog(this, tr("Save the charts"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(ending);
    dialog->setNameFilter(QStringLiteral("*.") + ending);
    dialog->selectFile(QStringLiteral("modelmora-history.") + ending);
    connect(dialog, &QFileDialog::fileSelected, this, &HistoryPanel::write);
    dialog->open();
}

void HistoryPanel::write(const QString& path) {
    QSaveFile file(path);
    bool isWritten = file.open(QIODevice::WriteOnly);
    if (isWritten && path.endsWith(QStringLiteral(".png")))
        isWritten = grab().save(&file, "PNG");
    else if (isWritten)
        isWritten = file.write(csv().toUtf8()) >= 0;
    if (isWritten && file.commit())
        m_context.guide.tell(tr("Saved as %1.").arg(path));
    else
        m_context.guide.tellFailure(tr("%1 could not be written: %2.").arg(path, file.errorString()));
}

} // namespace mm::gui

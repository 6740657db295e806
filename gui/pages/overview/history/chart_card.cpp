#include "gui/pages/overview/history/chart_card.h"

#include "gui/pages/overview/side/happening.h"
#include "gui/theme/kind.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace mm::gui {

ChartCard::ChartCard(Theme& theme, const QString& title, std::vector<ChartLine> lines, double fixedTop, QWidget* parent)
    : QFrame(parent)
    , m_theme(theme)
    , m_chart(new TimeChart(theme, title, std::move(lines), fixedTop))
    , m_legend(new QLabel) {
    setKind(*this, "card");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 10, 8, 4);
    column->setSpacing(2);
    auto* heading = new QLabel(title);
    setKind(*heading, "heading");
    auto* row = new QHBoxLayout;
    row->setSpacing(10);
    row->addWidget(heading);
    row->addStretch(1);
    row->addWidget(m_legend);
    row->setContentsMargins(0, 0, 6, 0);
    setKind(*m_legend, "muted");
    column->addLayout(row);
    column->addWidget(m_chart, 1);
    connect(&theme, &Theme::changed, this, &ChartCard::writeLegend);
    writeLegend();
}

void ChartCard::explainMarks() {
    m_explainsMarks = true;
    writeLegend();
}

void ChartCard::setOptional() {
    m_isOptional = true;
    hide();
}

void ChartCard::setData(const SeriesByName& values, const TimeSpan& span, double step) {
    m_chart->setData(values, span, step);
    if (m_isOptional) {
        bool isKnown = false;
        for (std::size_t i = 0; i < m_chart->lines().size(); ++i)
            isKnown |= m_chart->isKnown(i);
        setVisible(isKnown);
    }
    writeLegend();
}

void ChartCard::writeLegend() {
    QStringList parts = m_chart->legend();
    using Kind = Happening::Kind;
    if (m_explainsMarks)
        for (const Kind kind : {Kind::Crash, Kind::Unload, Kind::Refusal, Kind::Load})
            parts << legendEntry(m_theme.colour(roleOf(kind)), QChar(u'●'), wordOf(kind));
    if (const QString text = parts.join(QStringLiteral("&nbsp;&nbsp; ")); text != m_legend->text())
        m_legend->setText(text);
}

} // namespace mm::gui

#include "gui/shell/header/decision_strip.h"

#include "gui/shell/header/dot.h"
#include "gui/theme/kind.h"
#include "gui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace mm::gui {

DecisionStrip::DecisionStrip(const Theme& theme) : m_theme(theme), m_rows(new QVBoxLayout(this)) {
    setObjectName(QStringLiteral("decisions"));
    setAccessibleName(tr("What needs a decision"));
    m_rows->setContentsMargins(16, 12, 16, 0);
    m_rows->setSpacing(8);
    hide();
    connect(&theme, &Theme::changed, this, &DecisionStrip::rebuild);
}

void DecisionStrip::show(const std::vector<Decision>& decisions) {
    // One that is over may come again.
    std::erase_if(m_dismissed, [&](const QString& id) {
        return std::none_of(decisions.begin(), decisions.end(), [&](const Decision& each) { return each.id == id; });
    });
    m_all = decisions;
    std::vector<QString> wanted;
    for (const Decision& decision : m_all)
        if (!m_dismissed.contains(decision.id))
            wanted.push_back(decision.id + QLatin1Char('\n') + decision.title + QLatin1Char('\n') + decision.detail);
    if (wanted == m_shown)
        return; // a button under the pointer or with the focus stays
    m_shown = std::move(wanted);
    rebuild();
}

void DecisionStrip::rebuild() {
    while (QLayoutItem* item = m_rows->takeAt(0)) {
        if (item->widget()) {
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
    std::size_t count = 0;
    for (const Decision& decision : m_all)
        if (!m_dismissed.contains(decision.id) && ++count <= kShown)
            m_rows->addWidget(makeRow(decision));
    if (count > kShown) {
        auto* more = new QLabel(tr("and %n more", nullptr, static_cast<int>(count - kShown)));
        setKind(*more, "muted");
        m_rows->addWidget(more);
    }
    setVisible(count > 0);
}

QWidget* DecisionStrip::makeRow(const Decision& decision) {
    auto* row = new QFrame;
    setKind(*row, decision.level == HealthLevel::Bad ? "decision-bad" : "decision");
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(12, 8, 12, 8);
    line->setSpacing(8);
    line->addWidget(new Dot(m_theme, roleOf(decision.level)));
    auto* text = new QLabel(
        QStringLiteral("<b>%1</b>&ensp;%2").arg(decision.title.toHtmlEscaped(), decision.detail.toHtmlEscaped()));
    text->setTextFormat(Qt::RichText);
    text->setWordWrap(true);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    text->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    line->addWidget(text, 1);
    bool isFirst = true;
    for (const DecisionAction& action : decision.actions) {
        auto* button = new QPushButton(action.text);
        if (isFirst)
            setKind(*button, "primary");
        isFirst = false;
        connect(button, &QPushButton::clicked, this, [this, action] { Q_EMIT chosen(action); });
        line->addWidget(button, 0, Qt::AlignVCenter);
    }
    if (decision.canBeDismissed) {
        auto* button = new QPushButton(tr("Dismiss"));
        connect(button, &QPushButton::clicked, this, [this, id = decision.id] { dismiss(id); });
        line->addWidget(button, 0, Qt::AlignVCenter);
    }
    return row;
}

void DecisionStrip::dismiss(const QString& id) {
    m_dismissed.insert(id);
    show(std::vector<Decision>(m_all));
}

} // namespace mm::gui

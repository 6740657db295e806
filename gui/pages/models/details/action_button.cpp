#include "gui/pages/models/details/action_button.h"

#include <QAction>

namespace mm::gui::models {
namespace {

constexpr int kBriefWidth = 40;

} // namespace

ActionButton::ActionButton(QAction& action, const char* name) : m_action(action) {
    setObjectName(QString::fromLatin1(name));
    follow();
    connect(&action, &QAction::changed, this, &ActionButton::follow);
    connect(this, &QPushButton::clicked, &action, &QAction::trigger);
}

void ActionButton::setBrief(bool isBrief) {
    if (m_isBrief == isBrief)
        return;
    m_isBrief = isBrief;
    follow();
}

QSize ActionButton::minimumSizeHint() const {
    return {kBriefWidth, sizeHint().height()};
}

void ActionButton::follow() {
    setText(m_action.text());
    setIcon(m_action.icon());
    setEnabled(m_action.isEnabled());
    setAccessibleName(m_action.text());
    m_fullWidth = sizeHint().width();
    QString tip = m_action.toolTip() == m_action.text() ? QString() : m_action.toolTip();
    if (m_isBrief) {
        setText({});
        tip = tip.isEmpty() ? m_action.text() : QString(m_action.text() + QStringLiteral(": ") + tip);
    }
    const QString key = m_action.shortcut().toString(QKeySequence::NativeText);
    if (!key.isEmpty())
        tip += (tip.isEmpty() ? QString() : QStringLiteral("  ")) + QStringLiteral("[%1]").arg(key);
    setToolTip(tip);
}

} // namespace mm::gui::models

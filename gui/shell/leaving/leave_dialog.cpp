#include "gui/shell/leaving/leave_dialog.h"

#include "gui/theme/kind.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace mm::gui {

LeaveDialog::LeaveDialog(bool hasTray, QWidget* parent)
    : QDialog(parent), m_running(new QLabel), m_remember(new QCheckBox(tr("Do the same until the console ends"))) {
    setObjectName(QStringLiteral("leave"));
    setWindowTitle(tr("Close the console"));
    auto* question = new QLabel(tr("The engine runs within this console. Shall it go on serving?"));
    setKind(*question, "heading");
    m_running->setObjectName(QStringLiteral("running"));
    setKind(*m_running, "muted");
    auto* keep = new QPushButton(hasTray ? tr("Keep serving in the tray") : tr("Keep serving, minimised"));
    keep->setObjectName(QStringLiteral("keep"));
    setKind(*keep, "primary");
    keep->setDefault(true);
    auto* stop = new QPushButton(tr("Stop the engine"));
    stop->setObjectName(QStringLiteral("stop"));
    setKind(*stop, "danger");
    auto* cancel = new QPushButton(tr("Cancel"));
    cancel->setObjectName(QStringLiteral("cancel"));
    connect(keep, &QPushButton::clicked, this, [this] {
        Q_EMIT keepChosen();
        accept();
    });
    connect(stop, &QPushButton::clicked, this, [this] {
        Q_EMIT stopChosen();
        accept();
    });
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(cancel);
    buttons->addStretch(1);
    buttons->addWidget(stop);
    buttons->addWidget(keep);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 20, 20, 16);
    column->setSpacing(12);
    column->addWidget(question);
    column->addWidget(m_running);
    column->addWidget(m_remember);
    column->addLayout(buttons);
}

void LeaveDialog::showRunning(const QString& sentence) {
    m_running->setText(sentence);
}

bool LeaveDialog::isRemembered() const {
    return m_remember->isChecked();
}

} // namespace mm::gui

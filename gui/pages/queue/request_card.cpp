#include "gui/pages/queue/request_card.h"

#include "gui/theme/kind.h"
#include "gui/theme/theme.h"
#include "gui/widgets/time_split_bar.h"
#include "gui/widgets/time_text.h"

#include <QAction>
#include <QFormLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

namespace mm::gui {
namespace {

QLabel* labelOf(const char* kind) {
    auto* label = new QLabel;
    label->setWordWrap(true);
    setKind(*label, kind);
    return label;
}

// A button that does and shows what an action does, gone where the action is.
QPushButton* buttonOf(QAction* action) {
    auto* button = new QPushButton;
    const auto take = [button, action] {
        button->setText(action->iconText());
        button->setToolTip(action->toolTip());
        button->setEnabled(action->isEnabled());
        button->setVisible(action->isVisible());
    };
    if (action->property("danger").toBool())
        setKind(*button, "danger");
    button->setObjectName(action->objectName());
    QObject::connect(action, &QAction::changed, button, take);
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    take();
    return button;
}

} // namespace

RequestCard::RequestCard(Theme& theme, const std::vector<QAction*>& actions, QWidget* parent) : QFrame(parent) {
    setKind(*this, "card");
    setObjectName(QStringLiteral("requestCard"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 12, 14, 12);
    column->setSpacing(8);
    m_title = labelOf("heading");
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_empty = labelOf("muted");
    column->addWidget(m_title);
    column->addWidget(m_empty);
    m_body = new QWidget;
    auto* body = new QVBoxLayout(m_body);
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(8);
    m_form = new QFormLayout;
    m_form->setHorizontalSpacing(14);
    m_form->setVerticalSpacing(8);
    m_form->setLabelAlignment(Qt::AlignLeft);
    const std::array<QString, kLines> names{tr("client"), tr("model"),    tr("state"), tr("waits because"),
                                            tr("inputs"), tr("deadline"), tr("took")};
    for (std::size_t line = 0; line < kLines; ++line) {
        auto* name = labelOf("muted");
        name->setText(names[line]);
        name->setWordWrap(false);
        m_values[line] = labelOf("");
        m_values[line]->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_form->addRow(name, m_values[line]);
    }
    m_split = new TimeSplitBar(theme);
    m_splitText = labelOf("muted");
    m_error = labelOf("bad");
    m_error->setObjectName(QStringLiteral("requestError"));
    m_buttons = new QWidget;
    auto* buttons = new QHBoxLayout(m_buttons);
    buttons->setContentsMargins(0, 0, 0, 0);
    buttons->setSpacing(6);
    for (QAction* action : actions)
        buttons->addWidget(buttonOf(action));
    buttons->addStretch(1);
    body->addLayout(m_form);
    body->addWidget(m_split);
    body->addWidget(m_splitText);
    body->addWidget(m_error);
    body->addWidget(m_buttons);
    column->addWidget(m_body);
    column->addStretch(1);
    showNothing(tr("Choose a request to see all of it."));
}

void RequestCard::show(const v1::QueueEntry& entry, double now) {
    m_entry = entry;
    m_title->setText(tr("Request %1").arg(shortId(entry.request_id())));
    m_title->setToolTip(QString::fromStdString(entry.request_id()));
    m_empty->hide();
    m_body->show();
    const std::array<QString, kLines> texts{
        QString::fromStdString(entry.client()),
        QString::fromStdString(entry.version().empty() ? entry.model_id() : entry.model_id() + "@" + entry.version()),
        stateText(entry, now),
        isWaiting(entry) ? becauseText(entry) : QString(),
        entry.inputs() > 0 ? QLocale().toString(entry.inputs()) : kNothing,
        deadlineInMs(entry, now) >= 0 ? tr("in %1").arg(deadlineText(entry, now)) : QString(),
        entry.has_metadata() ? spanText(timeSplitOf(entry.metadata()).total) : QString(),
    };
    for (std::size_t line = 0; line < kLines; ++line) {
        m_values[line]->setText(texts[line]);
        m_form->setRowVisible(static_cast<int>(line), !texts[line].isEmpty());
    }
    showEnd(entry);
}

void RequestCard::showEnd(const v1::QueueEntry& entry) {
    const bool hasSplit = isOver(entry) && entry.has_metadata();
    m_split->setVisible(hasSplit);
    m_splitText->setVisible(hasSplit);
    if (hasSplit) {
        const TimeSplit split = timeSplitOf(entry.metadata());
        m_split->setSplit(split);
        m_splitText->setText(splitText(split));
    }
    m_buttons->setVisible(!isOver(entry));
    m_error->setVisible(entry.has_error());
    setKind(*m_error, entry.state() == v1::REQUEST_STATE_FAILED ? "bad" : "muted"); // red is for what is broken
    m_error->setText(QString::fromStdString(entry.error().message()));
}

void RequestCard::showNothing(const QString& reason) {
    m_entry.reset();
    m_title->setText(tr("Request"));
    m_title->setToolTip({});
    m_body->hide();
    m_empty->setText(reason);
    m_empty->show();
}

} // namespace mm::gui

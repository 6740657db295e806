#include "gui/shell/commands/palette.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

#include <utility>

namespace mm::gui {
namespace {

constexpr int kWidth = 560;
constexpr int kHeight = 380;
constexpr int kBelowTop = 64;
constexpr std::size_t kLimit = 60;

} // namespace

Palette::Palette(const Theme& theme, std::vector<Command> commands, QWidget* window)
    : QDialog(window, Qt::Dialog | Qt::FramelessWindowHint)
    , m_theme(theme)
    , m_commands(std::move(commands))
    , m_line(new QLineEdit)
    , m_list(new QListWidget) {
    setObjectName(QStringLiteral("palette"));
    setAccessibleName(tr("Search or run a command"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_line->setObjectName(QStringLiteral("palette-line"));
    m_line->setPlaceholderText(tr("A page, a model, or what shall be done"));
    m_line->setAccessibleName(tr("Search"));
    m_line->installEventFilter(this);
    m_list->setObjectName(QStringLiteral("palette-list"));
    m_list->setAccessibleName(tr("Found"));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setUniformItemSizes(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    column->setSpacing(8);
    column->addWidget(m_line);
    column->addWidget(m_list, 1);
    connect(m_line, &QLineEdit::textChanged, this, &Palette::search);
    connect(m_line, &QLineEdit::returnPressed, this, &Palette::run);
    connect(m_list, &QListWidget::itemClicked, this, &Palette::run);
    resize(kWidth, kHeight);
    const QPoint middle = window->mapToGlobal(QPoint((window->width() - kWidth) / 2, kBelowTop));
    move(middle);
    search();
}

void Palette::search() {
    m_found = matching(m_commands, m_line->text(), kLimit);
    m_list->clear();
    for (const Command& command : m_found) {
        auto* item = new QListWidgetItem(
            m_theme.icon(command.icon),
            command.hint.isEmpty() ? command.title : command.title + QStringLiteral("   ·   ") + command.hint);
        item->setSizeHint(QSize(0, fontMetrics().height() + 12));
        m_list->addItem(item);
    }
    m_list->setCurrentRow(m_found.empty() ? -1 : 0);
}

void Palette::run() {
    const int row = m_list->currentRow();
    if (row < 0 || row >= static_cast<int>(m_found.size()))
        return;
    const std::function<void()> chosen = m_found[static_cast<std::size_t>(row)].run;
    accept();
    if (chosen)
        chosen();
}

// The arrows move in the list while one types.
bool Palette::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() != QEvent::KeyPress)
        return QDialog::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key != Qt::Key_Down && key != Qt::Key_Up && key != Qt::Key_PageDown && key != Qt::Key_PageUp)
        return QDialog::eventFilter(watched, event);
    QApplication::sendEvent(m_list, event);
    return true;
}

} // namespace mm::gui

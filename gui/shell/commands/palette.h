// Palette: one line to type in, everything the console can open or do below it. GUI thread.
#pragma once

#include "gui/shell/commands/command.h"
#include "gui/theme/theme.h"

#include <QDialog>

class QLineEdit;
class QListWidget;

namespace mm::gui {

class Palette : public QDialog {
    Q_OBJECT

public:
    // `commands` as they are while it is open.
    Palette(const Theme& theme, std::vector<Command> commands, QWidget* window);

private:
    void search();
    void run();
    bool eventFilter(QObject* watched, QEvent* event) override;

    const Theme& m_theme;
    const std::vector<Command> m_commands;
    std::vector<Command> m_found;
    QLineEdit* m_line = nullptr;
    QListWidget* m_list = nullptr;
};

} // namespace mm::gui

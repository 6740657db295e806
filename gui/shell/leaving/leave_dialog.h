// "Keep serving, or stop?", with what still runs. GUI thread.
#pragma once

#include <QDialog>

class QCheckBox;
class QLabel;

namespace mm::gui {

class LeaveDialog : public QDialog {
    Q_OBJECT

public:
    LeaveDialog(bool hasTray, QWidget* parent);

    void showRunning(const QString& sentence);
    // The same answer next time, as long as the console runs.
    [[nodiscard]] bool isRemembered() const;

Q_SIGNALS:
    void keepChosen();
    void stopChosen();

private:
    QLabel* m_running = nullptr;
    QCheckBox* m_remember = nullptr;
};

} // namespace mm::gui

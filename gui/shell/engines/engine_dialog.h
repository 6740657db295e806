// Asks for an engine elsewhere: where it is, its key, and how TLS is spoken with it. GUI thread.
#pragma once

#include "gui/shell/engines/known_engine.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;

namespace mm::gui {

class EngineDialog : public QDialog {
    Q_OBJECT

public:
    // `before`: what stands in the fields at first.
    explicit EngineDialog(const KnownEngine& before, QWidget* parent = nullptr);

    [[nodiscard]] KnownEngine engine() const;
    [[nodiscard]] QString key() const;
    // Only the key is asked for.
    void askForKeyOnly();

private:
    void check();

    QLineEdit* m_name = nullptr;
    QLineEdit* m_address = nullptr;
    QLineEdit* m_key = nullptr;
    QLineEdit* m_ca = nullptr;
    QLabel* m_fault = nullptr;
    QPushButton* m_connect = nullptr;
    KnownEngine m_before;
};

} // namespace mm::gui

// ConsoleSettings: what the console itself is set to, whichever engine it shows: how it looks, its language. GUI
// thread.
#pragma once

#include <QFrame>

namespace mm::gui {

class Appearance;

class ConsoleSettings : public QFrame {
    Q_OBJECT

public:
    // Null: how it looks cannot be chosen here.
    explicit ConsoleSettings(Appearance* appearance, QWidget* parent = nullptr);
};

} // namespace mm::gui

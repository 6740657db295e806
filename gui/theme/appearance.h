// Appearance: which shade somebody chose, remembered; without a choice, the system's. GUI thread.
#pragma once

#include "gui/theme/theme.h"

#include <QObject>

#include <optional>

class QMenu;
class QSettings;

namespace mm::gui {

class Appearance : public QObject {
    Q_OBJECT

public:
    // Applies what was chosen before. Made before anything else changes the application's palette, which says what the
    // system's shade is.
    Appearance(Theme& theme, QSettings& settings, QObject* parent = nullptr);

    // Unset: as the system has it.
    [[nodiscard]] std::optional<Shade> choice() const { return m_choice; }
    void choose(std::optional<Shade> choice);
    void fill(QMenu& menu);

private:
    void apply();

    Theme& m_theme;
    QSettings& m_settings;
    const Shade m_system;
    std::optional<Shade> m_choice;
};

} // namespace mm::gui

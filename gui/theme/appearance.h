// Appearance: which shade somebody chose, remembered; without a choice, the desktop's, also where that changes while
// the console runs. GUI thread.
#pragma once

#include "gui/theme/desktop_wish.h"
#include "gui/theme/theme.h"

#include <QObject>

#include <functional>
#include <optional>

class QMenu;
class QSettings;

namespace mm::gui {

class Appearance : public QObject {
    Q_OBJECT

public:
    // What the desktop's palette looks like; it may leave that palette in place.
    using ReadPalette = std::function<Shade()>;

    // Applies what was chosen before.
    Appearance(Theme& theme, QSettings& settings, QObject* parent = nullptr,
               ReadPalette readPalette = &Theme::systemShade);

    // Unset: as the desktop has it.
    [[nodiscard]] std::optional<Shade> choice() const { return m_choice; }
    [[nodiscard]] Shade desktopShade() const { return shadeFor(m_wish, m_palette); }
    void choose(std::optional<Shade> choice);
    void fill(QMenu& menu);

    // From the desktop's portal.
    void follow(const DesktopWish& wish);
    // Hears by this window, as every one does, when the desktop's palette has changed.
    void watch(QWidget& window);

Q_SIGNALS:
    // The choice, or what the desktop has.
    void changed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void readPaletteAgain();
    void apply();

    Theme& m_theme;
    QSettings& m_settings;
    const ReadPalette m_readPalette;
    Shade m_palette;
    DesktopWish m_wish;
    std::optional<Shade> m_choice;
    bool m_isApplying = false;
    bool m_willRead = false;
};

} // namespace mm::gui

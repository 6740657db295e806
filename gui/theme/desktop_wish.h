// What the desktop asks of programs' looks, as its portal tells it. Pure.
#pragma once

#include "gui/theme/theme.h"

#include <QMap>
#include <QString>
#include <QVariant>

namespace mm::gui {

enum class DesktopShade { None, Dark, Light };

struct DesktopWish {
    DesktopShade shade = DesktopShade::None;
    bool contrast = false;

    friend bool operator==(const DesktopWish&, const DesktopWish&) = default;
};

inline const QString kDesktopLooks = QStringLiteral("org.freedesktop.appearance"); // the portal's name for these

// With one of the portal's settings changed; what is not of the looks, or makes no sense, changes nothing.
DesktopWish withSetting(DesktopWish wish, const QString& key, const QVariant& value);
// Of all that the portal told: by namespace, then by key.
DesktopWish wishOf(const QMap<QString, QVariantMap>& settings);

// What the desktop wishes; where it wishes nothing, what its palette looks like.
Shade shadeFor(const DesktopWish& wish, Shade palette);

} // namespace mm::gui

#include "gui/theme/desktop_wish.h"

namespace mm::gui {

DesktopWish withSetting(DesktopWish wish, const QString& key, const QVariant& value) {
    bool isNumber = false;
    const uint number = value.toUInt(&isNumber);
    if (!isNumber)
        return wish;
    if (key == QLatin1String("color-scheme"))
        wish.shade = number == 1 ? DesktopShade::Dark : number == 2 ? DesktopShade::Light : DesktopShade::None;
    else if (key == QLatin1String("contrast"))
        wish.contrast = number == 1;
    return wish;
}

DesktopWish wishOf(const QMap<QString, QVariantMap>& settings) {
    DesktopWish wish;
    const QVariantMap looks = settings.value(kDesktopLooks);
    for (auto setting = looks.begin(); setting != looks.end(); ++setting)
        wish = withSetting(wish, setting.key(), setting.value());
    return wish;
}

Shade shadeFor(const DesktopWish& wish, Shade palette) {
    if (wish.contrast)
        return Shade::Contrast;
    switch (wish.shade) {
    case DesktopShade::Dark:
        return Shade::Dark;
    case DesktopShade::Light:
        return Shade::Light;
    case DesktopShade::None:
        break;
    }
    return palette;
}

} // namespace mm::gui

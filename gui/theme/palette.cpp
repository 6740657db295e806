#include "gui/theme/palette.h"

namespace mm::gui {
namespace {

struct Colours {
    QRgb window, side, card, line, text, muted, faint, accent, good, warning, bad, hover, other, free;
    std::array<QRgb, kModelColours> models;
};

constexpr Colours kLight{
    0xf5f6f8, 0xeceef1, 0xffffff, 0xdfe3e8, 0x1b1f24,
    0x5d6773, 0x7b8591, 0x2f6fed, 0x1a8753, 0xa86a00,
    0xd03a3a, 0xeef3fe, 0xb4bcc6, 0xeef0f3, {0x2f6fed, 0xe07b00, 0x1f9d61, 0x9b4dca, 0x0098a8, 0xc2447a}};
constexpr Colours kDark{
    0x15181b, 0x101315, 0x1d2125, 0x2d3238, 0xe7eaee,
    0x9aa4af, 0x7c8793, 0x6b9bff, 0x46c088, 0xe0a83a,
    0xf06a6a, 0x22293a, 0x4a525b, 0x262b30, {0x6b9bff, 0xf0a04a, 0x46c088, 0xbd86e6, 0x3fc4d3, 0xe27ba6}};
constexpr Colours kContrast{
    0x000000, 0x000000, 0x000000, 0xffffff, 0xffffff,
    0xffffff, 0xd0d0d0, 0x66b2ff, 0x5cff9d, 0xffd24d,
    0xff8080, 0x1f3a5f, 0x808080, 0x303030, {0x66b2ff, 0xffb454, 0x5cff9d, 0xe0a6ff, 0x4de8ff, 0xff8fc0}};

const Colours& coloursOf(Shade shade) {
    switch (shade) {
    case Shade::Dark:
        return kDark;
    case Shade::Contrast:
        return kContrast;
    case Shade::Light:
        break;
    }
    return kLight;
}

} // namespace

QColor colourOf(Shade shade, Role role) {
    const Colours& all = coloursOf(shade);
    const std::array<QRgb, 14> byRole{all.window, all.side, all.card,    all.line, all.text,  all.muted, all.faint,
                                      all.accent, all.good, all.warning, all.bad,  all.hover, all.other, all.free};
    return QColor(byRole.at(static_cast<std::size_t>(role)));
}

QColor modelColourOf(Shade shade, std::size_t number) {
    return QColor(coloursOf(shade).models.at(number % kModelColours));
}

} // namespace mm::gui

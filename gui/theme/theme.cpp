#include "gui/theme/theme.h"

#include "gui/theme/icon_engine.h"
#include "gui/theme/palette.h"
#include "gui/theme/style_sheet.h"

#include <QApplication>
#include <QFontDatabase>
#include <QPalette>

namespace mm::gui {
namespace {

QPalette paletteOf(Shade shade) {
    const auto colour = [shade](Role role) { return colourOf(shade, role); };
    QPalette palette;
    palette.setColor(QPalette::Window, colour(Role::Window));
    palette.setColor(QPalette::WindowText, colour(Role::Text));
    palette.setColor(QPalette::Base, colour(Role::Card));
    palette.setColor(QPalette::AlternateBase, colour(Role::Window));
    palette.setColor(QPalette::ToolTipBase, colour(Role::Card));
    palette.setColor(QPalette::ToolTipText, colour(Role::Text));
    palette.setColor(QPalette::Text, colour(Role::Text));
    palette.setColor(QPalette::PlaceholderText, colour(Role::Faint));
    palette.setColor(QPalette::Button, colour(Role::Card));
    palette.setColor(QPalette::ButtonText, colour(Role::Text));
    palette.setColor(QPalette::Highlight, colour(Role::Hover));
    palette.setColor(QPalette::HighlightedText, colour(Role::Text));
    palette.setColor(QPalette::Link, colour(Role::Accent));
    palette.setColor(QPalette::Mid, colour(Role::Line));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, colour(Role::Faint));
    return palette;
}

} // namespace

Theme::Theme(QObject* parent) : QObject(parent) {}

void Theme::apply(Shade shade) {
    m_shade = shade;
    qApp->setPalette(paletteOf(shade));
    // The first sheet comes when the window is built: with one, Qt works out the looks of each widget anew with every
    // parent that it is given, which is most of the time that building takes.
    if (!qApp->styleSheet().isEmpty())
        qApp->setStyleSheet(styleSheetOf(shade));
    Q_EMIT changed();
}

Shade Theme::systemShade() {
    QApplication::setPalette(QPalette()); // ours lies upon it
    const QPalette palette = QApplication::palette();
    const int text = palette.color(QPalette::WindowText).lightness();
    const int window = palette.color(QPalette::Window).lightness();
    if (text == 255 && window == 0)
        return Shade::Contrast;
    return text > window ? Shade::Dark : Shade::Light;
}

QColor Theme::colour(Role role) const {
    return colourOf(m_shade, role);
}

QColor Theme::modelColour(const std::string& modelId) {
    const auto known = m_models.try_emplace(modelId.substr(0, modelId.find('@')), m_models.size()).first;
    return modelColourOf(m_shade, known->second);
}

QIcon Theme::icon(const QString& name, Role role) const {
    return QIcon(new SvgIconEngine(*this, QStringLiteral(":/icons/%1.svg").arg(name), role));
}

QFont Theme::figures() {
    return QApplication::font();
}

QFont Theme::monospaced() {
    return QFontDatabase::systemFont(QFontDatabase::FixedFont);
}

} // namespace mm::gui

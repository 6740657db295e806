#include "gui/theme/style_sheet.h"

#include "gui/theme/palette.h"

#include <QFile>

namespace mm::gui {

QString styleSheetOf(Shade shade) {
    QFile file(QStringLiteral(":/style.qss"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QString text = QString::fromUtf8(file.readAll());
    const std::pair<const char*, Role> names[] = {
        {"window", Role::Window}, {"side", Role::Side},       {"card", Role::Card},   {"line", Role::Line},
        {"text", Role::Text},     {"muted", Role::Muted},     {"faint", Role::Faint}, {"accent", Role::Accent},
        {"good", Role::Good},     {"warning", Role::Warning}, {"bad", Role::Bad},     {"hover", Role::Hover},
        {"free", Role::Free}};
    for (const auto& [name, role] : names)
        text.replace(QStringLiteral("{%1}").arg(QLatin1String(name)), colourOf(shade, role).name());
    text.replace(QStringLiteral("{on-accent}"),
                 shade == Shade::Light ? QStringLiteral("#ffffff") : QStringLiteral("#0b1220"));
    text.replace(QStringLiteral("{on-bad}"),
                 shade == Shade::Light ? QStringLiteral("#ffffff") : QStringLiteral("#0b1220"));
    text.replace(QStringLiteral("{arrow}"), shade == Shade::Light ? QStringLiteral("light") : QStringLiteral("dark"));
    return text;
}

} // namespace mm::gui

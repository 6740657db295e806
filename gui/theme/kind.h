// What a standard widget is to the style sheet: "card", "primary", "muted" …; see style_sheet.h.
#pragma once

#include <QStyle>
#include <QVariant>
#include <QWidget>

namespace mm::gui {

// Also of a widget that is shown already; one that was not takes its looks from the sheet when it is.
inline void setKind(QWidget& widget, const char* kind) {
    const QString name = QString::fromLatin1(kind);
    if (widget.property("kind").toString() == name)
        return;
    widget.setProperty("kind", name);
    if (!widget.testAttribute(Qt::WA_WState_Polished))
        return;
    widget.style()->unpolish(&widget);
    widget.style()->polish(&widget);
}

} // namespace mm::gui

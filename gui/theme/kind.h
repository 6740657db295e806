// What a standard widget is to the style sheet: "card", "primary", "muted" …; see style_sheet.h.
#pragma once

#include <QStyle>
#include <QVariant>
#include <QWidget>

namespace mm::gui {

// Also of a widget that is shown already.
inline void setKind(QWidget& widget, const char* kind) {
    widget.setProperty("kind", QString::fromLatin1(kind));
    widget.style()->unpolish(&widget);
    widget.style()->polish(&widget);
}

} // namespace mm::gui

// SvgIconEngine: a line drawing of the icon set in a colour of the theme as it is when it is painted, sharp at every
// size and scale.
#pragma once

#include "gui/theme/theme.h"

#include <QIconEngine>
#include <QPointer>
#include <QString>

namespace mm::gui {

class SvgIconEngine final : public QIconEngine {
public:
    SvgIconEngine(const Theme& theme, QString path, Role role);

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override;
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override;
    [[nodiscard]] QIconEngine* clone() const override { return new SvgIconEngine(*this); }

private:
    QPointer<const Theme> m_theme; // actions may keep an icon for longer than anybody paints it
    const QString m_path;
    const Role m_role;
};

} // namespace mm::gui

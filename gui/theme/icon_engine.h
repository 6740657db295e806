// SvgIconEngine: a line drawing of the icon set in one colour, sharp at every size and scale.
#pragma once

#include <QColor>
#include <QIconEngine>
#include <QString>

namespace mm::gui {

class SvgIconEngine final : public QIconEngine {
public:
    SvgIconEngine(QString path, QColor colour) : m_path(std::move(path)), m_colour(colour) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override;
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override;
    [[nodiscard]] QIconEngine* clone() const override { return new SvgIconEngine(*this); }

private:
    const QString m_path;
    const QColor m_colour;
};

} // namespace mm::gui

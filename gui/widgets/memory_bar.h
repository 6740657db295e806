// MemoryBar: a device's memory as one bar: each model in its colour, other programs at the end, a line where the
// models' part ends. A block tells about itself by mouse, and by the arrow keys. GUI thread.
#pragma once

#include <QRectF>
#include <QString>
#include <QWidget>

#include <string>
#include <vector>

namespace mm::gui {

class Theme;

struct MemoryPart {
    enum class Kind { Weights, Rest, Reserved, Releasing, OtherPrograms };
    Kind kind = Kind::Weights;
    std::string model; // empty where it is none
    std::int64_t bytes = 0;
    QString label; // within the block, where there is room
    QString about; // who, since when, why it would go

    bool operator==(const MemoryPart&) const = default;
};

struct MemoryPicture {
    std::int64_t totalBytes = 0;
    std::int64_t limitBytes = 0; // from the left: as far as models may go
    std::vector<MemoryPart> parts;

    bool operator==(const MemoryPicture&) const = default;
};

// Where each part lies, other programs at the right end; nothing that is there is thinner than can be seen.
std::vector<QRectF> placesOf(const MemoryPicture& picture, const QRectF& bar);

class MemoryBar : public QWidget {
    Q_OBJECT

public:
    explicit MemoryBar(Theme& theme, QWidget* parent = nullptr);

    void setPicture(MemoryPicture picture);
    [[nodiscard]] const MemoryPicture& picture() const { return m_picture; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    // Double click or Enter on a model's block.
    void opened(const std::string& modelId);

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    [[nodiscard]] QRectF bar() const;
    [[nodiscard]] int partAt(const QPointF& point) const;
    void paintPart(QPainter& painter, const MemoryPart& part, const QRectF& place) const;
    void paintLimit(QPainter& painter, const QRectF& all) const;
    void tellAbout(int part, const QPoint& at);
    void openPart(int part);

    Theme& m_theme;
    MemoryPicture m_picture;
    int m_chosen = -1; // by the keyboard
};

} // namespace mm::gui

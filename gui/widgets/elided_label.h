// ElidedLabel: one line of plain text that ends in an ellipsis where there is no room for all of it, and says all of it
// as a tip. It takes what room the others leave. GUI thread.
#pragma once

#include <QLabel>

namespace mm::gui {

class ElidedLabel : public QLabel {
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] QString fitting() const;
};

} // namespace mm::gui

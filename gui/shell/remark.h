// Remark: a sentence above the lower edge of a window, for a while or until it is clicked away. It covers what is below
// it rather than moving the page. GUI thread.
#pragma once

#include <QFrame>
#include <QTimer>

#include <chrono>

class QLabel;

namespace mm::gui {

class Remark : public QFrame {
    Q_OBJECT

public:
    explicit Remark(QWidget& over);

    void tell(const QString& sentence, std::chrono::milliseconds stays);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    void place();

    QWidget& m_over;
    QLabel* m_words = nullptr;
    QTimer m_stays;
};

} // namespace mm::gui

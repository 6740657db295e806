// ShareBars: a bar for each client's part of the compute. GUI thread.
#pragma once

#include "gui/pages/queue/shares.h"

#include <QWidget>

namespace mm::gui {

class Theme;

class ShareBars : public QWidget {
    Q_OBJECT

public:
    explicit ShareBars(Theme& theme, QWidget* parent = nullptr);
    void setShares(std::vector<FairShare> shares);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    [[nodiscard]] int lineHeight() const;

    Theme& m_theme;
    std::vector<FairShare> m_shares;
    int m_more = 0; // clients that are not shown
};

} // namespace mm::gui

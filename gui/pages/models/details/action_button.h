// ActionButton: a button that does as its action says, whatever that becomes. Where it is narrow its icon stands alone.
// GUI thread.
#pragma once

#include <QPushButton>

class QAction;

namespace mm::gui::models {

class ActionButton : public QPushButton {
    Q_OBJECT

public:
    ActionButton(QAction& action, const char* name);

    void setBrief(bool isBrief);
    // With its words.
    [[nodiscard]] int fullWidth() const { return m_fullWidth; }
    // Without, so that the row can become narrow enough for that.
    [[nodiscard]] QSize minimumSizeHint() const override;

private:
    void follow();

    QAction& m_action;
    bool m_isBrief = false;
    int m_fullWidth = 0;
};

} // namespace mm::gui::models

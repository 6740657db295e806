// Dot: a state as a colour, always beside the word for it. GUI thread.
#pragma once

#include "gui/shell/header/health.h"
#include "gui/theme/theme.h"

#include <QPainter>
#include <QWidget>

namespace mm::gui {

[[nodiscard]] inline Role roleOf(HealthLevel level) {
    switch (level) {
    case HealthLevel::Good:
        return Role::Good;
    case HealthLevel::Attention:
        return Role::Warning;
    case HealthLevel::Bad:
        return Role::Bad;
    case HealthLevel::Unknown:
        break;
    }
    return Role::Faint;
}

class Dot : public QWidget {
public:
    explicit Dot(const Theme& theme, Role role = Role::Faint) : m_theme(theme), m_role(role) {
        setFixedSize(kSize + 2, kSize + 2);
        connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    }

    void setRole(Role role) {
        m_role = role;
        update();
    }

private:
    static constexpr int kSize = 9;

    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_theme.colour(m_role));
        painter.drawEllipse(1, 1, kSize, kSize);
    }

    const Theme& m_theme;
    Role m_role;
};

} // namespace mm::gui

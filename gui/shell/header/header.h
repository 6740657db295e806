// Header: which engine, how it is, where to search, what it all looks like. Says what was wished for; knows nobody who
// does it. GUI thread.
#pragma once

#include "gui/shell/header/health.h"
#include "gui/theme/theme.h"

#include <QFrame>

class QLabel;
class QMenu;
class QPushButton;
class QToolButton;

namespace mm::gui {

class Dot;

class Header : public QFrame {
    Q_OBJECT

public:
    Header(Theme& theme, int brandWidth);

    void showEngine(const QString& title);
    void showHealth(const HealthReport& report);
    // Filled by whoever knows the engines, each time before it opens.
    [[nodiscard]] QMenu* engineMenu() const { return m_engineMenu; }
    [[nodiscard]] QMenu* viewMenu() const { return m_viewMenu; }
    void openEngineMenu();

Q_SIGNALS:
    void searchWanted();

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void paintIcons();
    // The sentence as far as there is room; what asks for something comes first.
    void fitHealth();

    const Theme& m_theme;
    QPushButton* m_engine = nullptr;
    QMenu* m_engineMenu = nullptr;
    Dot* m_dot = nullptr;
    QLabel* m_health = nullptr;
    QString m_sentence;
    QString m_emphasis;
    QPushButton* m_find = nullptr;
    QToolButton* m_view = nullptr;
    QMenu* m_viewMenu = nullptr;
};

} // namespace mm::gui

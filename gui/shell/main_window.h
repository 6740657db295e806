// MainWindow: the navigation, the header and the pages. Knows pages only as Page. GUI thread.
#pragma once

#include "gui/shell/page.h"

#include <QMainWindow>

#include <map>

class QButtonGroup;
class QLabel;
class QPushButton;
class QStackedWidget;
class QVBoxLayout;

namespace mm::gui {

class MainWindow : public QMainWindow, private Guide {
    Q_OBJECT

public:
    struct Parts {
        EngineLink& link;
        EngineState& state;
        EventFeed& events;
        Theme& theme;
    };
    MainWindow(const Parts& parts, const PageList& pages);

    void open(const QString& pageId, const QString& subject = {}) override;

private:
    struct Place {
        Page* page = nullptr;
        QPushButton* button = nullptr;
        QLabel* count = nullptr;
    };

    QWidget* makeHeader();
    QWidget* makeNavigation(const PageList& pages);
    void addPage(const PageEntry& entry, QVBoxLayout* into);
    void showHealth();
    void tell(const QString& sentence) override;
    void tellFailure(const QString& sentence) override;

    Parts m_parts;
    std::map<QString, Place> m_places;
    QButtonGroup* m_buttons = nullptr;
    QStackedWidget* m_stack = nullptr;
    QLabel* m_engine = nullptr;
    QLabel* m_health = nullptr;
};

} // namespace mm::gui

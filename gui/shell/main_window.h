// MainWindow: the header, the decisions, the navigation and the pages. Knows pages only as Page. GUI thread.
#pragma once

#include "gui/shell/header/health.h"
#include "gui/shell/page.h"

#include <QMainWindow>

#include <functional>
#include <utility>
#include <vector>

class QButtonGroup;
class QLabel;
class QPushButton;
class QStackedWidget;
class QVBoxLayout;

namespace mm::gui {

class Appearance;
class DecisionStrip;
class EngineBook;
class EngineMenu;
class EngineSwitch;
class Header;
class Remark;
class HealthWatch;
class Welcome;
struct Command;

class MainWindow : public QMainWindow, private Guide {
    Q_OBJECT

public:
    struct Parts {
        EngineLink& link;
        EngineState& state;
        EventFeed& events;
        Theme& theme;
        // Null: not there, such as in a test of a page.
        EngineSwitch* engines = nullptr;
        EngineBook* book = nullptr;
        Appearance* appearance = nullptr;
    };
    MainWindow(const Parts& parts, const PageList& pages);
    ~MainWindow() override;

    void open(const QString& pageId, const QString& subject = {}) override;
    void tell(const QString& sentence) override;
    void tellFailure(const QString& sentence) override;
    [[nodiscard]] bool canRestartEngine() const override;
    void restartEngine() override;

    // Asked each time the window is to be closed; false keeps it open.
    void setCloseQuestion(std::function<bool()> mayClose) { m_mayClose = std::move(mayClose); }
    [[nodiscard]] QString currentPage() const;
    [[nodiscard]] const HealthWatch& health() const { return *m_health; }

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    struct Place {
        PageEntry entry;
        Page* page = nullptr;
        QPushButton* button = nullptr;
    };

    void layOut(QWidget* navigation);
    QWidget* makeNavigation(const PageList& pages);
    void addPage(const PageEntry& entry, QVBoxLayout* into);
    void connectHeader();
    void addShortcuts();
    void addWelcome();
    void showWelcome();
    void openPalette();
    [[nodiscard]] std::vector<Command> commands();
    void addEngineCommands(std::vector<Command>& into);
    void addModelCommands(std::vector<Command>& into);
    void showHealth();
    void act(const DecisionAction& action);

    Parts m_parts;
    std::vector<Place> m_places;
    QButtonGroup* m_buttons = nullptr;
    QStackedWidget* m_stack = nullptr;
    Header* m_header = nullptr;
    Remark* m_remark = nullptr;
    DecisionStrip* m_decisions = nullptr;
    HealthWatch* m_health = nullptr;
    EngineMenu* m_engines = nullptr;
    bool m_isEmpty = false;       // the engine has no model
    Welcome* m_welcome = nullptr; // null where the window is not the whole console
    std::function<bool()> m_mayClose;
};

} // namespace mm::gui

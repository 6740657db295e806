// Page: one subject of the console. A page knows what it shows and nothing of the window around it; what it needs is in
// its PageContext. GUI thread.
#pragma once

#include <QString>
#include <QWidget>

#include <functional>
#include <vector>

namespace mm::gui {

class Appearance;
class EngineLink;
class EngineState;
class EventFeed;
class Theme;

// What a page may ask of the window.
class Guide {
public:
    virtual ~Guide() = default;
    // Another page, about a model ("org/repo"), a request or whatever that page knows; empty: as it was left.
    virtual void open(const QString& pageId, const QString& subject = {}) = 0;
    // A sentence at the foot of the window, for some seconds; what has failed stays until it is read.
    virtual void tell(const QString& sentence) = 0;
    virtual void tellFailure(const QString& sentence) = 0;
    // Ends the engine and starts it anew; only that of the console itself can be.
    [[nodiscard]] virtual bool canRestartEngine() const { return false; }
    virtual void restartEngine() {}
};

// All of it outlives the page.
struct PageContext {
    EngineLink& link;
    EngineState& state;
    EventFeed& events;
    Theme& theme;
    Guide& guide;
    Appearance* appearance = nullptr; // null where nobody can choose it, such as in a test
};

class Page : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    // It is seen now, or not any more; a page that is not seen asks the engine nothing.
    virtual void setSeen(bool seen) { (void)seen; }
    // Opened about something, see Guide.
    virtual void show(const QString& subject) { (void)subject; }
    using QWidget::show;

Q_SIGNALS:
    // The number beside its name in the navigation; 0 shows none.
    void countChanged(int count, bool isBad);
};

struct PageEntry {
    QString id;    // "models", for links and for what is remembered
    QString title; // translated
    QString icon;  // of resources/icons, without its ending
    std::function<Page*(const PageContext&)> make;
};

using PageList = std::vector<PageEntry>;

} // namespace mm::gui

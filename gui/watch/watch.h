// Watch: the console looks at itself, for ./dev bench console and for whoever finds it slow. MODELMORA_CONSOLE_WATCH
// names a file, to which it adds a line of JSON every few seconds and with every page, when its engine has answered and
// why it cannot be reached; MODELMORA_CONSOLE_TOUR a number of seconds, after each of which the next page is shown. GUI
// thread.
#pragma once

#include "gui/watch/watched_application.h"

#include <QFile>
#include <QJsonObject>
#include <QObject>
#include <QStringList>
#include <QTimer>

#include <memory>
#include <string>

namespace mm::gui {

class EngineLink;
class EngineState;
class MainWindow;

class Watch : public QObject {
    Q_OBJECT

public:
    struct Engine {
        EngineLink& link;
        EngineState& state;
    };
    // Null where nobody wants it. Everything outlives it.
    static std::unique_ptr<Watch> asked(WatchedApplication& application, MainWindow& window, const Engine& engine,
                                        const QStringList& pages);
    ~Watch() override;

private:
    Watch(WatchedApplication& application, MainWindow& window, QString file);
    bool eventFilter(QObject* watched, QEvent* event) override;
    void goRound(const QStringList& pages, int seconds);
    // "painted" and the like: when that was, in milliseconds of the system's monotonic clock.
    void mark(const QString& what);
    void noteFault(const EngineLink& link);
    void write(const QString& page);
    void write(const QJsonObject& line);

    WatchedApplication& m_application;
    MainWindow& m_window;
    QFile m_file;
    QTimer m_every;
    QTimer m_next;
    qsizetype m_page = 0;
    bool m_isPainted = false;
    bool m_isAnswered = false;
    std::string m_fault; // that is noted already
};

} // namespace mm::gui

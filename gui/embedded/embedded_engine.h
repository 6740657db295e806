// EmbeddedEngine: an engine within the console, on a thread of its own. GUI thread.
#pragma once

#include "engine/app/settings.h"
#include "engine/base/result.h"

#include <QObject>
#include <QThread>

#include <grpcpp/channel.h>

#include <memory>

namespace mm::app {
class Engine;
} // namespace mm::app

namespace mm::gui {

class EmbeddedEngine : public QObject {
    Q_OBJECT

public:
    explicit EmbeddedEngine(app::Settings settings, QObject* parent = nullptr);
    // Stops it at once where it still runs.
    ~EmbeddedEngine() override;

    void start();
    // Lets running requests end and unloads every model; leaving() and stopped() follow. Again: at once.
    void stop();

Q_SIGNALS:
    // It answers there.
    void started(const std::shared_ptr<grpc::Channel>& channel, const QString& grpcAddress, const QString& restAddress);
    void failed(const QString& reason);
    // The last moment in which the channel may be used: a call through it once the engine is gone ends the program.
    void leaving();
    void stopped();

private:
    void begin();
    void end();

    const app::Settings m_settings;
    QThread m_thread;
    QObject* m_there = nullptr; // lives on the engine's thread, and so does what follows
    std::unique_ptr<app::Engine> m_engine;
    bool m_isOver = false;    // it has stopped and may be destroyed
    bool m_isHurried = false; // the GUI waits
};

} // namespace mm::gui

// EmbeddedEngine: an engine within the console, on a thread of its own. GUI thread.
#pragma once

#include "engine/app/settings.h"
#include "engine/base/result.h"
#include "gui/shell/engines/own_engine.h"

#include <QObject>
#include <QThread>

#include <memory>

namespace mm::app {
class Engine;
} // namespace mm::app

namespace mm::gui {

class EmbeddedEngine : public OwnEngine {
    Q_OBJECT

public:
    explicit EmbeddedEngine(app::Settings settings, QObject* parent = nullptr);
    // Stops it at once where it still runs.
    ~EmbeddedEngine() override;

    void start() override;
    void stop() override;
    [[nodiscard]] bool isRunning() const override { return m_thread.isRunning(); }

private:
    void begin();
    void end();

    const app::Settings m_settings;
    bool m_isLeft = false; // nobody uses the channel any more
    QThread m_thread;
    QObject* m_there = nullptr; // lives on the engine's thread, and so does what follows
    std::unique_ptr<app::Engine> m_engine;
};

} // namespace mm::gui

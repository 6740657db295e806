#include "gui/embedded/embedded_engine.h"

#include "engine/app/engine.h"

#include <utility>

namespace mm::gui {

EmbeddedEngine::EmbeddedEngine(app::Settings settings, QObject* parent)
    : OwnEngine(parent), m_settings(std::move(settings)), m_there(new QObject) {
    m_thread.setObjectName(QStringLiteral("engine"));
    m_there->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, this, &EmbeddedEngine::stopped);
}

EmbeddedEngine::~EmbeddedEngine() {
    if (m_thread.isRunning()) {
        if (!std::exchange(m_isLeft, true))
            Q_EMIT leaving();
        QMetaObject::invokeMethod(m_there, [this] {
            if (!m_engine)
                return end();
            m_engine->stop([this] { end(); });
            m_engine->stop({});
        });
        m_thread.wait();
    }
    delete m_there;
}

void EmbeddedEngine::start() {
    if (m_thread.isRunning())
        return;
    m_isLeft = false;
    m_thread.start();
    QMetaObject::invokeMethod(m_there, [this] { begin(); });
}

void EmbeddedEngine::begin() {
    // With what was changed since the console started.
    const auto settings = app::readAgain(m_settings);
    auto engine =
        settings.ok() ? app::Engine::start(*settings, [] {}) : Result<std::unique_ptr<app::Engine>>(settings.error());
    if (!engine.ok()) {
        Q_EMIT failed(QString::fromStdString(engine.error().message));
        return m_thread.quit();
    }
    m_engine = std::move(engine).value();
    Q_EMIT started(m_engine->inProcessChannel(), QString::fromStdString(m_engine->grpcAddress()),
                   QString::fromStdString(m_engine->restAddress()), QString::fromStdString(m_engine->ownKey()));
}

// Whoever uses the channel has to go first: the face behind it ends long before the models are unloaded.
void EmbeddedEngine::stop() {
    if (!m_thread.isRunning())
        return;
    if (!std::exchange(m_isLeft, true))
        Q_EMIT leaving();
    QMetaObject::invokeMethod(m_there, [this] {
        if (!m_engine)
            return m_thread.quit();
        m_engine->stop([this] { end(); });
    });
}

// Later, since the engine may not go from within its own call.
void EmbeddedEngine::end() {
    QMetaObject::invokeMethod(
        m_there,
        [this] {
            m_engine.reset();
            m_thread.quit();
        },
        Qt::QueuedConnection);
}

} // namespace mm::gui

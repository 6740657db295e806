// OwnEngine: the engine within the console, as the shell sees it; who can run one derives from this. GUI thread.
#pragma once

#include <QObject>
#include <QString>

#include <grpcpp/channel.h>

#include <memory>

namespace mm::gui {

class OwnEngine : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    // Also again, after it has failed or stopped.
    virtual void start() = 0;
    // leaving() comes at once; then running requests end and every model is unloaded, and stopped() follows. Again: no
    // request is waited for.
    virtual void stop() = 0;
    // From start() until stopped().
    [[nodiscard]] virtual bool isRunning() const = 0;

Q_SIGNALS:
    // It answers there, and takes calls with that key for an admin's.
    void started(const std::shared_ptr<grpc::Channel>& channel, const QString& grpcAddress, const QString& restAddress,
                 const QString& key);
    void failed(const QString& reason);
    // The last moment in which the channel may be used: a call through it once the engine is gone ends the program.
    void leaving();
    void stopped();
};

} // namespace mm::gui

#include "gui/shell/engines/engine_switch.h"

#include "gui/client/channel.h"

#include <utility>

namespace mm::gui {
namespace {

constexpr const char* kSystemCa = "system";

Result<std::optional<ClientTlsTexts>> tlsOf(const KnownEngine& engine) {
    if (engine.ca.isEmpty())
        return std::optional<ClientTlsTexts>();
    ClientTlsFiles files;
    if (engine.ca != QLatin1String(kSystemCa))
        files.ca = engine.ca.toStdString();
    files.certificate = engine.certificate.toStdString();
    files.key = engine.certificateKey.toStdString();
    MM_TRY(ClientTlsTexts texts, readClientTls(files));
    return std::optional(std::move(texts));
}

} // namespace

EngineSwitch::EngineSwitch(EngineLink& link, OwnEngine* own, QObject* parent)
    : QObject(parent), m_link(link), m_own(own) {
    if (!m_own)
        return;
    connect(m_own, &OwnEngine::started, this,
            [this](const std::shared_ptr<grpc::Channel>& channel, const QString&, const QString&, const QString& key) {
                m_ownChannel = channel;
                m_ownKey = key;
                m_isChanging = false;
                if (m_isOwn)
                    openOwn();
            });
    connect(m_own, &OwnEngine::failed, this, [this](const QString& reason) {
        m_isChanging = false;
        if (m_isOwn)
            refuse(reason);
        Q_EMIT changed();
    });
    connect(m_own, &OwnEngine::leaving, this, [this] {
        m_isChanging = true;
        if (m_isOwn)
            refuse(tr("The engine is stopping: running requests end, models are unloaded…"));
        m_ownChannel.reset();
    });
    connect(m_own, &OwnEngine::stopped, this, [this] {
        const bool wasLeaving = std::exchange(m_isChanging, false);
        if (m_isOwn && wasLeaving)
            refuse(tr("The engine has stopped."));
        if (std::exchange(m_isRestarting, false) && m_isOwn)
            useOwn();
    });
}

void EngineSwitch::useOwn() {
    if (!m_own)
        return;
    m_isOwn = true;
    m_other.reset();
    m_offered.reset();
    if (m_ownChannel) {
        openOwn();
    } else {
        m_isChanging = true;
        refuse(tr("The engine is starting…"));
        m_own->start();
    }
    Q_EMIT changed();
}

void EngineSwitch::restartOwn() {
    if (!ownRuns() || m_isChanging)
        return;
    m_isRestarting = true;
    m_own->stop();
}

void EngineSwitch::openOwn() {
    m_link.open({tr("This computer"), {}, m_ownKey.toStdString()}, m_ownChannel);
}

void EngineSwitch::use(const KnownEngine& engine, const QString& key) {
    m_isOwn = false;
    m_other = engine;
    m_offered.reset();
    if (const auto tls = tlsOf(engine); tls.ok())
        m_link.open({engine.name, engine.address.toStdString(), key.toStdString()},
                    channelTo(engine.address.toStdString(), *tls));
    else
        refuse(QString::fromStdString(tls.error().message));
    Q_EMIT changed();
}

void EngineSwitch::offer(const LocalEngine& engine) {
    m_offered = engine;
    refuse(tr("An engine runs on this computer already."));
    Q_EMIT changed();
}

void EngineSwitch::useKey(const QString& key) {
    if (const auto engine = m_other)
        use(*engine, key);
}

void EngineSwitch::refuse(const QString& reason) {
    m_link.close({ErrorCode::ServiceUnavailable, reason.toStdString()});
}

QString EngineSwitch::title() const {
    if (m_isOwn)
        return tr("This computer · embedded");
    if (m_other)
        return m_other->name;
    return tr("Choose an engine");
}

} // namespace mm::gui

#include "gui/theme/desktop_settings.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QDir>
#include <QFileInfo>

namespace mm::gui {
namespace {

const QString kConnection = QStringLiteral("modelmora-desktop");
const QString kService = QStringLiteral("org.freedesktop.portal.Desktop");
const QString kPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString kInterface = QStringLiteral("org.freedesktop.portal.Settings");

// Looked for here, since the library would start one where there is none.
bool hasSessionBus() {
    return qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS") ||
           (qEnvironmentVariableIsSet("XDG_RUNTIME_DIR") &&
            QFileInfo::exists(QDir(qEnvironmentVariable("XDG_RUNTIME_DIR")).filePath(QStringLiteral("bus"))));
}

// Lives on the thread of the bus.
class PortalReader : public QObject {
    Q_OBJECT

public:
    ~PortalReader() override { QDBusConnection::disconnectFromBus(kConnection); }

    void begin() {
        qDBusRegisterMetaType<QMap<QString, QVariantMap>>();
        qRegisterMetaType<QDBusVariant>(); // by its name, which connecting looks for
        QDBusConnection bus = QDBusConnection::connectToBus(QDBusConnection::SessionBus, kConnection);
        if (!bus.isConnected())
            return;
        bus.connect(kService, kPath, kInterface, QStringLiteral("SettingChanged"), this,
                    SLOT(change(QString, QString, QDBusVariant)));
        QDBusMessage question = QDBusMessage::createMethodCall(kService, kPath, kInterface, QStringLiteral("ReadAll"));
        question << QStringList{kDesktopLooks};
        auto* answer = new QDBusPendingCallWatcher(bus.asyncCall(question), this);
        connect(answer, &QDBusPendingCallWatcher::finished, this, [this, answer] {
            const QDBusPendingReply<QMap<QString, QVariantMap>> settings = *answer;
            answer->deleteLater();
            if (!settings.isError())
                tell(wishOf(settings.value()));
        });
    }

Q_SIGNALS:
    void told(const mm::gui::DesktopWish& wish);

private Q_SLOTS:
    void change(const QString& space, const QString& key, const QDBusVariant& value) {
        if (space == kDesktopLooks)
            tell(withSetting(m_wish, key, value.variant()));
    }

private:
    void tell(const DesktopWish& wish) {
        m_wish = wish;
        Q_EMIT told(wish);
    }

    DesktopWish m_wish;
};

} // namespace

DesktopSettings::DesktopSettings(QObject* parent) : QObject(parent) {
    if (!hasSessionBus())
        return;
    m_thread.setObjectName(QStringLiteral("desktop"));
    auto* reader = new PortalReader;
    reader->moveToThread(&m_thread);
    connect(reader, &PortalReader::told, this, &DesktopSettings::told);
    connect(&m_thread, &QThread::finished, reader, &QObject::deleteLater);
    m_thread.start();
    QMetaObject::invokeMethod(reader, [reader] { reader->begin(); });
}

DesktopSettings::~DesktopSettings() {
    m_thread.quit();
    m_thread.wait();
}

} // namespace mm::gui

#include "desktop_settings.moc"

#include "gui/shell/engines/known_engine.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <unistd.h>

#include <csignal>

namespace mm::gui {
namespace {

constexpr const char* kUsualPort = "50051";
constexpr qint64 kLongestAnnouncement = 4096;

Error noAddress(const QString& text) {
    return {ErrorCode::ValidationError,
            QCoreApplication::translate("engines", "'%1' is no address of an engine; host:port is wanted, such as "
                                                   "10.0.0.7:50051.")
                .arg(text)
                .toStdString()};
}

} // namespace

Result<QString> engineAddress(const QString& text) {
    QString address = text.trimmed();
    if (address.startsWith(QLatin1String("grpc://")))
        address.remove(0, 7);
    if (address.isEmpty() || address.contains(QLatin1Char('/')) || address.contains(QLatin1Char(' ')) ||
        address.contains(QLatin1Char('@')))
        return noAddress(text);
    // The colons of an IPv6 address stand within brackets.
    const auto colon = address.lastIndexOf(QLatin1Char(':'));
    if (colon < 0 || address.indexOf(QLatin1Char(']'), colon) >= 0)
        return QString(address + QLatin1Char(':') + QLatin1String(kUsualPort));
    bool isNumber = false;
    const int port = address.mid(colon + 1).toInt(&isNumber);
    if (!isNumber || port < 1 || port > 65535 || colon == 0)
        return noAddress(text);
    return address;
}

std::optional<LocalEngine> findLocalEngine(const std::filesystem::path& dataFolder) {
    QFile file(QString::fromStdString((dataFolder / "engine.json").string()));
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QJsonObject said = QJsonDocument::fromJson(file.read(kLongestAnnouncement)).object();
    const auto pid = said.value(QLatin1String("pid")).toInteger();
    const QString address = said.value(QLatin1String("grpc")).toString();
    // One that has crashed leaves its announcement behind.
    if (address.isEmpty() || pid <= 0 || pid == ::getpid() ||
        (::kill(static_cast<pid_t>(pid), 0) != 0 && errno != EPERM))
        return std::nullopt;
    LocalEngine found;
    found.pid = pid;
    found.engine.address = address;
    found.engine.name = address;
    if (said.value(QLatin1String("tls")).toBool())
        found.engine.ca = QStringLiteral("system");
    return found;
}

} // namespace mm::gui

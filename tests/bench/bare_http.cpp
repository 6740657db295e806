// mm_bench_bare_http: QHttpServer by itself, with one route that answers at once: what the engine's REST face is
// measured against. Prints the port and serves until standard input ends.
#include <QCoreApplication>
#include <QHostAddress>
#include <QHttpServer>
#include <QSocketNotifier>

#include <unistd.h>

#include <cstdio>

int main(int count, char** arguments) {
    QCoreApplication application(count, arguments);
    QHttpServer server;
    server.route(QStringLiteral("/health/live"), [] {
        return QHttpServerResponse(QByteArrayLiteral("application/json"), QByteArrayLiteral("{\"status\":\"live\"}"));
    });
    const quint16 port = server.listen(QHostAddress(QHostAddress::LocalHost), 0);
    if (port == 0)
        return 1;
    std::printf("%d\n", static_cast<int>(port));
    std::fflush(stdout);
    QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&input, &QSocketNotifier::activated, &application, [&] {
        char bytes[64];
        if (::read(STDIN_FILENO, bytes, sizeof bytes) <= 0)
            application.quit();
    });
    return QCoreApplication::exec();
}

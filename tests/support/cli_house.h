// The program modelmora as a process of its own, against an engine of fakes behind the real gRPC face. Wants the
// program's path as MM_CLI_PATH.
#pragma once

#include "engine/grpc/grpc_server.h"
#include "tests/support/fake_services.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStringList>

namespace mm::test {

struct CliOutcome {
    int code = -1;
    QByteArray out;
    QByteArray err;

    [[nodiscard]] QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
};

struct CliHouse {
    FakeServices fake;
    GrpcServer server{{.address = "127.0.0.1:0"}, fake.services()};
    QString engine;
    // Set for the program beside what this process has.
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();

    bool start() {
        const auto port = server.start();
        engine = QStringLiteral("127.0.0.1:") + QString::number(port.ok() ? *port : 0);
        return port.ok();
    }

    void launch(QProcess& process, const QString& program, const QStringList& arguments) const {
        QProcessEnvironment with = environment;
        with.insert(QStringLiteral("MODELMORA_ENGINE"), engine);
        process.setProcessEnvironment(with);
        process.start(program, arguments);
    }

    [[nodiscard]] CliOutcome run(const QStringList& arguments, const QByteArray& input = {}) const {
        QProcess process;
        launch(process, QStringLiteral(MM_CLI_PATH), arguments);
        process.write(input);
        process.closeWriteChannel();
        if (!process.waitForFinished(60000) || process.exitStatus() != QProcess::NormalExit)
            return {};
        return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
    }
};

inline QStringList words(const char* text) {
    return QString::fromUtf8(text).split(QLatin1Char(' '));
}

} // namespace mm::test

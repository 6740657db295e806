// modelmora-console as it is started: with an engine elsewhere behind TLS, and told whom to believe.
#include "tests/support/console_house.h"
#include "tests/support/test_certificates.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

using mm::test::ConsoleHouse;

class TestConsoleProgram : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        const mm::test::PemPair pair = m_ours.sign("server");
        m_house = std::make_unique<ConsoleHouse>(
            std::vector<std::string>{"--tls-certificate", file("server.pem", pair.certificate).toStdString(),
                                     "--tls-key", file("server.key", pair.key).toStdString()});
        m_house->isWhole = true;
        m_house->makeWhole();
        QVERIFY(ConsoleHouse::until([&] { return !m_house->grpcAddress.endsWith(QLatin1String(":0")); }));
    }

    void theRightAuthorityLetsItIn() {
        const QString ca = file("ours.pem", m_ours.certificate());
        const QByteArray said = firstWords({QStringLiteral("--tls-ca"), ca});
        QVERIFY2(said.contains(R"("mark":"answered")"), said.constData());
    }

    void anotherAuthorityIsSaidToBeTheReason() {
        const mm::test::TestAuthority another("Another authority");
        const QByteArray said = firstWords({QStringLiteral("--tls-ca"), file("another.pem", another.certificate())});
        QVERIFY2(said.contains("shows a certificate that nobody whom this console believes vouches for. Name the file "
                               "with the authority that signed it."),
                 said.constData());
        QVERIFY2(!said.contains(R"("mark":"answered")"), said.constData());
    }

    void withoutAnAuthorityThereIsNoWayIn() {
        const QByteArray said = firstWords({});
        QVERIFY2(said.contains(R"("mark":"fault")"), said.constData());
        QVERIFY2(!said.contains(R"("mark":"answered")"), said.constData());
    }

    void whatItCannotReadEndsItAtOnce() {
        QProcess console;
        start(console, {QStringLiteral("--tls-certificate"), QStringLiteral("a.pem")}, {});
        QVERIFY(ConsoleHouse::until([&] { return console.state() == QProcess::NotRunning; }));
        QCOMPARE(console.exitCode(), 2);
        QVERIFY(console.readAllStandardError().contains("--tls-certificate and --tls-key belong together"));
    }

    void cleanupTestCase() { m_house.reset(); }

private:
    QString file(const char* name, const std::string& text) const {
        QFile to(m_folder.filePath(QLatin1String(name)));
        if (!to.open(QIODevice::WriteOnly) || to.write(text.c_str()) < 0)
            qFatal("%s", qPrintable(to.errorString()));
        return to.fileName();
    }

    void start(QProcess& console, const QStringList& flags, const QString& watch) const {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("MODELMORA_CONSOLE_WATCH"), watch);
        environment.insert(QStringLiteral("XDG_CONFIG_HOME"), m_folder.path());
        environment.insert(QStringLiteral("HOME"), m_folder.path());
        console.setProcessEnvironment(environment);
        console.start(QStringLiteral(MM_CONSOLE_PROGRAM),
                      QStringList{QStringLiteral("--connect"), m_house->grpcAddress} + flags);
        QVERIFY2(console.waitForStarted(), qPrintable(console.errorString()));
    }

    // What the console noted until its engine had answered or could not be reached; then it is ended in order.
    QByteArray firstWords(const QStringList& flags) const {
        const QString watch = m_folder.filePath(QStringLiteral("watch"));
        QFile::remove(watch);
        QProcess console;
        start(console, flags, watch);
        QByteArray said;
        const bool isTold = ConsoleHouse::until([&] {
            QFile from(watch);
            if (from.open(QIODevice::ReadOnly))
                said = from.readAll();
            return said.contains(R"("mark":"answered")") || said.contains(R"("mark":"fault")");
        });
        console.terminate();
        const bool isOver = ConsoleHouse::until([&] { return console.state() == QProcess::NotRunning; });
        if (!isOver)
            console.kill();
        return isTold && isOver && console.exitCode() == 0 ? said : said + console.readAllStandardError();
    }

    const mm::test::TestAuthority m_ours;
    const QTemporaryDir m_folder;
    std::unique_ptr<ConsoleHouse> m_house;
};

QTEST_MAIN(TestConsoleProgram)
#include "test_console_program.moc"

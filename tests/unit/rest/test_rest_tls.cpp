#include "tests/support/test_certificates.h"
#include "tests/unit/rest/front_fixture.h"

#include <QSslKey>
#include <QSslSocket>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace mm;
using namespace mm::test;
using rest::ExchangePtr;

namespace {

constexpr int kPatienceMs = 15000;

std::map<std::string, rest::Handler> handlers() {
    return {{"/short",
             [](const ExchangePtr& exchange) { exchange->answer({.body = "short", .contentType = "text/plain"}); }},
            {"/large",
             [](const ExchangePtr& exchange) {
                 exchange->answer({.body = std::string(5'000'000, 'x'), .contentType = "text/plain"});
             }},
            {"/pieces", [](const ExchangePtr& exchange) {
                 const auto stream = exchange->answerInPieces({.contentType = "text/plain"});
                 stream->write("abc");
                 stream->finish();
             }}};
}

} // namespace

class TestRestTls : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void requestsAreAnsweredOverTls();
    void largeAnswersAndPiecesArriveWhole();
    void theEndIsSaidInTls();
    void plainHttpIsToldWhatIsSpoken();
    void clientsWithoutTheRightCertificateAreRefused();
    void halfAHandshakeIsCutOff();
    void renewedFilesAreServedWithoutARestart();
    void filesThatDoNotFitAreRefused();

private:
    std::filesystem::path file(const char* name, const std::string& text) const {
        const std::filesystem::path path = m_dir.filePath(QLatin1String(name)).toStdString();
        std::ofstream(path) << text;
        return path;
    }
    [[nodiscard]] TlsFiles files(const PemPair& pair) const {
        return {file("server.pem", pair.certificate), file("server.key", pair.key), {}};
    }
    // Encrypted, or nothing and the reason in m_failure.
    std::unique_ptr<QSslSocket> connected(quint16 port, const PemPair& client = {}) {
        auto socket = std::make_unique<QSslSocket>();
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.setCaCertificates(
            QSslCertificate::fromData(QByteArray::fromStdString(m_authority.certificate()), QSsl::Pem));
        configuration.setAllowedNextProtocols({"h2", "http/1.1"});
        if (!client.key.empty()) {
            configuration.setLocalCertificate(QSslCertificate(QByteArray::fromStdString(client.certificate)));
            configuration.setPrivateKey(QSslKey(QByteArray::fromStdString(client.key), QSsl::Ec));
        }
        socket->setSslConfiguration(configuration);
        socket->connectToHostEncrypted(QStringLiteral("127.0.0.1"), port);
        if (socket->waitForEncrypted(kPatienceMs))
            return socket;
        m_failure = socket->errorString();
        return nullptr;
    }
    bool isServed(quint16 port, const PemPair& client = {}) {
        auto socket = connected(port, client);
        return socket && RestClient(std::move(socket)).request("GET", "/short").has_value();
    }

    QTemporaryDir m_dir;
    TestAuthority m_authority;
    PemPair m_server = m_authority.sign("server");
    QString m_failure;
};

void TestRestTls::init() {
    m_failure.clear();
}

void TestRestTls::requestsAreAnsweredOverTls() {
    FrontFixture front(handlers(), {}, files(m_server));
    auto socket = connected(front.port());
    QVERIFY2(socket, qPrintable(m_failure));
    QCOMPARE(socket->sslConfiguration().nextNegotiatedProtocol(), QByteArray("http/1.1"));
    QVERIFY(socket->sessionProtocol() >= QSsl::TlsV1_2);
    RestClient client(std::move(socket));
    for (int i = 0; i < 3; ++i)
        QCOMPARE(client.request("GET", "/short")->body, std::string("short"));
}

void TestRestTls::largeAnswersAndPiecesArriveWhole() {
    FrontFixture front(handlers(), {}, files(m_server));
    RestClient client(connected(front.port()));
    QCOMPARE(client.request("GET", "/large")->body.size(), std::size_t(5'000'000));
    client.send("GET /pieces HTTP/1.1\r\nHost: x\r\n\r\n");
    QVERIFY(client.answer(true));
    QCOMPARE(client.chunk().value(), std::string("abc"));
    QCOMPARE(client.chunk().value(), std::string());
    QCOMPARE(client.request("GET", "/short")->body, std::string("short"));
}

void TestRestTls::theEndIsSaidInTls() {
    FrontFixture front(handlers(), {}, files(m_server));
    auto socket = connected(front.port());
    QSslSocket* wire = socket.get();
    RestClient client(std::move(socket));
    QCOMPARE(client.request("GET", "/large", {}, "Connection: close\r\n")->body.size(), std::size_t(5'000'000));
    QVERIFY(client.isClosedByServer());
    QCOMPARE(wire->error(), QAbstractSocket::RemoteHostClosedError);
}

void TestRestTls::plainHttpIsToldWhatIsSpoken() {
    FrontFixture front(handlers(), {}, files(m_server));
    RestClient client = front.client();
    const auto answer = client.request("GET", "/short");
    QVERIFY(answer);
    QCOMPARE(answer->status, 400);
    QVERIFY(answer->body.find("https://") != std::string::npos);
    QVERIFY(client.isClosedByServer());
    QVERIFY(isServed(front.port()));
}

void TestRestTls::clientsWithoutTheRightCertificateAreRefused() {
    TlsFiles tls = files(m_server);
    const TestAuthority clients("Authority of the clients");
    tls.clientCa = file("clients.pem", clients.certificate());
    FrontFixture front(handlers(), {}, tls);
    QVERIFY(isServed(front.port(), clients.sign("client")));
    QVERIFY(!isServed(front.port()));
    QVERIFY(!isServed(front.port(), m_authority.sign("stranger")));
    QVERIFY(!isServed(front.port(), clients.sign("late client", -1)));
    QVERIFY(isServed(front.port(), clients.sign("another client")));
}

void TestRestTls::halfAHandshakeIsCutOff() {
    rest::guard::GuardLimits limits;
    limits.headMs = 50;
    FrontFixture front(handlers(), limits, files(m_server));
    RestClient silent = front.client();
    RestClient half = front.client();
    half.send(std::string_view("\x16\x03\x01\x02\x00\x01", 6));
    QVERIFY(silent.isClosedByServer());
    QVERIFY(half.isClosedByServer());
}

void TestRestTls::renewedFilesAreServedWithoutARestart() {
    FrontFixture front(handlers(), {}, files(m_server));
    QVERIFY(isServed(front.port()));
    const auto nameShown = [&] {
        auto socket = connected(front.port());
        return socket ? socket->peerCertificate().subjectInfo(QSslCertificate::CommonName).value(0) : m_failure;
    };
    QCOMPARE(nameShown(), QStringLiteral("server"));
    const PemPair renewed = m_authority.sign("renewed");
    file("server.pem", renewed.certificate); // without its key, for a moment
    QCOMPARE(nameShown(), QStringLiteral("server"));
    file("server.key", renewed.key);
    QTRY_COMPARE_WITH_TIMEOUT(nameShown(), QStringLiteral("renewed"), kPatienceMs);
}

void TestRestTls::filesThatDoNotFitAreRefused() {
    FrontFixture front(handlers());
    TlsFiles wrong = files(m_server);
    wrong.key = file("other.key", m_authority.sign("other").key);
    const auto created = rest::guard::TlsContext::create(wrong);
    QVERIFY(!created.ok());
    QVERIFY(created.error().message.find("other.key is not the key") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestRestTls)
#include "test_rest_tls.moc"

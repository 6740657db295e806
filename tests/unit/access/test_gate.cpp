// What is read as a credential, and what is refused as one.
#include "engine/access/gate.h"

#include <QTest>

using namespace mm;
using namespace mm::access;

class TestGate : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aBearerIsOneWord_data();
    void aBearerIsOneWord();
    void credentialsInAddressesAreFound_data();
    void credentialsInAddressesAreFound();
    void tokensAreRefusedWhereNobodyIssuesThem();
    void aKeyWinsOverACertificate();
    void whatIsOpenIsOpenToAllAndStillKnowsWhoAsks();
};

void TestGate::aBearerIsOneWord_data() {
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("word");
    QTest::newRow("plain") << QByteArray("Bearer abc") << QByteArray("abc");
    QTest::newRow("any case, more blanks") << QByteArray("bEARER   abc ") << QByteArray("abc");
    QTest::newRow("another scheme") << QByteArray("Basic YTpi") << QByteArray();
    QTest::newRow("no word") << QByteArray("Bearer ") << QByteArray();
    QTest::newRow("no blank") << QByteArray("Bearerabc") << QByteArray();
    QTest::newRow("two words") << QByteArray("Bearer a b") << QByteArray();
    QTest::newRow("control characters") << QByteArray("Bearer a\x01"
                                                      "b")
                                        << QByteArray();
    QTest::newRow("empty") << QByteArray("") << QByteArray();
}

void TestGate::aBearerIsOneWord() {
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, word);
    const auto read = bearerOf({header.data(), static_cast<std::size_t>(header.size())});
    QCOMPARE(read.ok(), !word.isEmpty());
    if (read.ok())
        QCOMPARE(std::string(*read), word.toStdString());
    else
        QVERIFY(read.error().code == ErrorCode::Unauthenticated);
}

void TestGate::credentialsInAddressesAreFound_data() {
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("found");
    QTest::newRow("none") << ""
                          << "";
    QTest::newRow("plain") << "limit=1&model=org/repo"
                           << "";
    QTest::newRow("by its name") << "limit=1&API_KEY=x"
                                 << "api_key";
    QTest::newRow("without a value") << "token"
                                     << "token";
    QTest::newRow("by its form") << "q=mm_0123456789012345678901234567890123456789012"
                                 << "q";
    QTest::newRow("a token") << "q=eyJhbGciOiJIUzI1NiJ9.e30.abc"
                             << "q";
    QTest::newRow("a model that begins alike") << "model=mm_small/eyJ"
                                               << "";
    QTest::newRow("odd ends") << "&&=&a"
                              << "";
}

void TestGate::credentialsInAddressesAreFound() {
    QFETCH(QString, query);
    QFETCH(QString, found);
    QCOMPARE(QString::fromStdString(credentialInQuery(query.toStdString())), found);
}

void TestGate::tokensAreRefusedWhereNobodyIssuesThem() {
    SystemClock clock;
    Gate gate({.clock = clock, .key = [](std::string_view) -> Result<IdentityPtr> { return IdentityPtr(); }});
    const auto refused = gate.admit({.authorization = "Bearer a.b.c"}, Operation::Infer, "peer");
    QVERIFY(!refused.ok() && refused.error().message.find("jwt-issuer") != std::string::npos);
}

// The health of a model is asked by an open method, and is told only to those who may know the model.
void TestGate::whatIsOpenIsOpenToAllAndStillKnowsWhoAsks() {
    SystemClock clock;
    int refusals = 0;
    Gate gate({.clock = clock,
               .key = [](std::string_view secret) -> Result<IdentityPtr> {
                   if (secret != "good")
                       return Error{ErrorCode::Unauthenticated, "no such key"};
                   auto identity = std::make_shared<Identity>();
                   identity->name = "app";
                   return IdentityPtr(std::move(identity));
               },
               .refused = [&](const Refused&) { ++refusals; }});
    const auto known = gate.admit({.apiKey = "good"}, Operation::CheckReady, "peer");
    QVERIFY(known.ok() && *known && (*known)->name == "app");
    for (const std::string_view secret : {"", "bad"}) {
        const auto nobody = gate.admit({.apiKey = secret}, Operation::CheckReady, "peer");
        QVERIFY(nobody.ok() && !*nobody);
    }
    QCOMPARE(refusals, 0);
}

void TestGate::aKeyWinsOverACertificate() {
    SystemClock clock;
    const auto named = [](std::string name) {
        auto identity = std::make_shared<Identity>();
        identity->name = std::move(name);
        identity->role = Role::Admin;
        return IdentityPtr(std::move(identity));
    };
    Gate gate({.clock = clock,
               .key = [&](std::string_view) -> Result<IdentityPtr> { return named("key"); },
               .certificate = [&](std::string_view) -> Result<IdentityPtr> { return named("certificate"); }});
    QCOMPARE((*gate.admit({.certificate = "pem"}, Operation::Infer, {}))->name, std::string("certificate"));
    QCOMPARE((*gate.admit({.authorization = "Bearer k", .certificate = "pem"}, Operation::Infer, {}))->name,
             std::string("key"));
    QVERIFY(*gate.admit({}, Operation::CheckAlive, {}) == nullptr);
}

QTEST_GUILESS_MAIN(TestGate)
#include "test_gate.moc"

// Virtual time by itself, and how an operator writes weights.
#include "engine/inference/queue/fair_share.h"

#include <QTest>

using namespace mm;
using namespace mm::inference;

class TestFairShare : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aNewcomerStartsWhereTheLastOneServedStands();
    void whoWasAwayIsBehindByNoMoreThanTheCredit();
    void aHeavierClientsTimeGoesSlower();
    void weightsAreReadAsWritten();
    void wrongWeightsAreNamed_data();
    void wrongWeightsAreNamed();
};

void TestFairShare::aNewcomerStartsWhereTheLastOneServedStands() {
    FairShare fair(std::chrono::microseconds(100));
    Share first;
    fair.join(first);
    FairShare::charge(first, 1, 5000);
    fair.serve(first);
    Share second;
    fair.join(second);
    QCOMPARE(second.time, 5000.0);
}

void TestFairShare::whoWasAwayIsBehindByNoMoreThanTheCredit() {
    FairShare fair(std::chrono::microseconds(100));
    Share away;
    Share busy;
    fair.join(away);
    fair.join(busy);
    FairShare::charge(busy, 1, 5000);
    fair.serve(busy);
    fair.join(away);
    QCOMPARE(away.time, 4900.0);
    Share blocked{10, true}; // waited for its model all the time
    fair.serve(blocked);
    QCOMPARE(blocked.time, 4900.0);
    Share ahead{6000, true};
    fair.join(ahead);
    QCOMPARE(ahead.time, 6000.0);
}

void TestFairShare::aHeavierClientsTimeGoesSlower() {
    Share light;
    Share heavy;
    FairShare::charge(light, 1, 1000);
    FairShare::charge(heavy, 4, 1000);
    QCOMPARE(light.time, 1000.0);
    QCOMPARE(heavy.time, 250.0);
    FairShare::charge(heavy, 4, -1000);
    QCOMPARE(heavy.time, 0.0);
}

void TestFairShare::weightsAreReadAsWritten() {
    QVERIFY(parseClientWeights("").value().empty());
    const auto weights = parseClientWeights("import=0.5,web=2,a=b=3").value();
    QCOMPARE(weights.size(), std::size_t(3));
    QCOMPARE(weights.at("import"), 0.5);
    QCOMPARE(weights.at("web"), 2.0);
    QCOMPARE(weights.at("a=b"), 3.0);
}

void TestFairShare::wrongWeightsAreNamed_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("named");
    QTest::newRow("no weight") << QStringLiteral("web=1,import") << QStringLiteral("'import'");
    QTest::newRow("no name") << QStringLiteral("=1") << QStringLiteral("'=1'");
    QTest::newRow("no number") << QStringLiteral("web=much") << QStringLiteral("'web=much'");
    QTest::newRow("nothing after the number") << QStringLiteral("web=1x") << QStringLiteral("'web=1x'");
    QTest::newRow("zero") << QStringLiteral("web=0") << QStringLiteral("'web=0'");
    QTest::newRow("not a number") << QStringLiteral("web=nan") << QStringLiteral("'web=nan'");
    QTest::newRow("too heavy") << QStringLiteral("web=1001") << QStringLiteral("'web=1001'");
    QTest::newRow("twice") << QStringLiteral("web=1,web=2") << QStringLiteral("'web' is named twice");
}

void TestFairShare::wrongWeightsAreNamed() {
    QFETCH(QString, text);
    QFETCH(QString, named);
    const auto weights = parseClientWeights(text.toStdString());
    QVERIFY(!weights.ok());
    QCOMPARE(weights.error().code, ErrorCode::ValidationError);
    QCOMPARE(weights.error().fieldErrors.at(0).field, std::string("client-weights"));
    QVERIFY2(weights.error().fieldErrors.at(0).message.find(named.toStdString()) != std::string::npos,
             weights.error().fieldErrors.at(0).message.c_str());
}

QTEST_GUILESS_MAIN(TestFairShare)
#include "test_fair_share.moc"

#include "engine/base/near_match.h"

#include <QTest>

using mm::didYouMean;
using mm::nearMatch;

class TestNearMatch : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void slipsOfTheKeyboardAreFound_data();
    void slipsOfTheKeyboardAreFound();
    void whatIsFarOffIsNotGuessed();
};

void TestNearMatch::slipsOfTheKeyboardAreFound_data() {
    QTest::addColumn<QByteArray>("typed");
    QTest::addColumn<QByteArray>("meant");
    QTest::newRow("swapped neighbours") << QByteArray("laod") << QByteArray("load");
    QTest::newRow("left out") << QByteArray("unlod") << QByteArray("unload");
    QTest::newRow("one too many") << QByteArray("statuss") << QByteArray("status");
    QTest::newRow("wrong key") << QByteArray("timeout_secondz") << QByteArray("timeout_seconds");
}

void TestNearMatch::slipsOfTheKeyboardAreFound() {
    QFETCH(QByteArray, typed);
    QFETCH(QByteArray, meant);
    const std::vector<std::string> known{"load", "unload", "status", "timeout_seconds"};
    QCOMPARE(nearMatch(typed.toStdString(), known).value_or(""), meant.toStdString());
    QCOMPARE(didYouMean(typed.toStdString(), known), " Did you mean '" + meant.toStdString() + "'?");
}

void TestNearMatch::whatIsFarOffIsNotGuessed() {
    const std::vector<std::string> known{"load", "unload"};
    QVERIFY(!nearMatch("delete", known));
    QVERIFY(!nearMatch("", known));
    QVERIFY(!nearMatch(std::string(100'000, 'x'), known));
    QVERIFY(didYouMean("delete", known).empty());
}

QTEST_APPLESS_MAIN(TestNearMatch)
#include "test_near_match.moc"

// Spans and moments as people write them.
#include "engine/ipc/times/time_text.h"

#include <QTest>

using namespace mm;
using namespace std::chrono_literals;

class TestTimeText : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void spansHaveAUnit() {
        QVERIFY(readSpan("90s") == 90s);
        QVERIFY(readSpan("15m") == 15min);
        QVERIFY(readSpan("2h") == 2h);
        QVERIFY(readSpan("7d") == 168h);
        for (const char* none : {"", "7", "d", "-1d", "7 d", "1.5h", "7w", "99999999999999999999s", "36501d"})
            QVERIFY2(!readSpan(none), none);
    }
    void momentsAreAgoOrWrittenOut() {
        const WallTime now(1'000'000s);
        QCOMPARE(readTime("1h", now)->seconds(), 996'400);
        QCOMPARE(readTime("1970-01-12T00:00:00Z", now)->seconds(), 950'400);
        for (const char* none : {"", "yesterday", "1970-13-12T00:00:00Z", "36501d"})
            QVERIFY2(!readTime(none, now), none);
    }
};

QTEST_GUILESS_MAIN(TestTimeText)
#include "test_time_text.moc"

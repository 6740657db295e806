#include "engine/lifecycle/policy/retry_policy.h"
#include "tests/support/manual_clock.h"

#include <QTest>

using namespace std::chrono_literals;
using mm::lifecycle::FailureHistory;
using mm::lifecycle::RetryOptions;

class TestRetryPolicy : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void twoFailuresDoNotBlock();
    void threeFailuresInTheWindowBlockForThePause();
    void threeFailuresOverALongTimeDoNotBlock();
    void clearingUnblocks();

private:
    mm::test::ManualClock m_clock;
    RetryOptions m_options{3, 60s, 30s};
};

void TestRetryPolicy::twoFailuresDoNotBlock() {
    FailureHistory history(m_options);
    history.record(m_clock.now());
    history.record(m_clock.now());
    QVERIFY(!history.blockedUntil(m_clock.now()));
}

void TestRetryPolicy::threeFailuresInTheWindowBlockForThePause() {
    FailureHistory history(m_options);
    for (int i = 0; i < 5; ++i)
        history.record(m_clock.now());
    const auto until = history.blockedUntil(m_clock.now());
    QVERIFY(until.has_value());
    QVERIFY(*until == m_clock.now() + 30s);
    m_clock.advance(30s);
    QVERIFY(!history.blockedUntil(m_clock.now()));
    // One more failure after the pause blocks again.
    history.record(m_clock.now());
    QVERIFY(history.blockedUntil(m_clock.now()).has_value());
}

void TestRetryPolicy::threeFailuresOverALongTimeDoNotBlock() {
    FailureHistory history(m_options);
    for (int i = 0; i < 3; ++i) {
        history.record(m_clock.now());
        m_clock.advance(31s);
    }
    QVERIFY(!history.blockedUntil(m_clock.now() - 31s));
}

void TestRetryPolicy::clearingUnblocks() {
    FailureHistory history(m_options);
    for (int i = 0; i < 3; ++i)
        history.record(m_clock.now());
    history.clear();
    QVERIFY(!history.blockedUntil(m_clock.now()));
}

QTEST_APPLESS_MAIN(TestRetryPolicy)
#include "test_retry_policy.moc"

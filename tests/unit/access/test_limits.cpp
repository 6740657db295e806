// Limits as token buckets, with a clock that the test turns: over random schedules never more than was allowed, always
// as much as was; and clocks that jump.
#include "engine/access/limits/meter.h"
#include "engine/access/limits/token_bucket.h"
#include "engine/ipc/retry_after.h"
#include "tests/support/manual_clock.h"

#include <QTest>

#include <random>

using namespace mm;
using namespace mm::access;
using namespace std::chrono_literals;
using mm::test::ManualClock;

class TestLimits : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void noWindowHoldsMoreThanTheCapacityAndItsRefill();
    void whoWaitsAsLongAsToldIsLetIn();
    void aClockThatGoesBackRefillsNothing();
    void aDebtIsWaitedFor();
    void aMeterNamesTheLimitAndWhenToComeBack();
    void otherLimitsForgetOnlyWhatTheyReplace();
    void theQuotaOfADayOutlivesItsMeter();
};

void TestLimits::noWindowHoldsMoreThanTheCapacityAndItsRefill() {
    std::mt19937 random(7);
    for (int round = 0; round < 50; ++round) {
        ManualClock clock;
        const double capacity = 1 + static_cast<double>(random() % 100);
        TokenBucket bucket(capacity, 60s, clock.now());
        std::vector<std::pair<Instant, double>> taken;
        for (int i = 0; i < 2000; ++i) {
            clock.advance(std::chrono::milliseconds(random() % 2000));
            const double amount = 1 + static_cast<double>(random() % 3);
            if (bucket.take(amount, clock.now()))
                taken.emplace_back(clock.now(), amount);
        }
        // Over every window that begins with a taking.
        for (std::size_t first = 0; first < taken.size(); first += 7) {
            double sum = 0;
            for (std::size_t i = first; i < taken.size(); ++i) {
                sum += taken[i].second;
                const double seconds = std::chrono::duration<double>(taken[i].first - taken[first].first).count();
                QVERIFY(sum <= capacity + capacity * seconds / 60 + 1e-6);
            }
        }
        QVERIFY(!taken.empty());
    }
}

void TestLimits::whoWaitsAsLongAsToldIsLetIn() {
    ManualClock clock;
    TokenBucket bucket(3, 60s, clock.now());
    std::mt19937 random(3);
    for (int i = 0; i < 500; ++i) {
        if (!bucket.take(1, clock.now())) {
            const auto wait = bucket.until(1, clock.now());
            QVERIFY(wait > 0s && wait <= 21s);
            clock.advance(std::chrono::duration_cast<std::chrono::nanoseconds>(wait) + 1us);
            QVERIFY(bucket.take(1, clock.now()));
        }
        clock.advance(std::chrono::milliseconds(random() % 9000));
    }
}

void TestLimits::aClockThatGoesBackRefillsNothing() {
    ManualClock clock;
    TokenBucket bucket(2, 60s, clock.now());
    QVERIFY(bucket.take(2, clock.now()));
    clock.advance(-3600s);
    QVERIFY(!bucket.take(1, clock.now()));
    QCOMPARE(bucket.level(clock.now()), 0.0);
    clock.advance(3600s); // and coming back is no time that has passed
    QVERIFY(!bucket.take(1, clock.now()));
    clock.advance(30s);
    QVERIFY(bucket.take(1, clock.now()));
    clock.advance(24h * 365); // however far it jumps, there is no more than the capacity
    QVERIFY(bucket.take(2, clock.now()));
    QVERIFY(!bucket.take(1, clock.now()));
}

void TestLimits::aDebtIsWaitedFor() {
    ManualClock clock;
    Meter meter("app", {.computeSecondsPerMinute = 6.0}, clock.now());
    QVERIFY(meter.checkCompute(clock.now()).ok());
    meter.chargeCompute(12, clock.now()); // known only afterwards
    const auto refused = meter.checkCompute(clock.now());
    QVERIFY(!refused.ok());
    QCOMPARE(retryAfterSeconds(refused.error()), 61); // 6 s of debt at 0.1 a second, and a little
    clock.advance(59s);
    QVERIFY(!meter.checkCompute(clock.now()).ok());
    clock.advance(2s);
    QVERIFY(meter.checkCompute(clock.now()).ok());
    meter.chargeCompute(-5, clock.now()); // nonsense gives nothing back
    meter.chargeCompute(std::nan(""), clock.now());
    QVERIFY(meter.checkCompute(clock.now()).ok());
}

void TestLimits::aMeterNamesTheLimitAndWhenToComeBack() {
    ManualClock clock;
    Meter meter("app", {.requestsPerMinute = 2}, clock.now());
    QVERIFY(meter.takeRequest(clock.now()).ok());
    QVERIFY(meter.takeRequest(clock.now()).ok());
    const auto refused = meter.takeRequest(clock.now());
    QVERIFY(!refused.ok());
    QVERIFY(refused.error().code == ErrorCode::RateLimitExceeded);
    QCOMPARE(std::get<std::string>(refused.error().facts.at("limit")), std::string("requests_per_minute"));
    QCOMPARE(retryAfterSeconds(refused.error()), 30);
}

void TestLimits::otherLimitsForgetOnlyWhatTheyReplace() {
    ManualClock clock;
    Meter meter("app", {.requestsPerMinute = 1, .computeSecondsPerDay = 1.0}, clock.now());
    QVERIFY(meter.takeRequest(clock.now()).ok());
    meter.chargeCompute(2, clock.now());
    meter.setLimits({.requestsPerMinute = 5, .computeSecondsPerDay = 1.0}, clock.now());
    QVERIFY(meter.takeRequest(clock.now()).ok());
    QVERIFY(!meter.checkCompute(clock.now()).ok());
}

void TestLimits::theQuotaOfADayOutlivesItsMeter() {
    const Limits limits{.requestsPerMinute = 1, .computeSecondsPerMinute = 1.0, .computeSecondsPerDay = 240.0};
    ManualClock clock;
    Meter before("app", limits, clock.now());
    QVERIFY(!before.quotaUse(clock.now(), clock.wallNow()));
    before.chargeCompute(260, clock.now());
    const auto told = before.quotaUse(clock.now(), clock.wallNow());
    QVERIFY(told && told->name == "app" && std::abs(told->used - 260) < 1e-6);
    const auto next = [&](const Limits& itsLimits) {
        auto meter = std::make_unique<Meter>("app", itsLimits, clock.now());
        meter->takeBack(*told, clock.now(), clock.wallNow());
        return meter;
    };
    // An hour gives ten seconds back; what is short is full again.
    clock.advance(1h);
    QVERIFY(next(limits)->takeRequest(clock.now()).ok());
    Error refused = next(limits)->checkCompute(clock.now()).error();
    QCOMPARE(std::get<std::string>(refused.facts.at("limit")), std::string("compute_seconds_per_day"));
    clock.advance(61min);
    QVERIFY(next(limits)->checkCompute(clock.now()).ok());
    QVERIFY(std::abs(next(limits)->quotaUse(clock.now(), clock.wallNow())->used - 239.83) < 0.01);
    // A calendar that was set back gives nothing, one that was set on no more than all.
    clock.advance(-24h * 365);
    QVERIFY(std::abs(next(limits)->quotaUse(clock.now(), clock.wallNow())->used - 260) < 1e-6);
    clock.advance(24h * 730);
    QVERIFY(!next(limits)->quotaUse(clock.now(), clock.wallNow()));
    // Of another quota it says nothing.
    clock.advance(-24h * 365);
    QVERIFY(next({.computeSecondsPerDay = 241.0})->checkCompute(clock.now()).ok());
    QVERIFY(next({})->checkCompute(clock.now()).ok());
}

QTEST_GUILESS_MAIN(TestLimits)
#include "test_limits.moc"

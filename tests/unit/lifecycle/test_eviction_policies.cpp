#include "engine/lifecycle/policy/use_frequency.h"
#include "tests/unit/lifecycle/planner_fixture.h"

#include <QTest>

#include <cmath>

using namespace mm;
using namespace mm::lifecycle;
using namespace mm::lifecycle::test;

namespace {

double score(std::string_view policy, const InstanceView& view) {
    return policyNamed(policy).rank(view, kNow).score;
}

InstanceView used(double times, double reloadMs, std::int64_t megabytes, double idleSeconds = 10) {
    InstanceView view = held("m", megabytes, idleSeconds);
    view.uses = times;
    view.reloadMs = reloadMs;
    return view;
}

} // namespace

class TestEvictionPolicies : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theFirstIsTheDefaultAndUnknownNamesListTheKnown() {
        EvictionPolicies policies;
        registerAllPolicies(policies);
        QCOMPARE(policies.names(), (std::vector<std::string>{"lru", "lfu", "cost"}));
        const auto unknown = policies.find("lfo");
        QCOMPARE(unknown.error().code, ErrorCode::InvalidConfiguration);
        QVERIFY(unknown.error().message.find("there are lru, lfu, cost") != std::string::npos);
    }

    void everyPolicyGivesAReasonAndAFiniteScore() {
        EvictionPolicies policies;
        registerAllPolicies(policies);
        for (const std::string& name : policies.names())
            for (const InstanceView& view : {used(0, 0, 0, 0), used(1e9, 1e9, 1'000'000, 1e6)}) {
                const EvictionRank rank = policies.find(name).value()->rank(view, kNow);
                QVERIFY2(std::isfinite(rank.score) && !rank.reason.empty(), name.c_str());
            }
    }

    void lruTakesTheLongestUnused() { QVERIFY(score("lru", used(50, 9, 1, 61)) < score("lru", used(0, 1, 900, 60))); }

    void lfuTakesTheLeastUsedAndOfEqualsTheLongestUnused() {
        QVERIFY(score("lfu", used(0.5, 9, 1, 1)) < score("lfu", used(0.6, 1, 900, 3600)));
        QVERIFY(score("lfu", used(0.5, 9, 1, 61)) < score("lfu", used(0.5, 9, 1, 60)));
    }

    void costWeighsReloadChanceAndBytes() {
        QVERIFY(score("cost", used(1, 100, 100)) < score("cost", used(1, 200, 100)));
        QVERIFY(score("cost", used(0.1, 200, 100)) < score("cost", used(5, 200, 100)));
        QVERIFY(score("cost", used(1, 200, 400)) < score("cost", used(1, 200, 100)));
    }

    void usesFadeByHalfEachHalfLife() {
        UseFrequency uses{std::chrono::minutes(10)};
        QCOMPARE(uses.at(kNow), 0.0);
        uses.record(kNow);
        uses.record(kNow);
        QCOMPARE(uses.at(kNow), 2.0);
        QCOMPARE(uses.at(kNow + std::chrono::minutes(10)), 1.0);
        uses.record(kNow + std::chrono::minutes(20), 3);
        QCOMPARE(uses.at(kNow + std::chrono::minutes(20)), 3.5);
        QCOMPARE(uses.at(kNow), 3.5); // a clock read earlier does not make it grow
    }
};

QTEST_GUILESS_MAIN(TestEvictionPolicies)
#include "test_eviction_policies.moc"

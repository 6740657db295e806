#include "worker/runtime/thread_team.h"
#include "worker/runtime/transformer/group_plan.h"

#include <QtTest>

#include <numeric>

using namespace mm::worker;

namespace {

std::vector<std::int32_t> offsetsOf(const std::vector<std::int32_t>& lengths) {
    std::vector<std::int32_t> offsets{0};
    for (const std::int32_t length : lengths)
        offsets.push_back(offsets.back() + length);
    return offsets;
}

} // namespace

class TestGroupPlan : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everySequenceIsInOneGroup() {
        for (const int threads : {1, 2, 3, 16})
            for (const int count : {1, 2, 5, 33, 400}) {
                std::vector<std::int32_t> lengths(static_cast<std::size_t>(count));
                for (int i = 0; i < count; ++i)
                    lengths[std::size_t(i)] = 1 + i * 7919 % 90;
                const auto offsets = offsetsOf(lengths);
                std::vector<int> seen(lengths.size());
                for (const SequenceGroup& group : planGroups(offsets, threads).groups) {
                    QVERIFY(group.first < group.last);
                    QCOMPARE(group.tokens, offsets[std::size_t(group.last)] - offsets[std::size_t(group.first)]);
                    for (std::int32_t i = group.first; i < group.last; ++i)
                        ++seen[std::size_t(i)];
                }
                QCOMPARE(std::count(seen.begin(), seen.end(), 1), std::ptrdiff_t(seen.size()));
            }
    }

    void equalTextsAreSharedEqually() {
        const auto plan = planGroups(offsetsOf(std::vector<std::int32_t>(32, 12)), 2);
        QVERIFY(!plan.together);
        QCOMPARE(plan.groups.size(), std::size_t{2});
        QCOMPARE(plan.groups[0].tokens, plan.groups[1].tokens);
    }

    void oneTextIsWorkedOnTogether() {
        QVERIFY(planGroups(offsetsOf({12}), 2).together);
        QVERIFY(planGroups(offsetsOf({500}), 2).together);
        QVERIFY(!planGroups(offsetsOf({500}), 1).together);
    }

    void veryUnequalTextsAreWorkedOnTogether() { QVERIFY(planGroups(offsetsOf({500, 20, 20}), 2).together); }

    // Each stage reads what the one before wrote, so a unit that is skipped, doubled or early shows.
    void aTeamFinishesEachStageBeforeTheNext() {
        constexpr std::int64_t kUnits = 13;
        ThreadTeam team(4);
        std::vector<std::int64_t> values(kUnits);
        std::atomic<int> wrong{0};
        auto work = [&](ThreadTeam::Member& member) {
            for (std::int64_t stage = 0; stage < 100; ++stage) {
                member.share(kUnits, [&](std::int64_t unit) { values[std::size_t(unit)] += unit; });
                member.share(kUnits, [&](std::int64_t unit) {
                    if (values[std::size_t(unit)] % std::max<std::int64_t>(unit, 1) != 0 ||
                        (unit > 0 && values[std::size_t(unit)] / unit != values[1]))
                        ++wrong;
                });
            }
        };
        for (int run = 0; run < 50; ++run)
            team.run(work);
        QCOMPARE(wrong.load(), 0);
        for (std::int64_t unit = 0; unit < kUnits; ++unit)
            QCOMPARE(values[std::size_t(unit)], unit * 100 * 50);
    }
};

QTEST_APPLESS_MAIN(TestGroupPlan)
#include "test_group_plan.moc"

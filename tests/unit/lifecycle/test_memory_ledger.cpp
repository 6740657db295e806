#include "engine/lifecycle/memory/memory_ledger.h"
#include "tests/support/scripted_probe.h"
#include "tests/unit/lifecycle/planner_fixture.h"

#include <QTest>

#include <random>

using namespace mm;
using namespace mm::lifecycle;
using namespace mm::lifecycle::test;

namespace {

const InstanceKey kA{"org/a@1", 0};
const InstanceKey kB{"org/b@1", 0};

MemoryNeed needs(std::int64_t megabytes) {
    return {{kHostDevice, megabytes * kMB, 0, 0, EstimateSource::Files}};
}

ByDevice host(std::int64_t megabytes) {
    return {{kHostDevice, megabytes * kMB}};
}

MemoryLedger::Options budget(std::string_view text) {
    return {parseMemoryBudget(text).value(), {}};
}

} // namespace

class TestMemoryLedger : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anInstanceIsReservedCommittedReleasingAndGone() {
        mm::test::ScriptedProbe probe(1000 * kMB);
        MemoryLedger ledger(budget("0.9"), probe);
        const DeviceAccount& account = ledger.devices().front();
        QCOMPARE(account.effectiveBytes, 900 * kMB);

        QVERIFY(ledger.reserve(kA, needs(300)).ok());
        QCOMPARE(ledger.devices().front().reservedBytes, 300 * kMB);
        probe.setProcess(7, host(280));
        ledger.attach(kA, 7);
        QVERIFY(ledger.commit(kA).ok());
        QCOMPARE(ledger.devices().front().reservedBytes, 0);
        QCOMPARE(ledger.devices().front().committedBytes, 280 * kMB);
        QCOMPARE(ledger.devices().front().freeBytes(), 620 * kMB);

        ledger.releasing(kA);
        probe.endProcess(7);
        ledger.refresh();
        QCOMPARE(ledger.devices().front().committedBytes, 280 * kMB); // until release() says so
        QCOMPARE(ledger.find(kA)->peak, host(280));
        ledger.release(kA);
        QCOMPARE(ledger.devices().front().freeBytes(), 900 * kMB);
        QVERIFY(ledger.entries().empty());
    }

    void admitsNothingBeyondTheBudget() {
        mm::test::ScriptedProbe probe(1000 * kMB);
        MemoryLedger ledger(budget("500MB"), probe);
        QVERIFY(ledger.reserve(kA, needs(300)).ok());
        const auto refused = ledger.reserve(kB, needs(201));
        QCOMPARE(refused.error().code, ErrorCode::InsufficientMemory);
        QCOMPARE(fact(refused.error(), "needed_bytes"), 201 * kMB);
        QCOMPARE(fact(refused.error(), "free_bytes"), 200 * kMB);
        QCOMPARE(fact(refused.error(), "budget_bytes"), 500 * kMB);
        QVERIFY(ledger.find(kB) == nullptr);
        QVERIFY(ledger.reserve(kB, needs(200)).ok());
        QVERIFY(ledger.reserve(kB, needs(190)).ok()); // again, instead
        QCOMPARE(ledger.devices().front().reservedBytes, 490 * kMB);
    }

    void aLoadThatTookMoreThanTheBudgetIsReported() {
        mm::test::ScriptedProbe probe(1000 * kMB);
        MemoryLedger ledger(budget("500MB"), probe);
        QVERIFY(ledger.reserve(kA, needs(300)).ok());
        probe.setProcess(7, host(520));
        ledger.attach(kA, 7);
        const auto over = ledger.commit(kA);
        QCOMPARE(over.error().code, ErrorCode::InsufficientMemory);
        QCOMPARE(fact(over.error(), "needed_bytes"), 520 * kMB);
        QCOMPARE(fact(over.error(), "predicted_bytes"), 300 * kMB);
        QCOMPARE(ledger.devices().front().committedBytes, 520 * kMB);
        QCOMPARE(ledger.devices().front().freeBytes(), 0);
    }

    void theBudgetShrinksWhenOthersTakeMemoryAndGrowsBack() {
        mm::test::ScriptedProbe probe(1000 * kMB);
        MemoryLedger ledger(budget("0.9"), probe);
        QVERIFY(ledger.reserve(kA, needs(300)).ok());
        probe.setProcess(7, host(300));
        ledger.attach(kA, 7);
        QVERIFY(ledger.commit(kA).ok());
        probe.setOthers(host(400));
        QVERIFY(ledger.refresh());
        QCOMPARE(ledger.devices().front().effectiveBytes, 600 * kMB);
        QCOMPARE(ledger.devices().front().othersBytes, 400 * kMB);
        QCOMPARE(ledger.devices().front().budgetBytes, 900 * kMB);
        QVERIFY(!ledger.reserve(kB, needs(301)).ok());
        probe.setOthers({});
        QVERIFY(ledger.refresh());
        QVERIFY(!ledger.refresh());
        QCOMPARE(ledger.devices().front().effectiveBytes, 900 * kMB);
    }

    void aWorkerUnderLoadDoesNotCountTwice() {
        mm::test::ScriptedProbe probe(1000 * kMB);
        MemoryLedger ledger(budget("0.9"), probe);
        QVERIFY(ledger.reserve(kA, needs(600)).ok());
        ledger.attach(kA, 7);
        for (const int megabytes : {100, 400, 590}) {
            probe.setProcess(7, host(megabytes));
            ledger.refresh();
            QCOMPARE(ledger.devices().front().usedBytes(), 600 * kMB);
            QCOMPARE(ledger.devices().front().effectiveBytes, 900 * kMB);
        }
        probe.setProcess(7, host(650)); // more than was predicted
        ledger.refresh();
        QCOMPARE(ledger.devices().front().usedBytes(), 650 * kMB);
    }

    void hostAndGpuAreAccountedApart() {
        mm::test::ScriptedProbe probe(1000 * kMB);
        probe.addDevice("cuda:0", 8000 * kMB);
        MemoryLedger ledger({parseMemoryBudget("0.9").value(), parseMemoryBudget("0.5").value()}, probe);
        MemoryNeed need = needs(100);
        need.push_back({"cuda:0", 3900 * kMB, 0, 0, EstimateSource::Files});
        QVERIFY(ledger.reserve(kA, need).ok());
        QCOMPARE(ledger.devices()[1].freeBytes(), 100 * kMB);
        need.back().device = "cuda:3";
        QCOMPARE(ledger.reserve(kB, need).error().code, ErrorCode::DeviceUnavailable);

        probe.setProcess(7, host(110)); // the driver does not tell what the process has on the GPU
        ledger.attach(kA, 7);
        QVERIFY(ledger.commit(kA).ok());
        QCOMPARE(ledger.devices()[0].committedBytes, 110 * kMB);
        QCOMPARE(ledger.devices()[1].committedBytes, 3900 * kMB);
        const v1::MemoryLedger message = ledger.toProto();
        QCOMPARE(message.devices(1).entries(0).predicted_bytes(), 3900 * kMB);
        QCOMPARE(message.devices(0).entries(0).measured_bytes(), 110 * kMB);
        QCOMPARE(message.devices(0).entries(0).model_id(), std::string("org/a"));
        QCOMPARE(message.devices(0).entries(0).version(), std::string("1"));
    }

    void tellsOfEveryChange() {
        mm::test::ScriptedProbe probe(1000 * kMB);
        MemoryLedger ledger(budget("0.9"), probe);
        int told = 0;
        ledger.onChanged([&] { ++told; });
        QVERIFY(ledger.reserve(kA, needs(100)).ok());
        ledger.releasing(kA);
        ledger.releasing(kA);
        ledger.release(kA);
        ledger.release(kA);
        QCOMPARE(told, 3);
        QCOMPARE(ledger.commit(kA).error().code, ErrorCode::InternalError);
    }

    // Whatever happens in which order: what is used is what the entries hold, and reservations never pass the budget.
    void randomLivesNeverOvershoot() {
        mm::test::ScriptedProbe probe(10'000 * kMB);
        MemoryLedger ledger(budget("4000MB"), probe);
        std::mt19937 dice(1);
        const auto upTo = [&](int most) { return std::uniform_int_distribution<int>(0, most)(dice); };
        for (int step = 0; step < 20'000; ++step) {
            const int number = upTo(11);
            const InstanceKey key{"org/m" + std::to_string(number) + "@1", 0};
            const LedgerEntry* entry = ledger.find(key);
            if (entry == nullptr) {
                if (ledger.reserve(key, needs(1 + upTo(900))).ok()) {
                    probe.setProcess(number + 1, host(upTo(50)));
                    ledger.attach(key, number + 1);
                }
            } else if (entry->state == LedgerState::Reserved && upTo(2) > 0) {
                probe.setProcess(number + 1, totals(entry->estimate));
                QVERIFY(ledger.commit(key).ok());
            } else if (entry->state == LedgerState::Releasing) {
                probe.endProcess(number + 1);
                ledger.release(key);
            } else {
                ledger.releasing(key);
            }
            std::int64_t held = 0;
            for (const LedgerEntry& each : ledger.entries())
                held += bytesOn(each.held(), kHostDevice);
            QCOMPARE(ledger.devices().front().usedBytes(), held);
            QVERIFY(held <= ledger.devices().front().effectiveBytes);
        }
    }

    void budgetsAreFractionsOrBytes_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("of16GB");
        QTest::newRow("fraction") << QStringLiteral("0.5") << qint64{8'000'000'000};
        QTest::newRow("all") << QStringLiteral("1") << qint64{16'000'000'000};
        QTest::newRow("powers of ten") << QStringLiteral("12GB") << qint64{12'000'000'000};
        QTest::newRow("powers of two") << QStringLiteral("1.5GiB") << qint64{1'610'612'736};
        QTest::newRow("with a space") << QStringLiteral("512 MB") << qint64{512'000'000};
        QTest::newRow("never more than there is") << QStringLiteral("1TB") << qint64{16'000'000'000};
        for (const char* wrong : {"", "0", "1.1", "-1", "12", "GB", "12 gb", "nan", "inf", "1e999GB", "12GBx", "0.1B"})
            QTest::newRow(wrong) << QString::fromLatin1(wrong) << qint64{-1};
    }
    void budgetsAreFractionsOrBytes() {
        QFETCH(QString, text);
        QFETCH(qint64, of16GB);
        const auto parsed = parseMemoryBudget(text.toStdString());
        QCOMPARE(parsed.ok() ? parsed->of(16'000'000'000) : -1, std::int64_t{of16GB});
    }
};

QTEST_GUILESS_MAIN(TestMemoryLedger)
#include "test_memory_ledger.moc"

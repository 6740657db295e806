// The arithmetic of the overview: what the memory bar is made of, its sentence, and who would have to go next.
#include "gui/pages/overview/memory_picture.h"

#include <QtTest>

#include <google/protobuf/util/time_util.h>

using namespace mm::gui;
using google::protobuf::util::TimeUtil;
using Kind = MemoryPart::Kind;

namespace {

constexpr std::int64_t kGigabyte = 1'000'000'000;
constexpr std::int64_t kNow = 1'700'000'000'000;

v1::LedgerEntry& addEntry(v1::DeviceLedger& device, const char* id, v1::LedgerState state, double predicted,
                          double measured, double weights) {
    v1::LedgerEntry& entry = *device.add_entries();
    entry.set_model_id(id);
    entry.set_version("1");
    entry.set_state(state);
    entry.set_predicted_bytes(static_cast<std::int64_t>(predicted * kGigabyte));
    entry.set_measured_bytes(static_cast<std::int64_t>(measured * kGigabyte));
    entry.mutable_estimate()->set_weights_bytes(static_cast<std::int64_t>(weights * kGigabyte));
    return entry;
}

v1::DeviceLedger deviceOf() {
    v1::DeviceLedger device;
    device.set_device("cpu");
    device.set_total_bytes(24 * kGigabyte);
    device.set_budget_bytes(20 * kGigabyte);
    device.set_effective_budget_bytes(18 * kGigabyte);
    device.set_committed_bytes(5 * kGigabyte);
    device.set_reserved_bytes(2 * kGigabyte);
    device.set_other_programs_bytes(6 * kGigabyte);
    return device;
}

v1::ModelStatus& addModel(v1::SystemStatus& status, const char* id, std::int64_t usedBefore) {
    v1::ModelStatus& model = *status.add_loaded_models();
    model.set_model_id(id);
    model.set_version("1");
    model.set_state(v1::MODEL_STATE_LOADED);
    *model.mutable_last_used_at() = TimeUtil::MillisecondsToTimestamp(kNow - usedBefore);
    return model;
}

} // namespace

class TestMemoryPicture : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aBarIsMadeOfWeightsAndTheRestAndEndsWithOtherPrograms() {
        v1::DeviceLedger device = deviceOf();
        addEntry(device, "org/b", v1::LEDGER_STATE_RESERVED, 2, 0, 1);
        addEntry(device, "org/a", v1::LEDGER_STATE_COMMITTED, 5.1, 5, 4);
        const MemoryPicture picture = pictureOf(device, {}, kNow);
        QCOMPARE(picture.parts.size(), std::size_t{4});
        QCOMPARE(picture.parts[0].model, std::string("org/a"));
        QVERIFY(picture.parts[0].kind == Kind::Weights);
        QCOMPARE(picture.parts[0].bytes, 4 * kGigabyte);
        QVERIFY(picture.parts[1].kind == Kind::Rest);
        QCOMPARE(picture.parts[1].bytes, kGigabyte);
        QVERIFY(picture.parts[2].kind == Kind::Reserved);
        QCOMPARE(picture.parts[2].bytes, 2 * kGigabyte);
        QVERIFY(picture.parts[3].kind == Kind::OtherPrograms);
        QCOMPARE(picture.limitBytes, 18 * kGigabyte);
    }

    void weightsThatAreMappedAreNotCountedTwice() {
        v1::DeviceLedger device = deviceOf();
        addEntry(device, "org/a", v1::LEDGER_STATE_COMMITTED, 3, 3, 4); // part of the file is not in memory
        const MemoryPicture picture = pictureOf(device, {}, kNow);
        QCOMPARE(picture.parts.front().bytes, 3 * kGigabyte);
        QVERIFY(picture.parts[1].kind == Kind::OtherPrograms);
    }

    void blocksLieSideBySideAndOtherProgramsAtTheEnd() {
        v1::DeviceLedger device = deviceOf();
        addEntry(device, "org/a", v1::LEDGER_STATE_COMMITTED, 5, 6, 3);
        addEntry(device, "org/tiny", v1::LEDGER_STATE_COMMITTED, 0.001, 0.001, 0.001);
        const auto places = placesOf(pictureOf(device, {}, kNow), QRectF(0, 0, 240, 30));
        QCOMPARE(places[0], QRectF(0, 0, 30, 30));
        QCOMPARE(places[1], QRectF(30, 0, 30, 30));
        QVERIFY(places[2].width() >= 3); // can be seen and hit
        QCOMPARE(places[3], QRectF(180, 0, 60, 30));
    }

    void theSentenceNamesWhatIsUsedTheBudgetAndTheErrorOfPrediction() {
        v1::DeviceLedger device = deviceOf();
        QCOMPARE(memorySentence(device),
                 QStringLiteral("13.0 of 24.0 GB used · budget 20.0 GB, 18.0 GB of it beside other programs"));
        device.set_effective_budget_bytes(device.budget_bytes());
        addEntry(device, "org/a", v1::LEDGER_STATE_COMMITTED, 5.1, 5, 4);
        addEntry(device, "org/b", v1::LEDGER_STATE_RESERVED, 2, 0, 1); // not measured yet: does not count
        QCOMPARE(memorySentence(device),
                 QStringLiteral("13.0 of 24.0 GB used · budget 20.0 GB · predicted and measured differ by 2.0 %"));
    }

    void whoWouldGoIsWhatTheEngineSays() {
        v1::SystemStatus status;
        addModel(status, "org/recent", 20'000).set_load_time_ms(2'100);
        addModel(status, "org/old", 240'000).set_load_time_ms(2'100);
        addModel(status, "org/pinned", 900'000).set_pinned(true);
        addModel(status, "org/busy", 0).set_in_flight(3);
        addModel(status, "org/crashed", 990'000).set_state(v1::MODEL_STATE_UNHEALTHY);
        v1::EvictionOrder order;
        order.set_policy("lfu");
        const auto goes = [&order](const char* id, const char* reason) {
            v1::PlannedEviction& planned = *order.add_evictions();
            planned.set_model_id(id);
            planned.set_version("1");
            planned.set_reason(reason);
        };
        const auto stays = [&order](const char* id, const char* reason) {
            v1::PlannedStay& planned = *order.add_stays();
            planned.set_model_id(id);
            planned.set_version("1");
            planned.set_reason(reason);
        };
        goes("org/recent", "used twice lately"); // although it was used later: it is the engine's choice
        goes("org/recent", "another worker of it");
        goes("org/gone", "not in the status any more");
        goes("org/old", "used often");
        stays("org/pinned", "pinned");
        stays("org/busy", "busy with 3 requests");
        const auto fatesOf = [&] {
            std::map<std::string, Fate> fates;
            for (const LoadedRow& row : loadedRowsOf(status, nullptr, nullptr, &order))
                fates[row.modelId] = row.fate;
            return fates;
        };
        auto fates = fatesOf();
        QCOMPARE(fates["org/recent"].order, 1);
        QCOMPARE(fates["org/recent"].sentence, QStringLiteral("used twice lately, reloads in 2.1 s"));
        QCOMPARE(fates["org/old"].order, 2);
        QCOMPARE(fates["org/pinned"].sentence, QStringLiteral("never: pinned"));
        QCOMPARE(fates["org/busy"].sentence, QStringLiteral("no: busy with 3 requests"));
        QCOMPARE(fates["org/busy"].order, 0);
        QCOMPARE(fates["org/crashed"].sentence, QStringLiteral("no: its worker is gone"));
        order.set_policy("cost"); // whose reason speaks of the reload itself
        QCOMPARE(fatesOf()["org/recent"].sentence, QStringLiteral("used twice lately"));
        QVERIFY(loadedRowsOf(status, nullptr, nullptr, nullptr)[0].fate.sentence.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestMemoryPicture)
#include "test_memory_picture.moc"

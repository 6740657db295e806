// What the contexts tell, as events: which ones, and how often.
#include "engine/app/adapters/events/inference_events.h"
#include "engine/app/adapters/events/job_events.h"
#include "engine/app/adapters/events/lifecycle_events.h"
#include "engine/app/adapters/events/registry_events.h"
#include "engine/lifecycle/memory/memory_ledger.h"
#include "tests/support/await.h"
#include "tests/support/manual_clock.h"

#include <QTest>

using namespace mm;
using namespace mm::app;
namespace v1 = modelmora::v1;
using lifecycle::EndCause;
using lifecycle::StateChange;

namespace {

struct House {
    House() : watch(log.watch({}).value()) {}
    // "a b c": the types of what was told since the last time.
    std::string told() {
        std::string types;
        for (const events::EventPtr& event : watch->take(1'000).events) {
            types.append(types.empty() ? "" : " ").append(event->type());
            last = event;
        }
        return types;
    }

    test::ManualClock clock;
    events::EventLog log{{}, clock};
    std::shared_ptr<events::EventWatch> watch;
    events::EventPtr last;
};

v1::LoadStage stage(const std::string& name, double percent) {
    v1::LoadStage stage;
    stage.set_stage(name);
    stage.set_percent(percent);
    return stage;
}

std::vector<lifecycle::DeviceAccount> host(std::int64_t effective, std::int64_t used) {
    lifecycle::DeviceAccount account;
    account.device = "cpu";
    account.totalBytes = 2'000;
    account.budgetBytes = 1'000;
    account.effectiveBytes = effective;
    account.committedBytes = used;
    return {account};
}

} // namespace

class TestEventSources : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void statesOfModelsHaveNamesOfTheirOwn();
    void loadsAreToldFromPercentToPercent();
    void memoryIsToldWhereItMatters();
    void oneChangeOfAVersionIsOneEvent();
    void jobsAreToldFromPercentToPercent();
    void depthIsToldWhereItChangesAndSomebodyListens();
};

void TestEventSources::statesOfModelsHaveNamesOfTheirOwn() {
    House house;
    LifecycleEvents source(house.log);
    const auto change = [&](v1::ModelState from, v1::ModelState to, EndCause cause = EndCause::None,
                            std::optional<mm::Error> error = std::nullopt) {
        StateChange made{"org/m@1", from, to, "because"};
        made.cause = cause;
        made.error = std::move(error);
        source.onStateChanged(made);
        return house.told();
    };
    using namespace v1;
    QCOMPARE(change(MODEL_STATE_UNLOADED, MODEL_STATE_LOADING), std::string("model.loading"));
    QCOMPARE(change(MODEL_STATE_LOADING, MODEL_STATE_LOADED), std::string("model.loaded"));
    QCOMPARE(change(MODEL_STATE_LOADED, MODEL_STATE_DRAINING, EndCause::Evicted), std::string("model.draining"));
    QCOMPARE(change(MODEL_STATE_DRAINING, MODEL_STATE_UNLOADED, EndCause::Evicted), std::string("model.evicted"));
    QCOMPARE(house.last->details().fields().at("cause").string_value(), std::string("evicted"));
    QCOMPARE(house.last->details().fields().at("reason").string_value(), std::string("because"));
    QCOMPARE(change(MODEL_STATE_DRAINING, MODEL_STATE_UNLOADED, EndCause::Idle), std::string("model.unloaded"));
    const mm::Error error{ErrorCode::InvalidModelFiles, "cut off", {{"tensor", std::string("w")}}};
    QCOMPARE(change(MODEL_STATE_LOADING, MODEL_STATE_UNHEALTHY, EndCause::None, error),
             std::string("model.load_failed"));
    QCOMPARE(house.last->message(), std::string("cut off"));
    QCOMPARE(house.last->details().fields().at("error_code").string_value(), std::string("INVALID_MODEL_FILES"));
    QCOMPARE(house.last->details().fields().at("tensor").string_value(), std::string("w"));
    QCOMPARE(change(MODEL_STATE_LOADED, MODEL_STATE_UNHEALTHY, EndCause::None, error), std::string("model.unhealthy"));
    QCOMPARE(change(MODEL_STATE_LOADING, MODEL_STATE_UNHEALTHY, EndCause::Ordered),
             std::string("model.load_cancelled"));
    QCOMPARE(change(MODEL_STATE_LOADED, MODEL_STATE_DRAINING, EndCause::Killed), std::string("model.draining"));
    QCOMPARE(house.last->message(), std::string("org/m@1 is ended at once: because."));
    QCOMPARE(change(MODEL_STATE_DRAINING, MODEL_STATE_UNLOADED, EndCause::Killed), std::string("model.unloaded"));
    QCOMPARE(house.last->details().fields().at("cause").string_value(), std::string("killed"));
}

void TestEventSources::loadsAreToldFromPercentToPercent() {
    House house;
    LifecycleEvents source(house.log);
    for (int i = 0; i <= 500; ++i)
        source.onLoadProgress("org/m@1", 0, stage("weights", i / 10.0));
    QCOMPARE(house.watch->take(1'000).events.size(), std::size_t(51));
    source.onLoadProgress("org/m@1", 0, stage("warmup", 50.1));
    source.onLoadProgress("org/m@1", 1, stage("weights", 0.1));
    QCOMPARE(house.told(), std::string("load.progress load.progress"));
    source.onStateChanged({"org/m@1", v1::MODEL_STATE_LOADING, v1::MODEL_STATE_LOADED, "loaded"});
    source.onLoadProgress("org/m@1", 0, stage("weights", 0)); // the next load begins anew
    QCOMPARE(house.told(), std::string("model.loaded load.progress"));
}

void TestEventSources::memoryIsToldWhereItMatters() {
    House house;
    LifecycleEvents source(house.log);
    source.onDevices(host(1'000, 500));
    QCOMPARE(house.told(), std::string("device.found"));
    source.onDevices(host(995, 600));
    QCOMPARE(house.told(), std::string());
    source.onDevices(host(985, 600));
    QCOMPARE(house.told(), std::string("memory.budget_changed"));
    source.onDevices(host(500, 600));
    QCOMPARE(house.told(), std::string("memory.budget_changed memory.threshold_exceeded"));
    source.onDevices(host(500, 700));
    QCOMPARE(house.told(), std::string());
    source.onDevices(host(500, 400));
    QCOMPARE(house.told(), std::string("memory.below_threshold"));
    source.onDevices({});
    QCOMPARE(house.told(), std::string("device.lost"));
    const std::string key = "org/m@1";
    source.onMemory({lifecycle::MemoryChange::What::Reserved, key, 1, {{"cpu", 70}, {"cuda:0", 30}}});
    QCOMPARE(house.told(), std::string("memory.reserved"));
    QCOMPARE(house.last->details().fields().at("bytes").number_value(), 100.0);
    QCOMPARE(house.last->details().fields().at("cuda:0_bytes").number_value(), 30.0);
}

void TestEventSources::oneChangeOfAVersionIsOneEvent() {
    House house;
    RegistryEvents source(house.log);
    registry::ModelEntry entry;
    entry.modelId = "org/m";
    entry.version = "1";
    const auto shared = [](const registry::ModelEntry& made) {
        return std::make_shared<const registry::ModelEntry>(made);
    };
    const auto first = shared(entry);
    source.modelRegistered(first);
    QCOMPARE(house.told(), std::string("model.registered"));
    QCOMPARE(house.last->model_id(), std::string("org/m@1"));
    entry.current = true;
    const auto promoted = shared(entry);
    source.modelUpdated(first, promoted);
    QCOMPARE(house.told(), std::string("model.version_promoted"));
    source.modelUpdated(promoted, first);
    QCOMPARE(house.told(), std::string());
    entry.description = "new";
    source.modelUpdated(promoted, shared(entry));
    QCOMPARE(house.told(), std::string("model.updated"));
    entry.current = false;
    const auto before = shared(entry);
    entry.deprecated = true;
    source.modelUpdated(before, shared(entry));
    QCOMPARE(house.told(), std::string("model.version_deprecated"));
    source.modelRemoved(first);
    QCOMPARE(house.told(), std::string("model.deleted"));
}

void TestEventSources::jobsAreToldFromPercentToPercent() {
    House house;
    JobEvents source(house.log);
    inference::Job job;
    job.id = "j";
    job.modelKey = "org/m@1";
    source.onJobAccepted(job);
    for (std::int64_t done = 1; done <= 1'000; ++done)
        source.onJobProgress({job.id, job.modelKey, job.client, done, 1'000});
    QCOMPARE(house.watch->take(1'000).events.size(), std::size_t(101));
    job.status = v1::JOB_STATUS_FAILED;
    source.onJobEnded(job);
    QCOMPARE(house.told(), std::string("job.failed"));
    job.webhook.lastError = "no answer";
    source.onWebhook(job);
    QCOMPARE(house.told(), std::string("job.webhook"));
    QVERIFY(house.last->details().fields().at("given_up").bool_value());
}

void TestEventSources::depthIsToldWhereItChangesAndSomebodyListens() {
    House house;
    InferenceEvents source(house.log);
    v1::QueueStatus depth;
    source.setDepth([&] { return depth; });
    const std::string name = "r";
    const inference::RequestChange queued{inference::RequestChange::What::Queued, name, name, name};
    depth.set_high_priority(3);
    source.onChanged(queued);
    QCOMPARE(house.told(), std::string("request.queued"));
    bool heard = false;
    const auto hears = [&] { return heard = heard || house.told() == "queue.depth"; };
    QVERIFY(test::awaitUntil(hears));
    QCOMPARE(house.last->details().fields().at("high").number_value(), 3.0);
    depth.set_high_priority(2);
    for (int i = 0; i < 100; ++i)
        source.onChanged(queued);
    (void)house.told();
    heard = false;
    QVERIFY(test::awaitUntil(hears)); // one for all of them
    QCOMPARE(house.last->details().fields().at("high").number_value(), 2.0);
}

QTEST_GUILESS_MAIN(TestEventSources)
#include "test_event_sources.moc"

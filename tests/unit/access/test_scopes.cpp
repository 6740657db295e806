// What a caller whose key names models gets to know of the others: nothing.
#include "engine/service/guard/guarded_services.h"
#include "engine/service/guard/guarded_views.h"
#include "tests/support/at_once.h"
#include "tests/support/fake_services.h"
#include "tests/support/manual_clock.h"

#include <QTest>

#include <future>

using namespace mm;
using namespace mm::test;
using service::CallerScope;

namespace {

struct House {
    FakeServices fakes;
    ManualClock clock;
    AtOnce engine;
    access::Gate gate{
        {.clock = clock, .key = [](std::string_view) -> Result<access::IdentityPtr> { return access::IdentityPtr(); }}};
    service::Guard guard{gate, engine};
    access::IdentityPtr identity;

    explicit House(std::vector<std::string> models) {
        auto somebody = std::make_shared<access::Identity>();
        somebody->name = "app";
        somebody->role = access::Role::Operator;
        somebody->models = std::move(models);
        identity = somebody;
    }

    template <typename Response, typename Ask>
    Result<Response> ask(Ask ask) {
        std::promise<Result<Response>> promise;
        const CallerScope scope(identity->name, identity);
        ask(Reply<Response>([&](Result<Response> result) { promise.set_value(std::move(result)); }));
        return promise.get_future().get();
    }
};

// A registry of 250 models, every second of which is "mine", in pages of at most 100.
Result<v1::ListModelsResponse> page(const v1::ListModelsRequest& request) {
    const int size = request.pagination().page_size() > 0 ? request.pagination().page_size() : 20;
    const int number = request.pagination().page() > 0 ? request.pagination().page() : 1;
    if (size > 100)
        return Error{ErrorCode::ValidationError, "at most 100"};
    v1::ListModelsResponse listed;
    for (int i = (number - 1) * size; i < std::min(250, number * size); ++i)
        listed.add_models()->set_model_id((i % 2 == 0 ? "mine/m" : "other/m") + std::to_string(i));
    auto& pagination = *listed.mutable_pagination();
    pagination.set_total(250);
    pagination.set_page(number);
    pagination.set_page_size(size);
    pagination.set_total_pages((250 + size - 1) / size);
    return listed;
}

} // namespace

class TestScopes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void pagesOfModelsAreCutOfThoseThatMayBeKnown();
    void theQueueShowsThoseThatMayBeKnown();
    void statusAndMemoryDoNotNameTheOthers();
    void eventsOfTheOthersAreNotHeard();
    void whatNamesEveryModelIsRefused();
    void aPlanCountsTheOthers();
    void refusalsAndReasonsCallTheOthersAnother();
};

void TestScopes::pagesOfModelsAreCutOfThoseThatMayBeKnown() {
    House house({"mine/*"});
    house.fakes.onList = page;
    service::GuardedModelService models(house.fakes, house.guard);
    const auto list = [&](int number, int size) {
        v1::ListModelsRequest request;
        request.mutable_pagination()->set_page(number);
        request.mutable_pagination()->set_page_size(size);
        return house.ask<v1::ListModelsResponse>([&](auto reply) { models.listModels(request, std::move(reply)); });
    };
    const auto last = list(3, 60);
    QCOMPARE(last->pagination().total(), 125);
    QCOMPARE(last->pagination().total_pages(), 3);
    QCOMPARE(last->models_size(), 5);
    QCOMPARE(last->models(0).model_id(), std::string("mine/m240"));
    QCOMPARE(list(1, 60)->models_size(), 60);
    QCOMPARE(list(9, 60)->models_size(), 0);
    QVERIFY(list(1, 101).error().code == ErrorCode::ValidationError);
}

void TestScopes::theQueueShowsThoseThatMayBeKnown() {
    House house({"mine/*"});
    house.fakes.onQueue = [](const auto&) {
        v1::QueueReport report;
        for (const char* id : {"mine/a", "other/b"}) {
            report.add_entries()->set_model_id(id);
            report.add_models()->set_model_id(id);
        }
        return report;
    };
    house.fakes.onRequest = [](const v1::GetRequestRequest& request) {
        v1::QueueEntry entry;
        entry.set_request_id(request.request_id());
        entry.set_model_id(request.request_id() == "mine" ? "mine/a" : "other/b");
        entry.set_version("main");
        return entry;
    };
    bool held = false;
    house.fakes.onHoldRequest = [&](const v1::HoldRequestRequest&) {
        held = true;
        return v1::QueueEntry();
    };
    service::GuardedQueueService queue(house.fakes, house.guard);
    const auto report = house.ask<v1::QueueReport>([&](auto reply) { queue.queue({}, std::move(reply)); });
    QCOMPARE(report->entries_size(), 1);
    QCOMPARE(report->models_size(), 1);
    const auto hold = [&](const std::string& id) {
        v1::HoldRequestRequest request;
        request.set_request_id(id);
        return house.ask<v1::QueueEntry>([&](auto reply) { queue.holdRequest(request, std::move(reply)); });
    };
    QVERIFY(hold("others").error().code == ErrorCode::RequestNotFound && !held);
    QVERIFY(hold("mine").ok() && held);
    // What follows from the look at the request is decided for the same caller.
    house.fakes.onCancelRequest = [](const v1::CancelRequestRequest&) { return v1::QueueEntry(); };
    v1::CancelRequestRequest cancel;
    cancel.set_request_id("mine");
    QVERIFY(house.ask<v1::QueueEntry>([&](auto reply) { queue.cancelRequest(cancel, std::move(reply)); }).ok());
    // Who may know of all of them is not looked up first: the order goes on as it came, and into the audit.
    house.identity =
        std::make_shared<access::Identity>(access::Identity{.name = "all", .role = access::Role::Operator});
    house.fakes.onRequest = nullptr;
    held = false;
    QVERIFY(hold("others").ok() && held);
}

void TestScopes::statusAndMemoryDoNotNameTheOthers() {
    House house({"mine/a@2"});
    house.fakes.onStatus = [] {
        v1::SystemStatus status;
        for (const char* version : {"1", "2"}) {
            auto& model = *status.add_loaded_models();
            model.set_model_id("mine/a");
            model.set_version(version);
        }
        return status;
    };
    house.fakes.onMemory = [] {
        v1::MemoryLedger ledger;
        auto& device = *ledger.add_devices();
        device.set_committed_bytes(7);
        device.add_entries()->set_model_id("other/b");
        return ledger;
    };
    service::GuardedSystemService system(house.fakes);
    const auto status = house.ask<v1::SystemStatus>([&](auto reply) { system.status(std::move(reply)); });
    QCOMPARE(status->loaded_models_size(), 1);
    QCOMPARE(status->loaded_models(0).version(), std::string("2"));
    const auto memory = house.ask<v1::MemoryLedger>([&](auto reply) { system.memory(std::move(reply)); });
    QCOMPARE(memory->devices(0).entries_size(), 0);
    QCOMPARE(memory->devices(0).committed_bytes(), std::int64_t{7});
    house.identity = std::make_shared<access::Identity>(access::Identity{.name = "all"});
    QCOMPARE(house.ask<v1::SystemStatus>([&](auto reply) { system.status(std::move(reply)); })->loaded_models_size(),
             2);
}

void TestScopes::eventsOfTheOthersAreNotHeard() {
    House house({"mine/*"});
    events::EventLog log({}, house.clock);
    service::LocalEventService inner(house.engine, log);
    service::GuardedEventService events(inner);
    const auto watch = house.ask<service::EventService::Watch>(
        [&](auto reply) { events.watch(v1::WatchEventsRequest(), std::move(reply)); });
    for (const char* model : {"other/b@main", "mine/a@main", ""})
        log.publish(events::type::kModelLoaded, {.modelId = model, .message = "loaded"});
    const auto taken = (*watch)->take(10).events;
    QCOMPARE(taken.size(), std::size_t{2});
    QCOMPARE(taken.front()->model_id(), std::string("mine/a@main"));
}

void TestScopes::whatNamesEveryModelIsRefused() {
    House house({"mine/*"});
    service::GuardedObservabilityService observability(house.fakes, house.guard);
    const auto metrics = house.ask<v1::MetricsText>([&](auto reply) { observability.metrics(std::move(reply)); });
    QVERIFY(metrics.error().code == ErrorCode::PermissionDenied);
    const auto history = house.ask<v1::HistoryReport>([&](auto reply) {
        v1::GetHistoryRequest request;
        request.set_model_id("other/b");
        observability.history(request, std::move(reply));
    });
    QVERIFY(history.error().code == ErrorCode::PermissionDenied);
}

void TestScopes::aPlanCountsTheOthers() {
    House house({"mine/*"});
    house.fakes.onPlan = [](const auto&) {
        v1::LoadPlan plan;
        plan.set_model_id("mine/new");
        plan.set_explanation("mine/new@1 needs 9 MB, so mine/a@1 (unused), other/b@2 (unused) and other/c@1 go first.");
        for (const auto& [id, bytes] : {std::pair("mine/a", 1), std::pair("other/b", 20), std::pair("other/c", 300)}) {
            auto& eviction = *plan.add_evictions();
            eviction.set_model_id(id);
            eviction.set_version("1");
            eviction.set_freed_bytes(bytes);
        }
        for (const char* id : {"mine/d", "other/e"})
            plan.add_stays()->set_model_id(id);
        return plan;
    };
    service::GuardedModelService models(house.fakes, house.guard);
    const auto plan = [&] {
        v1::PlanLoadRequest request;
        request.set_model_id("mine/new");
        return house.ask<v1::LoadPlan>([&](auto reply) { models.planLoad(request, std::move(reply)); });
    };
    const auto seen = plan();
    QCOMPARE(seen->evictions_size(), 1);
    QCOMPARE(seen->evictions(0).model_id(), std::string("mine/a"));
    QCOMPARE(seen->other_evictions(), 2);
    QCOMPARE(seen->other_evictions_bytes(), std::int64_t{320});
    QCOMPARE(seen->stays_size(), 1);
    QCOMPARE(seen->other_stays(), 1);
    QCOMPARE(seen->explanation(), std::string("mine/new@1 needs 9 MB, so mine/a@1 (unused), another model (unused) and "
                                              "another model go first."));
    house.identity = std::make_shared<access::Identity>(access::Identity{.name = "all", .role = access::Role::User});
    QCOMPARE(plan()->evictions_size(), 3);
    QCOMPARE(plan()->other_evictions(), 0);
}

void TestScopes::refusalsAndReasonsCallTheOthersAnother() {
    House house({"mine/*"});
    house.fakes.onLoad = [](const auto&, const auto&, const auto& reply) {
        reply(Error{
            ErrorCode::InsufficientMemory,
            "mine/a@1 needs 9 MB. Pass force to evict mine/b@1 and other/c@v1.0.",
            {{"evictions", std::vector<std::string>{"mine/b@1", "other/c@v1.0"}}, {"path", std::string("/data/x@1")}}});
    };
    house.fakes.onModelStatus = [](const auto&) {
        v1::ModelStatus status;
        status.set_reason("waits for 9 MB on cpu: other/c@1 is giving memory back");
        status.mutable_last_failure()->set_message("other/c@1 (pinned) stays");
        return status;
    };
    service::GuardedModelService models(house.fakes, house.guard);
    v1::LoadModelRequest load;
    load.set_model_id("mine/a");
    const auto refused =
        house.ask<v1::ModelStatus>([&](auto reply) { models.loadModel(load, {}, std::move(reply)); }).error();
    QCOMPARE(refused.message, std::string("mine/a@1 needs 9 MB. Pass force to evict mine/b@1 and another model."));
    QCOMPARE(std::get<std::vector<std::string>>(refused.facts.at("evictions")), std::vector<std::string>{"mine/b@1"});
    QCOMPARE(std::get<std::int64_t>(refused.facts.at("others")), std::int64_t{1});
    QCOMPARE(std::get<std::string>(refused.facts.at("path")), std::string("/data/x@1"));
    v1::GetModelStatusRequest request;
    request.set_model_id("mine/a");
    const auto status = house.ask<v1::ModelStatus>([&](auto reply) { models.modelStatus(request, std::move(reply)); });
    QCOMPARE(status->reason(), std::string("waits for 9 MB on cpu: another model is giving memory back"));
    QCOMPARE(status->last_failure().message(), std::string("another model (pinned) stays"));
}

QTEST_GUILESS_MAIN(TestScopes)
#include "test_scopes.moc"

// The services behind the gate: models, owners, priorities and limits, however a call came in.
#include "engine/access/limits/meter.h"
#include "engine/base/qt_executor.h"
#include "engine/service/audit/audited_services.h"
#include "engine/service/guard/guarded_jobs.h"
#include "engine/service/guard/guarded_services.h"
#include "tests/support/at_once.h"
#include "tests/support/fake_services.h"
#include "tests/support/manual_clock.h"

#include <QTemporaryDir>
#include <QTest>

#include <future>

using namespace mm;
using namespace mm::test;
using namespace std::chrono_literals;
using service::CallerScope;

namespace {

struct House {
    FakeServices fakes;
    ManualClock clock;
    AtOnce engine;
    access::Gate gate{
        {.clock = clock, .key = [](std::string_view) -> Result<access::IdentityPtr> { return access::IdentityPtr(); }}};
    service::Guard guard{gate, engine};
    service::GuardedModelService models{fakes, guard};
    service::GuardedInferenceService inference{fakes, guard};
    service::GuardedQueueService queue{fakes, guard};
    service::GuardedJobService jobs{fakes, guard};

    // What one call answers, asked by that identity.
    template <typename Response, typename Service, typename Request>
    Result<Response> as(const access::IdentityPtr& identity, Service& service,
                        void (Service::*method)(Request, Reply<Response>), Request request) {
        std::promise<Result<Response>> promise;
        const CallerScope scope(identity ? identity->name : std::string(), identity);
        (service.*method)(std::move(request), [&](Result<Response> result) { promise.set_value(std::move(result)); });
        return promise.get_future().get();
    }
    Result<service::InferenceService::Response> infer(const access::IdentityPtr& identity,
                                                      const std::string& model = "org/repo",
                                                      v1::Priority priority = v1::PRIORITY_UNSPECIFIED,
                                                      bool isCounted = true) {
        auto request = std::make_shared<v1::InferenceRequest>();
        request->set_model_id(model);
        request->set_priority(priority);
        service::CallContext call;
        call.requestId = "r";
        call.identity = identity;
        call.isCounted = isCounted;
        std::promise<Result<service::InferenceService::Response>> promise;
        inference.infer(request, call, [&](auto result) { promise.set_value(std::move(result)); });
        return promise.get_future().get();
    }
};

access::IdentityPtr somebody(access::Role role, std::vector<std::string> models = {}, int maxPriority = 0) {
    auto identity = std::make_shared<access::Identity>();
    identity->name = "app";
    identity->role = role;
    identity->models = std::move(models);
    identity->maxPriority = maxPriority;
    return identity;
}

template <typename Request>
Request named(const std::string& model) {
    Request request;
    request.set_model_id(model);
    return request;
}

} // namespace

class TestGuards : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aCallWithoutACallerIsRefused();
    void modelsBeyondTheScopeAreRefusedAndLeftOutOfLists();
    void prioritiesAreLoweredOrRefused();
    void limitsHoldWithinStreamsToo();
    void anothersJobIsNoneAndAnothersRequestStays();
    void whatAnAnswerLeadsToIsAskedByTheSame();
    void whatAJobsOwnerOrdersIsNotedInHisName();
    void whatCannotBeWrittenDownIsNotChanged();
};

void TestGuards::aCallWithoutACallerIsRefused() {
    House house;
    const auto model = house.as<v1::Model>(nullptr, house.models, &service::GuardedModelService::getModel,
                                           named<v1::GetModelRequest>("org/repo"));
    QVERIFY(!model.ok() && model.error().code == ErrorCode::Unauthenticated);
    QVERIFY(!house.infer(nullptr).ok());
}

void TestGuards::modelsBeyondTheScopeAreRefusedAndLeftOutOfLists() {
    House house;
    house.fakes.onList = [](const auto&) {
        v1::ListModelsResponse listed;
        for (const char* id : {"mine/a", "other/b", "mine/c"})
            listed.add_models()->set_model_id(id);
        listed.mutable_pagination()->set_total(3);
        listed.mutable_pagination()->set_total_pages(1);
        listed.mutable_pagination()->set_page(1);
        listed.mutable_pagination()->set_page_size(20);
        return listed;
    };
    house.fakes.onDelete = [](const auto&) { return v1::DeleteModelResponse(); };
    house.fakes.onInfer = [](auto, const auto&, auto reply) { reply(std::make_shared<const v1::InferenceResponse>()); };
    const auto admin = somebody(access::Role::Admin, {"mine/*"});
    const auto listed = house.as<v1::ListModelsResponse>(admin, house.models, &service::GuardedModelService::listModels,
                                                         v1::ListModelsRequest());
    QCOMPARE(listed->models_size(), 2);
    QCOMPARE(listed->pagination().total(), 2);
    QCOMPARE(listed->models(1).model_id(), std::string("mine/c"));
    const auto remove = [&](const char* model) {
        return house.as<v1::DeleteModelResponse>(admin, house.models, &service::GuardedModelService::deleteModel,
                                                 named<v1::DeleteModelRequest>(model));
    };
    QVERIFY(remove("mine/a").ok());
    QVERIFY(remove("other/b").error().code == ErrorCode::PermissionDenied);
    QVERIFY(house.infer(admin, "mine/a@2").ok());
    QVERIFY(house.infer(admin, "other/b").error().code == ErrorCode::PermissionDenied);
}

void TestGuards::prioritiesAreLoweredOrRefused() {
    House house;
    v1::Priority seen = v1::PRIORITY_CRITICAL;
    house.fakes.onInfer = [&](auto request, const auto&, auto reply) {
        seen = request->priority();
        reply(std::make_shared<const v1::InferenceResponse>());
    };
    const auto low = somebody(access::Role::User, {}, v1::PRIORITY_LOW);
    QVERIFY(house.infer(low).ok());
    QVERIFY(seen == v1::PRIORITY_LOW);
    QVERIFY(house.infer(low, "org/repo", v1::PRIORITY_NORMAL).error().code == ErrorCode::PermissionDenied);
}

void TestGuards::limitsHoldWithinStreamsToo() {
    House house;
    house.fakes.onInfer = [](auto, const auto&, auto reply) { reply(std::make_shared<const v1::InferenceResponse>()); };
    auto identity = std::make_shared<access::Identity>(*somebody(access::Role::User));
    identity->limits = {.requestsPerMinute = 2, .computeSecondsPerDay = 10.0};
    identity->meter = std::make_shared<access::Meter>("app", identity->limits, house.clock.now());
    const access::IdentityPtr limited = identity;
    QVERIFY(house.infer(limited, "a/b", v1::PRIORITY_UNSPECIFIED, false).ok());
    QVERIFY(house.infer(limited, "a/b", v1::PRIORITY_UNSPECIFIED, false).ok());
    QVERIFY(house.infer(limited, "a/b", v1::PRIORITY_UNSPECIFIED, false).error().code == ErrorCode::RateLimitExceeded);
    QVERIFY(house.infer(limited).ok()); // counted at the gate already
    identity->meter->chargeCompute(11, house.clock.now());
    QVERIFY(house.infer(limited).error().code == ErrorCode::RateLimitExceeded);
}

void TestGuards::anothersJobIsNoneAndAnothersRequestStays() {
    House house;
    std::string owner = "app";
    int cancelled = 0;
    house.fakes.onJobStatus = [&](const auto&) {
        v1::JobStatusResponse job;
        job.set_client(owner);
        return job;
    };
    house.fakes.onCancelJob = [&](const auto&) {
        ++cancelled;
        return v1::CancelJobResponse();
    };
    house.fakes.onListJobs = [](const v1::ListJobsRequest& request) {
        v1::ListJobsResponse listed;
        listed.add_jobs()->set_client(request.client());
        return listed;
    };
    house.fakes.onRequest = [&](const auto&) {
        v1::QueueEntry entry;
        entry.set_client(owner);
        return entry;
    };
    house.fakes.onCancelRequest = [&](const auto&) {
        ++cancelled;
        return v1::QueueEntry();
    };
    const auto cancelJob = [&](const access::IdentityPtr& who) {
        return house.as<v1::CancelJobResponse>(who, house.jobs, &service::GuardedJobService::cancel,
                                               v1::CancelJobRequest());
    };
    const auto cancelRequest = [&](const access::IdentityPtr& who) {
        return house.as<v1::QueueEntry>(who, house.queue, &service::GuardedQueueService::cancelRequest,
                                        v1::CancelRequestRequest());
    };
    int retried = 0;
    house.fakes.onRetryJob = [&](const auto&) {
        ++retried;
        return v1::JobReference();
    };
    const auto retryJob = [&](const access::IdentityPtr& who) {
        return house.as<v1::JobReference>(who, house.jobs, &service::GuardedJobService::retry, v1::RetryJobRequest());
    };
    const auto user = somebody(access::Role::User);
    QVERIFY(retryJob(user).ok());
    QVERIFY(cancelJob(user).ok() && cancelRequest(user).ok());
    owner = "somebody else";
    QVERIFY(cancelJob(user).error().code == ErrorCode::JobNotFound);
    QVERIFY(cancelRequest(user).error().code == ErrorCode::PermissionDenied);
    QVERIFY(retryJob(user).error().code == ErrorCode::JobNotFound);
    QCOMPARE(cancelled, 2);
    QCOMPARE(retried, 1);
    QVERIFY(cancelJob(somebody(access::Role::Operator)).ok());
    v1::ListJobsRequest anothers;
    anothers.set_client("somebody else");
    const auto listed =
        house.as<v1::ListJobsResponse>(user, house.jobs, &service::GuardedJobService::list, std::move(anothers));
    QCOMPARE(listed->jobs(0).client(), std::string("app"));
}

void TestGuards::whatAnAnswerLeadsToIsAskedByTheSame() {
    House house;
    house.fakes.onGet = [](const auto&) { return v1::Model(); };
    const auto viewer = somebody(access::Role::Viewer);
    std::promise<std::string> promise;
    {
        const CallerScope scope(viewer->name, viewer);
        house.models.getModel(named<v1::GetModelRequest>("org/repo"), [&](const Result<v1::Model>&) {
            house.models.getModel(named<v1::GetModelRequest>("org/repo"), [&](const Result<v1::Model>& again) {
                promise.set_value(again.ok() ? CallerScope::current() : again.error().message);
            });
        });
    }
    QCOMPARE(promise.get_future().get(), std::string("app"));
}

void TestGuards::whatAJobsOwnerOrdersIsNotedInHisName() {
    House house;
    house.fakes.onJobStatus = [](const auto&) {
        v1::JobStatusResponse job;
        job.set_client("app");
        return job;
    };
    house.fakes.onCancelJob = [](const auto&) { return v1::CancelJobResponse(); };
    house.fakes.onRetryJob = [](const auto&) { return v1::JobReference(); };
    events::EventLog log({}, house.clock);
    service::LocalEventService heard(house.engine, log);
    service::AuditTrail trail({log, nullptr, house.clock, house.engine});
    service::AuditedJobService audited(house.fakes, trail);
    service::GuardedJobService jobs(audited, house.guard);
    std::promise<Result<service::EventService::Watch>> promise;
    heard.watch(v1::WatchEventsRequest(), {}, [&](auto watch) { promise.set_value(std::move(watch)); });
    const auto watch = promise.get_future().get();
    const auto user = somebody(access::Role::User);
    QVERIFY(
        house.as<v1::CancelJobResponse>(user, jobs, &service::GuardedJobService::cancel, v1::CancelJobRequest()).ok());
    QVERIFY(house.as<v1::JobReference>(user, jobs, &service::GuardedJobService::retry, v1::RetryJobRequest()).ok());
    const auto noted = (*watch)->take(10).events;
    QCOMPARE(noted.size(), std::size_t{2});
    for (const auto& event : noted)
        QCOMPARE(event->client(), std::string("app"));
}

void TestGuards::whatCannotBeWrittenDownIsNotChanged() {
    House house;
    QTemporaryDir folder;
    store::DatabaseOptions options{folder.filePath(QStringLiteral("audit.db")).toStdString(), house.clock.wallNow()};
    options.maxPages = 60; // a disk that is full soon
    QtExecutor here;
    const auto journal = std::move(access::AuditJournal::open(options, house.clock, here)).value();
    service::AuditTrail trail({house.fakes.eventLog(), journal.get(), house.clock, house.engine});
    service::AuditedModelService models(house.fakes, trail);
    int deleted = 0;
    house.fakes.onDelete = [&](const auto&) {
        ++deleted;
        return v1::DeleteModelResponse();
    };
    house.fakes.onGet = [](const auto&) { return v1::Model(); };
    const auto remove = [&] {
        return house.as<v1::DeleteModelResponse>(nullptr, models, &service::AuditedModelService::deleteModel,
                                                 named<v1::DeleteModelRequest>("org/repo"));
    };
    QVERIFY(remove().ok());
    for (int i = 0; i < 3000 && journal->isWritable(); ++i) {
        journal->note({.at = house.clock.wallNow(), .action = "fill", .message = std::string(1000, 'x')});
        bool isDone = false;
        journal->list({}, [&](const auto&) { isDone = true; });
        QTRY_VERIFY_WITH_TIMEOUT(isDone, 30'000);
    }
    const auto refused = remove();
    QVERIFY(!refused.ok() && refused.error().code == ErrorCode::StorageFull);
    QCOMPARE(deleted, 1);
    QVERIFY(house
                .as<v1::Model>(nullptr, models, &service::AuditedModelService::getModel,
                               named<v1::GetModelRequest>("org/repo"))
                .ok()); // looking goes on
}

QTEST_GUILESS_MAIN(TestGuards)
#include "test_guards.moc"

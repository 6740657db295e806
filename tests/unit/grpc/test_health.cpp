// The standard health service as its clients see it.
#include "engine/events/event_log.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "tests/unit/grpc/grpc_fixture.h"

#include <QtTest>

#include <atomic>
#include <memory>
#include <vector>

namespace v1 = modelmora::v1;
namespace health = grpc::health::v1;
namespace type = mm::events::type;
using health::HealthCheckResponse;
using mm::ErrorCode;
using mm::test::GrpcFixture;

namespace {

// Knows one model, "org/m", in the state that the test sets.
struct House : GrpcFixture {
    std::atomic<v1::ModelState> state{v1::MODEL_STATE_UNLOADED};
    std::atomic<bool> isRegistered{true};

    House() {
        fake.onModelStatus = [this](const v1::GetModelStatusRequest& request) -> mm::Result<v1::ModelStatus> {
            if (request.model_id() == "no id")
                return mm::Error{ErrorCode::InvalidModelId, "That is no id."};
            if (request.model_id() != "org/m" || !isRegistered)
                return mm::Error{ErrorCode::ModelNotFound, "No such model."};
            v1::ModelStatus status;
            status.set_state(state);
            return status;
        };
    }

    void become(v1::ModelState now, const mm::events::EventType& event) {
        state = now;
        fake.run([&] { fake.eventLog().publish(event, {.modelId = "org/m@1"}); });
    }
};

grpc::Status check(House& house, const std::string& service, HealthCheckResponse& response) {
    grpc::ClientContext context;
    health::HealthCheckRequest request;
    request.set_service(service);
    return health::Health::NewStub(house.channel)->Check(&context, request, &response);
}

struct Watch {
    Watch(House& house, const std::string& service) : stub(health::Health::NewStub(house.channel)) {
        health::HealthCheckRequest request;
        request.set_service(service);
        reader = stub->Watch(&context, request);
    }
    // -1 at the end.
    int next() {
        HealthCheckResponse response;
        return reader->Read(&response) ? static_cast<int>(response.status()) : -1;
    }
    std::unique_ptr<health::Health::Stub> stub;
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<HealthCheckResponse>> reader;
};

constexpr int kServing = HealthCheckResponse::SERVING;
constexpr int kNotServing = HealthCheckResponse::NOT_SERVING;

} // namespace

class TestHealth : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void servicesServe_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"", "modelmora.v1.InferenceService", "modelmora.v1.RegistryService", "ModelInference",
                                 "inference.GRPCInferenceService", "grpc.health.v1.Health"})
            QTest::newRow(*name == 0 ? "the engine" : name) << QString::fromUtf8(name);
    }
    void servicesServe() {
        QFETCH(QString, name);
        House house;
        QVERIFY(house.start());
        HealthCheckResponse response;
        QVERIFY(check(house, name.toStdString(), response).ok());
        QCOMPARE(static_cast<int>(response.status()), kServing);
    }

    void aModelServesWhileItIsLoaded() {
        House house;
        QVERIFY(house.start());
        for (const auto state : {v1::MODEL_STATE_UNLOADED, v1::MODEL_STATE_LOADING, v1::MODEL_STATE_LOADED,
                                 v1::MODEL_STATE_DRAINING, v1::MODEL_STATE_UNHEALTHY}) {
            house.state = state;
            HealthCheckResponse response;
            QVERIFY(check(house, "org/m", response).ok());
            QCOMPARE(static_cast<int>(response.status()), state == v1::MODEL_STATE_LOADED ? kServing : kNotServing);
        }
    }

    void whatNobodyKnowsIsNotFound() {
        House house;
        QVERIFY(house.start());
        for (const char* name : {"org/other", "no id", "modelmora.v1.NoService"}) {
            HealthCheckResponse response;
            const grpc::Status status = check(house, name, response);
            QCOMPARE(status.error_code(), grpc::StatusCode::NOT_FOUND);
        }
    }

    void aWatchTellsWhatChangesAndNothingElse() {
        House house;
        QVERIFY(house.start());
        Watch watch(house, "org/m");
        QCOMPARE(watch.next(), kNotServing);
        house.become(v1::MODEL_STATE_LOADING, type::kModelLoading); // not serving as before
        house.become(v1::MODEL_STATE_LOADED, type::kModelLoaded);
        QCOMPARE(watch.next(), kServing);
        house.become(v1::MODEL_STATE_UNHEALTHY, type::kModelUnhealthy);
        QCOMPARE(watch.next(), kNotServing);
    }

    void aModelThatIsNotThereYetIsWaitedFor() {
        House house;
        house.isRegistered = false;
        QVERIFY(house.start());
        Watch watch(house, "org/m");
        QCOMPARE(watch.next(), static_cast<int>(HealthCheckResponse::SERVICE_UNKNOWN));
        house.isRegistered = true;
        house.become(v1::MODEL_STATE_UNLOADED, type::kModelRegistered);
        QCOMPARE(watch.next(), kNotServing);
    }

    // The fake log allows 20 readers.
    void manyWatchersAreOneReaderOfEvents() {
        House house;
        QVERIFY(house.start());
        std::vector<std::unique_ptr<Watch>> watches;
        for (int i = 0; i < 100; ++i)
            watches.push_back(std::make_unique<Watch>(house, "org/m"));
        for (const auto& watch : watches)
            QCOMPARE(watch->next(), kNotServing);
        house.become(v1::MODEL_STATE_LOADED, type::kModelLoaded);
        for (const auto& watch : watches)
            QCOMPARE(watch->next(), kServing);
        for (std::size_t i = 0; i < 99; ++i)
            watches[i]->context.TryCancel();
        house.become(v1::MODEL_STATE_DRAINING, type::kModelDraining);
        QCOMPARE(watches.back()->next(), kNotServing);
    }

    // More of them than a reader may be behind: it begins anew, and misses nothing that lasts.
    void aFloodOfEventsLosesNoState() {
        House house;
        QVERIFY(house.start());
        Watch watch(house, "org/m");
        QCOMPARE(watch.next(), kNotServing);
        house.fake.run([&] {
            for (int i = 0; i < 20'000; ++i)
                house.fake.eventLog().publish(type::kModelPinned, {.modelId = "org/other@1"});
            house.state = v1::MODEL_STATE_LOADED;
            house.fake.eventLog().publish(type::kModelLoaded, {.modelId = "org/m@1"});
        });
        QCOMPARE(watch.next(), kServing);
        house.become(v1::MODEL_STATE_UNLOADED, type::kModelUnloaded);
        QCOMPARE(watch.next(), kNotServing);
    }

    // A watch lasts for ever, and a drain does not wait for it.
    void theServersEndIsToldAndEndsTheWatch() {
        House house;
        house.state = v1::MODEL_STATE_LOADED;
        QVERIFY(house.start());
        Watch engine(house, "");
        Watch model(house, "org/m");
        QCOMPARE(engine.next(), kServing);
        QCOMPARE(model.next(), kServing);
        house.server.stop(std::chrono::hours(1));
        for (Watch* watch : {&engine, &model}) {
            QCOMPARE(watch->next(), kNotServing);
            QCOMPARE(watch->next(), -1);
            QCOMPARE(watch->reader->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
        }
    }

    void withoutEventsAWatchEndsAndIsNoLie() {
        House house;
        QVERIFY(house.start());
        Watch watch(house, "org/m");
        QCOMPARE(watch.next(), kNotServing);
        house.state = v1::MODEL_STATE_LOADED;
        house.fake.run([&] {
            house.fake.eventLog().close({ErrorCode::ServiceUnavailable, "The engine is stopping."});
        });
        QCOMPARE(watch.next(), -1);
        QCOMPARE(watch.reader->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
    }
};

QTEST_GUILESS_MAIN(TestHealth)
#include "test_health.moc"

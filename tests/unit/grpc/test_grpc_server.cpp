#include "modelmora/v1/inference.grpc.pb.h"
#include "modelmora/v1/management.grpc.pb.h"
#include "modelmora/v1/registry.grpc.pb.h"
#include "tests/unit/grpc/grpc_fixture.h"

#include <QtTest>

#include <future>
#include <thread>

namespace v1 = modelmora::v1;
using JobResult = mm::service::JobService::Response;
using mm::test::embeddingFor;
using mm::test::GrpcFixture;
using mm::test::rawCall;
using mm::test::trailerOf;

namespace {

using Reply = mm::Reply<mm::service::InferenceService::Response>;

// Keeps the reply of the one request that the service gets, so that the test decides when it is answered.
struct Held {
    std::promise<std::string> requestId;
    Reply reply;
    int timeoutSeconds = 0;

    void attach(mm::test::FakeServices& fake) {
        fake.onInfer = [this](const auto& request, const mm::service::CallContext& call, Reply answer) {
            reply = std::move(answer);
            timeoutSeconds = request->timeout_seconds();
            requestId.set_value(call.requestId);
        };
    }
};

v1::InferenceRequest textRequest(const std::string& text) {
    v1::InferenceRequest request;
    request.set_model_id("org/model");
    request.mutable_input_data()->set_text(text);
    return request;
}

} // namespace

class TestGrpcServer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theQueueAndItsRequestsAreReached() {
        GrpcFixture fixture;
        fixture.fake.onQueue = [](const v1::GetQueueRequest& request) {
            v1::QueueReport report;
            report.add_entries()->set_client(request.client());
            return report;
        };
        fixture.fake.onSetRequestPriority = [](const v1::SetRequestPriorityRequest& request) {
            v1::QueueEntry entry;
            entry.set_priority(request.priority());
            return entry;
        };
        fixture.fake.onHoldRequest = [](const v1::HoldRequestRequest&) {
            return mm::Error{mm::ErrorCode::RequestNotFound, "there is no such request"};
        };
        QVERIFY(fixture.start());
        const auto stub = v1::InferenceService::NewStub(fixture.channel);
        v1::GetQueueRequest asked;
        asked.set_client("web");
        v1::QueueReport report;
        grpc::ClientContext first;
        QVERIFY(stub->GetQueue(&first, asked, &report).ok());
        QCOMPARE(report.entries(0).client(), std::string("web"));
        v1::SetRequestPriorityRequest raise;
        raise.set_priority(v1::PRIORITY_HIGH);
        v1::QueueEntry entry;
        grpc::ClientContext second;
        QVERIFY(stub->SetRequestPriority(&second, raise, &entry).ok());
        QCOMPARE(entry.priority(), v1::PRIORITY_HIGH);
        grpc::ClientContext third;
        QCOMPARE(stub->HoldRequest(&third, {}, &entry).error_code(), grpc::StatusCode::NOT_FOUND);
    }

    void aClientIsKnownByItsMetadataOrItsAddress() {
        GrpcFixture fixture;
        std::string client;
        fixture.fake.onInfer = [&](const auto& request, const mm::service::CallContext& call, const Reply& reply) {
            client = call.client;
            reply(std::make_shared<const v1::InferenceResponse>(mm::test::embeddingFor(*request)));
        };
        QVERIFY(fixture.start());
        const auto stub = v1::InferenceService::NewStub(fixture.channel);
        v1::InferenceResponse response;
        grpc::ClientContext named;
        named.AddMetadata("x-modelmora-client", "nightly-import");
        QVERIFY(stub->Infer(&named, textRequest("x"), &response).ok());
        QCOMPARE(client, std::string("nightly-import"));
        grpc::ClientContext unnamed;
        QVERIFY(stub->Infer(&unnamed, textRequest("x"), &response).ok());
        QCOMPARE(client, std::string("127.0.0.1"));
        grpc::ClientContext wrong;
        wrong.AddMetadata("x-modelmora-client", "two words");
        QCOMPARE(stub->Infer(&wrong, textRequest("x"), &response).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    }

    void anInferenceIsAnswered() {
        GrpcFixture fixture;
        fixture.fake.onInfer = [](const auto& request, const auto&, const Reply& reply) {
            reply(std::make_shared<const v1::InferenceResponse>(mm::test::embeddingFor(*request)));
        };
        QVERIFY(fixture.start());
        grpc::ClientContext context;
        v1::InferenceResponse response;
        const auto status =
            v1::InferenceService::NewStub(fixture.channel)->Infer(&context, textRequest("four"), &response);
        QVERIFY2(status.ok(), status.error_message().c_str());
        QCOMPARE(response.output_data().embedding().values(0), 4.0F);
    }

    void everyMethodOfEveryServiceIsBound() {
        GrpcFixture fixture;
        QVERIFY(fixture.start());
        for (const char* service :
             {"modelmora.v1.RegistryService", "modelmora.v1.ManagementService", "modelmora.v1.InferenceService"}) {
            const auto* descriptor = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(service);
            QVERIFY(descriptor != nullptr);
            for (int i = 0; i < descriptor->method_count(); ++i) {
                // The events end only when their reader does; test_event_stream has them.
                if (descriptor->method(i)->client_streaming() || descriptor->method(i)->name() == "WatchEvents")
                    continue;
                grpc::ClientContext context;
                const std::string path = std::string("/") + service + "/" + descriptor->method(i)->name();
                const auto status = rawCall(fixture.channel, context, path, {});
                // What is left unbound answers UNIMPLEMENTED without a word; ours always have one.
                QVERIFY2(status.ok() || !trailerOf(context).code().empty(), path.c_str());
            }
        }
    }

    void jobsAreAcceptedAndTheirResultsGiven() {
        GrpcFixture fixture;
        fixture.fake.onSubmitJob = [](const v1::InferenceRequest& request, const mm::service::CallContext&) {
            v1::JobReference job;
            job.set_job_id("job of " + request.input_data().text());
            return job;
        };
        fixture.fake.onJobResult = [](const v1::GetJobResultRequest& request) -> mm::Result<JobResult> {
            if (request.job_id() == "late")
                return mm::Error{mm::ErrorCode::JobNotReady, "Not yet.", {{"status", std::string("queued")}}};
            return std::make_shared<const v1::InferenceResponse>(embeddingFor(textRequest("abc")));
        };
        QVERIFY(fixture.start());
        const auto stub = v1::InferenceService::NewStub(fixture.channel);
        grpc::ClientContext submitting;
        v1::JobReference job;
        QVERIFY(stub->InferAsync(&submitting, textRequest("x"), &job).ok());
        QCOMPARE(job.job_id(), std::string("job of x"));
        grpc::ClientContext asking;
        v1::GetJobResultRequest request;
        v1::InferenceResponse result;
        QVERIFY(stub->GetJobResult(&asking, request, &result).ok());
        QCOMPARE(result.output_data().embedding().values(0), 3.0F);
        grpc::ClientContext early;
        request.set_job_id("late");
        QCOMPARE(stub->GetJobResult(&early, request, &result).error_code(), grpc::StatusCode::FAILED_PRECONDITION);
        QCOMPARE(trailerOf(early).code(), std::string("JOB_NOT_READY"));
    }

    void errorsCarryTheirFacts() {
        GrpcFixture fixture;
        fixture.fake.onGet = [](const v1::GetModelRequest& request) {
            return mm::Error{mm::ErrorCode::ModelNotFound, "No such model.", {{"model", request.model_id()}}};
        };
        QVERIFY(fixture.start());
        grpc::ClientContext context;
        v1::GetModelRequest request;
        request.set_model_id("org/none");
        v1::Model model;
        const auto status = v1::RegistryService::NewStub(fixture.channel)->GetModel(&context, request, &model);
        QCOMPARE(status.error_code(), grpc::StatusCode::NOT_FOUND);
        QCOMPARE(status.error_message(), std::string("No such model."));
        QCOMPARE(trailerOf(context).facts().fields().at("model").string_value(), std::string("org/none"));
        QVERIFY(status.error_details().find("type.googleapis.com/modelmora.v1.Error") != std::string::npos);
    }

    void bytesThatAreNoRequestAreRefusedPrecisely_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("cut off") << QByteArray("\x0a\x7f"
                                               "ab");
        QTest::newRow("not UTF-8") << QByteArray("\x0a\x02\xff\xfe", 4);
        QTest::newRow("no protobuf") << QByteArray(64, '\xff');
    }
    void bytesThatAreNoRequestAreRefusedPrecisely() {
        QFETCH(QByteArray, bytes);
        GrpcFixture fixture;
        QVERIFY(fixture.start());
        for (const char* path : {"/modelmora.v1.InferenceService/Infer", "/modelmora.v1.RegistryService/GetModel",
                                 "/modelmora.v1.ManagementService/LoadModelWithProgress"}) {
            grpc::ClientContext context;
            const auto status = rawCall(fixture.channel, context, path, bytes.toStdString());
            QCOMPARE(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
            QCOMPARE(trailerOf(context).code(), std::string("MALFORMED_REQUEST"));
        }
    }

    void aClientThatLeavesCancelsItsRequest() {
        Held held;
        GrpcFixture fixture;
        held.attach(fixture.fake);
        QVERIFY(fixture.start());
        grpc::ClientContext context;
        grpc::Status status;
        std::thread client([&] {
            v1::InferenceResponse response;
            status = v1::InferenceService::NewStub(fixture.channel)->Infer(&context, textRequest("x"), &response);
        });
        const std::string id = held.requestId.get_future().get();
        context.TryCancel();
        client.join();
        QCOMPARE(status.error_code(), grpc::StatusCode::CANCELLED);
        QVERIFY(fixture.fake.waitForCancel(id));
        // The engine's own answer to the cancelled request finds nobody any more.
        fixture.fake.run([&] { held.reply(mm::Error{mm::ErrorCode::RequestCancelled, "cancelled"}); });
    }

    void theDeadlineOfTheCallIsTheRequestsOwn() {
        Held held;
        GrpcFixture fixture;
        held.attach(fixture.fake);
        QVERIFY(fixture.start());
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(700));
        v1::InferenceResponse response;
        auto request = textRequest("x");
        request.set_request_id("mine");
        request.set_timeout_seconds(30);
        const auto status = v1::InferenceService::NewStub(fixture.channel)->Infer(&context, request, &response);
        QCOMPARE(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
        QVERIFY(fixture.fake.waitForCancel("mine"));
        QCOMPARE(held.timeoutSeconds, 1);
    }

    void aTakenPortIsNamed() {
        GrpcFixture first;
        QVERIFY(first.start());
        mm::test::FakeServices fake;
        const std::string address = "127.0.0.1:" + std::to_string(first.port);
        mm::GrpcServer second({.address = address}, fake.services());
        const auto started = second.start();
        QVERIFY(!started.ok());
        QCOMPARE(started.error().code, mm::ErrorCode::AddressInUse);
        QVERIFY(started.error().message.find(address) != std::string::npos);
    }

    void whatIsNoAddressIsRefused_data() {
        QTest::addColumn<QString>("address");
        for (const char* address : {"", "127.0.0.1", ":50051", "127.0.0.1:http", "127.0.0.1:70000", "::1:50051",
                                    "no-such-host.invalid:50051", "192.0.2.1:50051"})
            QTest::newRow(address) << QString::fromUtf8(address);
    }
    void whatIsNoAddressIsRefused() {
        QFETCH(QString, address);
        mm::test::FakeServices fake;
        mm::GrpcServer server({.address = address.toStdString()}, fake.services());
        const auto started = server.start();
        QVERIFY(!started.ok());
        QCOMPARE(started.error().code, mm::ErrorCode::InvalidConfiguration);
    }

    void stoppingCancelsWhatIsPendingAndALateReplyIsHarmless() {
        Held held;
        GrpcFixture fixture;
        held.attach(fixture.fake);
        QVERIFY(fixture.start());
        grpc::Status status;
        std::thread client([&] {
            grpc::ClientContext context;
            v1::InferenceResponse response;
            status = v1::InferenceService::NewStub(fixture.channel)->Infer(&context, textRequest("x"), &response);
        });
        const std::string id = held.requestId.get_future().get();
        fixture.server.stop(std::chrono::milliseconds(0));
        client.join();
        QVERIFY(!status.ok());
        QVERIFY(fixture.fake.waitForCancel(id));
        fixture.fake.run([&] { held.reply(std::make_shared<const v1::InferenceResponse>()); });
    }

    void stoppingLetsWhatIsUnderWayEnd() {
        Held held;
        GrpcFixture fixture;
        held.attach(fixture.fake);
        QVERIFY(fixture.start());
        auto call = std::async(std::launch::async, [&] {
            grpc::ClientContext context;
            v1::InferenceResponse response;
            return v1::InferenceService::NewStub(fixture.channel)->Infer(&context, textRequest("x"), &response);
        });
        (void)held.requestId.get_future().get();
        std::promise<void> stopped;
        fixture.server.stopInBackground(std::chrono::seconds(60), [&] { stopped.set_value(); });
        fixture.fake.run([&] { held.reply(std::make_shared<const v1::InferenceResponse>()); });
        QVERIFY(call.get().ok());
        stopped.get_future().wait();
    }

    void whileItStopsWhatRunsEndsAndNothingNewIsTaken() {
        std::vector<Reply> held; // touched on the fake's thread
        GrpcFixture fixture;
        fixture.fake.onInfer = [&](const auto& request, const auto&, const Reply& reply) {
            if (request->input_data().text() == "held")
                held.push_back(reply);
            else
                reply(std::make_shared<const v1::InferenceResponse>());
        };
        QVERIFY(fixture.start());
        const auto infer = [&](const std::string& text) {
            grpc::ClientContext context;
            v1::InferenceResponse response;
            return v1::InferenceService::NewStub(fixture.channel)->Infer(&context, textRequest(text), &response);
        };
        std::vector<std::future<grpc::Status>> running;
        for (int i = 0; i < 8; ++i)
            running.push_back(std::async(std::launch::async, infer, "held"));
        for (std::size_t now = 0; now < running.size(); std::this_thread::yield())
            fixture.fake.run([&] { now = held.size(); });
        std::promise<void> stopped;
        fixture.server.stopInBackground(std::chrono::hours(1), [&] { stopped.set_value(); });
        grpc::Status refused;
        // Until the stop has begun calls are answered; one that crosses it on the wire is cancelled by the library.
        while (refused.ok() || refused.error_code() == grpc::StatusCode::CANCELLED)
            refused = infer("new");
        QCOMPARE(refused.error_code(), grpc::StatusCode::UNAVAILABLE);
        fixture.fake.run([&] {
            for (const Reply& reply : held)
                reply(std::make_shared<const v1::InferenceResponse>());
        });
        for (auto& call : running)
            QVERIFY(call.get().ok());
        stopped.get_future().wait();
    }

    void anAnswerOverTheLimitIsAnErrorWithItsSize() {
        GrpcFixture fixture;
        fixture.fake.onInfer = [](const auto&, const auto&, const Reply& reply) {
            auto response = std::make_shared<v1::InferenceResponse>();
            response->mutable_output_data()->mutable_embedding()->mutable_values()->Resize(17 << 20, 0.5F);
            reply(std::shared_ptr<const v1::InferenceResponse>(std::move(response)));
        };
        QVERIFY(fixture.start());
        grpc::ClientContext context;
        v1::InferenceResponse response;
        const auto status =
            v1::InferenceService::NewStub(fixture.channel)->Infer(&context, textRequest("x"), &response);
        QCOMPARE(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
        QCOMPARE(trailerOf(context).code(), std::string("PAYLOAD_TOO_LARGE"));
    }

    void aLoadTellsItsStagesInOrderAndEndsWithTheStatus() {
        GrpcFixture fixture;
        fixture.fake.onLoad = [](const auto&, const auto& progress, const auto& reply) {
            for (const char* stage : {"spawn", "files", "weights"}) {
                v1::LoadStage told;
                told.set_stage(stage);
                progress(told);
            }
            v1::ModelStatus status;
            status.set_state(v1::MODEL_STATE_LOADED);
            reply(std::move(status));
        };
        QVERIFY(fixture.start());
        grpc::ClientContext context;
        const auto reader =
            v1::ManagementService::NewStub(fixture.channel)->LoadModelWithProgress(&context, v1::LoadModelRequest());
        QStringList seen;
        v1::LoadEvent event;
        while (reader->Read(&event))
            seen << (event.has_status() ? QStringLiteral("status") : QString::fromStdString(event.progress().stage()));
        QVERIFY(reader->Finish().ok());
        QCOMPARE(seen, QStringList({QStringLiteral("spawn"), QStringLiteral("files"), QStringLiteral("weights"),
                                    QStringLiteral("status")}));
    }

    void aFailedLoadEndsWithItsError() {
        GrpcFixture fixture;
        fixture.fake.onLoad = [](const auto&, const auto&, const auto& reply) {
            reply(mm::Error{mm::ErrorCode::InvalidModelFiles, "bad", {{"tensor", std::string("a.b")}}});
        };
        QVERIFY(fixture.start());
        grpc::ClientContext context;
        const auto reader =
            v1::ManagementService::NewStub(fixture.channel)->LoadModelWithProgress(&context, v1::LoadModelRequest());
        v1::LoadEvent event;
        QVERIFY(!reader->Read(&event));
        QCOMPARE(reader->Finish().error_code(), grpc::StatusCode::FAILED_PRECONDITION);
        QCOMPARE(trailerOf(context).facts().fields().at("tensor").string_value(), std::string("a.b"));
    }
};

QTEST_GUILESS_MAIN(TestGrpcServer)
#include "test_grpc_server.moc"

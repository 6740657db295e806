#include "engine/grpc/call/infer_stream.h"
#include "modelmora/v1/inference.grpc.pb.h"
#include "tests/unit/grpc/grpc_fixture.h"

#include <QtTest>

#include <atomic>
#include <future>
#include <thread>

namespace v1 = modelmora::v1;
using mm::test::GrpcFixture;
using Response = mm::service::InferenceService::Response;
using Reply = mm::Reply<Response>;

namespace {

struct Waiting {
    std::shared_ptr<const v1::InferenceRequest> request;
    Reply reply;
};

Response answerFor(const v1::InferenceRequest& request) {
    return std::make_shared<const v1::InferenceResponse>(mm::test::embeddingFor(request));
}

v1::InferenceRequest numbered(int number) {
    v1::InferenceRequest request;
    request.set_model_id("org/model");
    request.set_request_id("request-" + std::to_string(number));
    request.mutable_input_data()->set_text(std::string(static_cast<std::size_t>(number), 'x'));
    return request;
}

} // namespace

class TestInferStream : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void answersKeepTheOrderOfTheRequests() {
        std::vector<Waiting> waiting; // touched on the fake's engine thread only, which ends with the fixture
        GrpcFixture fixture;
        fixture.fake.onInfer = [&](const auto& request, const auto&, const Reply& reply) {
            waiting.push_back({request, reply});
            if (waiting.size() < 10)
                return;
            for (auto last = waiting.rbegin(); last != waiting.rend(); ++last)
                last->reply(answerFor(*last->request)); // the newest first
        };
        QVERIFY(fixture.start());
        grpc::ClientContext context;
        const auto stream = v1::InferenceService::NewStub(fixture.channel)->InferStream(&context);
        for (int i = 0; i < 10; ++i)
            QVERIFY(stream->Write(numbered(i)));
        stream->WritesDone();
        v1::InferenceResponse response;
        for (int i = 0; i < 10; ++i) {
            QVERIFY(stream->Read(&response));
            QCOMPARE(response.output_data().embedding().values(0), static_cast<float>(i));
        }
        QVERIFY(!stream->Read(&response));
        QVERIFY(stream->Finish().ok());
    }

    // Small requests with large answers: what waits for its reader counts, not what was asked.
    void whoDoesNotReadIsNotReadFrom() {
        constexpr int kRequests = 60;
        constexpr int kAnswerBytes = 8 << 20;
        constexpr int kOnTheWay = 12; // between server and client, in buffers of both
        std::atomic<int> taken{0};
        std::atomic<int> written{0};
        auto large = std::make_shared<v1::InferenceResponse>();
        large->mutable_output_data()->mutable_embedding_matrix()->set_data(std::string(kAnswerBytes, 'x'));
        const Response answer = large;
        GrpcFixture fixture;
        fixture.fake.onInfer = [&](const auto& request, const auto&, const Reply& reply) {
            if (request->model_id() == "org/model")
                ++taken;
            reply(request->model_id() == "org/model" ? answer : answerFor(*request));
        };
        QVERIFY(fixture.start());
        grpc::ClientContext context;
        const auto stream = v1::InferenceService::NewStub(fixture.channel)->InferStream(&context);
        std::thread writer([&] {
            for (int i = 0; i < kRequests; ++i)
                written += stream->Write(numbered(1)) ? 1 : 0;
            stream->WritesDone();
        });
        const int inWindow = static_cast<int>(mm::grpc_face::InferStream::kWindowBytes / kAnswerBytes);
        v1::InferenceResponse response;
        int read = 0;
        bool bounded = true;
        while (stream->Read(&response)) {
            // At first nobody knows how large the answers are, so a whole window may have been taken.
            ++read;
            bounded = bounded && (read < 34 || taken - read <= inWindow + kOnTheWay);
            if (read == 10) { // others are served meanwhile
                grpc::ClientContext other;
                v1::InferenceRequest request = numbered(2);
                request.set_model_id("org/other");
                v1::InferenceResponse quick;
                QVERIFY(v1::InferenceService::NewStub(fixture.channel)->Infer(&other, request, &quick).ok());
            }
        }
        writer.join();
        QVERIFY(stream->Finish().ok());
        QCOMPARE(written, kRequests);
        QCOMPARE(taken, kRequests);
        QCOMPARE(read, kRequests);
        QVERIFY(bounded);
    }

    void aFailureIsAnsweredInItsPlaceAndTheStreamGoesOn() {
        GrpcFixture fixture;
        fixture.fake.onInfer = [](const auto& request, const auto&, const Reply& reply) {
            if (request->request_id() == "request-1")
                reply(mm::Error{mm::ErrorCode::InvalidInput, "no", {{"length", std::int64_t{1}}}});
            else
                reply(answerFor(*request));
        };
        QVERIFY(fixture.start());
        grpc::ClientContext context;
        const auto stream = v1::InferenceService::NewStub(fixture.channel)->InferStream(&context);
        std::vector<std::string> codes;
        for (int i = 0; i < 3; ++i) {
            QVERIFY(stream->Write(numbered(i)));
            v1::InferenceResponse response;
            QVERIFY(stream->Read(&response));
            QCOMPARE(response.metadata().request_id(), "request-" + std::to_string(i));
            codes.push_back(response.error().code());
        }
        stream->WritesDone();
        QVERIFY(stream->Finish().ok());
        QCOMPARE(codes, (std::vector<std::string>{"", "INVALID_INPUT", ""}));
    }

    void noMoreThanTheWindowIsWithTheEngine() {
        constexpr int kRequests = 200;
        constexpr std::size_t kWindow = mm::grpc_face::InferStream::kWindowRequests;
        std::vector<Waiting> waiting; // this and the next on the fake's engine thread only
        bool released = false;
        std::promise<void> full;
        GrpcFixture fixture;
        fixture.fake.onInfer = [&](const auto& request, const auto&, const Reply& reply) {
            if (released || request->request_id() == "probe") {
                reply(answerFor(*request));
                return;
            }
            waiting.push_back({request, reply});
            if (waiting.size() == kWindow)
                full.set_value();
        };
        QVERIFY(fixture.start());
        grpc::ClientContext context;
        const auto stub = v1::InferenceService::NewStub(fixture.channel);
        const auto stream = stub->InferStream(&context);
        std::thread writer([&] {
            for (int i = 0; i < kRequests; ++i)
                stream->Write(numbered(i));
            stream->WritesDone();
        });
        full.get_future().wait();
        // Calls on the same connection, in which the stream would go on if nothing held it back.
        for (int i = 0; i < 50; ++i) {
            auto probe = numbered(0);
            probe.set_request_id("probe");
            grpc::ClientContext probing;
            v1::InferenceResponse answer;
            QVERIFY(stub->Infer(&probing, probe, &answer).ok());
        }
        std::size_t withTheEngine = 0;
        fixture.fake.run([&] {
            withTheEngine = waiting.size();
            released = true;
            for (const Waiting& each : std::exchange(waiting, {}))
                each.reply(answerFor(*each.request));
        });
        v1::InferenceResponse response;
        int read = 0;
        while (stream->Read(&response) && response.output_data().embedding().values(0) == static_cast<float>(read))
            ++read;
        writer.join();
        QVERIFY(stream->Finish().ok());
        QCOMPARE(read, kRequests);
        QCOMPARE(withTheEngine, kWindow);
    }

    void aClientThatLeavesCancelsAllItsRequests() {
        std::vector<Reply> held;
        std::promise<void> all;
        GrpcFixture fixture;
        fixture.fake.onInfer = [&](const auto&, const auto&, const Reply& reply) {
            held.push_back(reply);
            if (held.size() == 5)
                all.set_value();
        };
        QVERIFY(fixture.start());
        grpc::ClientContext context;
        const auto stream = v1::InferenceService::NewStub(fixture.channel)->InferStream(&context);
        for (int i = 0; i < 5; ++i)
            QVERIFY(stream->Write(numbered(i)));
        all.get_future().wait();
        context.TryCancel();
        QCOMPARE(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
        for (int i = 0; i < 5; ++i)
            QVERIFY(fixture.fake.waitForCancel("request-" + std::to_string(i)));
        fixture.fake.run([&] {
            for (const Reply& reply : held)
                reply(mm::Error{mm::ErrorCode::RequestCancelled, "cancelled"});
        });
    }

    void theServersEndCancelsTheStream() {
        std::promise<Reply> held;
        GrpcFixture fixture;
        fixture.fake.onInfer = [&](const auto&, const auto&, const Reply& reply) { held.set_value(reply); };
        QVERIFY(fixture.start());
        grpc::ClientContext context;
        const auto stream = v1::InferenceService::NewStub(fixture.channel)->InferStream(&context);
        QVERIFY(stream->Write(numbered(7)));
        const Reply reply = held.get_future().get();
        fixture.server.stop(std::chrono::milliseconds(0));
        QVERIFY(fixture.fake.waitForCancel("request-7"));
        QVERIFY(!stream->Finish().ok());
        reply(std::make_shared<const v1::InferenceResponse>());
    }

    void cancellingAtAnyMomentLeavesNothingOpen() {
        GrpcFixture fixture;
        fixture.fake.onInfer = [](const auto& request, const auto&, const Reply& reply) { reply(answerFor(*request)); };
        QVERIFY(fixture.start());
        const auto stub = v1::InferenceService::NewStub(fixture.channel);
        for (int round = 0; round < 100; ++round) {
            grpc::ClientContext context;
            const auto stream = stub->InferStream(&context);
            std::thread writer([&] {
                for (int i = 0; i < 20 && stream->Write(numbered(i)); ++i) {
                }
            });
            v1::InferenceResponse response;
            for (int i = 0; i < round % 10 && stream->Read(&response); ++i) {
            }
            context.TryCancel();
            writer.join();
            (void)stream->Finish();
        }
        fixture.server.stop(std::chrono::seconds(30)); // returns once every call has ended
    }
};

QTEST_GUILESS_MAIN(TestInferStream)
#include "test_infer_stream.moc"

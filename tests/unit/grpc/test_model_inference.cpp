// ModelInference: its messages made into the engine's and back, batches in order, and streams that tell how it goes.
#include "engine/events/event_log.h"
#include "engine/grpc/miraveja/embedding_request.h"
#include "miraveja/model_inference.grpc.pb.h"
#include "tests/unit/grpc/grpc_fixture.h"

#include <QtTest>

#include <future>
#include <mutex>

namespace v1 = modelmora::v1;
namespace type = mm::events::type;
using mm::test::GrpcFixture;
using Response = mm::service::InferenceService::Response;

namespace {

EmbeddingRequest textRequest(const std::string& text, const std::string& id = {}) {
    EmbeddingRequest request;
    request.set_model_name("org/model");
    request.set_text(text);
    request.set_request_id(id);
    return request;
}

Response answerFor(const v1::InferenceRequest& request) {
    return std::make_shared<const v1::InferenceResponse>(mm::test::embeddingFor(request));
}

} // namespace

class TestModelInference : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void optionsBecomeParametersOfTheirTypes() {
        EmbeddingRequest request = textRequest("x", "id");
        auto& options = *request.mutable_options();
        options["normalize"] = "false";
        options["dimensions"] = "12";
        options["prompt"] = "query: ";
        options["priority"] = "critical";
        options["timeout_seconds"] = "9";
        options["keep_alive_seconds"] = "-1";
        const auto made = mm::grpc_face::toInference(std::move(request));
        QVERIFY(made.ok());
        const auto& fields = made->parameters().fields();
        QCOMPARE(fields.at("normalize").bool_value(), false);
        QVERIFY(fields.at("normalize").has_bool_value());
        QCOMPARE(fields.at("dimensions").number_value(), 12.0);
        QCOMPARE(fields.at("prompt").string_value(), std::string("query: "));
        QCOMPARE(made->priority(), v1::PRIORITY_CRITICAL);
        QCOMPARE(made->timeout_seconds(), 9);
        QCOMPARE(made->keep_alive_seconds(), -1);
        QCOMPARE(made->request_id(), std::string("id"));
        QCOMPARE(made->input_data().text(), std::string("x"));
    }

    void everyWrongFieldIsNamedAtOnce() {
        EmbeddingRequest request;
        (*request.mutable_options())["dimension"] = "12";
        (*request.mutable_options())["truncate"] = "maybe";
        const auto made = mm::grpc_face::toInference(std::move(request));
        QCOMPARE(made.error().code, mm::ErrorCode::ValidationError);
        QStringList fields;
        for (const auto& field : made.error().fieldErrors)
            fields << QString::fromStdString(field.field);
        fields.sort();
        QCOMPARE(fields, QStringList({QStringLiteral("model_name"), QStringLiteral("options.dimension"),
                                      QStringLiteral("options.truncate"), QStringLiteral("text")}));
        QVERIFY(made.error().message.find("dimensions") != std::string::npos); // the near one is suggested
    }

    void theTextMayComeAsAnOption() {
        EmbeddingRequest request = textRequest("");
        (*request.mutable_options())["text"] = "from an option";
        const auto made = mm::grpc_face::toInference(std::move(request));
        QVERIFY(made.ok());
        QCOMPARE(made->input_data().text(), std::string("from an option"));
    }

    void anEmbeddingComesBackWithItsNumbers() {
        GrpcFixture fixture;
        fixture.fake.onInfer = [](const auto& request, const auto&, const auto& reply) { reply(answerFor(*request)); };
        QVERIFY(fixture.start());
        grpc::ClientContext context;
        EmbeddingResponse answer;
        QVERIFY(ModelInference::NewStub(fixture.channel)
                    ->GenerateEmbedding(&context, textRequest("four", "mine"), &answer)
                    .ok());
        QCOMPARE(answer.request_id(), std::string("mine"));
        QCOMPARE(answer.dimension(), 4);
        QCOMPARE(answer.vector(0), 4.0F);
        QCOMPARE(answer.vector(3), 0.3F);
    }

    void aBatchKeepsItsOrderWhateverIsReadyFirst() {
        std::vector<std::pair<std::shared_ptr<const v1::InferenceRequest>, mm::Reply<Response>>> waiting;
        GrpcFixture fixture;
        fixture.fake.onInfer = [&](const auto& request, const auto&, const auto& reply) {
            waiting.emplace_back(request, reply);
            if (waiting.size() < 20)
                return;
            for (auto last = waiting.rbegin(); last != waiting.rend(); ++last) // the newest first
                if (last->first->request_id() == "id-3")
                    last->second(mm::Error{mm::ErrorCode::InvalidInput, "no"});
                else
                    last->second(answerFor(*last->first));
        };
        QVERIFY(fixture.start());
        BatchRequest batch;
        for (int i = 0; i < 20; ++i)
            *batch.add_requests() =
                textRequest(std::string(static_cast<std::size_t>(i + 1), 'x'), "id-" + std::to_string(i));
        grpc::ClientContext context;
        const auto reader = ModelInference::NewStub(fixture.channel)->GenerateBatch(&context, batch);
        EmbeddingResponse answer;
        for (int i = 0; i < 20; ++i) {
            QVERIFY(reader->Read(&answer));
            QCOMPARE(answer.request_id(), "id-" + std::to_string(i));
            QCOMPARE(answer.error().code(), i == 3 ? std::string("INVALID_INPUT") : std::string());
            QCOMPARE(answer.dimension(), i == 3 ? 0 : 4);
            if (i != 3)
                QCOMPARE(answer.vector(0), static_cast<float>(i + 1));
        }
        QVERIFY(!reader->Read(&answer));
        QVERIFY(reader->Finish().ok());
    }

    void aLargeBatchIsSentOnAWindowAtATime() {
        std::mutex mutex;
        int most = 0;
        int now = 0;
        GrpcFixture fixture;
        std::vector<std::pair<std::shared_ptr<const v1::InferenceRequest>, mm::Reply<Response>>> waiting;
        fixture.fake.onInfer = [&](const auto& request, const auto&, const auto& reply) {
            {
                const std::lock_guard lock(mutex);
                most = std::max(most, ++now);
            }
            waiting.emplace_back(request, reply);
            // All of a window, however the threads that send it overtake each other; less could wait for one in it.
            if (waiting.size() < 64)
                return;
            for (auto& [asked, answer] : std::exchange(waiting, {})) {
                {
                    const std::lock_guard lock(mutex);
                    --now;
                }
                answer(answerFor(*asked));
            }
        };
        QVERIFY(fixture.start());
        BatchRequest batch;
        for (int i = 0; i < 1024; ++i)
            *batch.add_requests() = textRequest("x");
        grpc::ClientContext context;
        const auto reader = ModelInference::NewStub(fixture.channel)->GenerateBatch(&context, batch);
        int count = 0;
        for (EmbeddingResponse answer; reader->Read(&answer);)
            ++count;
        QVERIFY(reader->Finish().ok());
        QCOMPARE(count, 1024);
        QVERIFY(most <= 64);
    }

    void leavingABatchCancelsWhatIsUnderWay() {
        std::promise<void> both;
        int seen = 0;
        GrpcFixture fixture;
        fixture.fake.onInfer = [&](const auto&, const auto&, const auto&) {
            if (++seen == 2)
                both.set_value();
        };
        QVERIFY(fixture.start());
        BatchRequest batch;
        *batch.add_requests() = textRequest("x", "first");
        *batch.add_requests() = textRequest("x", "second");
        grpc::ClientContext context;
        const auto reader = ModelInference::NewStub(fixture.channel)->GenerateBatch(&context, batch);
        both.get_future().wait();
        context.TryCancel();
        EmbeddingResponse answer;
        QVERIFY(!reader->Read(&answer));
        QCOMPARE(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
        QVERIFY(fixture.fake.waitForCancel("first"));
        QVERIFY(fixture.fake.waitForCancel("second"));
    }

    void aStreamTellsHowItGoesAndEndsWithTheAnswer() {
        GrpcFixture fixture;
        fixture.fake.onInfer = [](const auto& request, const auto&, const auto& reply) { reply(answerFor(*request)); };
        QVERIFY(fixture.start());
        grpc::ClientContext context;
        const auto reader =
            ModelInference::NewStub(fixture.channel)->GenerateEmbeddingStream(&context, textRequest("abc", "mine"));
        std::vector<InferenceStatus> told;
        for (InferenceStatus status; reader->Read(&status);)
            told.push_back(status);
        QVERIFY(reader->Finish().ok());
        QCOMPARE(told.front().state(), InferenceStatus::STATE_ACCEPTED);
        QCOMPARE(told.back().state(), InferenceStatus::STATE_COMPLETED);
        QCOMPARE(told.back().request_id(), std::string("mine"));
        QCOMPARE(told.back().result().vector(0), 3.0F);
    }

    void aStreamTellsOfWaitingLoadingAndRunning() {
        GrpcFixture fixture;
        std::function<void()> answer; // touched on the fake's thread
        fixture.fake.onInfer = [&](const auto& request, const auto& call, const auto& reply) {
            answer = [request, reply] { reply(answerFor(*request)); };
            fixture.fake.eventLog().publish(type::kRequestQueued, {.requestId = call.requestId, .message = "waits"});
        };
        QVERIFY(fixture.start());
        const auto publish = [&](const mm::events::EventType& what, mm::events::EventDraft draft) {
            fixture.fake.run([&] { fixture.fake.eventLog().publish(what, std::move(draft)); });
        };
        grpc::ClientContext context;
        const auto reader =
            ModelInference::NewStub(fixture.channel)->GenerateEmbeddingStream(&context, textRequest("abc", "mine"));
        const auto next = [&] {
            InferenceStatus status;
            return reader->Read(&status) ? status : InferenceStatus();
        };
        QCOMPARE(next().state(), InferenceStatus::STATE_ACCEPTED);
        QCOMPARE(next().message(), std::string("waits"));
        publish(type::kRequestStarted, {.requestId = "another"});
        publish(type::kLoadProgress, {.modelId = "org/other@1", .details = {{"percent", 10.0}}});
        publish(type::kLoadProgress, {.modelId = "org/model@1", .message = "weights", .details = {{"percent", 40.0}}});
        const InferenceStatus loading = next();
        QCOMPARE(loading.state(), InferenceStatus::STATE_WAITING);
        QCOMPARE(loading.message(), std::string("weights"));
        QCOMPARE(loading.progress(), 40.0);
        publish(type::kRequestStarted, {.requestId = "mine"});
        QCOMPARE(next().state(), InferenceStatus::STATE_RUNNING);
        fixture.fake.run([&] { answer(); });
        QCOMPARE(next().state(), InferenceStatus::STATE_COMPLETED);
        QVERIFY(reader->Finish().ok());
        std::size_t readers = 1;
        while (readers > 0)
            fixture.fake.run([&] { readers = fixture.fake.eventLog().readers(); });
    }

    void aBatchBelongsToTheTraceOfItsCall() {
        GrpcFixture fixture;
        std::vector<std::string> traces;
        fixture.fake.onInfer = [&](const auto& request, const auto& call, const auto& reply) {
            traces.push_back(call.trace.traceId);
            reply(answerFor(*request));
        };
        QVERIFY(fixture.start());
        grpc::ClientContext context;
        context.AddMetadata("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        BatchRequest batch;
        for (const char* text : {"a", "b"})
            *batch.add_requests() = textRequest(text);
        const auto reader = ModelInference::NewStub(fixture.channel)->GenerateBatch(&context, batch);
        for (EmbeddingResponse response; reader->Read(&response);) {
        }
        QVERIFY(reader->Finish().ok());
        QCOMPARE(traces, std::vector<std::string>(2, "0af7651916cd43dd8448eb211c80319c"));
    }

    void aStreamThatFailsSaysWhyTwice() {
        GrpcFixture fixture;
        fixture.fake.onInfer = [](const auto&, const auto&, const auto& reply) {
            reply(mm::Error{mm::ErrorCode::ModelNotFound, "no such model"});
        };
        QVERIFY(fixture.start());
        grpc::ClientContext context;
        const auto reader =
            ModelInference::NewStub(fixture.channel)->GenerateEmbeddingStream(&context, textRequest("abc"));
        InferenceStatus last;
        for (InferenceStatus status; reader->Read(&status);)
            last = status;
        QCOMPARE(last.state(), InferenceStatus::STATE_FAILED);
        QCOMPARE(last.error().code(), std::string("MODEL_NOT_FOUND"));
        QCOMPARE(reader->Finish().error_code(), grpc::StatusCode::NOT_FOUND);
        QCOMPARE(mm::test::trailerOf(context).code(), std::string("MODEL_NOT_FOUND"));
    }
};

QTEST_GUILESS_MAIN(TestModelInference)
#include "test_model_inference.moc"

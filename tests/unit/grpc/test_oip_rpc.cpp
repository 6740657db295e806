#include "engine/grpc/call/infer_stream.h"
#include "inference/grpc_service.grpc.pb.h"
#include "tests/unit/grpc/grpc_fixture.h"

#include <QtTest>

#include <cstring>
#include <future>
#include <mutex>
#include <set>

namespace v1 = modelmora::v1;
namespace pb = ::inference;
using mm::test::GrpcFixture;
using Reply = mm::Reply<mm::service::InferenceService::Response>;

namespace {

pb::ModelInferRequest requestWith(const std::string& text, const std::string& id = "7") {
    pb::ModelInferRequest request;
    request.set_model_name("org/repo");
    request.set_id(id);
    auto& input = *request.add_inputs();
    input.set_name("text");
    input.set_datatype("BYTES");
    input.add_shape(1);
    input.mutable_contents()->add_bytes_contents(text);
    return request;
}

// The model is there; what is inferred is up to the test.
struct House : GrpcFixture {
    House() {
        fake.onGet = [](const v1::GetModelRequest& request) {
            v1::Model model;
            model.set_model_id(request.model_id());
            model.set_task_type(v1::TASK_TYPE_TXT2EMBED);
            return mm::Result<v1::Model>(model);
        };
        fake.onInfer = [](const auto& request, const auto&, const Reply& reply) {
            reply(std::make_shared<const v1::InferenceResponse>(mm::test::embeddingFor(*request)));
        };
    }
    [[nodiscard]] auto stub() const { return pb::GRPCInferenceService::NewStub(channel); }
};

// The first number of the only output, which the fake makes the text's length.
float firstNumber(const pb::ModelInferResponse& response) {
    float value = -1;
    if (response.raw_output_contents_size() == 1 && response.raw_output_contents(0).size() >= sizeof value)
        std::memcpy(&value, response.raw_output_contents(0).data(), sizeof value);
    return value;
}

} // namespace

class TestOipRpc : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void typedAndRawContentsGiveTheSame() {
        House house;
        QVERIFY(house.start());
        pb::ModelInferRequest raw = requestWith("");
        raw.mutable_inputs(0)->clear_contents();
        raw.add_raw_input_contents(std::string("\x03\0\0\0abc", 7));
        for (const auto& request : {requestWith("abc"), raw}) {
            grpc::ClientContext context;
            pb::ModelInferResponse response;
            const grpc::Status status = house.stub()->ModelInfer(&context, request, &response);
            QVERIFY2(status.ok(), status.error_message().c_str());
            QCOMPARE(firstNumber(response), 3.0F);
            QCOMPARE(response.id(), std::string("7"));
            QCOMPARE(static_cast<int>(response.outputs(0).shape(1)), 4);
        }
    }

    void contentsThatDoNotMatchAreRefused() {
        House house;
        QVERIFY(house.start());
        const auto refusal = [&](const pb::ModelInferRequest& request) {
            grpc::ClientContext context;
            pb::ModelInferResponse response;
            const grpc::Status status = house.stub()->ModelInfer(&context, request, &response);
            return status.error_code() == grpc::StatusCode::INVALID_ARGUMENT ? status.error_message() : "accepted";
        };
        pb::ModelInferRequest both = requestWith("a");
        both.add_raw_input_contents("a");
        QVERIFY(refusal(both).find("both contents and raw_input_contents") != std::string::npos);
        both.add_raw_input_contents("b");
        QVERIFY(refusal(both).find("2 entries for 1 inputs") != std::string::npos);
        pb::ModelInferRequest other = requestWith("a");
        other.mutable_inputs(0)->mutable_contents()->clear_bytes_contents();
        other.mutable_inputs(0)->mutable_contents()->add_fp32_contents(1);
        QVERIFY(refusal(other).find("no data of its datatype BYTES") != std::string::npos);
    }

    // Clients count their ids from 0: what the engine knows them by must be its own.
    void requestsOfOneIdDoNotMeet() {
        std::mutex mutex;
        std::set<std::string> ids;
        House house;
        house.fake.onInfer = [&](const auto& request, const auto& call, const Reply& reply) {
            const std::lock_guard lock(mutex);
            ids.insert(call.requestId);
            reply(std::make_shared<const v1::InferenceResponse>(mm::test::embeddingFor(*request)));
        };
        QVERIFY(house.start());
        for (int i = 0; i < 3; ++i) {
            grpc::ClientContext context;
            pb::ModelInferResponse response;
            QVERIFY(house.stub()->ModelInfer(&context, requestWith("a", "0"), &response).ok());
        }
        const std::lock_guard lock(mutex);
        QCOMPARE(ids.size(), 3UL);
    }

    void theCallsDeadlineIsTheRequests() {
        std::promise<int> seconds;
        House house;
        house.fake.onInfer = [&](const auto& request, const auto&, const Reply& reply) {
            seconds.set_value(request->timeout_seconds());
            reply(std::make_shared<const v1::InferenceResponse>(mm::test::embeddingFor(*request)));
        };
        QVERIFY(house.start());
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
        pb::ModelInferRequest request = requestWith("a");
        (*request.mutable_parameters())["timeout"].set_int64_param(400'000'000);
        pb::ModelInferResponse response;
        QVERIFY(house.stub()->ModelInfer(&context, request, &response).ok());
        QVERIFY(seconds.get_future().get() <= 31); // gRPC may send the deadline a little later, and it is rounded up
    }

    void aClientThatLeavesIsCancelled() {
        std::promise<std::string> id;
        Reply held;
        House house;
        house.fake.onInfer = [&](const auto&, const auto& call, const Reply& reply) {
            held = reply;
            id.set_value(call.requestId);
        };
        QVERIFY(house.start());
        grpc::ClientContext context;
        const auto stream = house.stub()->ModelStreamInfer(&context);
        QVERIFY(stream->Write(requestWith("a")));
        const std::string known = id.get_future().get();
        context.TryCancel();
        QCOMPARE(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
        QVERIFY(house.fake.waitForCancel(known));
        house.fake.run([&] { held(mm::Error{mm::ErrorCode::RequestCancelled, "cancelled"}); });
    }

    void aStreamAnswersInOrderWithErrorsInTheirPlace() {
        House house;
        QVERIFY(house.start());
        grpc::ClientContext context;
        const auto stream = house.stub()->ModelStreamInfer(&context);
        for (int i = 0; i < 5; ++i) {
            pb::ModelInferRequest request =
                requestWith(std::string(static_cast<std::size_t>(i), 'x'), std::to_string(i));
            if (i == 2)
                request.mutable_inputs(0)->set_name("txt");
            QVERIFY(stream->Write(request));
        }
        stream->WritesDone();
        pb::ModelStreamInferResponse response;
        for (int i = 0; i < 5; ++i) {
            QVERIFY(stream->Read(&response));
            QCOMPARE(response.infer_response().id(), std::to_string(i));
            QVERIFY(response.infer_response().parameters().at("triton_final_response").bool_param());
            QCOMPARE(response.error_message().empty(), i != 2);
            QCOMPARE(firstNumber(response.infer_response()), i == 2 ? -1.0F : static_cast<float>(i));
        }
        QVERIFY(!stream->Read(&response));
        QVERIFY(stream->Finish().ok());
    }
};

QTEST_GUILESS_MAIN(TestOipRpc)
#include "test_oip_rpc.moc"

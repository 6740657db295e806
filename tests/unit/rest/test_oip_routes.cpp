#include "tests/unit/rest/rest_fixture.h"

#include <QTest>

#include <future>
#include <mutex>

using namespace mm;
using namespace mm::test;

namespace {

using InferReply = Reply<service::InferenceService::Response>;

const std::string kInfer = "/v2/models/org/repo/infer";

std::string bodyWith(const std::string& tensorRest, const std::string& rest = {}) {
    return R"({"id":"mine","inputs":[{"name":"text","datatype":"BYTES","shape":[2],)" + tensorRest + "}]" + rest + "}";
}

class House : public RestFixture {
public:
    House() {
        fakes().onGet = [](const v1::GetModelRequest& request) {
            v1::Model model;
            model.set_model_id(request.model_id());
            model.set_task_type(v1::TASK_TYPE_TXT2EMBED);
            return Result<v1::Model>(model);
        };
    }
};

} // namespace

class TestOipRoutes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void jsonGoesInAndOut();
    void aTraceGoesAlong();
    void bytesGoInAndOutBehindTheJson();
    void everyErrorHasTheProtocolsShape();
    void aClientThatLeavesIsCancelled();
    void readinessIsTheStatus();
};

void TestOipRoutes::jsonGoesInAndOut() {
    House house;
    const HttpAnswer answer = house.ask("POST", kInfer, bodyWith(R"("data":[["a"],["abc"]])"));
    QCOMPARE(answer.status, 200);
    QCOMPARE(at(answer, "/model_name"), std::string("org/repo"));
    QCOMPARE(at(answer, "/id"), std::string("mine"));
    QCOMPARE(at(answer, "/outputs/0/name"), std::string("embedding"));
    QCOMPARE(at(answer, "/outputs/0/shape"), std::string("[2,4]"));
    QCOMPARE(at(answer, "/outputs/0/data/4"), std::string("3"));
    QVERIFY(!answer.headers.contains("inference-header-content-length"));
}

void TestOipRoutes::aTraceGoesAlong() {
    House house;
    std::string seen;
    house.fakes().onInfer = [&](const auto& request, const service::CallContext& call, const InferReply& reply) {
        seen = call.trace.traceId;
        reply(std::make_shared<const v1::InferenceResponse>(embeddingFor(*request)));
    };
    const std::string trace = "0af7651916cd43dd8448eb211c80319c";
    const HttpAnswer answer = house.ask("POST", kInfer, bodyWith(R"("data":["a","abc"])"),
                                        "traceparent: 00-" + trace + "-b7ad6b7169203331-01\r\n");
    QCOMPARE(answer.status, 200);
    QCOMPARE(seen, trace);
}

void TestOipRoutes::bytesGoInAndOutBehindTheJson() {
    House house;
    const std::string json = bodyWith(R"("parameters":{"binary_data_size":12})",
                                      R"(,"outputs":[{"name":"embedding","parameters":{"binary_data":true}}])");
    const std::string raw("\x01\0\0\0a\x03\0\0\0abc", 12);
    const std::string headers = "Inference-Header-Content-Length: " + std::to_string(json.size()) +
                                "\r\nContent-Type: application/octet-stream\r\n";
    const HttpAnswer answer = house.ask("POST", kInfer, json + raw, headers);
    QCOMPARE(answer.status, 200);
    const std::size_t length = std::stoul(answer.headers.at("inference-header-content-length"));
    QCOMPARE(answer.body.size() - length, 32UL);
    float second = 0;
    std::memcpy(&second, answer.body.data() + length + 16, sizeof second);
    QCOMPARE(second, 3.0F);
    const HttpAnswer torn = house.ask("POST", kInfer, json + raw.substr(1), headers);
    QCOMPARE(torn.status, 400);
}

void TestOipRoutes::everyErrorHasTheProtocolsShape() {
    House house;
    house.fakes().onGet = [](const v1::GetModelRequest& request) {
        return Result<v1::Model>(Error{ErrorCode::ModelNotFound, "no " + request.model_id()});
    };
    const auto error = [&](const char* method, const std::string& path, int status, const std::string& body = {}) {
        const HttpAnswer answer = house.ask(method, path, body);
        return answer.status == status ? at(answer, "/error") : std::to_string(answer.status) + answer.body;
    };
    QCOMPARE(error("POST", kInfer, 404, bodyWith(R"("data":["a","b"])")), std::string("no org/repo"));
    QCOMPARE(error("GET", "/v2/models/org/repo/versions/2", 404), std::string("no org/repo@2"));
    QVERIFY(error("POST", kInfer, 400, "{").find("JSON") != std::string::npos);
    QVERIFY(error("POST", kInfer, 400, R"({"inputs":[{"name":7}]})").find("inputs[0].name") != std::string::npos);
    QVERIFY(error("POST", kInfer, 400).find("body is empty") != std::string::npos);
    QVERIFY(error("GET", "/v2/what", 404).find("/v2/what") != std::string::npos);
    QVERIFY(error("GET", "/v2/trace/setting", 501).find("log-level") != std::string::npos);
}

void TestOipRoutes::aClientThatLeavesIsCancelled() {
    InferReply held;
    std::promise<std::string> id;
    House house;
    house.fakes().onInfer = [&](const auto&, const service::CallContext& call, const InferReply& reply) {
        held = reply;
        id.set_value(call.requestId);
    };
    std::string known;
    {
        RestClient client = house.client();
        const std::string body = bodyWith(R"("data":["a","b"])");
        client.send("POST " + kInfer + " HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: " +
                    std::to_string(body.size()) + "\r\n\r\n" + body);
        known = id.get_future().get();
    }
    QVERIFY(house.fakes().waitForCancel(known));
    house.fakes().run([&] {
        held(Error{ErrorCode::RequestCancelled, "cancelled"});
        held = nullptr;
    });
}

void TestOipRoutes::readinessIsTheStatus() {
    House house;
    v1::ModelState state = v1::MODEL_STATE_UNLOADED;
    house.fakes().onModelStatus = [&](const v1::GetModelStatusRequest&) {
        v1::ModelStatus status;
        status.set_state(state);
        return Result<v1::ModelStatus>(status);
    };
    const HttpAnswer unloaded = house.ask("GET", "/v2/models/org%2Frepo/ready");
    QCOMPARE(unloaded.status, 503);
    QCOMPARE(at(unloaded, "/ready"), std::string("false"));
    state = v1::MODEL_STATE_LOADED;
    QCOMPARE(house.ask("GET", "/v2/models/org/repo/ready").status, 200);
    QCOMPARE(house.ask("GET", "/v2/health/live").status, 200);
}

QTEST_GUILESS_MAIN(TestOipRoutes)
#include "test_oip_routes.moc"

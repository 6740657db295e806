#include "tests/unit/rest/rest_fixture.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <cstring>

using namespace mm;
using namespace mm::test;

namespace {

const std::string kPath = "/v1/embeddings";

std::vector<float> fromBase64(const std::string& text) {
    const QByteArray bytes = QByteArray::fromBase64(QByteArray::fromStdString(text));
    std::vector<float> values(static_cast<std::size_t>(bytes.size()) / sizeof(float));
    std::memcpy(values.data(), bytes.constData(), values.size() * sizeof(float));
    return values;
}

} // namespace

class TestOpenAiRoutes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyKindOfInputIsTaken_data();
    void everyKindOfInputIsTaken();
    void theAnswerHasOpenAisShape();
    void base64EqualsFloat();
    void dimensionsReachTheModel();
    void errorsHaveOpenAisShape_data();
    void errorsHaveOpenAisShape();
    void anUnknownModelIs404();
    void modelsAreListedOverAllPages();
};

void TestOpenAiRoutes::everyKindOfInputIsTaken_data() {
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<int>("count");
    QTest::newRow("string") << QByteArray("\"hello\"") << 1;
    QTest::newRow("strings") << QByteArray(R"(["a","bc","def"])") << 3;
    QTest::newRow("token ids") << QByteArray("[101,2023,102]") << 1;
    QTest::newRow("lists of token ids") << QByteArray("[[101,102],[101,2023,102]]") << 2;
}

void TestOpenAiRoutes::everyKindOfInputIsTaken() {
    QFETCH(QByteArray, input);
    QFETCH(int, count);
    RestFixture rest;
    const HttpAnswer answer =
        rest.ask("POST", kPath, R"({"model":"org/repo","user":"me","input":)" + input.toStdString() + "}");
    QCOMPARE(answer.status, 200);
    const auto body = nlohmann::json::parse(answer.body);
    QCOMPARE(static_cast<int>(body.at("data").size()), count);
}

void TestOpenAiRoutes::theAnswerHasOpenAisShape() {
    RestFixture rest;
    rest.fakes().onInfer = [](std::shared_ptr<const v1::InferenceRequest> request, const service::CallContext&,
                              Reply<service::InferenceService::Response> reply) {
        auto response = std::make_shared<v1::InferenceResponse>();
        response->set_model_id(request->model_id());
        response->mutable_output_data()->mutable_embedding()->add_values(0.5F);
        response->mutable_metadata()->set_input_tokens(7);
        reply(std::shared_ptr<const v1::InferenceResponse>(response));
    };
    QCOMPARE(
        rest.ask("POST", kPath, R"({"model":"org/repo@v1","input":"x"})").body,
        std::string(
            R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5]}],"model":"org/repo@v1",)"
            R"("usage":{"prompt_tokens":7,"total_tokens":7}})"));
}

void TestOpenAiRoutes::base64EqualsFloat() {
    RestFixture rest;
    rest.fakes().onInfer = [](std::shared_ptr<const v1::InferenceRequest>, const service::CallContext&,
                              Reply<service::InferenceService::Response> reply) {
        auto response = std::make_shared<v1::InferenceResponse>();
        for (int i = 0; i < 384; ++i)
            response->mutable_output_data()->mutable_embedding()->add_values(1.0F / static_cast<float>(i - 190.5));
        reply(std::shared_ptr<const v1::InferenceResponse>(response));
    };
    const auto plain = nlohmann::json::parse(rest.ask("POST", kPath, R"({"model":"a/b","input":"x"})").body);
    const auto packed = nlohmann::json::parse(
        rest.ask("POST", kPath, R"({"model":"a/b","input":"x","encoding_format":"base64"})").body);
    QVERIFY(plain.at("data")[0].at("embedding").get<std::vector<float>>() ==
            fromBase64(packed.at("data")[0].at("embedding").get<std::string>()));
}

void TestOpenAiRoutes::dimensionsReachTheModel() {
    RestFixture rest;
    double dimensions = 0;
    rest.fakes().onInfer = [&](std::shared_ptr<const v1::InferenceRequest> request, const service::CallContext&,
                               Reply<service::InferenceService::Response> reply) {
        dimensions = request->parameters().fields().at("dimensions").number_value();
        reply(std::make_shared<const v1::InferenceResponse>(embeddingFor(*request)));
    };
    QCOMPARE(rest.ask("POST", kPath, R"({"model":"a/b","input":"x","dimensions":128})").status, 200);
    QCOMPARE(dimensions, 128.0);
}

void TestOpenAiRoutes::errorsHaveOpenAisShape_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("param");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* body, const char* param, const char* says) {
        QTest::newRow(body) << QByteArray(body) << QString::fromUtf8(param) << QString::fromUtf8(says);
    };
    row(R"({"input":"x"})", "model", "required");
    row(R"({"model":"a/b"})", "input", "required");
    row(R"({"model":"a/b","input":""})", "input", "empty string");
    row(R"({"model":"a/b","input":["a",""]})", "input[1]", "empty string");
    row(R"({"model":"a/b","input":[]})", "input", "at least one");
    row(R"({"model":"a/b","input":{}})", "input", "found an object");
    row(R"({"model":"a/b","input":["a",1]})", "input[1]", "expected a string, found a number");
    row(R"({"model":"a/b","input":[1,"a"]})", "input[1]", "expected a token id");
    row(R"({"model":"a/b","input":"x","encoding_format":"int8"})", "encoding_format", "float, base64");
    row(R"({"model":"a/b","input":"x","dimensions":0})", "dimensions", "positive integer");
    row(R"({"model":"a/b","input":"x","dimension":9})", "dimension", "did you mean");
    row(R"({"model":1,"input":"x"})", "model", "expected a string");
    row("{", "null", "cannot be read as JSON");
}

void TestOpenAiRoutes::errorsHaveOpenAisShape() {
    QFETCH(QByteArray, body);
    QFETCH(QString, param);
    QFETCH(QString, says);
    RestFixture rest;
    const HttpAnswer answer = rest.ask("POST", kPath, body.toStdString());
    QCOMPARE(answer.status, 400);
    QCOMPARE(at(answer, "/error/type"), std::string("invalid_request_error"));
    QCOMPARE(QString::fromStdString(at(answer, "/error/param")), param);
    QVERIFY2(QString::fromStdString(at(answer, "/error/message")).contains(says), answer.body.c_str());
}

void TestOpenAiRoutes::anUnknownModelIs404() {
    RestFixture rest;
    rest.fakes().onInfer = [](std::shared_ptr<const v1::InferenceRequest>, const service::CallContext&,
                              Reply<service::InferenceService::Response> reply) {
        reply(Error{ErrorCode::ModelNotFound, "There is no model \"a/b\"."});
    };
    const HttpAnswer answer = rest.ask("POST", kPath, R"({"model":"a/b","input":"x"})");
    QCOMPARE(answer.status, 404);
    QCOMPARE(at(answer, "/error/code"), std::string("model_not_found"));
}

void TestOpenAiRoutes::modelsAreListedOverAllPages() {
    RestFixture rest;
    rest.fakes().onList = [](const v1::ListModelsRequest& request) {
        v1::ListModelsResponse list;
        list.add_models()->set_model_id("org/page-" + std::to_string(request.pagination().page()));
        list.mutable_pagination()->set_total_pages(3);
        return list;
    };
    const HttpAnswer answer = rest.ask("GET", "/v1/models");
    QCOMPARE(at(answer, "/data/2/id"), std::string("org/page-3"));
    QCOMPARE(at(answer, "/data/0/owned_by"), std::string("org"));
}

QTEST_GUILESS_MAIN(TestOpenAiRoutes)
#include "test_openai_routes.moc"

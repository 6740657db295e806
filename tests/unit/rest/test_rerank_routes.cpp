#include "tests/unit/rest/rest_fixture.h"

#include <QTest>

#include <nlohmann/json.hpp>

using namespace mm;
using namespace mm::test;

namespace {

// A document's score is its length; a query "labels" gets labels instead.
Result<service::InferenceService::Response> scored(const v1::InferenceRequest& request) {
    auto response = std::make_shared<v1::InferenceResponse>();
    response->set_model_id(request.model_id());
    response->mutable_metadata()->set_request_id(request.request_id());
    response->mutable_metadata()->set_input_tokens(9);
    const auto& input = request.input_data().query_documents();
    if (input.query() == "labels")
        response->mutable_output_data()->mutable_classification_batch()->add_classifications();
    else
        for (const std::string& document : input.documents())
            response->mutable_output_data()->mutable_scores()->add_values(static_cast<float>(document.size()));
    return service::InferenceService::Response(response);
}

const std::string kBody = R"({"model":"org/repo","query":"q","documents":["a","abc",{"text":"ab","id":7}])";

} // namespace

class TestRerankRoutes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void documentsComeBackBestFirst();
    void noMoreThanTopNComeBack();
    void documentsAreReturnedAsEachVersionDoes();
    void badRequestsAreRefused_data();
    void badRequestsAreRefused();
    void aModelOfSeveralLabelsCannotRank();

private:
    struct Rest : RestFixture {
        Rest() {
            fakes().onInfer = [](const std::shared_ptr<const v1::InferenceRequest>& request,
                                 const service::CallContext&,
                                 const Reply<service::InferenceService::Response>& reply) { reply(scored(*request)); };
        }
    };
};

void TestRerankRoutes::documentsComeBackBestFirst() {
    Rest rest;
    for (const char* path : {"/v1/rerank", "/v2/rerank"}) {
        const HttpAnswer answer = rest.ask("POST", path, kBody + "}");
        QCOMPARE(answer.status, 200);
        QCOMPARE(at(answer, "/results/0/index"), std::string("1"));
        QCOMPARE(at(answer, "/results/1/index"), std::string("2"));
        QCOMPARE(at(answer, "/results/2/relevance_score"), std::string("1"));
        QCOMPARE(at(answer, "/model"), std::string("org/repo"));
        QCOMPARE(at(answer, "/usage/total_tokens"), std::string("9"));
        QCOMPARE(at(answer, "/meta/api_version/version"), std::string(1, path[2]));
    }
}

void TestRerankRoutes::noMoreThanTopNComeBack() {
    Rest rest;
    const auto count = [&](const std::string& topN) {
        const HttpAnswer answer = rest.ask("POST", "/v1/rerank", kBody + R"(,"top_n":)" + topN + "}");
        return nlohmann::json::parse(answer.body).at("results").size();
    };
    QCOMPARE(count("2"), std::size_t(2));
    QCOMPARE(count("50"), std::size_t(3));
    QCOMPARE(count("null"), std::size_t(3));
}

void TestRerankRoutes::documentsAreReturnedAsEachVersionDoes() {
    Rest rest;
    const auto document = [&](const char* path, const std::string& more) {
        return at(rest.ask("POST", path, kBody + more + "}"), "/results/1/document/text");
    };
    QCOMPARE(document("/v1/rerank", ""), std::string("ab"));
    QVERIFY(document("/v1/rerank", R"(,"return_documents":false)").starts_with("nothing at"));
    QVERIFY(document("/v2/rerank", "").starts_with("nothing at"));
    QCOMPARE(document("/v2/rerank", R"(,"return_documents":true)"), std::string("ab"));
}

void TestRerankRoutes::badRequestsAreRefused_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* body, int status, const char* says) {
        QTest::newRow(body) << QByteArray(body) << status << QString::fromUtf8(says);
    };
    row(R"({"query":"q","documents":["a"]})", 422, "model: this field is required");
    row(R"({"model":"m","documents":["a"]})", 422, "query: this field is required");
    row(R"({"model":"m","query":"q"})", 422, "documents: this field is required");
    row(R"({"model":"m","query":"q","documents":[]})", 422, "documents: needs at least one document");
    row(R"({"model":"m","query":"q","documents":["a",1]})", 422, "documents[1]: expected a string or an object");
    row(R"({"model":"m","query":"q","documents":[{"txt":"a"}]})", 422, "documents[0].text: this field is required");
    row(R"({"model":"m","query":"q","documents":["a"],"top_n":0})", 422, "top_n: expected a positive integer");
    row(R"({"model":"m","query":"q","documents":["a"],"topn":1})", 422, "did you mean \\\"top_n\\\"?");
    row(R"({"model":"m\u0000","query":"q","documents":["a"]})", 422, "NUL character");
    row(R"([])", 422, "expected an object, found a list");
    row(R"({"model":)", 400, "message");
}

void TestRerankRoutes::badRequestsAreRefused() {
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    QFETCH(QString, says);
    Rest rest;
    const HttpAnswer answer = rest.ask("POST", "/v1/rerank", body.toStdString());
    QCOMPARE(answer.status, status);
    QVERIFY2(QString::fromStdString(answer.body).contains(says), answer.body.c_str());
    QCOMPARE(at(answer, "/message"), at(answer, "/detail"));
}

void TestRerankRoutes::aModelOfSeveralLabelsCannotRank() {
    Rest rest;
    const HttpAnswer answer =
        rest.ask("POST", "/v2/rerank", R"({"model":"org/repo","query":"labels","documents":["a"]})");
    QCOMPARE(answer.status, 422);
    QVERIFY2(at(answer, "/message").find("a cross-encoder with one label") != std::string::npos, answer.body.c_str());
}

QTEST_GUILESS_MAIN(TestRerankRoutes)
#include "test_rerank_routes.moc"

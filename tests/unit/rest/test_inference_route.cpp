#include "tests/unit/rest/rest_fixture.h"

#include <QTest>

using namespace mm;
using namespace mm::test;

class TestInferenceRoute : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void inferenceMirrorsTheShapeOfItsInput();
    void vectorsComeInBase64WhereThatIsAskedFor();
    void pairsAndQueriesGoInAndScoresAndLabelsComeOut();
    void inferenceCarriesParametersPriorityAndTimeout();
    void badInferencesAreRefused_data();
    void badInferencesAreRefused();
    void aHundredThousandTextsGoThrough();
};

void TestInferenceRoute::inferenceMirrorsTheShapeOfItsInput() {
    RestFixture rest;
    const std::string path = "/api/v1/infer/org/repo";
    QCOMPARE(at(rest.ask("POST", path, R"({"input_data":{"text":"abc"}})"), "/output_data/embedding/0"),
             std::string("3"));
    QCOMPARE(at(rest.ask("POST", path, R"({"input_data":{"text":["abc"]}})"), "/output_data/embeddings/0/0"),
             std::string("3"));
    QCOMPARE(at(rest.ask("POST", path, R"({"input_data":{"text":["a","ab"]}})"), "/output_data/embeddings/1/0"),
             std::string("2"));
    QCOMPARE(at(rest.ask("POST", "/infer/org%2Frepo", R"({"input_data":{"token_ids":[[1,2],[3]]}})"),
                "/output_data/embeddings/1/0")
                 .empty(),
             false);
}

void TestInferenceRoute::vectorsComeInBase64WhereThatIsAskedFor() {
    RestFixture rest;
    const std::string path = "/api/v1/infer/org/repo";
    const auto ask = [&](const std::string& body) { return at(rest.ask("POST", path, body), "/output_data"); };
    // 3.0 as a float32 in little-endian order
    const std::string one = ask(R"({"input_data":{"text":"abc"},"embedding_format":"base64"})");
    QVERIFY2(one.starts_with(R"({"embedding":"AABAQ)"), one.c_str());
    const std::string list = ask(R"({"input_data":{"text":["abc"]},"embedding_format":"base64"})");
    QVERIFY2(list.starts_with(R"({"embeddings":["AABAQ)"), list.c_str());
    const std::string plain = ask(R"({"input_data":{"text":"abc"},"embedding_format":"floats"})");
    QVERIFY2(plain.starts_with(R"({"embedding":[3)"), plain.c_str());
    const HttpAnswer job =
        rest.ask("POST", path + "/async", R"({"input_data":{"text":"a"},"embedding_format":"base64"})");
    QCOMPARE(job.status, 422);
}

void TestInferenceRoute::pairsAndQueriesGoInAndScoresAndLabelsComeOut() {
    RestFixture rest;
    v1::InputData seen;
    v1::OutputData out;
    rest.fakes().onInfer = [&](std::shared_ptr<const v1::InferenceRequest> request, const service::CallContext&,
                               Reply<service::InferenceService::Response> reply) {
        seen = request->input_data();
        v1::InferenceResponse response;
        *response.mutable_output_data() = out;
        reply(std::make_shared<const v1::InferenceResponse>(response));
    };
    const std::string path = "/api/v1/infer/org/repo";
    out.mutable_scores()->add_values(0.1F);
    out.mutable_scores()->add_values(-7.0F);
    const HttpAnswer scored = rest.ask("POST", path, R"({"input_data":{"documents":["b","c"],"query":"a"}})");
    QCOMPARE(at(scored, "/output_data"), std::string(R"({"scores":[0.1,-7]})"));
    QCOMPARE(seen.query_documents().query(), std::string("a"));
    QCOMPARE(seen.query_documents().documents(1), std::string("c"));
    auto* entry = out.mutable_classification_batch()->add_classifications()->add_labels();
    entry->set_label("good");
    entry->set_score(0.3F);
    const HttpAnswer sorted = rest.ask("POST", path, R"({"input_data":{"text_pairs":[["a","b"],["","c"]]}})");
    QVERIFY2(sorted.body.find(R"({"classifications":[[{"label":"good","score":0.3}]]})") != std::string::npos,
             sorted.body.c_str());
    QCOMPARE(seen.text_pairs().pairs(0).second(), std::string("b"));
    QCOMPARE(seen.text_pairs().pairs(1).second(), std::string("c"));
}

void TestInferenceRoute::inferenceCarriesParametersPriorityAndTimeout() {
    RestFixture rest;
    v1::InferenceRequest seen;
    rest.fakes().onInfer = [&](std::shared_ptr<const v1::InferenceRequest> request, const service::CallContext&,
                               Reply<service::InferenceService::Response> reply) {
        seen = *request;
        reply(std::make_shared<const v1::InferenceResponse>(embeddingFor(*request)));
    };
    QCOMPARE(rest.ask("POST", "/api/v1/infer/org/repo@v1",
                      R"({"parameters":{"normalize":true,"dimensions":64},"priority":"medium",
        "timeout_seconds":30,"input_data":{"text":"x","extra":1}})")
                 .status,
             200);
    QCOMPARE(seen.model_id(), std::string("org/repo@v1"));
    QCOMPARE(seen.priority(), v1::PRIORITY_NORMAL);
    QCOMPARE(seen.timeout_seconds(), 30);
    QVERIFY(seen.parameters().fields().at("normalize").bool_value());
    QCOMPARE(seen.input_data().custom_data().fields().at("extra").number_value(), 1.0);
}

void TestInferenceRoute::badInferencesAreRefused_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* body, int status, const char* says) {
        QTest::newRow(body) << QByteArray(body) << status << QString::fromUtf8(says);
    };
    row("{}", 422, "input_data: this field is required");
    row(R"({"input_data":{}})", 422, "input_data: needs one of text, image, token_ids, text_pairs");
    row(R"({"input_data":{"txt":"x"}})", 422, "did you mean \\\"text\\\"?");
    row(R"({"input_data":{"text":[]}})", 422, "input_data.text: needs at least one item");
    row(R"({"input_data":{"text":["a","b","c",4]}})", 422, "input_data.text[3]: expected a string, found a number");
    row(R"({"input_data":{"text":7}})", 422, "input_data.text: expected a string or a list of strings, found a number");
    row(R"({"input_data":{"text":"a","image":"aGk="}})", 422, "only one of");
    row(R"({"input_data":{"image":"http://x/y.png"}})", 422, "URLs are not fetched");
    row(R"({"input_data":{"image":"!!"}})", 422, "not base64");
    row(R"({"input_data":{"token_ids":[1,-2]}})", 422, "input_data.token_ids[1]: expected a token id, found -2");
    row(R"({"input_data":{"token_ids":[[1],[]]}})", 422, "input_data.token_ids[1]: needs at least one token id");
    row(R"({"input_data":{"query":"a"}})", 422, "input_data.documents: this field is required");
    row(R"({"input_data":{"documents":["a"]}})", 422, "input_data.query: this field is required");
    row(R"({"input_data":{"query":"a","documents":[]}})", 422, "input_data.documents: needs at least one item");
    row(R"({"input_data":{"query":"a","documents":["a",1]}})", 422, "input_data.documents[1]: expected a string");
    row(R"({"input_data":{"query":"a","text":"b"}})", 422, "query with documents is there already");
    row(R"({"input_data":{"text_pairs":["a","b"]}})", 422, "input_data.text_pairs[0]: expected a list of two strings");
    row(R"({"input_data":{"text_pairs":[["a","b"],["a"]]}})", 422,
        "input_data.text_pairs[1]: expected a list of two strings, found one of 1");
    row(R"({"input_data":{"text":"a"},"priority":"urgent"})", 422, "critical, high, normal, low");
    row(R"({"input_data":{"text":"a"},"embedding_format":"bytes"})", 422, "floats, base64");
    row(R"({"input_data":{"text":"a"},"timeout_seconds":601})", 422, "from 1 to 600, found 601");
    row(R"({"input_data":{"text":"a"},"paramters":{}})", 422, "did you mean \\\"parameters\\\"?");
    row(R"({"input_data":{"text":"a"},"parameters":[]})", 422, "parameters: expected an object");
    row(R"("text")", 422, "expected an object, found a string");
    row(R"({"input_data":{"text":"a"}}})", 400, "expected nothing more");
}

void TestInferenceRoute::badInferencesAreRefused() {
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    QFETCH(QString, says);
    RestFixture rest;
    const HttpAnswer answer = rest.ask("POST", "/api/v1/infer/org/repo", body.toStdString());
    QCOMPARE(answer.status, status);
    QVERIFY2(QString::fromStdString(answer.body).contains(says), answer.body.c_str());
}

void TestInferenceRoute::aHundredThousandTextsGoThrough() {
    RestFixture rest;
    std::string body = R"({"input_data":{"text":["first")";
    for (int i = 1; i < 100'000; ++i)
        body += ",\"text " + std::to_string(i) + '"';
    const HttpAnswer answer = rest.ask("POST", "/api/v1/infer/org/repo", body + "]}}");
    QCOMPARE(answer.status, 200);
    QCOMPARE(at(answer, "/output_data/embeddings/99999/0"), std::string("10"));
}

QTEST_GUILESS_MAIN(TestInferenceRoute)
#include "test_inference_route.moc"

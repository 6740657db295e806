#include "tests/unit/rest/rest_fixture.h"

#include <QTest>

using namespace mm;
using namespace mm::test;

namespace {

v1::Model model(const std::string& id, v1::TaskType task) {
    v1::Model made;
    made.set_model_id(id);
    made.set_task_type(task);
    made.set_version("1");
    return made;
}

v1::InferenceResponse answerFor(const v1::InferenceRequest& request) {
    v1::InferenceResponse response = embeddingFor(request);
    const auto& input = request.input_data();
    auto& output = *response.mutable_output_data();
    if (input.has_query_documents())
        for (const std::string& document : input.query_documents().documents())
            output.mutable_scores()->add_values(static_cast<float>(document.size()));
    const bool classify = request.model_id() == "org/class";
    for (int i = 0; classify && i < input.text_pairs().pairs_size() + input.text_batch().texts_size(); ++i) {
        auto* entry = output.mutable_classification_batch()->add_classifications()->add_labels();
        entry->set_label("label " + std::to_string(i));
        entry->set_score(0.5F);
    }
    return response;
}

} // namespace

class TestTeiRoutes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void embeddingsAreAListOfLists();
    void embeddingsAreNormalisedUnlessAskedNotToBe();
    void textsAreRankedBestFirst();
    void predictionsMirrorTheShapeOfTheirInputs();
    void theOnlyModelOfATaskIsTaken();
    void ofSeveralModelsThePathNamesOne();
    void infoTellsWhatTheModelIs();
    void badRequestsAreRefused_data();
    void badRequestsAreRefused();
    void theModelsOwnFailureIsABackendError();

private:
    struct Rest : RestFixture {
        Rest() {
            models = {model("org/embed", v1::TASK_TYPE_TXT2EMBED), model("org/class", v1::TASK_TYPE_TXT2CLASS),
                      model("org/score", v1::TASK_TYPE_TXTPAIR2SCORE), model("org/other", v1::TASK_TYPE_IMG2EMBED)};
            fakes().onList = [this](const v1::ListModelsRequest& request) -> Result<v1::ListModelsResponse> {
                v1::ListModelsResponse list;
                for (const v1::Model& one : models)
                    if (request.task_type() == v1::TASK_TYPE_UNSPECIFIED || request.task_type() == one.task_type())
                        *list.add_models() = one;
                list.mutable_pagination()->set_total(list.models_size());
                return list;
            };
            fakes().onGet = [this](const v1::GetModelRequest& request) -> Result<v1::Model> {
                for (const v1::Model& one : models)
                    if (one.model_id() == request.model_id())
                        return one;
                return Error{ErrorCode::ModelNotFound, "there is no such model"};
            };
            fakes().onModelStatus = [](const v1::GetModelStatusRequest& request) -> Result<v1::ModelStatus> {
                v1::ModelStatus status;
                if (request.model_id() == "org/embed")
                    return status;
                status.set_max_sequence_length(512);
                status.set_dtype("fp32");
                status.add_labels("bad");
                status.add_labels("good");
                return status;
            };
            fakes().onInfer = [this](std::shared_ptr<const v1::InferenceRequest> request, const service::CallContext&,
                                     Reply<service::InferenceService::Response> reply) {
                seen = *request;
                reply(std::make_shared<const v1::InferenceResponse>(answerFor(*request)));
            };
        }
        std::vector<v1::Model> models;
        v1::InferenceRequest seen;
    };
};

void TestTeiRoutes::embeddingsAreAListOfLists() {
    Rest rest;
    QCOMPARE(at(rest.ask("POST", "/embed", R"({"inputs":"abc"})"), "/0/0"), std::string("3"));
    QCOMPARE(at(rest.ask("POST", "/embed", R"({"inputs":["a","ab"]})"), "/1/0"), std::string("2"));
    QCOMPARE(at(rest.ask("POST", "/embed", R"({"inputs":[[1,2,3]]})"), "/0/0"), std::string("3"));
}

void TestTeiRoutes::embeddingsAreNormalisedUnlessAskedNotToBe() {
    Rest rest;
    QCOMPARE(rest.ask("POST", "/embed", R"({"inputs":"a"})").status, 200);
    QVERIFY(rest.seen.parameters().fields().at("normalize").bool_value());
    QVERIFY(!rest.seen.parameters().fields().contains("truncate"));
    const HttpAnswer answer = rest.ask("POST", "/embed", R"({"inputs":"a","normalize":false,"truncate":false,
        "truncation_direction":"Right","prompt_name":"query","dimensions":64})");
    QCOMPARE(answer.status, 200);
    const auto& parameters = rest.seen.parameters().fields();
    QVERIFY(!parameters.at("normalize").bool_value());
    QVERIFY(!parameters.at("truncate").bool_value());
    QCOMPARE(parameters.at("prompt_name").string_value(), std::string("query"));
    QCOMPARE(parameters.at("dimensions").number_value(), 64.0);
}

void TestTeiRoutes::textsAreRankedBestFirst() {
    Rest rest;
    const HttpAnswer answer = rest.ask("POST", "/rerank", R"({"query":"q","texts":["a","abc"],"raw_scores":true})");
    QCOMPARE(answer.body, std::string(R"([{"index":1,"score":3},{"index":0,"score":1}])"));
    QVERIFY(rest.seen.parameters().fields().at("raw_scores").bool_value());
    QCOMPARE(at(rest.ask("POST", "/rerank", R"({"query":"q","texts":["a","abc"],"return_text":true})"), "/0/text"),
             std::string("abc"));
}

void TestTeiRoutes::predictionsMirrorTheShapeOfTheirInputs() {
    Rest rest;
    QCOMPARE(rest.ask("POST", "/predict", R"({"inputs":"a"})").body,
             std::string(R"([{"score":0.5,"label":"label 0"}])"));
    QCOMPARE(at(rest.ask("POST", "/predict", R"({"inputs":["a","b"]})"), "/0/label"), std::string("label 0"));
    QCOMPARE(rest.seen.input_data().text_pairs().pairs(0).second(), std::string("b"));
    QCOMPARE(at(rest.ask("POST", "/predict", R"({"inputs":[["a"],["b"]]})"), "/1/0/label"), std::string("label 1"));
    QCOMPARE(rest.seen.input_data().text_batch().texts(1), std::string("b"));
    QCOMPARE(at(rest.ask("POST", "/predict", R"({"inputs":[["a","b"],["c","d"]]})"), "/1/0/label"),
             std::string("label 1"));
    QCOMPARE(rest.seen.input_data().text_pairs().pairs(1).first(), std::string("c"));
}

void TestTeiRoutes::theOnlyModelOfATaskIsTaken() {
    Rest rest;
    QCOMPARE(rest.ask("POST", "/embed", R"({"inputs":"a"})").status, 200);
    QCOMPARE(rest.seen.model_id(), std::string("org/embed"));
    rest.models.clear();
    const HttpAnswer none = rest.ask("POST", "/rerank", R"({"query":"q","texts":["a"]})");
    QCOMPARE(none.status, 404);
    QCOMPARE(at(none, "/error"), std::string("no model is registered for txtpair2score; register one"));
}

void TestTeiRoutes::ofSeveralModelsThePathNamesOne() {
    Rest rest;
    rest.models.push_back(model("org/more", v1::TASK_TYPE_TXT2EMBED));
    const HttpAnswer answer = rest.ask("POST", "/embed", R"({"inputs":"a"})");
    QCOMPARE(answer.status, 422);
    QVERIFY2(at(answer, "/error")
                     .find("2 models are registered for txt2embed; name one by its path, as in "
                           "/tei/org/repo/embed") != std::string::npos,
             answer.body.c_str());
    QCOMPARE(rest.ask("POST", "/tei/org/more/embed", R"({"inputs":"a"})").status, 200);
    QCOMPARE(rest.seen.model_id(), std::string("org/more"));
    QCOMPARE(rest.ask("POST", "/embed", R"({"inputs":"a","model":"org/embed"})").status, 200);
    QCOMPARE(rest.seen.model_id(), std::string("org/embed"));
}

void TestTeiRoutes::infoTellsWhatTheModelIs() {
    Rest rest;
    const HttpAnswer several = rest.ask("GET", "/info");
    QCOMPARE(several.status, 422);
    QVERIFY(several.body.find("3 models are registered") != std::string::npos);
    const HttpAnswer scorer = rest.ask("GET", "/tei/org/score/info");
    QCOMPARE(at(scorer, "/model_type/reranker/id2label/1"), std::string("good"));
    QCOMPARE(at(scorer, "/model_type/reranker/label2id/bad"), std::string("0"));
    QCOMPARE(at(scorer, "/max_input_length"), std::string("512"));
    QCOMPARE(at(rest.ask("GET", "/tei/org/class/info"), "/model_type/classifier/id2label/0"), std::string("bad"));
    rest.models.resize(1);
    const HttpAnswer only = rest.ask("GET", "/info");
    QCOMPARE(at(only, "/model_id"), std::string("org/embed"));
    QCOMPARE(at(only, "/model_type"), std::string(R"({"embedding":{}})"));
    QCOMPARE(at(only, "/max_input_length"), std::string("null"));
    QCOMPARE(rest.ask("GET", "/tei/org/none/info").status, 404);
}

void TestTeiRoutes::badRequestsAreRefused_data() {
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* path, const char* body, const char* says) {
        QTest::newRow(body) << QByteArray(path) << QByteArray(body) << QString::fromUtf8(says);
    };
    row("/embed", "{}", "inputs: this field is required");
    row("/embed", R"({"inputs":[]})", "inputs: needs at least one item");
    row("/embed", R"({"inputs":"a","truncation_direction":"left"})", "inputs are cut at their end");
    row("/embed", R"({"inputs":"a","normalise":true})", "did you mean \\\"normalize\\\"?");
    row("/rerank", R"({"query":"q","texts":"a"})", "texts: expected a list of strings, found a string");
    row("/predict", R"({"inputs":[]})", "inputs: needs at least one text");
    row("/predict", R"({"inputs":["a","b","c"]})", "expected one text or a pair of them, found 3");
    row("/predict", R"({"inputs":[["a"],["b","c"]]})", "inputs[1]: texts and pairs cannot be mixed");
    row("/predict", R"({"inputs":[["a"],[]]})", "inputs[1]: needs at least one text");
    row("/predict", R"({"inputs":[["a"],"b"]})", "inputs[1]: expected a list of one or two texts");
    row("/predict", R"({"inputs":[["a",1]]})", "inputs[0][1]: expected a string");
}

void TestTeiRoutes::badRequestsAreRefused() {
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(QString, says);
    Rest rest;
    const HttpAnswer answer = rest.ask("POST", path.toStdString(), body.toStdString());
    QCOMPARE(answer.status, 422);
    QVERIFY2(QString::fromStdString(answer.body).contains(says), answer.body.c_str());
    QCOMPARE(at(answer, "/error_type"), std::string("validation"));
}

void TestTeiRoutes::theModelsOwnFailureIsABackendError() {
    Rest rest;
    rest.fakes().onInfer = [](const std::shared_ptr<const v1::InferenceRequest>&, const service::CallContext&,
                              const Reply<service::InferenceService::Response>& reply) {
        reply(Error{ErrorCode::InferenceFailed, "not a number"});
    };
    const HttpAnswer answer = rest.ask("POST", "/embed", R"({"inputs":"a"})");
    QCOMPARE(answer.status, 424);
    QCOMPARE(at(answer, "/error_type"), std::string("backend"));
}

QTEST_GUILESS_MAIN(TestTeiRoutes)
#include "test_tei_routes.moc"

#include "tests/unit/rest/rest_fixture.h"

#include <QTest>

using namespace mm;
using namespace mm::test;

namespace {

const std::string kModels = "/api/v1/models";

v1::Model modelNamed(const std::string& id) {
    v1::Model model;
    model.set_model_id(id);
    model.set_version("v1");
    model.set_task_type(v1::TASK_TYPE_TXT2EMBED);
    model.set_status("ready");
    return model;
}

} // namespace

class TestNativeRoutes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void registeringAnswers201WithItsLocation();
    void badBodiesAreToldFieldByField_data();
    void badBodiesAreToldFieldByField();
    void everyWrongFieldIsTold();
    void listsHaveDataAndMeta();
    void listQueriesReachTheRegistry();
    void badListQueriesAreRefused_data();
    void badListQueriesAreRefused();
    void updatesCarryOnlyWhatIsGiven();
    void deletingAnswers204AndTakesForce();
    void versionsAreListedPromotedDeprecatedAndDeleted();
    void loadAndUnloadNeedNoBody();
    void engineErrorsKeepCodeStatusAndFacts_data();
    void engineErrorsKeepCodeStatusAndFacts();
    void statusReportsFourQueues();
    void readinessIs503WhenNotReady();
    void healthTellsModelsAndTheWhole();
};

void TestNativeRoutes::registeringAnswers201WithItsLocation() {
    RestFixture rest;
    v1::RegisterModelRequest seen;
    rest.fakes().onRegister = [&](const v1::RegisterModelRequest& request) {
        seen = request;
        return modelNamed(request.model_id());
    };
    const HttpAnswer answer =
        rest.ask("POST", kModels, R"({"model_id":"org/repo","task_type":"txt2embed","tags":["a","b"],
        "config":{"dtype":"fp32","nested":{"list":[1,null,true]}},"resource_requirements":{"memory_mb":100},"description":null})");
    QCOMPARE(answer.status, 201);
    QCOMPARE(answer.headers.at("location"), std::string("/api/v1/models/org/repo@v1"));
    QCOMPARE(at(answer, "/task_type"), std::string("txt2embed"));
    QCOMPARE(seen.tags_size(), 2);
    QCOMPARE(seen.resource_requirements().memory_mb(), 100);
    QCOMPARE(seen.config().fields().at("dtype").string_value(), std::string("fp32"));
}

void TestNativeRoutes::badBodiesAreToldFieldByField_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("headers");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const QByteArray& body, int status, const char* says,
                        const char* headers = "") {
        QTest::newRow(name) << body << QByteArray(headers) << status << QString::fromUtf8(says);
    };
    const QByteArray good = R"({"model_id":"org/repo","task_type":"txt2embed")";
    row("missing field", R"({"model_id":"org/repo"})", 422, "task_type: this field is required");
    row("unknown field", good + R"(,"taggs":[]})", 422, "taggs: unknown field; did you mean \\\"tags\\\"?");
    row("wrong type", R"({"model_id":7,"task_type":"txt2embed"})", 422, "model_id: expected a string, found a number");
    row("wrong item type", good + R"(,"tags":["a",1]})", 422, "tags[1]: expected a string, found a number");
    row("wrong list", good + R"(,"tags":"a"})", 422, "tags: expected a list, found a string");
    row("wrong nested type", good + R"(,"resource_requirements":{"memory_mb":"1"}})", 422,
        "resource_requirements.memory_mb: expected an integer");
    row("out of range", good + R"(,"resource_requirements":{"memory_mb":3000000000}})", 422,
        "to 2147483647, found 3000000000");
    row("fraction", good + R"(,"resource_requirements":{"memory_mb":1.5}})", 422, "expected an integer");
    row("unknown task", R"({"model_id":"org/repo","task_type":"txt2emb"})", 422, "txt2embed, img2embed");
    row("config is a list", good + R"(,"config":[1]})", 422, "config: expected an object, found a list");
    row("huge number in config", good + R"(,"config":{"a":[1e999]}})", 422, "config.a[0]: this number is out of range");
    row("NUL in id", R"({"model_id":"org/re\u0000po","task_type":"txt2embed"})", 422,
        "model_id: it holds a NUL character");
    row("not an object", "[1]", 422, "The body: expected an object, found a list");
    row("malformed", "{\"model_id\":\n}", 400, "line 2, column 1");
    row("invalid UTF-8", "{\"model_id\":\"\xFF\"}", 400, "not valid UTF-8");
    row("key twice", R"({"model_id":"a/b","model_id":"c/d"})", 400, "given twice");
    row("too deep", good + ",\"config\":" + QByteArray(100, '[') + QByteArray(100, ']') + "}", 400, "nested deeper");
    row("empty", "", 400, "The body is empty");
    row("form", "model_id=x", 415, "application/json", "Content-Type: application/x-www-form-urlencoded\r\n");
    row("latin1", good + "}", 415, "UTF-8", "Content-Type: application/json; charset=latin1\r\n");
}

void TestNativeRoutes::badBodiesAreToldFieldByField() {
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, headers);
    QFETCH(int, status);
    QFETCH(QString, says);
    RestFixture rest;
    const HttpAnswer answer = rest.ask("POST", kModels, body.toStdString(), headers.toStdString());
    QCOMPARE(answer.status, status);
    QVERIFY2(QString::fromStdString(answer.body).contains(says), answer.body.c_str());
    QCOMPARE(at(answer, "/error_code"), std::string(status == 422   ? "VALIDATION_ERROR"
                                                    : status == 415 ? "UNSUPPORTED_MEDIA_TYPE"
                                                                    : "MALFORMED_REQUEST"));
}

void TestNativeRoutes::everyWrongFieldIsTold() {
    RestFixture rest;
    const HttpAnswer answer = rest.ask("POST", kModels, R"({"model_id":1,"version":[],"foo":2,"tags":{}})");
    QCOMPARE(answer.status, 422);
    std::string fields;
    for (const char* pointer :
         {"/validation_errors/0/field", "/validation_errors/1/field", "/validation_errors/2/field",
          "/validation_errors/3/field", "/validation_errors/4/field"})
        fields += at(answer, pointer) + ' ';
    QCOMPARE(fields, std::string("model_id version foo tags task_type "));
}

void TestNativeRoutes::listsHaveDataAndMeta() {
    RestFixture rest;
    rest.fakes().onList = [](const v1::ListModelsRequest& request) {
        v1::ListModelsResponse list;
        *list.add_models() = modelNamed("org/repo");
        list.mutable_pagination()->set_total(1);
        list.mutable_pagination()->set_page(request.pagination().page());
        list.mutable_pagination()->set_page_size(request.pagination().page_size());
        list.mutable_pagination()->set_total_pages(1);
        return list;
    };
    for (const std::string& path : {kModels, std::string("/models")}) {
        const HttpAnswer answer = rest.ask("GET", path);
        QCOMPARE(answer.status, 200);
        QCOMPARE(at(answer, "/data/0/model_id"), std::string("org/repo"));
        QCOMPARE(at(answer, "/meta"), std::string(R"({"page":1,"page_size":20,"total":1,"total_pages":1})"));
    }
}

void TestNativeRoutes::listQueriesReachTheRegistry() {
    RestFixture rest;
    v1::ListModelsRequest seen;
    rest.fakes().onList = [&](const v1::ListModelsRequest& request) {
        seen = request;
        return v1::ListModelsResponse();
    };
    QCOMPARE(rest.ask("GET", kModels + "?task_type=txt2embed&status=ready&page=2&page_size=5&tag=a+b&search=%C3%A4%2F")
                 .status,
             200);
    QCOMPARE(seen.task_type(), v1::TASK_TYPE_TXT2EMBED);
    QCOMPARE(seen.status(), std::string("ready"));
    QCOMPARE(seen.pagination().page(), 2);
    QCOMPARE(seen.pagination().page_size(), 5);
    QCOMPARE(seen.tag(), std::string("a b"));
    QCOMPARE(seen.search(), std::string("\xC3\xA4/"));
    QCOMPARE(rest.ask("GET", "/models?task=img2txt&limit=7").status, 200);
    QCOMPARE(seen.task_type(), v1::TASK_TYPE_IMG2TXT);
    QCOMPARE(seen.pagination().page_size(), 7);
}

void TestNativeRoutes::badListQueriesAreRefused_data() {
    QTest::addColumn<QByteArray>("query");
    for (const char* query : {"page=0", "page=x", "page=1&page=2", "page_size=101", "limit=0", "tsk=txt2embed",
                              "task=nope", "status=fine", "tag=%FF", "tag=%00", "page=", "page=99999999999999999999"})
        QTest::newRow(query) << QByteArray(query);
}

void TestNativeRoutes::badListQueriesAreRefused() {
    QFETCH(QByteArray, query);
    RestFixture rest;
    const HttpAnswer answer = rest.ask("GET", kModels + '?' + query.toStdString());
    QCOMPARE(answer.status, 422);
    QCOMPARE(at(answer, "/error_code"), std::string("VALIDATION_ERROR"));
    QVERIFY(!at(answer, "/validation_errors/0/field").empty());
}

void TestNativeRoutes::updatesCarryOnlyWhatIsGiven() {
    RestFixture rest;
    v1::UpdateModelRequest seen;
    rest.fakes().onUpdate = [&](const v1::UpdateModelRequest& request) {
        seen = request;
        return modelNamed(request.model_id());
    };
    QCOMPARE(rest.ask("PUT", kModels + "/org/repo", R"({"display_name":"","tags":[],"expected_revision":3})").status,
             200);
    QCOMPARE(seen.model_id(), std::string("org/repo"));
    QVERIFY(seen.has_display_name());
    QVERIFY(!seen.has_description());
    QVERIFY(seen.has_tags());
    QVERIFY(!seen.has_config());
    QCOMPARE(seen.expected_revision(), std::int64_t{3});
    QCOMPARE(rest.ask("PUT", kModels + "/org/repo", R"({"task_type":"txt2txt"})").status, 422);
    QCOMPARE(rest.ask("PUT", kModels + "/org/repo", R"({"tags":["x",null]})").status, 422);
}

void TestNativeRoutes::deletingAnswers204AndTakesForce() {
    RestFixture rest;
    bool forced = true;
    rest.fakes().onDelete = [&](const v1::DeleteModelRequest& request) {
        forced = request.force();
        return v1::DeleteModelResponse();
    };
    const HttpAnswer answer = rest.ask("DELETE", kModels + "/org%2Frepo");
    QCOMPARE(answer.status, 204);
    QVERIFY(answer.body.empty());
    QVERIFY(!answer.headers.contains("content-length"));
    QVERIFY(!forced);
    QCOMPARE(rest.ask("DELETE", kModels + "/org/repo?force=true").status, 204);
    QVERIFY(forced);
    QCOMPARE(rest.ask("DELETE", kModels + "/org/repo?force=maybe").status, 422);
    QCOMPARE(rest.ask("DELETE", "/models/org/repo").status, 405); // once meant something else
}

void TestNativeRoutes::versionsAreListedPromotedDeprecatedAndDeleted() {
    RestFixture rest;
    rest.fakes().onListVersions = [](const v1::ListVersionsRequest& request) {
        v1::ListVersionsResponse list;
        *list.add_versions() = modelNamed(request.model_id());
        return list;
    };
    rest.fakes().onPromote = [](const v1::PromoteVersionRequest& request) {
        return modelNamed(request.model_id() + '@' + request.version());
    };
    rest.fakes().onDeprecate = [](const v1::DeprecateVersionRequest& request) {
        return modelNamed(request.version() + ':' + request.reason());
    };
    rest.fakes().onDeleteVersion = [](const v1::DeleteVersionRequest&) -> Result<v1::DeleteVersionResponse> {
        return Error{ErrorCode::VersionIsCurrent, "It is the current version."};
    };
    QCOMPARE(at(rest.ask("GET", kModels + "/org/repo/versions"), "/data/0/model_id"), std::string("org/repo"));
    QCOMPARE(at(rest.ask("POST", kModels + "/org/repo/versions/v2/promote"), "/model_id"), std::string("org/repo@v2"));
    QCOMPARE(at(rest.ask("POST", kModels + "/org%2Frepo/versions/v2/deprecate", R"({"reason":"old"})"), "/model_id"),
             std::string("v2:old"));
    QCOMPARE(rest.ask("DELETE", kModels + "/org/repo/versions/v2").status, 409);
}

void TestNativeRoutes::loadAndUnloadNeedNoBody() {
    RestFixture rest;
    rest.fakes().onLoad = [](const v1::LoadModelRequest& request, service::ModelService::ProgressHandler,
                             Reply<v1::ModelStatus> reply) {
        v1::ModelStatus status;
        status.set_model_id(request.model_id());
        status.set_state(v1::MODEL_STATE_LOADED);
        reply(status);
    };
    rest.fakes().onUnload = [](const v1::UnloadModelRequest& request) {
        v1::UnloadModelResponse response;
        response.set_model_id(request.model_id());
        response.set_unloaded(true);
        return response;
    };
    QCOMPARE(at(rest.ask("POST", kModels + "/org/repo@v1/load"), "/state"), std::string("loaded"));
    QCOMPARE(rest.ask("POST", kModels + "/org%2Frepo/load", "{}").status, 200);
    QCOMPARE(rest.ask("POST", "/models/org/repo/load").status, 200);
    QCOMPARE(rest.ask("POST", kModels + "/org/repo/load", R"({"fast":true})").status, 422);
    QCOMPARE(at(rest.ask("POST", kModels + "/org/repo/unload"), "/unloaded"), std::string("true"));
}

void TestNativeRoutes::engineErrorsKeepCodeStatusAndFacts_data() {
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("status");
    const auto row = [](ErrorCode code, int status) {
        QTest::newRow(std::string(errorName(code)).c_str()) << static_cast<int>(code) << status;
    };
    row(ErrorCode::ModelNotFound, 404);
    row(ErrorCode::InvalidModelId, 422);
    row(ErrorCode::ModelAlreadyExists, 409);
    row(ErrorCode::RevisionConflict, 409);
    row(ErrorCode::PreconditionFailed, 412);
    row(ErrorCode::JobResultExpired, 410);
    row(ErrorCode::InsufficientMemory, 507);
    row(ErrorCode::StorageFull, 507);
    row(ErrorCode::QueueFull, 429);
    row(ErrorCode::SlowReader, 429);
    row(ErrorCode::RateLimitExceeded, 429);
    row(ErrorCode::Unauthenticated, 401);
    row(ErrorCode::PermissionDenied, 403);
    row(ErrorCode::InferenceTimeout, 408);
    row(ErrorCode::RequestCancelled, 409);
    row(ErrorCode::ServiceUnavailable, 503);
    row(ErrorCode::ModelLoadFailed, 503);
    row(ErrorCode::InternalError, 500);
}

void TestNativeRoutes::engineErrorsKeepCodeStatusAndFacts() {
    QFETCH(int, code);
    QFETCH(int, status);
    const auto errorCode = static_cast<ErrorCode>(code);
    RestFixture rest;
    rest.fakes().onGet = [&](const v1::GetModelRequest&) -> Result<v1::Model> {
        return Error{errorCode,
                     "It \"went\" wrong.",
                     {{"bytes", std::int64_t{7}}, {"lines", std::vector<std::string>{"a", "b"}}, {"flag", true}}};
    };
    const HttpAnswer answer = rest.ask("GET", kModels + "/org/repo");
    QCOMPARE(answer.status, status);
    QCOMPARE(at(answer, "/error_code"), std::string(errorName(errorCode)));
    QCOMPARE(at(answer, "/message"), std::string("It \"went\" wrong."));
    QCOMPARE(at(answer, "/details"), std::string(R"({"bytes":7,"flag":true,"lines":["a","b"]})"));
    QCOMPARE(answer.headers.contains("retry-after"), status == 429 || errorCode == ErrorCode::ServiceUnavailable);
}

void TestNativeRoutes::statusReportsFourQueues() {
    RestFixture rest;
    rest.fakes().onStatus = [] {
        v1::SystemStatus status;
        status.set_version("0.1.0");
        status.mutable_queue()->set_critical_priority(1);
        status.mutable_queue()->set_low_priority(4);
        return status;
    };
    const HttpAnswer answer = rest.ask("GET", "/api/v1/status");
    QCOMPARE(at(answer, "/queue_depth"),
             std::string(R"({"critical_priority":1,"high_priority":0,"low_priority":4,"medium_priority":0})"));
    QCOMPARE(at(answer, "/loaded_models"), std::string("[]"));
}

void TestNativeRoutes::readinessIs503WhenNotReady() {
    RestFixture rest;
    bool isReady = true;
    rest.fakes().onReadiness = [&] {
        v1::ReadinessResponse readiness;
        readiness.set_status(isReady ? "ready" : "not ready");
        readiness.mutable_checks()->set_database(isReady);
        return readiness;
    };
    for (const char* path : {"/health/ready", "/ready", "/api/v1/health/ready"})
        QCOMPARE(rest.ask("GET", path).status, 200);
    rest.fakes().run([&] { isReady = false; });
    const HttpAnswer answer = rest.ask("GET", "/health/ready");
    QCOMPARE(answer.status, 503);
    QCOMPARE(at(answer, "/checks/database"), std::string("false"));
}

void TestNativeRoutes::healthTellsModelsAndTheWhole() {
    RestFixture rest;
    rest.fakes().onReadiness = [] {
        v1::ReadinessResponse readiness;
        readiness.set_status("ready");
        return readiness;
    };
    rest.fakes().onStatus = [] {
        v1::SystemStatus status;
        auto& model = *status.add_loaded_models();
        model.set_model_id("org/repo");
        model.set_state(v1::MODEL_STATE_LOADED);
        status.add_loaded_models()->set_state(v1::MODEL_STATE_UNHEALTHY);
        status.mutable_resources()->set_disk_percent(41);
        return status;
    };
    rest.fakes().onHealth = [] {
        v1::ModelHealthResponse health;
        health.set_unhealthy_count(1);
        auto& model = *health.add_models();
        model.set_model_id("org/repo");
        model.mutable_health_status()->set_error_message("no answer");
        return health;
    };
    QCOMPARE(at(rest.ask("GET", "/health"), "/status"), std::string("degraded"));
    QCOMPARE(at(rest.ask("GET", "/health"), "/models/loaded/0"), std::string("org/repo"));
    QCOMPARE(at(rest.ask("GET", "/health"), "/resources"),
             std::string(R"({"disk_percent":41})")); // all that is known
    QCOMPARE(at(rest.ask("GET", "/health/models"), "/models/0"),
             std::string(R"({"error":"no answer","healthy":false,"model_id":"org/repo"})"));
}

QTEST_GUILESS_MAIN(TestNativeRoutes)
#include "test_native_routes.moc"

// What HTTP promises of every route, through the server: conditions, codings, ranges, origins, traces, repeated
// requests.
#include "engine/rest/semantics/content_coding.h"
#include "tests/unit/rest/rest_fixture.h"

#include <QTest>

using namespace mm;
using namespace mm::rest::semantics;
using namespace mm::test;

namespace {

const std::string kModel = "/api/v1/models/org/repo";
const std::string kTrace = "0af7651916cd43dd8448eb211c80319c";
const std::string kTraceParent = "traceparent: 00-" + kTrace + "-b7ad6b7169203331-01\r\n";

rest::RestOptions with(const std::function<void(rest::RestOptions&)>& set) {
    rest::RestOptions options;
    set(options);
    return options;
}

bool has(const HttpAnswer& answer, const std::string& header, const std::string& part) {
    const auto found = answer.headers.find(header);
    return found != answer.headers.end() && found->second.find(part) != std::string::npos;
}

// A model at a revision that changes count, as the registry keeps it.
class Registry {
public:
    explicit Registry(FakeServices& fakes) {
        m_model.set_model_id("org/repo");
        m_model.set_version("v1");
        m_model.set_revision(3);
        fakes.onGet = [this](const v1::GetModelRequest&) { return Result<v1::Model>(m_model); };
        fakes.onUpdate = [this](const v1::UpdateModelRequest& request) { return change(request.expected_revision()); };
        fakes.onPromote = [this](const v1::PromoteVersionRequest& request) {
            return change(request.expected_revision());
        };
        fakes.onDelete = [this](const v1::DeleteModelRequest& request) -> Result<v1::DeleteModelResponse> {
            if (const Result<v1::Model> changed = change(request.expected_revision()); !changed)
                return changed.error();
            return v1::DeleteModelResponse();
        };
    }
    v1::Model& model() { return m_model; }
    // Somebody else is faster: between the look at the model and the change.
    bool overtaken = false;

private:
    Result<v1::Model> change(std::int64_t expected) {
        if (overtaken)
            m_model.set_revision(m_model.revision() + 1);
        if (expected > 0 && expected != m_model.revision())
            return Error{ErrorCode::RevisionConflict, "changed", {{"revision", std::int64_t{m_model.revision()}}}};
        m_model.set_revision(m_model.revision() + 1);
        return m_model;
    }
    v1::Model m_model;
};

} // namespace

class TestHttpContract : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatHasNotChangedIsNotSentAgain();
    void listsHaveAWeakTag();
    void changesObeyIfMatch();
    void bothFormsOfTheRevisionMustAgree();
    void aChangeThatIsOvertakenFailsItsCondition();
    void largeAnswersArePackedForThoseWhoTakeIt();
    void outputsOfModelsStayPlainOnThisMachine();
    void packedRequestsAreRead();
    void packedRequestsAreBounded();
    void unknownCodingsAreToldTheKnownOnes();
    void whatNobodyTakesIsNotMade();
    void preflightsAndPagesAreLetInByName();
    void withoutOriginsNothingIsSaidToPages();
    void aTraceNamesTheRequest();
    void aRegistrationIsDoneOnce();
    void headSaysWhatGetSays();
};

void TestHttpContract::whatHasNotChangedIsNotSentAgain() {
    RestFixture rest;
    Registry registry(rest.fakes());
    const HttpAnswer first = rest.ask("GET", kModel);
    QCOMPARE(first.status, 200);
    const std::string etag = first.headers.at("etag");
    QVERIFY(etag.starts_with("\"3-"));
    QCOMPARE(first.headers.at("cache-control"), std::string("no-cache"));
    const HttpAnswer again = rest.ask("GET", kModel, {}, "If-None-Match: \"other\", " + etag + "\r\n");
    QCOMPARE(again.status, 304);
    QCOMPARE(again.headers.at("etag"), etag);
    QVERIFY(!again.headers.contains("content-type"));
    QVERIFY(again.headers.contains("x-request-id"));
    rest.fakes().run([&] { registry.model().set_description("new"); });
    const HttpAnswer changed = rest.ask("GET", kModel, {}, "If-None-Match: " + etag + "\r\n");
    QCOMPARE(changed.status, 200);
    QVERIFY(changed.headers.at("etag") != etag);
}

void TestHttpContract::listsHaveAWeakTag() {
    RestFixture rest;
    rest.fakes().onList = [](const v1::ListModelsRequest&) { return v1::ListModelsResponse(); };
    const HttpAnswer list = rest.ask("GET", "/api/v1/models");
    QVERIFY(list.headers.at("etag").starts_with("W/\""));
    // A connection goes on after an answer without a body.
    RestClient client = rest.client();
    client.send("GET /api/v1/models HTTP/1.1\r\nHost: x\r\nIf-None-Match: " + list.headers.at("etag") +
                "\r\n\r\nGET /api/v1/models HTTP/1.1\r\nHost: x\r\nIf-None-Match: *\r\n\r\n"
                "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
    QCOMPARE(client.answer(true)->status, 304);
    QCOMPARE(client.answer(true)->status, 304);
    QCOMPARE(client.answer()->status, 200);
}

void TestHttpContract::changesObeyIfMatch() {
    RestFixture rest;
    const Registry registry(rest.fakes());
    const std::string etag = rest.ask("GET", kModel).headers.at("etag");
    const HttpAnswer changed = rest.ask("PUT", kModel, R"({"description":"x"})", "If-Match: " + etag + "\r\n");
    QCOMPARE(changed.status, 200);
    QVERIFY(changed.headers.at("etag").starts_with("\"4-"));
    for (const char* method : {"PUT", "DELETE"}) {
        const HttpAnswer stale =
            rest.ask(method, kModel, std::string(method) == "PUT" ? "{}" : "", "If-Match: " + etag + "\r\n");
        QCOMPARE(stale.status, 412);
        QCOMPARE(at(stale, "/error_code"), std::string("PRECONDITION_FAILED"));
        QCOMPARE(at(stale, "/details/revision"), std::string("4"));
        QCOMPARE(at(stale, "/details/etag"), changed.headers.at("etag"));
    }
    QCOMPARE(rest.ask("PUT", kModel, "{}", "If-Match: W/" + changed.headers.at("etag") + "\r\n").status, 412);
    QCOMPARE(rest.ask("PUT", kModel, "{}", "If-Match: what\r\n").status, 400);
    QCOMPARE(rest.ask("PUT", kModel, "{}", "If-Match: *\r\n").status, 200);
    const std::string promote = kModel + "/versions/v1/promote";
    QCOMPARE(rest.ask("POST", promote, {}, "If-Match: " + etag + "\r\n").status, 412);
    const std::string now = rest.ask("GET", kModel).headers.at("etag");
    QCOMPARE(rest.ask("POST", promote, {}, "If-Match: " + now + "\r\n").status, 200);
    const std::string last = rest.ask("GET", kModel).headers.at("etag");
    QCOMPARE(rest.ask("DELETE", kModel, {}, "If-Match: " + last + "\r\n").status, 204);
}

void TestHttpContract::bothFormsOfTheRevisionMustAgree() {
    RestFixture rest;
    const Registry registry(rest.fakes());
    const std::string match = "If-Match: " + rest.ask("GET", kModel).headers.at("etag") + "\r\n";
    const HttpAnswer differs = rest.ask("PUT", kModel, R"({"expected_revision":2})", match);
    QCOMPARE(differs.status, 422);
    QCOMPARE(at(differs, "/validation_errors/0/field"), std::string("expected_revision"));
    QCOMPARE(rest.ask("DELETE", kModel + "?expected_revision=2", {}, match).status, 422);
    QCOMPARE(rest.ask("PUT", kModel, R"({"expected_revision":2})").status, 409); // as ever
    QCOMPARE(rest.ask("PUT", kModel, R"({"expected_revision":3})", match).status, 200);
}

void TestHttpContract::aChangeThatIsOvertakenFailsItsCondition() {
    RestFixture rest;
    Registry registry(rest.fakes());
    const std::string match = "If-Match: " + rest.ask("GET", kModel).headers.at("etag") + "\r\n";
    rest.fakes().run([&] { registry.overtaken = true; });
    const HttpAnswer lost = rest.ask("PUT", kModel, "{}", match);
    QCOMPARE(lost.status, 412);
    QCOMPARE(at(lost, "/details/revision"), std::string("4"));
}

void TestHttpContract::largeAnswersArePackedForThoseWhoTakeIt() {
    RestFixture rest;
    Registry registry(rest.fakes());
    rest.fakes().run([&] { registry.model().set_description(std::string(200'000, 'x')); });
    const HttpAnswer plain = rest.ask("GET", kModel);
    QVERIFY(!plain.headers.contains("content-encoding"));
    QVERIFY(has(plain, "vary", "Accept-Encoding"));
    for (const char* coding : {"gzip", "deflate"}) {
        const HttpAnswer packed = rest.ask("GET", kModel, {}, std::string("Accept-Encoding: ") + coding + ", br\r\n");
        QCOMPARE(packed.headers.at("content-encoding"), std::string(coding));
        QVERIFY(packed.body.size() < 5000);
        const Result<std::string> body = unpacked(packed.body, *codingNamed(coding), 1 << 20);
        QVERIFY(body && *body == plain.body);
        // The same state, other bytes.
        const std::string etag = packed.headers.at("etag");
        QVERIFY(etag != plain.headers.at("etag"));
        QCOMPARE(rest.ask("GET", kModel, {}, "If-None-Match: " + etag + "\r\n").status, 304);
        QCOMPARE(rest.ask("PUT", kModel, "{}", "If-Match: " + etag + "\r\n").status, 200);
        rest.fakes().run([&] { registry.model().set_revision(3); });
    }
    QVERIFY(!rest.ask("GET", kModel, {}, "Accept-Encoding: gzip;q=0\r\n").headers.contains("content-encoding"));
    const HttpAnswer small = rest.ask("GET", "/health/live", {}, "Accept-Encoding: gzip\r\n");
    QVERIFY(!small.headers.contains("content-encoding"));
    RestFixture never(with([](auto& options) { options.contract.compression = Compression::Never; }));
    Registry other(never.fakes());
    never.fakes().run([&] { other.model().set_description(std::string(5'000, 'x')); });
    QVERIFY(!never.ask("GET", kModel, {}, "Accept-Encoding: gzip\r\n").headers.contains("content-encoding"));
}

void TestHttpContract::outputsOfModelsStayPlainOnThisMachine() {
    std::string texts = R"("a")";
    for (int i = 0; i < 200; ++i)
        texts += R"(,"a")";
    const std::string body = R"({"input":[)" + texts + R"(],"model":"org/repo"})";
    RestFixture usual;
    const HttpAnswer plain = usual.ask("POST", "/v1/embeddings", body, "Accept-Encoding: gzip\r\n");
    QCOMPARE(plain.status, 200);
    QVERIFY(plain.body.size() > 2000);
    QVERIFY(!plain.headers.contains("content-encoding"));
    RestFixture always(with([](auto& options) { options.contract.compression = Compression::Always; }));
    QCOMPARE(always.ask("POST", "/v1/embeddings", body, "Accept-Encoding: gzip\r\n").headers.at("content-encoding"),
             std::string("gzip"));
}

void TestHttpContract::packedRequestsAreRead() {
    RestFixture rest;
    const std::string body = R"({"model":"org/repo","input":["a","bc"]})";
    for (const Coding coding : {Coding::Gzip, Coding::Deflate}) {
        const HttpAnswer answer = rest.ask("POST", "/v1/embeddings", packed(body, coding),
                                           "Content-Encoding: " + std::string(nameOf(coding)) + "\r\n");
        QCOMPARE(answer.status, 200);
        QVERIFY(at(answer, "/data/1/embedding/0").starts_with("2"));
    }
    QCOMPARE(rest.ask("POST", "/v1/embeddings", body, "Content-Encoding: identity\r\n").status, 200);
    const HttpAnswer damaged = rest.ask("POST", "/v1/embeddings", body, "Content-Encoding: gzip\r\n");
    QCOMPARE(damaged.status, 400);
    QVERIFY(damaged.body.find("gzip") != std::string::npos);
}

void TestHttpContract::packedRequestsAreBounded() {
    RestFixture rest(with([](auto& options) { options.contract.maxBodyBytes = 1 << 20; }));
    const std::string bomb = packed(std::string(64 << 20, ' '), Coding::Gzip);
    const HttpAnswer answer = rest.ask("POST", "/v1/embeddings", bomb, "Content-Encoding: gzip\r\n");
    QCOMPARE(answer.status, 413);
    QCOMPARE(rest.ask("GET", "/health/live").status, 200);
}

void TestHttpContract::unknownCodingsAreToldTheKnownOnes() {
    RestFixture rest;
    const HttpAnswer answer = rest.ask("POST", "/api/v1/models", "{}", "Content-Encoding: br\r\n");
    QCOMPARE(answer.status, 415);
    QCOMPARE(answer.headers.at("accept-encoding"), std::string("gzip, deflate"));
    QCOMPARE(at(answer, "/details/content_encoding"), std::string("br"));
}

void TestHttpContract::whatNobodyTakesIsNotMade() {
    RestFixture rest;
    bool isDone = false;
    rest.fakes().onRegister = [&](const v1::RegisterModelRequest&) {
        isDone = true;
        return v1::Model();
    };
    const HttpAnswer answer = rest.ask("POST", "/api/v1/models", R"({"model_id":"a/b","task_type":"txt2embed"})",
                                       "Accept: text/html, application/json;q=0\r\n");
    QCOMPARE(answer.status, 406);
    QCOMPARE(at(answer, "/error_code"), std::string("NOT_ACCEPTABLE"));
    QVERIFY(!isDone);
    QCOMPARE(rest.ask("GET", "/health/live", {}, "Accept: text/html, */*;q=0.1\r\n").status, 200);
    const HttpAnswer dialect = rest.ask("POST", "/v1/embeddings", "{}", "Accept: text/html\r\n");
    QCOMPARE(dialect.status, 406);
    QVERIFY(dialect.body.find("\"error\"") != std::string::npos); // in the dialect's own shape
}

void TestHttpContract::preflightsAndPagesAreLetInByName() {
    RestFixture rest(with([](auto& options) { options.contract.cors = *CorsPolicy::parse("https://a.example"); }));
    const std::string ask = "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n";
    for (const char* path : {"/api/v1/models", "/v1/embeddings", "/embed"}) {
        const HttpAnswer leave = rest.ask("OPTIONS", path, {}, "Origin: https://a.example\r\n" + ask);
        QCOMPARE(leave.status, 204);
        QCOMPARE(leave.headers.at("access-control-allow-origin"), std::string("https://a.example"));
        QVERIFY(has(leave, "access-control-allow-methods", "POST"));
        QVERIFY(has(leave, "access-control-allow-headers", "content-type"));
        QVERIFY(has(leave, "vary", "Origin"));
    }
    const HttpAnswer page = rest.ask("GET", "/health/live", {}, "Origin: https://a.example\r\n");
    QCOMPARE(page.headers.at("access-control-allow-origin"), std::string("https://a.example"));
    QVERIFY(has(page, "access-control-expose-headers", "X-Request-Id"));
    // Errors as well, or a page could not tell what went wrong.
    const HttpAnswer wrong = rest.ask("GET", "/nowhere", {}, "Origin: https://a.example\r\n");
    QCOMPARE(wrong.headers.at("access-control-allow-origin"), std::string("https://a.example"));
    const HttpAnswer other = rest.ask("OPTIONS", "/v1/embeddings", {}, "Origin: https://b.example\r\n" + ask);
    QCOMPARE(other.status, 204);
    QVERIFY(!other.headers.contains("access-control-allow-origin"));
    QVERIFY(!other.headers.contains("access-control-allow-methods"));
}

void TestHttpContract::withoutOriginsNothingIsSaidToPages() {
    RestFixture rest;
    const HttpAnswer answer = rest.ask("GET", "/health/live", {}, "Origin: https://a.example\r\n");
    QCOMPARE(answer.status, 200);
    QVERIFY(!answer.headers.contains("access-control-allow-origin"));
    const HttpAnswer options = rest.ask("OPTIONS", "/v1/embeddings", {},
                                        "Origin: https://a.example\r\nAccess-Control-Request-Method: POST\r\n");
    QCOMPARE(options.status, 204);
    QCOMPARE(options.headers.at("allow"), std::string("POST, OPTIONS"));
    QVERIFY(!options.headers.contains("access-control-allow-methods"));
}

void TestHttpContract::aTraceNamesTheRequest() {
    RestFixture rest;
    service::TraceContext seen;
    rest.fakes().onInfer = [&](const std::shared_ptr<const v1::InferenceRequest>&, const service::CallContext& call,
                               const Reply<service::InferenceService::Response>& reply) {
        seen = call.trace;
        reply(Error{ErrorCode::QueueFull, "full"});
    };
    const std::string body = R"({"input_data":{"text":"a"}})";
    const HttpAnswer traced =
        rest.ask("POST", "/api/v1/infer/org/repo", body, kTraceParent + "tracestate: a=1\r\ntracestate: b=2\r\n");
    QCOMPARE(at(traced, "/trace_id"), kTrace);
    QVERIFY(has(traced, "traceresponse", "00-" + kTrace + "-"));
    QCOMPARE(seen.traceId, kTrace);
    QCOMPARE(seen.state, std::string("a=1, b=2"));
    // Twice is malformed, and malformed is none.
    const HttpAnswer none = rest.ask("POST", "/api/v1/infer/org/repo", body, kTraceParent + kTraceParent);
    QCOMPARE(at(none, "/trace_id"), none.headers.at("x-request-id"));
    QVERIFY(!none.headers.contains("traceresponse"));
}

void TestHttpContract::aRegistrationIsDoneOnce() {
    RestFixture rest;
    int times = 0;
    bool isRefused = true;
    rest.fakes().onRegister = [&](const v1::RegisterModelRequest& request) -> Result<v1::Model> {
        ++times;
        if (isRefused)
            return Error{ErrorCode::StorageFull, "full"};
        v1::Model model;
        model.set_model_id(request.model_id());
        model.set_revision(times);
        return model;
    };
    const std::string body = R"({"model_id":"a/b","task_type":"txt2embed"})";
    const std::string key = "Idempotency-Key: k1\r\n";
    QCOMPARE(rest.ask("POST", "/api/v1/models", body, key).status, 507);
    rest.fakes().run([&] { isRefused = false; });
    const HttpAnswer first = rest.ask("POST", "/api/v1/models", body, key);
    QCOMPARE(first.status, 201);
    const HttpAnswer again = rest.ask("POST", "/api/v1/models", body, key);
    QCOMPARE(again.status, 201);
    QCOMPARE(again.body, first.body);
    QCOMPARE(again.headers.at("location"), first.headers.at("location"));
    QVERIFY(again.headers.at("x-request-id") != first.headers.at("x-request-id"));
    QCOMPARE(times, 2); // one that failed, one that was done
    const HttpAnswer other = rest.ask("POST", "/api/v1/models", R"({"model_id":"a/c","task_type":"txt2embed"})", key);
    QCOMPARE(other.status, 422);
    QCOMPARE(rest.ask("POST", "/api/v1/models", body, key + "X-ModelMora-Client: else\r\n").status, 201);
    QCOMPARE(times, 3); // another client's keys are its own
}

void TestHttpContract::headSaysWhatGetSays() {
    RestFixture rest;
    Registry registry(rest.fakes());
    rest.fakes().run([&] { registry.model().set_description(std::string(5'000, 'x')); });
    for (const char* headers : {"", "Accept-Encoding: gzip\r\n"}) {
        HttpAnswer get = rest.ask("GET", kModel, {}, headers);
        HttpAnswer head = rest.ask("HEAD", kModel, {}, headers);
        QCOMPARE(head.status, 200);
        for (HttpAnswer* answer : {&get, &head}) {
            answer->headers.erase("x-request-id");
            answer->headers.erase("date");
        }
        QVERIFY(head.headers == get.headers);
        QVERIFY(head.body.empty());
    }
}

QTEST_GUILESS_MAIN(TestHttpContract)
#include "test_http_contract.moc"

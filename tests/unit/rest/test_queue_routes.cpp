// The queue and single requests over REST, and how a client gives its name.
#include "engine/service/client_name.h"
#include "tests/unit/rest/rest_fixture.h"

#include <QTest>

using namespace mm;
using namespace mm::test;

namespace {

const std::string kRequests = "/api/v1/requests/";

v1::QueueEntry entry(const std::string& id, v1::RequestState state) {
    v1::QueueEntry made;
    made.set_request_id(id);
    made.set_model_id("org/repo");
    made.set_priority(v1::PRIORITY_HIGH);
    made.set_state(state);
    made.set_reason("loading org/repo@1, 43 %, weights");
    return made;
}

} // namespace

class TestQueueRoutes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theQueueIsShownUnderItsFilters();
    void wrongFiltersAreNamed();
    void aRequestIsLookedUpByItsId();
    void aRequestIsCancelledHeldAndReleased();
    void aPriorityIsSetByItsName();
    void wrongPrioritiesAreRefused_data();
    void wrongPrioritiesAreRefused();
    void theEnginesRefusalsKeepTheirStatus();
    void aClientIsKnownByItsHeaderOrItsAddress();
    void aNameThatCannotBeShownIsRefused();
    void namesAreCheckedAlikeEverywhere();
    void keepAliveIsReadAndBounded();
};

void TestQueueRoutes::theQueueIsShownUnderItsFilters() {
    RestFixture rest;
    v1::GetQueueRequest seen;
    rest.fakes().onQueue = [&](const v1::GetQueueRequest& request) {
        seen = request;
        v1::QueueReport report;
        *report.add_entries() = entry("one", v1::REQUEST_STATE_WAITING);
        report.set_total(12);
        report.mutable_depth()->set_high_priority(12);
        report.add_models()->set_mean_batch_size(3.5);
        return report;
    };
    const HttpAnswer answer = rest.ask("GET", "/api/v1/queue?model=org%2Frepo&client=web&limit=1");
    QCOMPARE(answer.status, 200);
    QCOMPARE(seen.model_id(), std::string("org/repo"));
    QCOMPARE(seen.client(), std::string("web"));
    QCOMPARE(seen.limit(), 1);
    QCOMPARE(at(answer, "/entries/0/request_id"), std::string("one"));
    QCOMPARE(at(answer, "/entries/0/state"), std::string("waiting"));
    QCOMPARE(at(answer, "/entries/0/priority"), std::string("high"));
    QCOMPARE(at(answer, "/entries/0/reason"), std::string("loading org/repo@1, 43 %, weights"));
    QCOMPARE(at(answer, "/depth/high_priority"), std::string("12"));
    QCOMPARE(at(answer, "/models/0/mean_batch_size"), std::string("3.5"));
    QCOMPARE(at(answer, "/total"), std::string("12"));
}

void TestQueueRoutes::wrongFiltersAreNamed() {
    RestFixture rest;
    QCOMPARE(rest.ask("GET", "/api/v1/queue?limit=0").status, 422);
    const HttpAnswer answer = rest.ask("GET", "/api/v1/queue?modell=x");
    QCOMPARE(answer.status, 422);
    QVERIFY(answer.body.find("did you mean") != std::string::npos);
}

void TestQueueRoutes::aRequestIsLookedUpByItsId() {
    RestFixture rest;
    rest.fakes().onRequest = [](const v1::GetRequestRequest& request) {
        v1::QueueEntry made = entry(request.request_id(), v1::REQUEST_STATE_COMPLETED);
        made.mutable_metadata()->set_queue_ms(2.5);
        return made;
    };
    const HttpAnswer answer = rest.ask("GET", kRequests + "a%20b");
    QCOMPARE(answer.status, 200);
    QCOMPARE(at(answer, "/request_id"), std::string("a b"));
    QCOMPARE(at(answer, "/state"), std::string("completed"));
    QCOMPARE(at(answer, "/metadata/queue_ms"), std::string("2.5"));
}

void TestQueueRoutes::aRequestIsCancelledHeldAndReleased() {
    RestFixture rest;
    rest.fakes().onCancelRequest = [](const auto& asked) {
        return entry(asked.request_id(), v1::REQUEST_STATE_CANCELLED);
    };
    rest.fakes().onHoldRequest = [](const auto& asked) { return entry(asked.request_id(), v1::REQUEST_STATE_HELD); };
    rest.fakes().onReleaseRequest = [](const auto& asked) {
        return entry(asked.request_id(), v1::REQUEST_STATE_WAITING);
    };
    for (const auto& [verb, state] : {std::pair("cancel", "cancelled"), {"hold", "held"}, {"release", "waiting"}}) {
        const HttpAnswer answer = rest.ask("POST", kRequests + "mine/" + verb);
        QCOMPARE(answer.status, 200);
        QCOMPARE(at(answer, "/request_id"), std::string("mine"));
        QCOMPARE(at(answer, "/state"), std::string(state));
    }
    QCOMPARE(rest.ask("GET", kRequests + "mine/cancel").status, 405);
}

void TestQueueRoutes::aPriorityIsSetByItsName() {
    RestFixture rest;
    v1::SetRequestPriorityRequest seen;
    rest.fakes().onSetRequestPriority = [&](const auto& request) {
        seen = request;
        return entry(request.request_id(), v1::REQUEST_STATE_WAITING);
    };
    QCOMPARE(rest.ask("POST", kRequests + "mine/priority", R"({"priority": "high"})").status, 200);
    QCOMPARE(seen.request_id(), std::string("mine"));
    QCOMPARE(seen.priority(), v1::PRIORITY_HIGH);
    QCOMPARE(rest.ask("POST", kRequests + "mine/priority", R"({"priority": "medium"})").status, 200);
    QCOMPARE(seen.priority(), v1::PRIORITY_NORMAL);
}

void TestQueueRoutes::wrongPrioritiesAreRefused_data() {
    QTest::addColumn<QString>("body");
    QTest::addColumn<int>("status");
    QTest::newRow("none") << QString() << 400;
    QTest::newRow("empty") << QStringLiteral("{}") << 422;
    QTest::newRow("unknown") << QStringLiteral(R"({"priority": "highest"})") << 422;
    QTest::newRow("another field") << QStringLiteral(R"({"priority": "high", "request_id": "x"})") << 422;
}

void TestQueueRoutes::wrongPrioritiesAreRefused() {
    QFETCH(QString, body);
    QFETCH(int, status);
    RestFixture rest;
    QCOMPARE(rest.ask("POST", kRequests + "mine/priority", body.toStdString()).status, status);
}

void TestQueueRoutes::theEnginesRefusalsKeepTheirStatus() {
    RestFixture rest;
    rest.fakes().onRequest = [](const auto&) { return Error{ErrorCode::RequestNotFound, "there is no request mine"}; };
    rest.fakes().onHoldRequest = [](const auto&) {
        return Error{ErrorCode::IllegalTransition, "the request mine is running and cannot be held any more"};
    };
    QCOMPARE(rest.ask("GET", kRequests + "mine").status, 404);
    const HttpAnswer held = rest.ask("POST", kRequests + "mine/hold");
    QCOMPARE(held.status, 409);
    QCOMPARE(at(held, "/error_code"), std::string("ILLEGAL_TRANSITION"));
}

void TestQueueRoutes::aClientIsKnownByItsHeaderOrItsAddress() {
    RestFixture rest;
    std::string client;
    rest.fakes().onInfer = [&](const auto& request, const service::CallContext& call, const auto& reply) {
        client = call.client;
        reply(std::make_shared<const v1::InferenceResponse>(embeddingFor(*request)));
    };
    const std::string body = R"({"input_data": {"text": "hello"}})";
    QCOMPARE(rest.ask("POST", "/api/v1/infer/org/repo", body, "X-ModelMora-Client: nightly-import\r\n").status, 200);
    QCOMPARE(client, std::string("nightly-import"));
    QCOMPARE(rest.ask("POST", "/api/v1/infer/org/repo", body).status, 200);
    QCOMPARE(client, std::string("127.0.0.1"));
    QCOMPARE(
        rest.ask("POST", "/v1/embeddings", R"({"model": "org/repo", "input": "x"})", "X-ModelMora-Client: dialect\r\n")
            .status,
        200);
    QCOMPARE(client, std::string("dialect"));
}

void TestQueueRoutes::aNameThatCannotBeShownIsRefused() {
    RestFixture rest;
    const HttpAnswer answer = rest.ask("POST", "/api/v1/infer/org/repo", R"({"input_data": {"text": "hello"}})",
                                       "X-ModelMora-Client: two words\r\n");
    QCOMPARE(answer.status, 400);
    QVERIFY(answer.body.find("X-ModelMora-Client must be") != std::string::npos);
}

void TestQueueRoutes::namesAreCheckedAlikeEverywhere() {
    QCOMPARE(service::clientName("", "10.0.0.1", "it").value(), std::string("10.0.0.1"));
    QCOMPARE(service::clientName("", "", "it").value(), std::string("anonymous"));
    QCOMPARE(service::clientName(std::string(128, 'x'), "", "it").value().size(), std::size_t(128));
    QVERIFY(!service::clientName(std::string(129, 'x'), "", "it").ok());
    QVERIFY(!service::clientName("caf\xC3\xA9", "", "it").ok());
    QCOMPARE(service::clientName("\x7F", "", "it").error().code, ErrorCode::MalformedRequest);
}

void TestQueueRoutes::keepAliveIsReadAndBounded() {
    RestFixture rest;
    std::optional<int> seconds;
    rest.fakes().onInfer = [&](const auto& request, const auto&, const auto& reply) {
        seconds = request->has_keep_alive_seconds() ? std::optional(request->keep_alive_seconds()) : std::nullopt;
        reply(std::make_shared<const v1::InferenceResponse>(embeddingFor(*request)));
    };
    const auto ask = [&](const std::string& value) {
        return rest.ask("POST", "/api/v1/infer/org/repo",
                        R"({"input_data": {"text": "x"}, "keep_alive_seconds": )" + value + "}");
    };
    QCOMPARE(ask("0").status, 200);
    QVERIFY(seconds == 0);
    QCOMPARE(ask("-1").status, 200);
    QVERIFY(seconds == -1);
    QCOMPARE(ask("null").status, 200);
    QVERIFY(!seconds);
    QCOMPARE(ask("-2").status, 422);
    QCOMPARE(ask("1.5").status, 422);
}

QTEST_GUILESS_MAIN(TestQueueRoutes)
#include "test_queue_routes.moc"

#include "tests/unit/rest/rest_fixture.h"

#include <QTest>

using namespace mm;
using namespace mm::test;
using Response = service::InferenceService::Response;

namespace {

rest::RestOptions with(const std::function<void(rest::guard::GuardLimits&)>& change) {
    rest::RestOptions options;
    change(options.limits);
    return options;
}

const std::string kPost = "POST /api/v1/infer/org/repo HTTP/1.1\r\nHost: x\r\n";
const std::string kText = R"({"input_data":{"text":"hello"}})";

std::string inference() {
    return kPost + "Content-Length: " + std::to_string(kText.size()) + "\r\n\r\n" + kText;
}

} // namespace

class TestGuardLimits : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aBodyOverTheLimitIs413WithTheLimitInItsDetails();
    void aLargeUploadOverTheLimitStillReadsItsAnswer();
    void aRefusalSpeaksTheDialectOfItsPath();
    void headersOverTheLimitAre431();
    void aDribbledHeadIs408();
    void aDribbledBodyIs408();
    void aSilentConnectionIsClosed();
    void anIdleConnectionIsClosed();
    void anAnswerThatNeverComesIs500AndItsInferenceCancelled();
    void aClientThatTakesNothingOfItsAnswerIsCutOff();
    void connectionsOverTheLimitAreTurnedAway();
    void placesOfClientsThatLeftAreFreeAgain();
    void aClientWaitingForContinueIsTold();
    void aSmuggledRequestIsNeverRun();
    void http10GetsItsAnswerAndTheEnd();
    void aPipelineThatIsNotReadIsNotServedOn();
};

void TestGuardLimits::aBodyOverTheLimitIs413WithTheLimitInItsDetails() {
    RestFixture rest(with([](auto& limits) { limits.request.maxBodyBytes = 1000; }));
    RestClient client = rest.client();
    client.send(kPost + "Content-Length: 1001\r\n\r\n");
    const auto answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->status, 413);
    QCOMPARE(at(*answer, "/error_code"), std::string("PAYLOAD_TOO_LARGE"));
    QCOMPARE(at(*answer, "/details/limit_bytes"), std::string("1000"));
    QCOMPARE(at(*answer, "/trace_id"), answer->headers.at("x-request-id"));
    QVERIFY(client.isClosedByServer());
}

void TestGuardLimits::aLargeUploadOverTheLimitStillReadsItsAnswer() {
    RestFixture rest(with([](auto& limits) { limits.request.maxBodyBytes = 1000; }));
    RestClient client = rest.client();
    client.send(kPost + "Content-Length: 5000000\r\n\r\n" + std::string(5'000'000, 'x'));
    const auto answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->status, 413);
}

void TestGuardLimits::aRefusalSpeaksTheDialectOfItsPath() {
    RestFixture rest(with([](auto& limits) { limits.request.maxBodyBytes = 1000; }));
    RestClient client = rest.client();
    client.send("POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n");
    const auto answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(at(*answer, "/error/code"), std::string("payload_too_large"));
}

void TestGuardLimits::headersOverTheLimitAre431() {
    RestFixture rest;
    RestClient client = rest.client();
    client.send("GET /health/live HTTP/1.1\r\nHost: x\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n");
    const auto answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->status, 431);
}

void TestGuardLimits::aDribbledHeadIs408() {
    RestFixture rest(with([](auto& limits) { limits.headMs = 50; }));
    RestClient client = rest.client();
    client.send("GET /health/live HTTP/1.1\r\nHo");
    const auto answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->status, 408);
    QVERIFY(client.isClosedByServer());
}

void TestGuardLimits::aDribbledBodyIs408() {
    RestFixture rest(with([](auto& limits) { limits.bodyMs = 50; }));
    RestClient client = rest.client();
    client.send(kPost + "Content-Length: 100\r\n\r\n{");
    const auto answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->status, 408);
}

void TestGuardLimits::aSilentConnectionIsClosed() {
    RestFixture rest(with([](auto& limits) { limits.headMs = 50; }));
    RestClient client = rest.client();
    QVERIFY(client.isClosedByServer());
}

void TestGuardLimits::anIdleConnectionIsClosed() {
    RestFixture rest(with([](auto& limits) { limits.idleMs = 50; }));
    RestClient client = rest.client();
    QCOMPARE(client.request("GET", "/health/live")->status, 200);
    QVERIFY(client.isClosedByServer());
}

void TestGuardLimits::anAnswerThatNeverComesIs500AndItsInferenceCancelled() {
    RestFixture rest(with([](auto& limits) { limits.answerMs = 50; }));
    Reply<Response> held;
    rest.fakes().onInfer = [&](std::shared_ptr<const v1::InferenceRequest>, const service::CallContext&,
                               Reply<Response> reply) { held = std::move(reply); };
    RestClient client = rest.client();
    const auto answer = client.request("POST", "/api/v1/infer/org/repo", kText, "X-Request-Id: never\r\n");
    QVERIFY(answer);
    QCOMPARE(answer->status, 500);
    QVERIFY(rest.fakes().waitForCancel("never"));
    QVERIFY(client.isClosedByServer());
    rest.fakes().run([&] {
        held(std::make_shared<const v1::InferenceResponse>()); // too late, and nobody minds
        held = {};
    });
}

void TestGuardLimits::aClientThatTakesNothingOfItsAnswerIsCutOff() {
    RestFixture rest(with([](auto& limits) { limits.writeStallMs = 50; }));
    rest.fakes().onInfer = [](std::shared_ptr<const v1::InferenceRequest>, const service::CallContext&,
                              Reply<Response> reply) {
        auto response = std::make_shared<v1::InferenceResponse>();
        response->mutable_output_data()->mutable_embedding()->mutable_values()->Resize(4'000'000, 0.123456F);
        reply(std::shared_ptr<const v1::InferenceResponse>(response));
    };
    const SilentClient client(rest.port(), inference());
    QVERIFY(client.waitForReset());
    QCOMPARE(rest.ask("GET", "/health/live").status, 200);
}

void TestGuardLimits::connectionsOverTheLimitAreTurnedAway() {
    RestFixture rest(with([](auto& limits) { limits.maxConnections = 2; }));
    RestClient one = rest.client();
    RestClient two = rest.client();
    QCOMPARE(one.request("GET", "/health/live")->status, 200);
    QCOMPARE(two.request("GET", "/health/live")->status, 200);
    RestClient three = rest.client();
    const auto answer = three.answer();
    QVERIFY(answer);
    QCOMPARE(answer->status, 503);
    QCOMPARE(answer->headers.at("retry-after"), std::string("1"));
    QCOMPARE(at(*answer, "/details/limit_connections"), std::string("2"));
}

void TestGuardLimits::placesOfClientsThatLeftAreFreeAgain() {
    RestFixture rest(with([](auto& limits) { limits.maxConnectionsPerAddress = 3; }));
    for (int i = 0; i < 50; ++i) {
        RestClient client = rest.client();
        QTRY_VERIFY_WITH_TIMEOUT(rest.ask("GET", "/health/live").status == 200, 15000);
        client.leave();
    }
}

void TestGuardLimits::aClientWaitingForContinueIsTold() {
    RestFixture rest;
    RestClient client = rest.client();
    client.send(kPost + "Expect: 100-continue\r\nContent-Length: " + std::to_string(kText.size()) + "\r\n\r\n");
    const auto interim = client.answer();
    QVERIFY(interim);
    QCOMPARE(interim->status, 100);
    client.send(kText);
    const auto answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->status, 200);
}

void TestGuardLimits::aSmuggledRequestIsNeverRun() {
    RestFixture rest;
    for (const char* header :
         {"Content-Length: -5\r\n", "Content-Length: 0\r\nContent-Length: 5\r\n",
          "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: xchunked\r\n"}) {
        RestClient client = rest.client();
        client.send(kPost + header + "\r\nGET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
        const auto answer = client.answer();
        QVERIFY2(answer && answer->status >= 400, header);
        QVERIFY2(client.isClosedByServer(), header);
    }
}

void TestGuardLimits::http10GetsItsAnswerAndTheEnd() {
    RestFixture rest;
    RestClient client = rest.client();
    client.send("GET /health/live HTTP/1.0\r\n\r\n");
    const auto answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->headers.at("connection"), std::string("close"));
    QVERIFY(client.isClosedByServer());
    RestClient keeping = rest.client();
    keeping.send("GET /health/live HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    QCOMPARE(keeping.answer()->headers.at("connection"), std::string("keep-alive"));
}

void TestGuardLimits::aPipelineThatIsNotReadIsNotServedOn() {
    RestFixture rest(with([](auto& limits) { limits.maxUnsentBytes = 1; }));
    RestClient client = rest.client();
    std::string many;
    for (int i = 0; i < 3000; ++i)
        many += "GET /health/live HTTP/1.1\r\nHost: x\r\nX-Request-Id: " + std::to_string(i) + "\r\n\r\n";
    client.send(many);
    for (int i = 0; i < 3000; ++i) {
        const auto answer = client.answer();
        QVERIFY(answer);
        QCOMPARE(answer->headers.at("x-request-id"), std::to_string(i));
    }
}

QTEST_GUILESS_MAIN(TestGuardLimits)
#include "test_guard_limits.moc"

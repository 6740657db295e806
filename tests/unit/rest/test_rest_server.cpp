#include "tests/unit/rest/rest_fixture.h"

#include <QTest>

#include <future>

using namespace mm;
using namespace mm::test;
using Response = service::InferenceService::Response;

namespace {

const std::string kText = R"({"input_data":{"text":"hello"}})";
const std::string kInfer = "/api/v1/infer/org/repo";

// Keeps every inference unanswered until it is told.
struct Held {
    std::promise<void> arrived;
    Reply<Response> reply;

    void hold(FakeServices& fakes) {
        fakes.onInfer = [this](std::shared_ptr<const v1::InferenceRequest>, const service::CallContext&,
                               Reply<Response> given) {
            reply = std::move(given);
            arrived.set_value();
        };
    }
    void answer(FakeServices& fakes) {
        fakes.run([this] {
            reply(std::make_shared<const v1::InferenceResponse>());
            reply = {};
        });
    }
};

} // namespace

class TestRestServer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aBusyPortIsNamedWithWhatToDo();
    void anImpossibleAddressIsRefused();
    void liveAnswersWithoutTheEngine();
    void headHasNoBody();
    void optionsTellsTheMethods();
    void aKnownPathWithAnotherMethodIs405WithAllow();
    void anUnknownPathIs404InTheShapeOfItsDialect();
    void requestIdsAreEchoedOrMade();
    void pipelinedAnswersKeepTheirOrderThoughTheFirstIsLate();
    void aClientThatLeavesCancelsItsInference();
    void manyClientsThatLeaveDoNoHarm();
    void anAnswerAfterTheClientHasLeftIsDropped();
    void aRequestDroppedByTheEngineIsAnswered500();
    void stoppingFinishesWhatIsUnderWay();
    void stoppingCancelsWhatDoesNotEndInTime();
    void replyingAfterTheServerIsGoneDoesNothing();
    void twoRunningRequestsNeverShareAnId();
    void modelIdsComeWithEitherSlash_data();
    void modelIdsComeWithEitherSlash();
};

void TestRestServer::aBusyPortIsNamedWithWhatToDo() {
    RestFixture first;
    rest::RestOptions options;
    options.listen = "127.0.0.1:" + std::to_string(first.port());
    rest::RestServer second(first.fakes().services(), options);
    const Result<std::uint16_t> port = second.start();
    QVERIFY(!port);
    QCOMPARE(port.error().code, ErrorCode::AddressInUse);
    QVERIFY(port.error().message.find(options.listen) != std::string::npos);
    QVERIFY(port.error().message.find("--rest") != std::string::npos);
}

void TestRestServer::anImpossibleAddressIsRefused() {
    FakeServices fakes;
    for (const char* listen : {"8000", "nonsense:80", "127.0.0.1:99999", "127.0.0.1:x", ":80", "8.8.8.8:0"}) {
        rest::RestOptions options;
        options.listen = listen;
        const Result<std::uint16_t> port = rest::RestServer(fakes.services(), options).start();
        QVERIFY2(!port, listen);
        QCOMPARE(port.error().code, ErrorCode::InvalidConfiguration);
        QVERIFY(port.error().message.find(listen) != std::string::npos);
    }
}

void TestRestServer::liveAnswersWithoutTheEngine() {
    RestFixture rest;
    for (const char* path : {"/health/live", "/api/v1/health/live"}) {
        const HttpAnswer answer = rest.ask("GET", path);
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.body, std::string(R"({"status":"ok"})"));
        QCOMPARE(answer.headers.at("content-type"), std::string("application/json"));
    }
}

void TestRestServer::headHasNoBody() {
    RestFixture rest;
    RestClient client = rest.client();
    const auto head = client.request("HEAD", "/health/live");
    QVERIFY(head);
    QCOMPARE(head->status, 200);
    QCOMPARE(head->headers.at("content-length"), std::string("15"));
    const auto next = client.request("GET", "/health/live"); // nothing of a body may stand before it
    QVERIFY(next);
    QCOMPARE(next->body, std::string(R"({"status":"ok"})"));
}

void TestRestServer::optionsTellsTheMethods() {
    RestFixture rest;
    const HttpAnswer answer = rest.ask("OPTIONS", "/api/v1/models");
    QCOMPARE(answer.status, 204);
    QCOMPARE(answer.headers.at("allow"), std::string("GET, HEAD, POST, OPTIONS"));
    const HttpAnswer all = rest.ask("OPTIONS", "*");
    QCOMPARE(all.status, 204);
    QCOMPARE(all.headers.at("allow"), std::string("DELETE, GET, HEAD, PATCH, POST, PUT, OPTIONS"));
    QCOMPARE(rest.ask("OPTIONS", "/nowhere").status, 404);
}

void TestRestServer::aKnownPathWithAnotherMethodIs405WithAllow() {
    RestFixture rest;
    const HttpAnswer answer = rest.ask("GET", kInfer);
    QCOMPARE(answer.status, 405);
    QCOMPARE(answer.headers.at("allow"), std::string("POST, OPTIONS"));
    QCOMPARE(at(answer, "/error_code"), std::string("METHOD_NOT_ALLOWED"));
    QCOMPARE(rest.ask("POST", "/api/v1/models/org/repo").headers.at("allow"),
             std::string("DELETE, GET, HEAD, PATCH, PUT, OPTIONS"));
}

void TestRestServer::anUnknownPathIs404InTheShapeOfItsDialect() {
    RestFixture rest;
    const HttpAnswer native = rest.ask("GET", "/api/v1/nope");
    QCOMPARE(native.status, 404);
    QCOMPARE(at(native, "/error_code"), std::string("NOT_FOUND"));
    QCOMPARE(at(native, "/trace_id"), native.headers.at("x-request-id"));
    const HttpAnswer openai = rest.ask("GET", "/v1/nope");
    QCOMPARE(openai.status, 404);
    QCOMPARE(at(openai, "/error/code"), std::string("not_found"));
}

void TestRestServer::requestIdsAreEchoedOrMade() {
    RestFixture rest;
    QCOMPARE(rest.ask("GET", "/health/live", {}, "X-Request-Id: a-b.c:1\r\n").headers.at("x-request-id"),
             std::string("a-b.c:1"));
    QCOMPARE(rest.ask("GET", "/health/live").headers.at("x-request-id").size(), std::size_t{36});
    QCOMPARE(rest.ask("GET", "/health/live", {}, "X-Request-Id: a b\r\n").status, 400);
    QCOMPARE(rest.ask("GET", "/health/live", {}, "X-Request-Id: " + std::string(129, 'x') + "\r\n").status, 400);
}

void TestRestServer::pipelinedAnswersKeepTheirOrderThoughTheFirstIsLate() {
    RestFixture rest;
    Held held;
    held.hold(rest.fakes());
    RestClient client = rest.client();
    client.send("POST " + kInfer + " HTTP/1.1\r\nHost: x\r\nX-Request-Id: one\r\nContent-Length: " +
                std::to_string(kText.size()) + "\r\n\r\n" + kText +
                "GET /health/live HTTP/1.1\r\nHost: x\r\nX-Request-Id: two\r\n\r\n"
                "GET /health/live HTTP/1.1\r\nHost: x\r\nX-Request-Id: three\r\n\r\n");
    held.arrived.get_future().wait();
    held.answer(rest.fakes());
    for (const char* id : {"one", "two", "three"}) {
        const auto answer = client.answer();
        QVERIFY(answer);
        QCOMPARE(answer->headers.at("x-request-id"), std::string(id));
    }
}

void TestRestServer::aClientThatLeavesCancelsItsInference() {
    RestFixture rest;
    Held held;
    held.hold(rest.fakes());
    RestClient client = rest.client();
    client.send("POST " + kInfer + " HTTP/1.1\r\nHost: x\r\nX-Request-Id: gone\r\nContent-Length: " +
                std::to_string(kText.size()) + "\r\n\r\n" + kText);
    held.arrived.get_future().wait();
    client.leave();
    QVERIFY(rest.fakes().waitForCancel("gone"));
    QCOMPARE(rest.ask("GET", "/health/live").status, 200);
    held.answer(rest.fakes());
}

void TestRestServer::manyClientsThatLeaveDoNoHarm() {
    RestFixture rest;
    std::vector<Reply<Response>> replies;
    rest.fakes().onInfer = [&](std::shared_ptr<const v1::InferenceRequest>, const service::CallContext&,
                               Reply<Response> reply) { replies.push_back(std::move(reply)); };
    for (int i = 0; i < 100; ++i) {
        RestClient client = rest.client();
        client.send("POST " + kInfer + " HTTP/1.1\r\nHost: x\r\nX-Request-Id: drop-" + std::to_string(i) +
                    "\r\nContent-Length: " + std::to_string(kText.size()) + "\r\n\r\n" + kText);
        if (i % 2 == 0)
            QVERIFY(client.isConnected()); // half of them leave at once, half after the request has arrived
        else
            QTRY_COMPARE_WITH_TIMEOUT(
                [&] {
                    std::size_t count = 0;
                    rest.fakes().run([&] { count = replies.size(); });
                    return count > static_cast<std::size_t>(i / 2);
                }(),
                true, 15000);
        client.leave();
    }
    QVERIFY(rest.fakes().waitForCancel("drop-99"));
    rest.fakes().run([&] {
        for (const auto& reply : replies)
            reply(std::make_shared<const v1::InferenceResponse>());
        replies.clear();
    });
    QCOMPARE(rest.ask("GET", "/health/live").status, 200);
}

void TestRestServer::anAnswerAfterTheClientHasLeftIsDropped() {
    RestFixture rest;
    Held held;
    held.hold(rest.fakes());
    {
        RestClient client = rest.client();
        client.send("POST " + kInfer + " HTTP/1.1\r\nHost: x\r\nX-Request-Id: early\r\nContent-Length: " +
                    std::to_string(kText.size()) + "\r\n\r\n" + kText);
        held.arrived.get_future().wait();
        client.leave();
    }
    QVERIFY(rest.fakes().waitForCancel("early"));
    held.answer(rest.fakes());
    QCOMPARE(rest.ask("GET", "/health/live").status, 200);
}

void TestRestServer::aRequestDroppedByTheEngineIsAnswered500() {
    RestFixture rest;
    rest.fakes().onInfer = [](std::shared_ptr<const v1::InferenceRequest>, const service::CallContext&,
                              Reply<Response>) {};
    RestClient client = rest.client();
    const auto answer = client.request("POST", kInfer, kText);
    QVERIFY(answer);
    QCOMPARE(answer->status, 500);
    QCOMPARE(at(*answer, "/error_code"), std::string("INTERNAL_ERROR"));
    QCOMPARE(client.request("GET", "/health/live")->status, 200); // and the connection goes on
}

void TestRestServer::stoppingFinishesWhatIsUnderWay() {
    RestFixture rest;
    Held held;
    held.hold(rest.fakes());
    RestClient idle = rest.client();
    QCOMPARE(idle.request("GET", "/health/live")->status, 200);
    RestClient client = rest.client();
    client.send("POST " + kInfer + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(kText.size()) +
                "\r\n\r\n" + kText);
    held.arrived.get_future().wait();
    std::promise<void> drained;
    rest.server().beginStop(std::chrono::seconds(10), [&drained] { drained.set_value(); });
    QVERIFY(idle.isClosedByServer());
    held.answer(rest.fakes());
    const auto answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->status, 200);
    QCOMPARE(answer->headers.at("connection"), std::string("close"));
    drained.get_future().wait();
    QVERIFY(!RestClient(rest.port()).isConnected());
    rest.server().stop();
}

void TestRestServer::stoppingCancelsWhatDoesNotEndInTime() {
    rest::RestOptions options;
    options.drainTime = std::chrono::milliseconds(50);
    RestFixture rest(options);
    Held held;
    held.hold(rest.fakes());
    RestClient client = rest.client();
    client.send("POST " + kInfer + " HTTP/1.1\r\nHost: x\r\nX-Request-Id: slow\r\nContent-Length: " +
                std::to_string(kText.size()) + "\r\n\r\n" + kText);
    held.arrived.get_future().wait();
    rest.server().stop();
    const auto answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->status, 503);
    QVERIFY(rest.fakes().waitForCancel("slow"));
    held.answer(rest.fakes());
}

void TestRestServer::replyingAfterTheServerIsGoneDoesNothing() {
    FakeServices fakes;
    Held held;
    held.hold(fakes);
    rest::RestOptions options;
    options.listen = "127.0.0.1:0";
    options.drainTime = std::chrono::milliseconds(10);
    auto server = std::make_unique<rest::RestServer>(fakes.services(), options);
    const Result<std::uint16_t> port = server->start();
    QVERIFY(port);
    RestClient client(*port);
    client.send("POST " + kInfer + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(kText.size()) +
                "\r\n\r\n" + kText);
    held.arrived.get_future().wait();
    server.reset();
    held.answer(fakes);
}

void TestRestServer::twoRunningRequestsNeverShareAnId() {
    RestFixture rest;
    std::vector<std::string> ids;
    std::vector<Reply<Response>> replies;
    std::promise<void> both;
    rest.fakes().onInfer = [&](std::shared_ptr<const v1::InferenceRequest> request, const service::CallContext& call,
                               Reply<Response> reply) {
        QCOMPARE(request->request_id(), call.requestId);
        ids.push_back(call.requestId);
        replies.push_back(std::move(reply));
        if (ids.size() == 2)
            both.set_value();
    };
    RestClient one = rest.client();
    RestClient two = rest.client();
    for (RestClient* client : {&one, &two})
        client->send("POST " + kInfer + " HTTP/1.1\r\nHost: x\r\nX-Request-Id: same\r\nContent-Length: " +
                     std::to_string(kText.size()) + "\r\n\r\n" + kText);
    both.get_future().wait();
    rest.fakes().run([&] {
        for (const auto& reply : replies)
            reply(std::make_shared<const v1::InferenceResponse>());
        replies.clear();
    });
    QVERIFY(ids[0] != ids[1]);
    QVERIFY(one.answer()->headers.at("x-request-id") != two.answer()->headers.at("x-request-id"));
}

void TestRestServer::modelIdsComeWithEitherSlash_data() {
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("id");
    const auto row = [](const char* method, const char* path, const char* id) {
        QTest::newRow(path) << QString::fromUtf8(method) << QString::fromUtf8(path) << QString::fromUtf8(id);
    };
    row("GET", "/api/v1/models/org/repo", "org/repo");
    row("GET", "/api/v1/models/org%2Frepo", "org/repo");
    row("GET", "/api/v1/models/org/repo@v1.2", "org/repo@v1.2");
    row("GET", "/api/v1/models/org%2frepo%40v1", "org/repo@v1");
    row("GET", "/models/org/repo", "org/repo");
    row("GET", "/api/v1/models/org/status", "org/status");
    row("GET", "/api/v1/models/org%2Fload", "org/load");
    row("GET", "/api/v1/models/repo", "repo");
}

void TestRestServer::modelIdsComeWithEitherSlash() {
    QFETCH(QString, method);
    QFETCH(QString, path);
    QFETCH(QString, id);
    RestFixture rest;
    rest.fakes().onGet = [](const v1::GetModelRequest& request) {
        v1::Model model;
        model.set_model_id(request.model_id());
        return model;
    };
    const HttpAnswer answer = rest.ask(method.toStdString(), path.toStdString());
    QCOMPARE(answer.status, 200);
    QCOMPARE(at(answer, "/model_id"), id.toStdString());
}

QTEST_GUILESS_MAIN(TestRestServer)
#include "test_rest_server.moc"

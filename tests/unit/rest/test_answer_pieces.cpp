#include "engine/rest/semantics/content_coding.h"
#include "tests/unit/rest/front_fixture.h"

#include <QTest>

using namespace mm;
using namespace mm::test;
using rest::Answer;
using rest::AnswerStream;
using rest::ExchangePtr;

namespace {

constexpr std::size_t kMegabyte = 1UL << 20;

// A handler's stream in the hands of the test.
struct Held {
    std::promise<std::shared_ptr<AnswerStream>> promise;
    std::atomic<int> left = 0;
    Answer head{.contentType = "text/plain"};

    rest::Handler handler() {
        return [this](const ExchangePtr& exchange) {
            exchange->onClientLeft([this] { ++left; });
            promise.set_value(exchange->answerInPieces(head));
        };
    }
    std::shared_ptr<AnswerStream> stream() { return promise.get_future().get(); }
};

rest::Handler short_() {
    return [](const ExchangePtr& exchange) { exchange->answer({.body = "short", .contentType = "text/plain"}); };
}

void ask(RestClient& client, const std::string& path, const std::string& method = "GET",
         const std::string& version = "1.1") {
    client.send(method + ' ' + path + " HTTP/" + version + "\r\nHost: x\r\n\r\n");
}

} // namespace

class TestAnswerPieces : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void piecesArriveAsChunksWhileTheAnswerIsMade();
    void piecesArePackedForWhoeverTakesThat();
    void aNamedLengthIsSentAsItIs();
    void http10ReadsUntilTheEnd();
    void headGetsTheSameHeadAndNothingElse();
    void theNextRequestWaitsForTheEnd();
    void aDroppedAnswerEndsWithoutItsLastChunk();
    void aShortAnswerIsBrokenOff();
    void aClientThatLeavesIsNoticed();
    void whoTakesNothingHoldsUpTheWriter();
    void whoTakesNothingIsCutOff();
    void roomIsToldWhenTheClientHasGone();
    void piecesFromManyThreadsAllArrive();
    void aSecondAnswerIsNotSent();
    void stoppingEndsEventStreamsAtOnceAndWaitsForOthers();
    void whatTakesTooLongToStopIsBrokenOff();
    void writingAfterTheServerIsGoneDoesNothing();
};

void TestAnswerPieces::piecesArriveAsChunksWhileTheAnswerIsMade() {
    Held held;
    FrontFixture front({{"/pieces", held.handler()}, {"/short", short_()}});
    RestClient client = front.client();
    ask(client, "/pieces");
    const auto stream = held.stream();
    QVERIFY(stream->write("one"));
    const auto head = client.answer(true);
    QCOMPARE(head->status, 200);
    QCOMPARE(head->headers.at("transfer-encoding"), std::string("chunked"));
    QVERIFY(!head->headers.contains("content-length"));
    QVERIFY(head->headers.contains("x-request-id"));
    QCOMPARE(client.chunk().value(), std::string("one")); // before the answer is finished
    QVERIFY(stream->write(""));                           // would end it, were it sent as a chunk
    QVERIFY(stream->write(std::string(300'000, 'x')));
    QCOMPARE(client.chunk()->size(), std::size_t(300'000));
    stream->finish();
    QCOMPARE(client.chunk().value(), std::string());
    QVERIFY(!stream->write("late"));
    QCOMPARE(held.left.load(), 0);
    QCOMPARE(client.request("GET", "/short")->body, std::string("short")); // the connection goes on
}

void TestAnswerPieces::piecesArePackedForWhoeverTakesThat() {
    Held held;
    FrontFixture front({{"/pieces", held.handler()}});
    RestClient client = front.client();
    client.send("GET /pieces HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n");
    const auto stream = held.stream();
    std::string plain;
    for (int i = 0; i < 20; ++i) {
        const std::string piece(100'000, static_cast<char>('a' + i));
        plain += piece;
        QVERIFY(stream->write(piece));
    }
    stream->finish();
    QVERIFY(!stream->write("late"));
    const auto head = client.answer(true);
    QCOMPARE(head->headers.at("content-encoding"), std::string("gzip"));
    QCOMPARE(head->headers.at("vary"), std::string("Accept-Encoding"));
    std::string packed;
    for (auto chunk = client.chunk(); chunk && !chunk->empty(); chunk = client.chunk())
        packed += *chunk;
    QVERIFY(packed.size() < plain.size() / 50);
    const auto unpacked = rest::semantics::unpacked(packed, rest::semantics::Coding::Gzip, 10 * kMegabyte);
    QVERIFY(unpacked.ok() && unpacked.value() == plain);
}

void TestAnswerPieces::aNamedLengthIsSentAsItIs() {
    Held held;
    held.head.headers = {{"Content-Length", "6"}};
    FrontFixture front({{"/pieces", held.handler()}, {"/short", short_()}});
    RestClient client = front.client();
    ask(client, "/pieces");
    const auto stream = held.stream();
    stream->write("abc");
    stream->write("def");
    stream->finish();
    const auto answer = client.answer();
    QCOMPARE(answer->headers.at("content-length"), std::string("6"));
    QVERIFY(!answer->headers.contains("transfer-encoding"));
    QCOMPARE(answer->body, std::string("abcdef"));
    QCOMPARE(client.request("GET", "/short")->body, std::string("short"));
}

void TestAnswerPieces::http10ReadsUntilTheEnd() {
    Held held;
    FrontFixture front({{"/pieces", held.handler()}});
    RestClient client = front.client();
    client.send("GET /pieces HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    const auto stream = held.stream();
    stream->write("abc");
    const auto head = client.answer(true);
    QVERIFY(!head->headers.contains("transfer-encoding"));
    QCOMPARE(head->headers.at("connection"), std::string("close"));
    stream->write("def");
    stream->finish();
    QVERIFY(!client.isClosedByServer()); // only because there is something to read
    QCOMPARE(client.unread(), std::string("abcdef"));
}

void TestAnswerPieces::headGetsTheSameHeadAndNothingElse() {
    Held held;
    FrontFixture front({{"/pieces", held.handler()}, {"/short", short_()}});
    RestClient client = front.client();
    ask(client, "/pieces", "HEAD");
    const auto stream = held.stream();
    QVERIFY(!stream->write("nobody reads this"));
    QTRY_COMPARE(held.left.load(), 1); // so whoever makes it can stop
    stream->finish();
    const auto head = client.answer(true);
    QCOMPARE(head->status, 200);
    QCOMPARE(head->headers.at("transfer-encoding"), std::string("chunked"));
    QCOMPARE(client.request("GET", "/short")->body, std::string("short"));
}

void TestAnswerPieces::theNextRequestWaitsForTheEnd() {
    Held held;
    FrontFixture front({{"/pieces", held.handler()}, {"/short", short_()}});
    RestClient client = front.client();
    ask(client, "/pieces");
    ask(client, "/short");
    const auto stream = held.stream();
    stream->write("abc");
    QVERIFY(client.answer(true));
    QCOMPARE(client.chunk().value(), std::string("abc"));
    stream->finish();
    QCOMPARE(client.chunk().value(), std::string());
    QCOMPARE(client.answer()->body, std::string("short"));
}

void TestAnswerPieces::aDroppedAnswerEndsWithoutItsLastChunk() {
    Held held;
    FrontFixture front({{"/pieces", held.handler()}});
    RestClient client = front.client();
    ask(client, "/pieces");
    auto stream = held.stream();
    stream->write("abc");
    stream.reset();
    QVERIFY(client.answer(true));
    QCOMPARE(client.chunk().value(), std::string("abc"));
    QVERIFY(client.isClosedByServer());
}

void TestAnswerPieces::aShortAnswerIsBrokenOff() {
    Held held;
    held.head.headers = {{"Content-Length", "6"}};
    FrontFixture front({{"/pieces", held.handler()}});
    RestClient client = front.client();
    ask(client, "/pieces");
    const auto stream = held.stream();
    stream->write("abc");
    stream->finish();
    QVERIFY(client.answer(true));
    QVERIFY(!client.isClosedByServer());
    QCOMPARE(client.unread(), std::string("abc"));
}

void TestAnswerPieces::aClientThatLeavesIsNoticed() {
    Held held;
    FrontFixture front({{"/pieces", held.handler()}});
    RestClient client = front.client();
    ask(client, "/pieces");
    const auto stream = held.stream();
    QVERIFY(stream->write("abc"));
    QVERIFY(client.answer(true));
    client.leave();
    QTRY_COMPARE(held.left.load(), 1);
    QVERIFY(!stream->write("def"));
    QCOMPARE(stream->unsentBytes(), std::size_t(0));
}

void TestAnswerPieces::whoTakesNothingHoldsUpTheWriter() {
    Held held;
    FrontFixture front({{"/pieces", held.handler()}});
    SilentClient client(front.port(), "GET /pieces HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto stream = held.stream();
    constexpr std::size_t kWritten = 64 * kMegabyte; // more than the kernel's buffers take
    for (std::size_t at = 0; at < kWritten; at += kMegabyte)
        QVERIFY(stream->write(std::string(kMegabyte, 'x')));
    std::promise<void> told;
    stream->onRoom(kMegabyte / 2, [&] { told.set_value(); });
    auto room = told.get_future();
    front.onRestThread([] {});
    QVERIFY(room.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
    client.readAtLeast(kWritten);
    QVERIFY(room.wait_for(std::chrono::seconds(15)) == std::future_status::ready);
    QVERIFY(stream->unsentBytes() <= kMegabyte / 2);
    stream->finish();
}

void TestAnswerPieces::whoTakesNothingIsCutOff() {
    Held held;
    rest::guard::GuardLimits limits;
    limits.writeStallMs = 50;
    FrontFixture front({{"/pieces", held.handler()}}, limits);
    SilentClient client(front.port(), "GET /pieces HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto stream = held.stream();
    QVERIFY(stream->write(std::string(20 * kMegabyte, 'x')));
    QVERIFY(client.waitForReset());
    QTRY_COMPARE(held.left.load(), 1);
}

void TestAnswerPieces::roomIsToldWhenTheClientHasGone() {
    Held held;
    FrontFixture front({{"/pieces", held.handler()}});
    auto client = std::make_unique<SilentClient>(front.port(), "GET /pieces HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto stream = held.stream();
    stream->write(std::string(20 * kMegabyte, 'x'));
    std::promise<void> told;
    stream->onRoom(0, [&] { told.set_value(); });
    client.reset();
    QVERIFY(told.get_future().wait_for(std::chrono::seconds(15)) == std::future_status::ready);
}

void TestAnswerPieces::piecesFromManyThreadsAllArrive() {
    Held held;
    FrontFixture front({{"/pieces", held.handler()}});
    RestClient client = front.client();
    ask(client, "/pieces");
    const auto stream = held.stream();
    std::vector<std::thread> writers;
    for (char letter = 'a'; letter <= 'd'; ++letter)
        writers.emplace_back([&stream, letter] {
            for (int i = 0; i < 1000; ++i)
                stream->write(std::string(3, letter));
        });
    for (std::thread& writer : writers)
        writer.join();
    stream->finish();
    QVERIFY(client.answer(true));
    std::map<char, int> seen;
    for (std::string chunk = client.chunk().value_or(""); !chunk.empty(); chunk = client.chunk().value_or("")) {
        QCOMPARE(chunk, std::string(3, chunk.front()));
        ++seen[chunk.front()];
    }
    QCOMPARE(seen, (std::map<char, int>{{'a', 1000}, {'b', 1000}, {'c', 1000}, {'d', 1000}}));
}

void TestAnswerPieces::aSecondAnswerIsNotSent() {
    std::shared_ptr<AnswerStream> second;
    FrontFixture front({{"/twice", [&](const ExchangePtr& exchange) {
                             exchange->answer({.body = "first", .contentType = "text/plain"});
                             second = exchange->answerInPieces({.contentType = "text/plain"});
                         }}});
    RestClient client = front.client();
    QCOMPARE(client.request("GET", "/twice")->body, std::string("first"));
    front.onRestThread([&] {
        QVERIFY(!second->write("second"));
        second.reset();
    });
    QCOMPARE(client.request("GET", "/twice")->body, std::string("first"));
}

void TestAnswerPieces::stoppingEndsEventStreamsAtOnceAndWaitsForOthers() {
    Held events;
    events.head.contentType = "text/event-stream";
    Held large;
    FrontFixture front({{"/events", events.handler()}, {"/large", large.handler()}});
    RestClient watcher = front.client();
    RestClient reader = front.client();
    ask(watcher, "/events");
    ask(reader, "/large");
    const auto eventStream = events.stream();
    const auto largeStream = large.stream();
    QVERIFY(eventStream->write("data: 1\n\n"));
    auto drained = front.endSoon(std::chrono::seconds(60));
    QVERIFY(watcher.answer(true));
    QCOMPARE(watcher.chunk().value(), std::string("data: 1\n\n"));
    QCOMPARE(watcher.chunk().value(), std::string());
    QVERIFY(watcher.isClosedByServer());
    QTRY_COMPARE(events.left.load(), 1);
    QVERIFY(!eventStream->write("data: 2\n\n"));
    QVERIFY(drained.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
    QVERIFY(largeStream->write("all of it"));
    largeStream->finish();
    QVERIFY(reader.answer(true));
    QCOMPARE(reader.chunk().value(), std::string("all of it"));
    QCOMPARE(reader.chunk().value(), std::string());
    QVERIFY(drained.wait_for(std::chrono::seconds(15)) == std::future_status::ready);
}

void TestAnswerPieces::whatTakesTooLongToStopIsBrokenOff() {
    Held held;
    FrontFixture front({{"/pieces", held.handler()}});
    RestClient client = front.client();
    ask(client, "/pieces");
    const auto stream = held.stream();
    stream->write("abc");
    QVERIFY(front.endSoon(std::chrono::milliseconds(20)).wait_for(std::chrono::seconds(15)) ==
            std::future_status::ready);
    QCOMPARE(held.left.load(), 1);
    QVERIFY(!stream->write("def"));
    QVERIFY(client.answer(true));
    QCOMPARE(client.chunk().value(), std::string("abc"));
    QVERIFY(client.isClosedByServer());
}

void TestAnswerPieces::writingAfterTheServerIsGoneDoesNothing() {
    Held held;
    FrontFixture front({{"/pieces", held.handler()}});
    RestClient client = front.client();
    ask(client, "/pieces");
    auto stream = held.stream();
    front.end();
    QVERIFY(!stream->write("abc"));
    stream->onRoom(0, [] {});
    stream->finish();
    stream.reset();
    QVERIFY(!client.answer(true) || client.isClosedByServer());
}

QTEST_GUILESS_MAIN(TestAnswerPieces)
#include "test_answer_pieces.moc"

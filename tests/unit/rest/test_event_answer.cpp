// A stream of events over REST: what is written, when it waits, and how it ends.
#include "engine/events/event_log.h"
#include "engine/rest/routes/native/events/event_answer.h"
#include "tests/support/await.h"
#include "tests/unit/rest/rest_fixture.h"

#include <QTest>
#include <QTimer>

using namespace mm;
using namespace mm::rest;
using namespace mm::rest::native;
namespace type = mm::events::type;

namespace {

struct FakeStream final : AnswerStream {
    bool write(std::string piece) override {
        text += piece;
        unsent += takesAll ? 0 : piece.size();
        return open;
    }
    void finish() override { finished = true; }
    [[nodiscard]] std::size_t unsentBytes() const override { return unsent; }
    void onRoom(std::size_t, std::function<void()> ready) override { room = std::move(ready); }

    std::string text;
    std::size_t unsent = 0;
    bool takesAll = true;
    bool open = true;
    bool finished = false;
    std::function<void()> room;
};

struct House {
    explicit House(std::chrono::milliseconds heartbeat = std::chrono::hours(1))
        : answer(std::make_shared<EventAnswer>(EventAnswer::Parts{stream, watch, std::make_shared<EventText>(),
                                                                  [](auto task) { task(); }, heartbeat})) {}

    static std::shared_ptr<events::EventWatch> makeWatch() {
        return std::make_shared<events::EventWatch>(events::EventFilter(), std::vector<events::EventPtr>(), 100'000);
    }
    bool offer(std::int64_t id, const std::string& message = {}) {
        auto event = std::make_shared<modelmora::v1::Event>();
        event->set_id(id);
        event->set_type("model.loaded");
        event->set_message(message);
        return watch->offer(event);
    }

    std::shared_ptr<FakeStream> stream = std::make_shared<FakeStream>();
    std::shared_ptr<events::EventWatch> watch = makeWatch();
    std::shared_ptr<EventAnswer> answer;
};

std::size_t count(const std::string& text, const std::string& what) {
    std::size_t found = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
        ++found;
    return found;
}

} // namespace

class TestEventAnswer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eventsAreWrittenAsTheyCome();
    void aConnectionThatIsFullIsWaitedFor();
    void itSaysThatItIsStillThere();
    void itEndsWithTheReason();
    void aClientThatLeftIsNotWrittenTo();
    void theRouteAnswersWithAStream();
    void theRouteRefusesWhatItDoesNotKnow();
};

void TestEventAnswer::eventsAreWrittenAsTheyCome() {
    House house;
    house.answer->start();
    QCOMPARE(house.stream->text, std::string("retry: 2000\n\n"));
    house.offer(7, "line\nline");
    QCOMPARE(house.stream->text, std::string("retry: 2000\n\nid: 7\nevent: model.loaded\ndata: "
                                             "{\"id\":7,\"type\":\"model.loaded\",\"message\":\"line\\nline\"}\n\n"));
    house.offer(8);
    QVERIFY(house.stream->text.find("id: 8\n") != std::string::npos);
    QVERIFY(!house.stream->finished);
}

void TestEventAnswer::aConnectionThatIsFullIsWaitedFor() {
    House house;
    house.stream->takesAll = false;
    house.answer->start();
    for (std::int64_t id = 1; id <= 10'000; ++id)
        house.offer(id, std::string(200, 'x'));
    QVERIFY(house.stream->text.size() < 512UL * 1024);
    QVERIFY(house.stream->room);
    house.stream->takesAll = true;
    house.stream->unsent = 0;
    house.stream->room();
    QCOMPARE(count(house.stream->text, "\nevent: "), std::size_t(10'000));
    QVERIFY(house.stream->text.find("id: 10000\n") != std::string::npos);
}

void TestEventAnswer::itSaysThatItIsStillThere() {
    House house(std::chrono::milliseconds(1));
    house.answer->start();
    QVERIFY(test::awaitUntil([&] { return count(house.stream->text, "\n:\n\n") >= 2; }));
    house.stream->unsent = 1; // what is under way says so already
    const std::string before = house.stream->text;
    int beats = 0;
    QTimer sameBeat;
    connect(&sameBeat, &QTimer::timeout, this, [&] { ++beats; });
    sameBeat.start(1);
    QVERIFY(test::awaitUntil([&] { return beats >= 5; }));
    QCOMPARE(house.stream->text, before);
}

void TestEventAnswer::itEndsWithTheReason() {
    House house;
    house.answer->start();
    house.offer(1);
    house.watch->close({ErrorCode::SlowReader, "too slow", {{"events_behind", 3}}});
    QVERIFY(house.stream->finished);
    QVERIFY(house.stream->text.ends_with("event: end\ndata: {\"error_code\":\"SLOW_READER\",\"message\":\"too slow\","
                                         "\"details\":{\"events_behind\":3},\"trace_id\":\"\"}\n\n"));
}

void TestEventAnswer::aClientThatLeftIsNotWrittenTo() {
    House house;
    house.answer->start();
    house.stream->open = false;
    house.offer(1);
    const std::string before = house.stream->text;
    house.offer(2);
    QCOMPARE(house.stream->text, before);
    house.answer.reset();
    house.offer(3);
    QCOMPARE(house.stream->text, before);
}

void TestEventAnswer::theRouteAnswersWithAStream() {
    test::RestFixture fixture;
    fixture.fakes().run([&] { fixture.fakes().eventLog().publish(type::kModelLoaded, {.modelId = "org/m@1"}); });
    const auto answer = fixture.ask("GET", "/api/v1/events?follow=false&types=model,job&model=org/m");
    QCOMPARE(answer.status, 200);
    QVERIFY(answer.body.find("event: model.loaded\n") != std::string::npos);
    QVERIFY(answer.body.ends_with("event: end\ndata: {}\n\n"));
}

void TestEventAnswer::theRouteRefusesWhatItDoesNotKnow() {
    test::RestFixture fixture;
    QCOMPARE(fixture.ask("GET", "/api/v1/events?since=1").status, 422);
    QCOMPARE(fixture.ask("GET", "/api/v1/events?types=wether").status, 422);
    QCOMPARE(fixture.ask("GET", "/api/v1/events?last_event_id=-1").status, 422);
    QCOMPARE(fixture.ask("GET", "/api/v1/events", {}, "Last-Event-ID: x\r\n").status, 422);
    fixture.fakes().run([&] {
        fixture.fakes().eventLog().close({ErrorCode::ServiceUnavailable, "the engine is stopping"});
    });
    QCOMPARE(fixture.ask("GET", "/api/v1/events").status, 503);
}

QTEST_GUILESS_MAIN(TestEventAnswer)
#include "test_event_answer.moc"

// What the log remembers, gives to whom, and says of what it has forgotten.
#include "engine/events/event_log.h"
#include "tests/support/manual_clock.h"

#include <QTest>

using namespace mm;
using namespace mm::events;

namespace {

struct Ask {
    std::int64_t after = 0;
    std::vector<std::string> types = {};
    std::string model = {};
    std::string request = {};
    std::string client = {};
    bool rememberedOnly = false;

    operator v1::WatchEventsRequest() const { // NOLINT(google-explicit-constructor)
        v1::WatchEventsRequest proto;
        proto.set_after_id(after);
        for (const std::string& type : types)
            proto.add_types(type);
        proto.set_model_id(model);
        proto.set_request_id(request);
        proto.set_client(client);
        proto.set_remembered_only(rememberedOnly);
        return proto;
    }
};

// The types of what there is to read.
std::string read(EventWatch& watch) {
    std::string types;
    for (const EventPtr& event : watch.take(1'000'000).events)
        types.append(types.empty() ? "" : " ").append(event->type());
    return types;
}

// "a b c": what the messages say, for events of one type.
std::string messages(EventWatch& watch) {
    std::string all;
    for (const EventPtr& event : watch.take(1'000'000).events)
        all.append(all.empty() ? "" : " ").append(event->message());
    return all;
}

struct House {
    explicit House(EventLogOptions options = {}) : log(options, clock) {}
    void say(const EventType& type, const std::string& message = {}) { log.publish(type, {.message = message}); }
    std::shared_ptr<EventWatch> watch(const Ask& ask = {}) { return log.watch(ask).value(); }

    mm::test::ManualClock clock;
    EventLog log;
};

} // namespace

class TestEventLog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aReaderHearsWhatHappensFromNowOn();
    void idsGrowOverRestarts();
    void filtersAreByTypeModelRequestAndClient();
    void wrongFiltersAreRefusedInOneAnswer();
    void whoGoesOnLosesNothingAndHearsNothingTwice();
    void whatIsForgottenIsSaidOnce();
    void bytesAreBounded();
    void idsOfAnotherLogGiveEverything();
    void requestEventsCostNothingWithoutReaders();
    void requestEventsAreRememberedAMinuteLonger();
    void requestEventsThatWereNeverMadeAreSaidToBeLost();
    void aSlowReaderIsDroppedAndOthersGetAll();
    void whatIsRememberedCanBeReadAndEnds();
    void readersAreCounted();
    void closingEndsEveryReader();
    void anotherEngineGoesOnWithThePast();
};

void TestEventLog::aReaderHearsWhatHappensFromNowOn() {
    House house;
    house.say(type::kModelLoading);
    const auto watch = house.watch();
    QCOMPARE(read(*watch), std::string());
    house.log.publish(type::kModelLoaded, {.modelId = "org/m@1", .message = "ready", .details = {{"pid", 7}}});
    const auto taken = watch->take(10);
    QVERIFY(!taken.over);
    QCOMPARE(taken.events.size(), std::size_t(1));
    const v1::Event& event = *taken.events.front();
    QCOMPARE(event.type(), std::string("model.loaded"));
    QCOMPARE(event.model_id(), std::string("org/m@1"));
    QCOMPARE(event.at().seconds(), std::int64_t(1'700'000'000));
    QCOMPARE(event.details().fields().at("pid").number_value(), 7.0);
    house.log.leave(*watch);
    house.say(type::kModelUnloaded);
    QCOMPARE(read(*watch), std::string());
}

void TestEventLog::idsGrowOverRestarts() {
    House house;
    const auto watch = house.watch();
    house.say(type::kModelLoading);
    house.say(type::kModelLoaded);
    const auto events = watch->take(10).events;
    QVERIFY(events[0]->id() < events[1]->id());
    house.clock.advance(std::chrono::milliseconds(1));
    EventLog next({}, house.clock);
    QVERIFY(next.lastId() > events[1]->id());
}

void TestEventLog::filtersAreByTypeModelRequestAndClient() {
    House house;
    const auto topic = house.watch({.types = {"model"}});
    const auto type = house.watch({.types = {"model.loaded", "job"}});
    const auto model = house.watch({.model = "org/m"});
    const auto version = house.watch({.model = "org/m@2"});
    const auto request = house.watch({.request = "r1"});
    const auto client = house.watch({.client = "c1"});
    house.log.publish(type::kModelLoading, {.modelId = "org/m@1"});
    house.log.publish(type::kModelLoaded, {.modelId = "org/m@2"});
    house.log.publish(type::kModelLoaded, {.modelId = "org/mm@1"});
    house.log.publish(type::kRequestQueued, {.modelId = "org/m@2", .requestId = "r1", .client = "c1"});
    house.log.publish(type::kRequestQueued, {.modelId = "org/x@2", .requestId = "r2", .client = "c1"});
    QCOMPARE(read(*topic), std::string("model.loading model.loaded model.loaded"));
    QCOMPARE(read(*type), std::string("model.loaded model.loaded"));
    QCOMPARE(read(*model), std::string("model.loading model.loaded request.queued"));
    QCOMPARE(read(*version), std::string("model.loaded request.queued"));
    QCOMPARE(read(*request), std::string("request.queued"));
    QCOMPARE(read(*client), std::string("request.queued request.queued"));
}

void TestEventLog::wrongFiltersAreRefusedInOneAnswer() {
    House house;
    const auto refused = house.log.watch(Ask{.after = -1, .types = {"model", "model.loded", "weather"}});
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, ErrorCode::ValidationError);
    QCOMPARE(refused.error().fieldErrors.size(), std::size_t(3));
    QCOMPARE(refused.error().fieldErrors[1].field, std::string("types[1]"));
    QVERIFY(refused.error().fieldErrors[1].message.find("Did you mean 'model.loaded'?") != std::string::npos);
    QCOMPARE(house.log.readers(), std::size_t(0));
}

void TestEventLog::whoGoesOnLosesNothingAndHearsNothingTwice() {
    House house;
    const auto all = house.watch(); // so that requests are remembered, too
    for (int i = 0; i < 50; ++i)
        house.say(i % 3 == 0 ? type::kRequestQueued : type::kJobProgress, std::to_string(i));
    const auto events = all->take(100).events;
    QCOMPARE(events.size(), std::size_t(50));
    for (int cut = 0; cut < 50; ++cut) {
        const auto rest = house.watch({.after = events[static_cast<std::size_t>(cut)]->id()})->take(100).events;
        QCOMPARE(rest.size(), std::size_t(49 - cut));
        for (std::size_t i = 0; i < rest.size(); ++i)
            QCOMPARE(rest[i]->message(), std::to_string(cut + 1 + static_cast<int>(i)));
    }
}

void TestEventLog::whatIsForgottenIsSaidOnce() {
    House house({.keep = 3});
    const auto watch = house.watch({.types = {"model"}});
    for (const char* name : {"a", "b", "c", "d", "e"})
        house.say(type::kModelLoaded, name);
    const auto events = watch->take(10).events;
    const auto again = house.watch({.after = events[0]->id(), .types = {"model"}});
    const auto taken = again->take(10).events;
    QCOMPARE(taken.size(), std::size_t(4));
    QCOMPARE(taken[0]->type(), std::string("engine.events_lost"));
    // Going on after it goes on with the same.
    QCOMPARE(taken[0]->id(), events[0]->id());
    QCOMPARE(taken[1]->message(), std::string("c"));
    QCOMPARE(messages(*house.watch({.after = events[1]->id(), .types = {"model"}})), std::string("c d e"));
}

void TestEventLog::bytesAreBounded() {
    House house({.keepBytes = 100'000});
    for (int i = 0; i < 100; ++i)
        house.say(type::kModelUnhealthy, std::string(10'000, 'x'));
    const auto kept = house.watch({.rememberedOnly = true})->take(1000).events;
    QVERIFY(kept.size() >= 5 && kept.size() <= 10);
}

void TestEventLog::idsOfAnotherLogGiveEverything() {
    House house;
    const std::int64_t start = house.log.lastId();
    house.say(type::kModelLoaded);
    const auto watch = house.watch({.after = house.log.lastId() + 1'000'000});
    const auto events = watch->take(10).events;
    QCOMPARE(events.size(), std::size_t(2));
    QCOMPARE(events[0]->type(), std::string("engine.events_lost"));
    QCOMPARE(events[0]->id(), start);
    QCOMPARE(events[1]->type(), std::string("model.loaded"));
}

void TestEventLog::requestEventsCostNothingWithoutReaders() {
    House house;
    QVERIFY(!house.log.wants(Topic::Request));
    QVERIFY(house.log.wants(Topic::Model));
    const auto models = house.watch({.types = {"model"}});
    QVERIFY(!house.log.wants(Topic::Request));
    const std::int64_t before = house.log.lastId();
    house.say(type::kRequestQueued);
    QCOMPARE(house.log.lastId(), before);
    const auto all = house.watch();
    QVERIFY(house.log.wants(Topic::Request));
}

void TestEventLog::requestEventsAreRememberedAMinuteLonger() {
    House house;
    const auto watch = house.watch({.types = {"request"}});
    house.say(type::kRequestQueued, "a");
    const std::int64_t last = watch->take(10).events.front()->id();
    house.log.leave(*watch);
    house.clock.advance(std::chrono::seconds(59));
    house.say(type::kRequestStarted, "b");
    const auto again = house.watch({.after = last, .types = {"request"}});
    QCOMPARE(messages(*again), std::string("b"));
    house.log.leave(*again);
    house.clock.advance(std::chrono::seconds(61));
    house.say(type::kRequestFinished, "c");
    QVERIFY(!house.log.wants(Topic::Request));
}

void TestEventLog::requestEventsThatWereNeverMadeAreSaidToBeLost() {
    House house;
    house.say(type::kModelLoaded);
    const std::int64_t last = house.log.lastId();
    house.say(type::kRequestQueued); // nobody listens
    QCOMPARE(read(*house.watch({.after = last, .types = {"model"}})), std::string());
    const auto events = house.watch({.after = last})->take(10).events;
    QCOMPARE(events.size(), std::size_t(1));
    QCOMPARE(events[0]->type(), std::string("engine.events_lost"));
    QVERIFY(events[0]->details().fields().at("requests_and_queue").bool_value());
    QVERIFY(!events[0]->details().fields().at("other_topics").bool_value());
}

void TestEventLog::aSlowReaderIsDroppedAndOthersGetAll() {
    House house({.mostBehind = 5});
    const auto slow = house.watch();
    const auto quick = house.watch();
    std::size_t heard = 0;
    std::function<void()> listen = [&] {
        heard += quick->take(100).events.size();
        quick->whenReady(listen);
    };
    quick->whenReady(listen);
    for (int i = 0; i < 20; ++i)
        house.say(type::kModelLoaded);
    QCOMPARE(heard, std::size_t(20));
    const auto taken = slow->take(100);
    QVERIFY(taken.over);
    QVERIFY(taken.events.empty());
    QCOMPARE(taken.error->code, ErrorCode::SlowReader);
    QCOMPARE(house.log.readers(), std::size_t(1));
}

void TestEventLog::whatIsRememberedCanBeReadAndEnds() {
    House house({.mostBehind = 1});
    for (const char* name : {"a", "b", "c"})
        house.say(type::kModelLoaded, name);
    const auto watch = house.watch({.rememberedOnly = true});
    QCOMPARE(house.log.readers(), std::size_t(0));
    QVERIFY(!watch->take(2).over);
    const auto last = watch->take(2);
    QCOMPARE(last.events.size(), std::size_t(1));
    QVERIFY(last.over);
    QVERIFY(!last.error);
}

void TestEventLog::readersAreCounted() {
    House house({.mostReaders = 2});
    const auto one = house.watch();
    const auto two = house.watch();
    const auto three = house.log.watch(Ask{});
    QVERIFY(!three.ok());
    QCOMPARE(three.error().code, ErrorCode::ServiceUnavailable);
    house.log.leave(*one);
    QVERIFY(house.log.watch(Ask{}).ok());
}

void TestEventLog::closingEndsEveryReader() {
    House house;
    const auto watch = house.watch();
    house.say(type::kEngineStopping);
    house.log.close({ErrorCode::ServiceUnavailable, "the engine is stopping"});
    const auto taken = watch->take(10);
    QCOMPARE(taken.events.size(), std::size_t(1)); // what came before is not lost
    QVERIFY(taken.over);
    QCOMPARE(taken.error->code, ErrorCode::ServiceUnavailable);
    QCOMPARE(house.log.watch(Ask{}).error().code, ErrorCode::ServiceUnavailable);
}

void TestEventLog::anotherEngineGoesOnWithThePast() {
    House house;
    const auto watch = house.watch();
    house.say(type::kModelLoaded, "a");
    const std::int64_t seen = watch->take(10).events.front()->id();
    house.say(type::kModelUnloaded, "b");
    house.clock.advance(std::chrono::milliseconds(1));
    EventLog next({}, house.clock, house.log.past());
    next.publish(type::kEngineStarted, {.message = "c"});
    QCOMPARE(messages(**next.watch(Ask{.after = seen, .types = {"model", "engine"}})), std::string("b c"));
    // Without it, everything before its start is unknown.
    EventLog other({}, house.clock);
    QCOMPARE(read(**other.watch(Ask{.after = seen, .types = {"model"}})), std::string("engine.events_lost"));
}

QTEST_GUILESS_MAIN(TestEventLog)
#include "test_event_log.moc"

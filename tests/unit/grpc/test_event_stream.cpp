// WatchEvents as a client sees it.
#include "engine/events/event_log.h"
#include "modelmora/v1/management.grpc.pb.h"
#include "tests/unit/grpc/grpc_fixture.h"

#include <QtTest>

#include <thread>

namespace v1 = modelmora::v1;
namespace type = mm::events::type;
using mm::ErrorCode;
using mm::test::GrpcFixture;
using mm::test::trailerOf;

namespace {

// An open call whose watch the engine has: the headers tell that it is heard, and the log knows its reader.
struct Reader {
    Reader(GrpcFixture& fixture, const v1::WatchEventsRequest& request = {},
           std::chrono::milliseconds deadline = std::chrono::hours(1))
        : stub(v1::ManagementService::NewStub(fixture.channel)) {
        context.set_deadline(std::chrono::system_clock::now() + deadline);
        reader = stub->WatchEvents(&context, request);
        reader->WaitForInitialMetadata();
    }
    std::string next() {
        v1::Event event;
        return reader->Read(&event) ? event.message() : "end";
    }
    std::unique_ptr<v1::ManagementService::Stub> stub;
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<v1::Event>> reader;
};

void publish(GrpcFixture& fixture, const std::string& message, const mm::events::EventType& type = type::kModelLoaded) {
    fixture.fake.run([&] { fixture.fake.eventLog().publish(type, {.modelId = "org/m@1", .message = message}); });
}

void untilReaders(GrpcFixture& fixture, std::size_t count) {
    std::size_t now = count + 1;
    while (now != count) {
        fixture.fake.run([&] { now = fixture.fake.eventLog().readers(); });
        std::this_thread::yield();
    }
}

} // namespace

class TestEventStream : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eventsComeInOrderAndWhole();
    void aWrongFilterIsRefusedWithItsFields();
    void whatIsRememberedEndsWell();
    void goingOnAfterAnEvent();
    void aClientThatLeavesIsForgotten();
    void aDeadlineEndsTheCallAndTheWatch();
    void aSlowReaderIsToldAndOthersGetAll();
    void theEnginesEndEndsTheCall();
};

void TestEventStream::eventsComeInOrderAndWhole() {
    GrpcFixture fixture;
    QVERIFY(fixture.start());
    Reader reader(fixture);
    untilReaders(fixture, 1);
    for (int i = 0; i < 500; ++i)
        publish(fixture, std::to_string(i));
    v1::Event first;
    QVERIFY(reader.reader->Read(&first));
    QCOMPARE(first.type(), std::string("model.loaded"));
    QCOMPARE(first.model_id(), std::string("org/m@1"));
    QVERIFY(first.at().seconds() > 0);
    for (int i = 1; i < 500; ++i)
        QCOMPARE(reader.next(), std::to_string(i));
}

void TestEventStream::aWrongFilterIsRefusedWithItsFields() {
    GrpcFixture fixture;
    QVERIFY(fixture.start());
    v1::WatchEventsRequest request;
    request.add_types("modle");
    Reader reader(fixture, request);
    QCOMPARE(reader.next(), std::string("end"));
    QCOMPARE(reader.reader->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    QCOMPARE(trailerOf(reader.context).validation_errors(0).field(), std::string("types[0]"));
}

void TestEventStream::whatIsRememberedEndsWell() {
    GrpcFixture fixture;
    QVERIFY(fixture.start());
    publish(fixture, "a");
    publish(fixture, "b");
    v1::WatchEventsRequest request;
    request.set_remembered_only(true);
    Reader reader(fixture, request);
    QCOMPARE(reader.next(), std::string("a"));
    QCOMPARE(reader.next(), std::string("b"));
    QCOMPARE(reader.next(), std::string("end"));
    QVERIFY(reader.reader->Finish().ok());
}

void TestEventStream::goingOnAfterAnEvent() {
    GrpcFixture fixture;
    QVERIFY(fixture.start());
    v1::WatchEventsRequest request;
    request.add_types("model");
    fixture.fake.run([&] { request.set_after_id(fixture.fake.eventLog().lastId()); });
    publish(fixture, "a");
    publish(fixture, "b");
    Reader reader(fixture, request);
    QCOMPARE(reader.next(), std::string("a"));
    QCOMPARE(reader.next(), std::string("b"));
    publish(fixture, "c");
    QCOMPARE(reader.next(), std::string("c"));
}

void TestEventStream::aClientThatLeavesIsForgotten() {
    GrpcFixture fixture;
    QVERIFY(fixture.start());
    {
        Reader reader(fixture);
        untilReaders(fixture, 1);
        reader.context.TryCancel();
        QCOMPARE(reader.reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
    }
    untilReaders(fixture, 0);
}

void TestEventStream::aDeadlineEndsTheCallAndTheWatch() {
    GrpcFixture fixture;
    QVERIFY(fixture.start());
    Reader reader(fixture, {}, std::chrono::milliseconds(200));
    QCOMPARE(reader.next(), std::string("end"));
    QCOMPARE(reader.reader->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
    untilReaders(fixture, 0);
}

void TestEventStream::aSlowReaderIsToldAndOthersGetAll() {
    GrpcFixture fixture;
    QVERIFY(fixture.start());
    Reader slow(fixture);
    Reader quick(fixture);
    untilReaders(fixture, 2);
    const std::string large(50'000, 'x');
    int heard = 0;
    // More than flow control lets through to somebody who does not read.
    for (std::size_t readers = 2; readers == 2; ++heard) {
        publish(fixture, large);
        QCOMPARE(quick.next(), large);
        fixture.fake.run([&] { readers = fixture.fake.eventLog().readers(); });
        QVERIFY(heard < 20'000);
    }
    publish(fixture, "after");
    QCOMPARE(quick.next(), std::string("after"));
    v1::Event event;
    int got = 0;
    while (slow.reader->Read(&event))
        ++got;
    QVERIFY(got < heard);
    const grpc::Status status = slow.reader->Finish();
    QCOMPARE(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    QVERIFY(status.error_message().find("1000 events behind") != std::string::npos);
}

void TestEventStream::theEnginesEndEndsTheCall() {
    GrpcFixture fixture;
    QVERIFY(fixture.start());
    Reader reader(fixture);
    untilReaders(fixture, 1);
    fixture.fake.run([&] {
        fixture.fake.eventLog().publish(type::kEngineStopping, {.message = "stopping"});
        fixture.fake.eventLog().close({ErrorCode::ServiceUnavailable, "The engine is stopping."});
    });
    QCOMPARE(reader.next(), std::string("stopping"));
    QCOMPARE(reader.next(), std::string("end"));
    QCOMPARE(reader.reader->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

QTEST_GUILESS_MAIN(TestEventStream)
#include "test_event_stream.moc"

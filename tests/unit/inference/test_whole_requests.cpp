// Requests that come in parts are one to an operator, however few of the parts are there when the order comes.
#include "tests/support/dispatch_house.h"

#include <QTest>

using namespace mm;
using namespace mm::inference;
using namespace std::chrono_literals;

namespace {

// Its worker is busy with another request, so that it takes one part at a time.
struct House : test::DispatchHouse {
    House() {
        Ask ask;
        ask.inputs = 2;
        submit("busy", ask);
    }
    // The next part of the request "big", of 512 inputs; its answer is kept under the part's name.
    void part(const std::string& name) {
        auto request = std::make_shared<v1::InferenceRequest>();
        request->set_model_id(model);
        for (int i = 0; i < 512; ++i)
            request->mutable_input_data()->mutable_text_batch()->add_texts(name);
        dispatcher->submit(std::move(request), {"big", "client", began, false, {}, token},
                           [this, name](auto answer) { answers.emplace(name, std::move(answer)); });
    }
    [[nodiscard]] v1::QueueEntry big() const { return describe("big"); }

    std::string model = "org/m";
    Instant began = clock.now();
    std::shared_ptr<const int> token = std::make_shared<const int>(2048);
};

} // namespace

class TestWholeRequests : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void oneEntryTellsOfAllParts();
    void aPriorityReachesPartsThatWaitAndThoseThatCome();
    void holdKeepsBackPartsThatWaitAndThoseThatCome();
    void aCancelledRequestTakesNoMoreParts();
    void aPartThatFailsEndsTheWhole();
    void aPartThatMayComeAgainDoesNot();
    void anotherRequestMayTakeTheName();
};

void TestWholeRequests::oneEntryTellsOfAllParts() {
    House house;
    house.part("one");
    house.part("two");
    QCOMPARE(house.leases.runs.size(), std::size_t(2));
    QCOMPARE(house.big().state(), v1::REQUEST_STATE_RUNNING);
    QCOMPARE(house.big().inputs(), 2048);
    QCOMPARE(house.big().inputs_done(), 0);
    house.clock.advance(10ms);
    house.answer(1);
    QCOMPARE(house.big().inputs_done(), 512);
    QCOMPARE(house.big().state(), v1::REQUEST_STATE_RUNNING);
    house.answer(2);
    QCOMPARE(house.big().inputs_done(), 1024); // nothing of it is in the engine now
    QCOMPARE(house.big().state(), v1::REQUEST_STATE_RUNNING);
    QVERIFY(house.big().reason().find("client") != std::string::npos && !house.big().has_finished_at());
    house.part("three");
    house.answer(3);
    house.part("four");
    house.answer(4);
    const v1::QueueEntry done = house.big();
    QCOMPARE(done.state(), v1::REQUEST_STATE_COMPLETED);
    QCOMPARE(done.inputs(), 2048);
    QCOMPARE(done.inputs_done(), 2048);
    QCOMPARE(done.waited_ms(), 0.0); // until its first part ran
    QCOMPARE(done.metadata().total_time_ms(), 10.0);
    QVERIFY(done.has_finished_at());
    QCOMPARE(house.dispatcher->hold("big").error().code, ErrorCode::IllegalTransition);
}

void TestWholeRequests::aPriorityReachesPartsThatWaitAndThoseThatCome() {
    House house;
    house.part("one");
    house.part("two");
    house.submit("other");
    QCOMPARE(house.dispatcher->setPriority("big", v1::PRIORITY_LOW).value().state(), v1::REQUEST_STATE_RUNNING);
    QCOMPARE(house.dispatcher->waiting().low_priority(), 1);
    house.part("three");
    QCOMPARE(house.dispatcher->waiting().low_priority(), 2);
    house.answer(1);
    QCOMPARE(house.leases.runs.at(2).text, std::string("other")); // before the second part
    QCOMPARE(house.leases.runs.at(3).priority, v1::PRIORITY_LOW);
    house.answer(2);
    house.answer(3);
    house.answer(4);
    QVERIFY(house.dispatcher->setPriority("big", v1::PRIORITY_HIGH).ok()); // though nothing of it is here
    house.part("four");
    QCOMPARE(house.leases.runs.at(5).priority, v1::PRIORITY_HIGH);
    QCOMPARE(house.dispatcher->setPriority("big", v1::PRIORITY_LOW).error().code, ErrorCode::IllegalTransition);
}

void TestWholeRequests::holdKeepsBackPartsThatWaitAndThoseThatCome() {
    House house;
    house.part("one");
    house.part("two");
    const v1::QueueEntry held = house.dispatcher->hold("big").value();
    QCOMPARE(held.state(), v1::REQUEST_STATE_RUNNING); // its first part does
    QVERIFY(held.reason().find("held") != std::string::npos);
    house.answer(1);
    house.part("three");
    QCOMPARE(house.leases.runs.size(), std::size_t(2));
    QCOMPARE(house.big().state(), v1::REQUEST_STATE_HELD);
    QVERIFY(house.dispatcher->release("big").ok());
    QCOMPARE(house.leases.runs.size(), std::size_t(3));
    house.answer(2);
    QVERIFY(house.answers.at("two").ok());
    house.answer(3);
    house.part("four");
    house.answer(4);
    QCOMPARE(house.big().state(), v1::REQUEST_STATE_COMPLETED);
}

void TestWholeRequests::aCancelledRequestTakesNoMoreParts() {
    House house;
    house.part("one");
    house.part("two");
    house.answer(1);
    house.answer(2);
    const v1::QueueEntry cancelled = house.dispatcher->cancelNamed("big").value(); // between two parts
    QCOMPARE(cancelled.state(), v1::REQUEST_STATE_CANCELLED);
    QCOMPARE(cancelled.inputs_done(), 1024);
    house.part("three");
    QCOMPARE(house.code("three"), ErrorCode::RequestCancelled);
    QCOMPARE(house.leases.runs.size(), std::size_t(3));
    QCOMPARE(house.dispatcher->cancelNamed("big").error().code, ErrorCode::IllegalTransition);
    QCOMPARE(house.dispatcher->unfinished(), std::size_t(1)); // the one that keeps the worker busy
}

void TestWholeRequests::aPartThatFailsEndsTheWhole() {
    House house;
    house.part("one");
    house.part("two");
    house.leases.runs.at(1).handler(Error{ErrorCode::WorkerCrashed, "the worker ended by SIGSEGV"});
    house.dispatcher->cancel("big"); // as the face does that hears of it
    QCOMPARE(house.code("two"), ErrorCode::RequestCancelled);
    QCOMPARE(house.big().state(), v1::REQUEST_STATE_FAILED);
    QCOMPARE(house.big().error().code(), std::string("WORKER_CRASHED"));
    house.part("three");
    QCOMPARE(house.code("three"), ErrorCode::WorkerCrashed);
}

void TestWholeRequests::aPartThatMayComeAgainDoesNot() {
    House house;
    house.part("one");
    house.part("two");
    house.leases.runs.at(1).handler(Error{ErrorCode::QueueFull, "the worker reads too slowly"});
    house.answer(2);
    QCOMPARE(house.big().state(), v1::REQUEST_STATE_RUNNING);
    QVERIFY(house.big().reason().find("reads too slowly") != std::string::npos);
    for (const std::size_t run : {3U, 4U, 5U}) {
        house.part("again" + std::to_string(run));
        house.answer(run);
    }
    QCOMPARE(house.big().state(), v1::REQUEST_STATE_COMPLETED);
    QCOMPARE(house.big().inputs_done(), 2048);
    // And one that is given up says why it never came.
    House refused;
    refused.part("one");
    refused.answer(1);
    refused.model = "unknown/m";
    refused.part("two");
    refused.dispatcher->cancel("big");
    QCOMPARE(refused.big().error().code(), std::string("MODEL_NOT_FOUND"));
}

void TestWholeRequests::anotherRequestMayTakeTheName() {
    House house;
    house.part("one");
    house.submit("big"); // of one input
    QCOMPARE(house.big().inputs(), 1);
    QVERIFY(house.dispatcher->hold("big").ok());
    house.part("two");
    QCOMPARE(house.big().inputs(), 2048); // the newest to come
    QCOMPARE(house.dispatcher->cancelNamed("big").value().inputs(), 2048);
    QCOMPARE(house.answers.size(), std::size_t(3));
}

QTEST_GUILESS_MAIN(TestWholeRequests)
#include "test_whole_requests.moc"

// The window finds its engine, shows what it holds, and goes on when the engine comes back.
#include "tests/support/console_house.h"

#include <QLabel>
#include <QtTest>

using mm::gui::EngineLink;
using mm::test::ConsoleHouse;

class TestFirstLook : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theWindowShowsWhatTheEngineSays() {
        ConsoleHouse house;
        QVERIFY(house.start());
        QVERIFY(house.state.models()->empty());
        QVERIFY(house.registerModel("org/model").ok());
        QVERIFY(ConsoleHouse::until([&] { return house.state.models()->size() == 1; }));
        QCOMPARE(house.state.models()->front().model_id(), std::string("org/model"));
        QVERIFY(house.state.memory()->devices_size() > 0);
    }

    void anEngineOfItsOwnComesBackWithNews() {
        ConsoleHouse house;
        QVERIFY(house.start());
        house.engine.reset();
        QCOMPARE(house.link.state(), EngineLink::State::Closed);
        house.startEngine();
        QVERIFY(ConsoleHouse::until([&] { return house.link.state() == EngineLink::State::Connected; }));
        std::vector<std::string> seen;
        QObject::connect(&house.events, &mm::gui::EventFeed::happened, &house.link, [&](const auto& events) {
            for (const auto& event : events)
                seen.push_back(event.type());
        });
        QVERIFY(house.registerModel("org/model").ok());
        QVERIFY(ConsoleHouse::until([&] { return !house.state.models()->empty() && !seen.empty(); }));
    }

    void aLostEngineIsSaidAndFoundAgain() {
        ConsoleHouse house;
        house.isRemote = true;
        QVERIFY(house.start());
        QVERIFY(house.registerModel("org/model").ok());
        house.engine.reset();
        QVERIFY(ConsoleHouse::until([&] { return house.link.state() == EngineLink::State::Lost; }));
        QVERIFY(!house.link.fault().message.empty());
        house.startEngine();
        QVERIFY(ConsoleHouse::until([&] {
            return house.link.state() == EngineLink::State::Connected && house.state.models() &&
                   house.state.models()->size() == 1;
        }));
    }
};

QTEST_MAIN(TestFirstLook)
#include "test_first_look.moc"

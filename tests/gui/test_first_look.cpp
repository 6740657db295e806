// The window finds its engine, shows what it holds, and goes on when the engine comes back.
#include "gui/shell/header/header.h"
#include "gui/shell/remark.h"
#include "tests/support/console_house.h"

#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QtTest>

using mm::gui::EngineLink;
using mm::gui::Header;
using mm::gui::Remark;
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

    void everyPageFitsASmallWindow() {
        const QString kModel = QStringLiteral("org/a-model-whose-name-is-rather-long");
        ConsoleHouse house;
        house.isWhole = true;
        QVERIFY(house.start());
        QVERIFY(house.registerModel(kModel.toStdString()).ok());
        QVERIFY(ConsoleHouse::until([&] { return house.state.models()->size() == 1; }));
        house.window->resize(1024, 700);
        for (const mm::gui::PageEntry& page : mm::gui::allPages()) {
            house.window->open(page.id, page.id == QLatin1String("models") ? kModel : QString());
            QTest::qWait(0);
            QVERIFY2(house.window->minimumSizeHint().width() <= 1024, qPrintable(page.id));
            QCOMPARE(house.window->size(), QSize(1024, 700));
            for (const QScrollArea* area : house.window->findChildren<QScrollArea*>())
                QVERIFY2(!area->isVisible() || area->horizontalScrollBar()->maximum() == 0, qPrintable(page.id));
        }
        house.window->open(QStringLiteral("models"), kModel);
        for (const char* name : {"pinAction", "warmUpAction", "testAction"}) {
            const auto* button = house.find<QPushButton>(name);
            QVERIFY(button->text().isEmpty() && !button->icon().isNull());
            QVERIFY(!button->accessibleName().isEmpty() && button->toolTip().startsWith(button->accessibleName()));
        }
        house.window->resize(1440, 900);
        house.window->open(QStringLiteral("models"));
        QCOMPARE(house.find<QPushButton>("pinAction")->text(), house.find<QPushButton>("pinAction")->accessibleName());
    }

    void whatAsksForSomethingIsSaidFirstWhereItIsNarrow() {
        mm::gui::Theme theme;
        Header header(theme, 196);
        header.showEngine(QStringLiteral("This computer"));
        header.resize(1440, 52);
        header.show();
        header.showHealth({mm::gui::HealthLevel::Bad,
                           QStringLiteral("12 models loaded, 1,204 requests waiting"),
                           QStringLiteral("one model needs a decision"),
                           {}});
        const auto* health = header.findChild<QLabel*>(QStringLiteral("health"));
        QVERIFY(health->text().contains(QStringLiteral("12 models loaded")));
        header.resize(900, 52);
        QCOMPARE(health->text(), QStringLiteral("<b>one model needs a decision</b>"));
        QVERIFY(health->toolTip().contains(QStringLiteral("12 models loaded")));
        header.resize(1440, 52);
        QVERIFY(health->text().contains(QStringLiteral("12 models loaded")));
    }

    void aRemarkStandsOverThePageAndGoes() {
        QWidget page;
        page.resize(500, 300);
        Remark remark(page);
        page.show();
        QVERIFY(!remark.isVisible());
        remark.tell(QStringLiteral("The engine did not take it. ").repeated(8), std::chrono::hours(1));
        QVERIFY(remark.isVisible());
        QVERIFY2(page.rect().contains(remark.geometry()), "all of it can be read");
        page.resize(300, 400);
        QVERIFY(page.rect().contains(remark.geometry()));
        QTest::mouseClick(&remark, Qt::LeftButton);
        QVERIFY(!remark.isVisible());
        remark.tell(QStringLiteral("Saved."), std::chrono::milliseconds(1));
        QVERIFY(remark.isVisible());
        QVERIFY(ConsoleHouse::until([&] { return !remark.isVisible(); }));
    }
};

QTEST_MAIN(TestFirstLook)
#include "test_first_look.moc"

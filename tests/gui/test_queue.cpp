// The queue's page: what waits is seen, and a person can do something about it, without a mouse too.
#include "gui/pages/queue/queue_view.h"
#include "tests/support/console_house.h"

#include <QElapsedTimer>
#include <QLabel>
#include <QtTest>

using mm::gui::Lane;
using mm::gui::QueueModel;
using mm::gui::QueueView;
using mm::test::ConsoleHouse;
namespace v1 = modelmora::v1;

namespace {

const std::string kModel = "org/model";

std::vector<v1::QueueEntry> many(int first, int count) {
    std::vector<v1::QueueEntry> entries(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
        v1::QueueEntry& entry = entries[static_cast<std::size_t>(i)];
        entry.set_request_id("request-" + std::to_string(first + i));
        entry.set_model_id(kModel);
        entry.set_client("importer");
        entry.set_priority((first + i) % 3 == 0 ? v1::PRIORITY_LOW : v1::PRIORITY_NORMAL);
        entry.set_state(v1::REQUEST_STATE_WAITING);
        entry.set_position(i + 1);
    }
    return entries;
}

} // namespace

class TestQueue : public QObject {
    Q_OBJECT

    // A request that waits until it is released: its model loads while it is held.
    static void askAndHold(ConsoleHouse& house, const std::string& id, std::optional<mm::Error>& ended,
                           v1::Priority priority = v1::PRIORITY_NORMAL) {
        v1::InferenceRequest request;
        request.set_model_id(kModel);
        request.set_request_id(id);
        request.set_priority(priority);
        request.mutable_input_data()->set_text("a text that has time");
        house.link.call(
            &mm::gui::InferenceCalls::Infer, request, house.window.get(),
            [&ended](const mm::Result<v1::InferenceResponse>& answer) {
                ended = answer.ok() ? mm::Error() : answer.error();
            },
            60);
        const auto isThere = [&] {
            v1::HoldRequestRequest hold;
            hold.set_request_id(id);
            return house.ask(&mm::gui::InferenceCalls::HoldRequest, hold).ok();
        };
        QVERIFY(ConsoleHouse::until(isThere));
    }

private Q_SLOTS:
    void aWaitingRequestIsCancelledByKeyboard() {
        ConsoleHouse house;
        QVERIFY(house.start());
        QVERIFY(house.registerModel(kModel).ok());
        std::optional<mm::Error> first;
        std::optional<mm::Error> second;
        askAndHold(house, "the-first", first);
        askAndHold(house, "the-second", second, v1::PRIORITY_LOW);
        house.window->open(QStringLiteral("queue"), QStringLiteral("the-second"));
        auto* view = house.find<QueueView>("queue");
        QVERIFY(ConsoleHouse::until([&] { return view->chosen().size() == 1; }));
        QCOMPARE(view->chosen().front().request_id(), std::string("the-second"));

        view->setFocus();
        QTest::keyClick(view, Qt::Key_Up, Qt::AltModifier);
        QVERIFY(ConsoleHouse::until(
            [&] { return view->chosen().size() == 1 && view->chosen().front().priority() == v1::PRIORITY_NORMAL; }));
        if (const QByteArray folder = qgetenv("MM_SHOTS"); !folder.isEmpty())
            house.window->grab().save(QString::fromLocal8Bit(folder + "/queue-held.png"));
        QTest::keyClick(view, Qt::Key_Delete);
        QVERIFY(ConsoleHouse::until([&] { return second.has_value(); }));
        QVERIFY(second->code == mm::ErrorCode::RequestCancelled);
        QVERIFY(!first);

        house.window->open(QStringLiteral("queue"), QStringLiteral("the-first"));
        QVERIFY(ConsoleHouse::until([&] { return view->chosen().size() == 1; }));
        QTest::keyClick(view, Qt::Key_R);
        QVERIFY(ConsoleHouse::until([&] { return first.has_value(); }));
        QVERIFY2(first->message.empty(), first->message.c_str());
    }

    void tenThousandThatWaitDoNotStopTheWindow() {
        ConsoleHouse house;
        QVERIFY(house.start());
        QueueModel model(house.theme);
        QueueView view(model, house.theme);
        view.resize(900, 700);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        model.update(many(0, 10'000), 0);
        view.choose("request-500");
        qint64 slowest = 0;
        for (int round = 1; round <= 5; ++round) {
            auto entries = many(round * 20, 10'000);
            QElapsedTimer timer;
            timer.start();
            model.update(std::move(entries), round);
            QCoreApplication::processEvents();
            slowest = std::max(slowest, timer.elapsed());
        }
        qInfo("10,000 entries are brought up to date within %lld ms", slowest);
        QCOMPARE(view.chosen().front().request_id(), std::string("request-500"));
        QCOMPARE(model.countOf(Lane::Low) + model.countOf(Lane::Normal), 10'000);
    }
};

QTEST_MAIN(TestQueue)
#include "test_queue.moc"

// The queue's page: what waits is seen, and a person can do something about it, without a mouse too.
#include "gui/pages/queue/queue_view.h"
#include "tests/support/console_house.h"

#include <QDragEnterEvent>
#include <QElapsedTimer>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QTableView>
#include <QtTest>

#include <array>
#include <memory>
#include <optional>

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

    void requestsAreDraggedBetweenLanes() {
        ConsoleHouse house;
        QVERIFY(house.start());
        QVERIFY(house.registerModel(kModel).ok());
        std::array<std::optional<mm::Error>, 3> ended;
        askAndHold(house, "one", ended[0], v1::PRIORITY_LOW);
        askAndHold(house, "two", ended[1], v1::PRIORITY_LOW);
        askAndHold(house, "three", ended[2]);
        house.window->open(QStringLiteral("queue"));
        auto* view = house.find<QueueView>("queue");
        auto* model = qobject_cast<QueueModel*>(view->model());
        QVERIFY(
            ConsoleHouse::until([&] { return model->countOf(Lane::Low) == 2 && model->countOf(Lane::Normal) == 1; }));
        // What the mouse brings is what it took up: here both low ones, onto a request of another lane.
        view->clearSelection();
        for (const char* id : {"one", "two"})
            view->selectionModel()->select(model->indexOf(id), QItemSelectionModel::Select | QItemSelectionModel::Rows);
        const auto drop = [&](const QModelIndex& target) {
            const std::unique_ptr<QMimeData> data(model->mimeData(view->selectionModel()->selectedIndexes()));
            const QPoint at = view->visualRect(target).center();
            QDragEnterEvent enter(at, Qt::MoveAction, data.get(), Qt::LeftButton, {});
            QDragMoveEvent move(at, Qt::MoveAction, data.get(), Qt::LeftButton, {});
            QDropEvent dropped(at, Qt::MoveAction, data.get(), Qt::LeftButton, {});
            for (QEvent* event : std::initializer_list<QEvent*>{&enter, &move, &dropped})
                QCoreApplication::sendEvent(view->viewport(), event);
            return enter.isAccepted() && move.isAccepted(); // the drop itself asks the engine first
        };
        QVERIFY(drop(model->indexOf("three")));
        QVERIFY(ConsoleHouse::until([&] { return model->countOf(Lane::Normal) == 3; }));
        QCOMPARE(model->countOf(Lane::Low), 0);
        // Onto a lane without a request.
        view->choose("two");
        QVERIFY(drop(model->laneIndex(Lane::Critical)));
        QVERIFY(ConsoleHouse::until([&] { return model->countOf(Lane::Critical) == 1; }));
        QCOMPARE(model->entriesOf(Lane::Critical).front().request_id(), std::string("two"));
        // Foreign things are not taken.
        QMimeData foreign;
        foreign.setText(QStringLiteral("two"));
        QVERIFY(!model->canDropMimeData(&foreign, Qt::MoveAction, -1, -1, model->laneIndex(Lane::Low)));
        // All of them at once, by keyboard: down a lane, then let go, then the rest is cancelled.
        view->setFocus();
        view->selectAll();
        QCOMPARE(view->chosen().size(), std::size_t{3});
        QTest::keyClick(view, Qt::Key_Down, Qt::AltModifier);
        QVERIFY(ConsoleHouse::until([&] { return model->countOf(Lane::High) == 1 && model->countOf(Lane::Low) == 2; }));
        view->choose("two");
        QTest::keyClick(view, Qt::Key_R);
        QVERIFY(ConsoleHouse::until([&] { return ended[1].has_value(); }));
        QVERIFY2(ended[1]->message.empty(), ended[1]->message.c_str());
        view->selectAll();
        QTest::keyClick(view, Qt::Key_Delete);
        QVERIFY(ConsoleHouse::until([&] { return ended[0].has_value() && ended[2].has_value(); }));
        QVERIFY(ended[0]->code == mm::ErrorCode::RequestCancelled && ended[2]->code == mm::ErrorCode::RequestCancelled);
    }

    void aCancelledJobIsTriedAgainByKeyboard() {
        ConsoleHouse house;
        QVERIFY(house.start());
        QVERIFY(house.registerModel(kModel).ok());
        v1::InferenceRequest request;
        request.set_model_id(kModel);
        for (int i = 0; i < 3'000; ++i)
            request.mutable_input_data()->mutable_text_batch()->add_texts("text " + std::to_string(i));
        const auto job = house.ask(&mm::gui::InferenceCalls::InferAsync, request);
        QVERIFY(job.ok());
        house.window->open(QStringLiteral("queue"), QStringLiteral("job:") + QString::fromStdString(job->job_id()));
        auto* jobs = house.find<QTableView>("jobs");
        auto* again = house.find<QPushButton>("retryJobButton");
        const auto chosen = [&] { return jobs->selectionModel()->selectedRows(); };
        QVERIFY(ConsoleHouse::until([&] { return chosen().size() == 1; }));
        QVERIFY(!again->isEnabled());
        jobs->setFocus();
        QTest::keyClick(jobs, Qt::Key_Delete);
        QVERIFY(ConsoleHouse::until([&] { return again->isEnabled(); }));
        QTest::keyClick(jobs, Qt::Key_R, Qt::ControlModifier);
        QVERIFY(ConsoleHouse::until([&] { return jobs->model()->rowCount() == 2 && chosen().front().row() == 0; }));
        QVERIFY(!again->isEnabled());
        // The new one does what the old one was to do.
        const auto list = house.ask(&mm::gui::InferenceCalls::ListJobs, {});
        QCOMPARE(list->jobs_size(), 2);
        QCOMPARE(list->jobs(0).inputs_total(), std::int64_t{3'000});
        QVERIFY(list->jobs(0).job_id() != job->job_id());
        // What is gone is refused in the engine's own words.
        v1::CancelJobRequest forget;
        forget.set_job_id(job->job_id());
        QVERIFY(house.ask(&mm::gui::InferenceCalls::CancelJob, forget).ok());
        v1::RetryJobRequest retry;
        retry.set_job_id(job->job_id());
        QVERIFY(house.ask(&mm::gui::JobCalls::RetryJob, retry).error().code == mm::ErrorCode::JobNotFound);
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

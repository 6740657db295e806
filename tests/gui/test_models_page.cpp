// The models page as an operator uses it: by mouse and keyboard, against a real engine with real workers.
#include "gui/client/engine_state.h"
#include "tests/support/models_hand.h"

#include <QAbstractButton>
#include <QDialog>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QTableView>
#include <QtTest>

#include <csignal>

namespace v1 = modelmora::v1;
using mm::gui::EngineLink;
using mm::test::ConsoleHouse;
using mm::test::isOpen;
using mm::test::ModelsHand;
namespace models = mm::gui::models;

class TestModelsPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aModelGoesItsWholeWayByKeyboard() {
        ConsoleHouse house;
        QVERIFY(isOpen(house));
        const ModelsHand hand{house};
        registerByKeys(hand);
        QVERIFY(ConsoleHouse::until([&] { return hand.rows() == 1; }));
        QCOMPARE(hand.cell(0, 0), QStringLiteral("embedder"));
        QCOMPARE(hand.cell(0, 1), QStringLiteral("txt2embed"));
        QVERIFY(hand.load());
        v1::InferenceRequest request;
        request.set_model_id("org/embedder");
        request.mutable_input_data()->set_text("hello");
        QVERIFY(house.ask(&mm::gui::InferenceCalls::Infer, request).ok());
        hand.press(Qt::Key_P, Qt::ControlModifier);
        QVERIFY(ConsoleHouse::until([&] { return hand.state() == QStringLiteral("ready · pinned"); }));
        hand.press(Qt::Key_P, Qt::ControlModifier);
        hand.press(Qt::Key_U, Qt::ControlModifier);
        QVERIFY(ConsoleHouse::until([&] { return hand.state() == QLatin1String("unloaded"); }));
        hand.press(Qt::Key_Delete);
        QVERIFY(hand.dialog("removeDialog") != nullptr);
        QVERIFY(ConsoleHouse::until(
            [&] { return hand.find<QLabel>("removalText")->text().contains(QLatin1String("What stays")); }));
        QTest::keyClick(hand.find<QAbstractButton>("removeButton"), Qt::Key_Space);
        QVERIFY(ConsoleHouse::until([&] { return hand.rows() == 0; }));
        QVERIFY(hand.find<QAbstractButton>("registerFirst")->isVisible());
    }

    void whatCannotFitShowsTheArithmeticAndNothingHappens() {
        ConsoleHouse house({"--memory-budget", "50MB"});
        QVERIFY(isOpen(house));
        const ModelsHand hand{house};
        QVERIFY(hand.has("org/large"));
        QVERIFY(hand.isEnabled("loadAction"));
        hand.click("loadAction");
        QVERIFY(hand.dialog("loadDialog") != nullptr);
        const auto headline = [&] { return hand.find<QLabel>("loadHeadline")->text(); };
        QVERIFY(ConsoleHouse::until([&] { return headline().contains(QLatin1String("can never fit")); }));
        QVERIFY(headline().contains(QLatin1String("MB")));
        QVERIFY(hand.find<QLabel>("loadTodo")->isVisible());
        QVERIFY(!hand.find<QAbstractButton>("loadStart")->isEnabled());
        hand.click("loadCancel");
        QVERIFY(hand.isGone("loadDialog"));
        QCOMPARE(hand.state(), QStringLiteral("unloaded"));
        v1::GetModelStatusRequest request;
        request.set_model_id("org/large");
        const auto status = house.ask(&mm::gui::ManagementCalls::GetModelStatus, request);
        QVERIFY(status.ok());
        QCOMPARE(status->state(), v1::MODEL_STATE_UNLOADED);
    }

    void aKilledWorkerIsShownWithItsReasonAndLoadsAgain() {
        ConsoleHouse house;
        QVERIFY(isOpen(house));
        const ModelsHand hand{house};
        QVERIFY(hand.has("org/embedder"));
        QVERIFY(hand.load());
        const v1::ModelStatus* status = house.state.statusOf("org/embedder");
        QVERIFY(status != nullptr && status->pid() > 0);
        ::kill(static_cast<pid_t>(status->pid()), SIGKILL);
        QVERIFY(ConsoleHouse::until([&] { return hand.state() == QLatin1String("failed"); }));
        auto* failure = hand.find<QLabel>("lastFailure");
        QVERIFY(ConsoleHouse::until([&] { return failure->text().contains(QLatin1String("SIGKILL")); }));
        QVERIFY(hand.load());
        QCOMPARE(hand.cell(0, models::Crashes), QStringLiteral("1"));
    }

    void aCancelledDialogChangesNothing() {
        ConsoleHouse house;
        QVERIFY(isOpen(house));
        const ModelsHand hand{house};
        QVERIFY(hand.has("org/embedder"));
        const auto cancels = [&](Qt::Key key, Qt::KeyboardModifiers with, const char* name) {
            hand.press(key, with);
            QDialog* dialog = hand.dialog(name);
            if (dialog == nullptr)
                return false;
            QTest::keyClick(dialog, Qt::Key_Escape);
            return hand.isGone(name);
        };
        QVERIFY(cancels(Qt::Key_N, Qt::ControlModifier, "registerDialog"));
        QVERIFY(cancels(Qt::Key_L, Qt::ControlModifier, "loadDialog"));
        QVERIFY(cancels(Qt::Key_Delete, Qt::NoModifier, "removeDialog"));
        v1::GetModelStatusRequest request;
        request.set_model_id("org/embedder");
        const auto status = house.ask(&mm::gui::ManagementCalls::GetModelStatus, request);
        QVERIFY(status.ok());
        QCOMPARE(status->state(), v1::MODEL_STATE_UNLOADED);
        QCOMPARE(hand.rows(), 1);
    }

    void aRefusedRegistrationSaysSoInPlace() {
        ConsoleHouse house;
        QVERIFY(isOpen(house));
        const ModelsHand hand{house};
        QVERIFY(hand.has("org/embedder"));
        hand.click("registerModel");
        QVERIFY(hand.dialog("registerDialog") != nullptr);
        hand.find<QLineEdit>("registerFolder")->setText(QStringLiteral(MM_TEST_MODEL));
        QVERIFY(hand.isEnabled("registerSubmit"));
        auto* id = hand.find<QLineEdit>("register.model_id");
        id->selectAll();
        QTest::keyClicks(id, QStringLiteral("no slash"));
        hand.click("registerSubmit");
        const auto said = [&]() -> QString {
            return hand.find<QLabel>("registerFault")->text() + hand.find<QLabel>("fault.model_id")->text();
        };
        QVERIFY(ConsoleHouse::until([&] { return !said().isEmpty(); }));
        QVERIFY2(said().contains(QLatin1String("has no '/'")), qPrintable(said()));
        QCOMPARE(hand.rows(), 1);
    }

    void aWrongConfigurationIsSaidAtItsField() {
        ConsoleHouse house;
        QVERIFY(isOpen(house));
        const ModelsHand hand{house};
        QVERIFY(hand.has("org/embedder"));
        hand.find<QTabWidget>("modelTabs")->setCurrentIndex(3);
        auto* threads = hand.find<QLineEdit>("config.threads");
        QVERIFY(ConsoleHouse::until([&] { return threads->isEnabled(); }));
        threads->setFocus();
        QTest::keyClicks(threads, QStringLiteral("1000"));
        QVERIFY(hand.isEnabled("configSave"));
        hand.click("configSave");
        auto* fault = hand.find<QLabel>("fault.config.threads");
        QVERIFY(ConsoleHouse::until([&] { return fault->isVisible(); }));
        QVERIFY(fault->text().contains(QLatin1String("256")));
        threads->selectAll();
        QTest::keyClicks(threads, QStringLiteral("1"));
        hand.click("configSave");
        QVERIFY(ConsoleHouse::until(
            [&] { return hand.find<QLabel>("configTold")->text().startsWith(QLatin1String("Saved")); }));
        v1::GetModelRequest request;
        request.set_model_id("org/embedder");
        const auto model = house.ask(&mm::gui::RegistryCalls::GetModel, request);
        QVERIFY(model.ok());
        QCOMPARE(model->config().fields().at("threads").number_value(), 1.0);
    }

private:
    static void registerByKeys(const ModelsHand& hand) {
        QTest::keyClick(hand.house.window.get(), Qt::Key_N, Qt::ControlModifier);
        QDialog* dialog = hand.dialog("registerDialog");
        QVERIFY(dialog != nullptr);
        QTest::keyClicks(hand.find<QLineEdit>("registerFolder"), QStringLiteral(MM_TEST_MODEL));
        QVERIFY(hand.isEnabled("registerSubmit")); // the id and the task are found in the folder
        auto* id = hand.find<QLineEdit>("register.model_id");
        QCOMPARE(id->text(), QStringLiteral("local/all-MiniLM-L6-v2"));
        id->setFocus();
        id->selectAll();
        QTest::keyClicks(id, QStringLiteral("org/embedder"));
        QTest::keyClick(dialog, Qt::Key_Return);
        QVERIFY(hand.isGone("registerDialog"));
    }
};

QTEST_MAIN(TestModelsPage)
#include "test_models_page.moc"

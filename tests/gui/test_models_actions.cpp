// What is done on the models page beside the way of one model: versions, dropped folders, loads that evict or are
// cancelled, changes by two people at a time, columns; with a real engine and real workers.
#include "gui/client/engine_state.h"
#include "gui/pages/models/list/table_view.h"
#include "gui/theme/theme.h"
#include "tests/support/models_hand.h"

#include <QApplication>
#include <QClipboard>
#include <QDropEvent>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QTreeWidget>
#include <QtTest>

namespace v1 = modelmora::v1;
using mm::gui::ManagementCalls;
using mm::gui::RegistryCalls;
using mm::test::ConsoleHouse;
using mm::test::isOpen;
using mm::test::ModelsHand;
namespace models = mm::gui::models;

namespace {

constexpr const char* kModel = "org/embedder";

v1::RegisterModelRequest registration(const char* id, const char* version) {
    v1::RegisterModelRequest request;
    request.set_model_id(id);
    request.set_version(version);
    request.set_task_type(v1::TASK_TYPE_TXT2EMBED);
    request.set_source_url(std::string("file://") + MM_TEST_MODEL);
    return request;
}

v1::ModelState stateOf(ConsoleHouse& house, const char* id) {
    v1::GetModelStatusRequest request;
    request.set_model_id(id);
    const auto status = house.ask(&ManagementCalls::GetModelStatus, request);
    return status.ok() ? status->state() : v1::MODEL_STATE_UNSPECIFIED;
}

std::vector<v1::Model> versionsOf(ConsoleHouse& house) {
    v1::ListVersionsRequest request;
    request.set_model_id(kModel);
    const auto got = house.ask(&RegistryCalls::ListVersions, request);
    return got.ok() ? std::vector<v1::Model>(got->versions().begin(), got->versions().end()) : std::vector<v1::Model>();
}

std::string currentOf(ConsoleHouse& house) {
    for (const v1::Model& version : versionsOf(house))
        if (version.current())
            return version.version();
    return {};
}

// What one model needs, as an engine of its own foretells.
std::int64_t neededBytes() {
    ConsoleHouse house;
    v1::PlanLoadRequest plan;
    plan.set_model_id(kModel);
    if (!isOpen(house) || !house.registerModel(kModel).ok())
        return 0;
    const auto got = house.ask(&ManagementCalls::PlanLoad, plan);
    return got.ok() && got->devices_size() > 0 ? got->devices(0).needed_bytes() : 0;
}

// As a file manager does it.
void drop(QWidget& page, const QString& folder) {
    QMimeData what;
    what.setUrls({QUrl::fromLocalFile(folder)});
    QDragEnterEvent enter(page.rect().center(), Qt::CopyAction, &what, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&page, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(page.rect().center(), Qt::CopyAction, &what, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&page, &drop);
    QVERIFY(drop.isAccepted());
}

// Of so many texts of the length that the model reads, which takes it some seconds.
struct LongRequest {
    LongRequest(ConsoleHouse& house, int texts) {
        v1::InferenceRequest request;
        request.set_model_id(kModel);
        std::string words;
        for (int i = 0; i < 300; ++i)
            words += "boat harbour ";
        for (int i = 0; i < texts; ++i)
            request.mutable_input_data()->mutable_text_batch()->add_texts(words + std::to_string(i));
        house.link.call(
            &mm::gui::InferenceCalls::Infer, request, house.window.get(),
            [this](mm::Result<v1::InferenceResponse> got) { answer.emplace(std::move(got)); },
            mm::gui::EngineLink::kLongSeconds);
    }
    std::optional<mm::Result<v1::InferenceResponse>> answer;
};

} // namespace

class TestModelsActions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void versionsArePromotedDeprecatedAndDeleted() {
        ConsoleHouse house;
        QVERIFY(isOpen(house));
        const ModelsHand hand{house};
        for (const char* version : {"1", "2", "3"})
            QVERIFY(house.ask(&RegistryCalls::RegisterModel, registration(kModel, version)).ok());
        QVERIFY(ConsoleHouse::until([&] { return hand.rows() == 1; }));
        hand.find<QTabWidget>("modelTabs")->setCurrentIndex(1);
        auto* list = hand.find<QTreeWidget>("versionsList");
        QVERIFY(ConsoleHouse::until([&] { return list->topLevelItemCount() == 3; }));
        const auto choose = [&](const char* version) {
            const auto found = list->findItems(QString::fromLatin1(version), Qt::MatchExactly);
            return found.size() == 1 && (list->setCurrentItem(found.front()), true);
        };
        const std::string before = currentOf(house);
        const char* other = before == "1" ? "2" : "1";
        QVERIFY(choose(other) && hand.isEnabled("promoteVersion"));
        hand.click("promoteVersion");
        QVERIFY(ConsoleHouse::until([&] { return currentOf(house) == other; }));

        // The one that was current can go now; but nothing happens to it before that is confirmed.
        QVERIFY(ConsoleHouse::until([&] { return choose(before.c_str()) && hand.isEnabled("deprecateVersion"); }));
        for (const auto& [button, dialog] :
             {std::pair("deprecateVersion", "deprecateDialog"), std::pair("deleteVersion", "deleteVersionDialog")}) {
            hand.click(button);
            QVERIFY(hand.dialog(dialog) != nullptr);
            QTest::keyClick(hand.dialog(dialog), Qt::Key_Escape);
            QVERIFY(hand.isGone(dialog));
        }
        QCOMPARE(versionsOf(house).size(), std::size_t{3});
        hand.click("deprecateVersion");
        QVERIFY(hand.dialog("deprecateDialog") != nullptr);
        QTest::keyClicks(hand.dialog("deprecateDialog")->findChild<QLineEdit*>(), QStringLiteral("too old"));
        QTest::keyClick(hand.dialog("deprecateDialog"), Qt::Key_Return);
        QVERIFY(ConsoleHouse::until([&] {
            return choose(before.c_str()) && list->currentItem()->text(1) == QLatin1String("deprecated: too old");
        }));
        hand.click("deleteVersion");
        QVERIFY(hand.dialog("deleteVersionDialog") != nullptr);
        for (QAbstractButton* button : hand.dialog("deleteVersionDialog")->findChildren<QAbstractButton*>())
            if (button->text() == QLatin1String("Delete"))
                QTest::keyClick(button, Qt::Key_Space);
        QVERIFY(ConsoleHouse::until([&] { return list->topLevelItemCount() == 2; }));
        QCOMPARE(versionsOf(house).size(), std::size_t{2});
    }

    void aDroppedFolderIsLookedAtBeforeAnythingIsWritten() {
        ConsoleHouse house;
        QVERIFY(isOpen(house));
        const ModelsHand hand{house};
        auto* page = hand.find<QWidget>("modelsPage");
        drop(*page, QStringLiteral(MM_TEST_MODEL));
        QVERIFY(hand.dialog("registerDialog") != nullptr);
        QCOMPARE(hand.find<QLineEdit>("registerFolder")->text(), QStringLiteral(MM_TEST_MODEL));
        QVERIFY(hand.isEnabled("registerSubmit"));
        const auto told = [&] {
            QStringList words;
            for (const QLabel* label : hand.dialog("registerDialog")->findChildren<QLabel*>())
                if (label->isVisible())
                    words += label->text();
            return words.join(QLatin1Char('\n'));
        };
        for (const char* fact : {"BertModel", "22.7 M", "F32", "txt2embed", "Will it fit"})
            QVERIFY2(ConsoleHouse::until([&] { return told().contains(QLatin1String(fact)); }), qPrintable(told()));
        QTest::keyClick(hand.dialog("registerDialog"), Qt::Key_Escape);
        QVERIFY(hand.isGone("registerDialog"));
        QVERIFY(house.ask(&RegistryCalls::ListModels, {})->models().empty());

        drop(*page, QStringLiteral(MM_TEST_MODEL));
        QVERIFY(hand.dialog("registerDialog") != nullptr && hand.isEnabled("registerSubmit"));
        QTest::keyClick(hand.dialog("registerDialog"), Qt::Key_Return);
        QVERIFY(hand.isGone("registerDialog"));
        QVERIFY(ConsoleHouse::until([&] { return hand.rows() == 1; }));
    }

    void whatFitsOnlyWithoutAnotherEvictsItAndSaysSoFirst() {
        const std::int64_t needed = neededBytes();
        QVERIFY(needed > 0);
        ConsoleHouse house({"--memory-budget", std::to_string(needed * 3 / 2) + "B", "--minimum-stay", "0"});
        QVERIFY(isOpen(house));
        const ModelsHand hand{house};
        QVERIFY(hand.has(kModel));
        QVERIFY(hand.load());
        QVERIFY(hand.has("org/second"));
        const int second = hand.cell(0, models::Name) == QLatin1String("second") ? 0 : 1;
        hand.table()->selectRow(second);
        hand.press(Qt::Key_L, Qt::ControlModifier);
        QVERIFY(hand.dialog("loadDialog") != nullptr);
        auto* load = hand.find<QAbstractButton>("loadStart");
        QVERIFY(ConsoleHouse::until([&] { return load->text() == QLatin1String("Evict and load"); }));
        QCOMPARE(stateOf(house, kModel), v1::MODEL_STATE_LOADED);
        QTest::keyClick(hand.dialog("loadDialog"), Qt::Key_Return);
        QVERIFY(hand.isGone("loadDialog"));
        QCOMPARE(stateOf(house, "org/second"), v1::MODEL_STATE_LOADED);
        QCOMPARE(stateOf(house, kModel), v1::MODEL_STATE_UNLOADED);
    }

    void aLoadIsCancelledWhereItWasStarted() {
        ConsoleHouse house;
        QVERIFY(isOpen(house));
        const ModelsHand hand{house};
        QVERIFY(hand.has(kModel));
        hand.press(Qt::Key_L, Qt::ControlModifier);
        QVERIFY(hand.dialog("loadDialog") != nullptr && hand.isEnabled("loadStart"));
        hand.click("loadStart");
        auto* stage = hand.find<QLabel>("loadStage");
        const QString before = stage->text();
        QVERIFY(ConsoleHouse::until([&] { return stage->text() != before; })); // the engine has begun
        hand.click("loadCancel");
        QVERIFY(hand.isGone("loadDialog"));
        QVERIFY(ConsoleHouse::until([&] {
            return hand.state() != QLatin1String("ready") && stateOf(house, kModel) != v1::MODEL_STATE_LOADING &&
                   stateOf(house, kModel) != v1::MODEL_STATE_LOADED;
        }));
    }

    void anUnloadThatTouchesRequestsAsksFirst() {
        ConsoleHouse house;
        QVERIFY(isOpen(house));
        const ModelsHand hand{house};
        QVERIFY(hand.has(kModel));
        QVERIFY(hand.load());
        constexpr int kTexts = 200;
        LongRequest request(house, kTexts);
        QVERIFY(ConsoleHouse::until([&] { return hand.state().startsWith(QLatin1String("busy")); }));
        const auto ask = [&] {
            hand.press(Qt::Key_U, Qt::ControlModifier);
            return qobject_cast<QMessageBox*>(hand.dialog("unloadDialog"));
        };
        auto* box = ask();
        QVERIFY(box != nullptr && box->informativeText().contains(QLatin1String("run (1) are finished first")));
        QTest::keyClick(box, Qt::Key_Escape);
        QVERIFY(hand.isGone("unloadDialog"));
        QVERIFY(!request.answer && stateOf(house, kModel) == v1::MODEL_STATE_LOADED);
        QVERIFY(ask() != nullptr);
        QTest::keyClick(hand.find<QAbstractButton>("unloadButton"), Qt::Key_Space);
        QVERIFY(ConsoleHouse::until(
            [&] { return request.answer.has_value() && hand.state() == QLatin1String("unloaded"); }));
        QVERIFY(request.answer->ok());
        QCOMPARE(request.answer->value().output_data().embedding_batch().embeddings_size(), kTexts);
    }

    void aKillAsksFirstAndEndsWhatRunsAtOnce() {
        ConsoleHouse house;
        QVERIFY(isOpen(house));
        const ModelsHand hand{house};
        QVERIFY(hand.has(kModel));
        QVERIFY(hand.load());
        constexpr int kTexts = 1000;
        LongRequest request(house, kTexts);
        const auto& answer = request.answer;
        QVERIFY(ConsoleHouse::until([&] { return hand.state().startsWith(QLatin1String("busy")); }));
        const auto ask = [&] {
            hand.press(Qt::Key_U, Qt::ControlModifier | Qt::ShiftModifier);
            return qobject_cast<QMessageBox*>(hand.dialog("killDialog"));
        };
        auto* box = ask();
        QVERIFY(box != nullptr && box->informativeText().contains(QLatin1String("run (1) are ended at once")));
        QTest::keyClick(box, Qt::Key_Escape);
        QVERIFY(hand.isGone("killDialog"));
        QVERIFY(!answer && stateOf(house, kModel) == v1::MODEL_STATE_LOADED);
        QVERIFY(ask() != nullptr);
        QTest::keyClick(hand.find<QAbstractButton>("killButton"), Qt::Key_Space);
        QVERIFY(ConsoleHouse::until([&] { return answer.has_value() && hand.state() == QLatin1String("unloaded"); }));
        QCOMPARE(answer->error().code, mm::ErrorCode::ServiceUnavailable);
        QVERIFY(answer->error().message.find("was unloaded at once") != std::string::npos);
        QVERIFY(!hand.find<QAbstractButton>("killAction")->isVisible());
    }

    void whatIsEnteredOutlivesAChangeBySomebodyElse() {
        ConsoleHouse house;
        QVERIFY(isOpen(house));
        const ModelsHand hand{house};
        QVERIFY(hand.has(kModel));
        hand.find<QTabWidget>("modelTabs")->setCurrentIndex(3);
        auto* threads = hand.find<QLineEdit>("config.threads");
        QVERIFY(ConsoleHouse::until([&] { return threads->isEnabled(); }));
        threads->setFocus();
        QTest::keyClicks(threads, QStringLiteral("2"));
        v1::UpdateModelRequest theirs;
        theirs.set_model_id(kModel);
        (*theirs.mutable_config()->mutable_fields())["batch_size"].set_number_value(8);
        QVERIFY(house.ask(&RegistryCalls::UpdateModel, theirs).ok());
        hand.click("configSave");
        const auto told = [&] { return hand.find<QLabel>("configTold")->text(); };
        QVERIFY(ConsoleHouse::until([&] { return told().contains(QLatin1String("is kept beside")); }));
        QCOMPARE(threads->text(), QStringLiteral("2"));
        QCOMPARE(hand.find<QLineEdit>("config.batch_size")->text(), QStringLiteral("8"));
        QVERIFY(hand.isEnabled("configSave"));
        hand.click("configSave");
        QVERIFY(ConsoleHouse::until([&] { return told().startsWith(QLatin1String("Saved")); }));
        v1::GetModelRequest request;
        request.set_model_id(kModel);
        const auto model = house.ask(&RegistryCalls::GetModel, request);
        QVERIFY(model.ok());
        QCOMPARE(model->config().fields().at("threads").number_value(), 2.0);
        QCOMPARE(model->config().fields().at("batch_size").number_value(), 8.0);
    }

    void columnsAreChosenByKeyboardAndRemembered() {
        ConsoleHouse house;
        QVERIFY(isOpen(house));
        const ModelsHand hand{house};
        QVERIFY(hand.has(kModel));
        QHeaderView* header = hand.table()->horizontalHeader();
        hand.table()->setCurrentIndex(hand.table()->model()->index(0, models::State));
        hand.press(Qt::Key_Left, Qt::AltModifier | Qt::ShiftModifier);
        QCOMPARE(header->visualIndex(models::State), 1);
        hand.press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        auto* menu = hand.find<QMenu>("columnMenu");
        QVERIFY(menu != nullptr && menu->isVisible());
        for (QAction* action : menu->actions())
            if (action->text() == QLatin1String("Batch"))
                menu->setActiveAction(action);
        QTest::keyClick(menu, Qt::Key_Return);
        QVERIFY(header->isSectionHidden(models::Batch));
        // What is shown at the next start of the console.
        QVERIFY(ConsoleHouse::until([] {
            for (const QString& key : QSettings().allKeys())
                if (key.startsWith(QLatin1String("layout/columns/models")))
                    return true;
            return false;
        }));
        house.window->open(QStringLiteral("overview"));
        mm::gui::Theme theme;
        models::ModelTable rows(theme);
        models::ModelSort sorted;
        sorted.setSourceModel(&rows);
        const std::unique_ptr<QTableView> next(models::makeTableView(sorted, theme));
        QVERIFY(next->isColumnHidden(models::Batch));
        QCOMPARE(next->horizontalHeader()->visualIndex(models::State), 1);
    }

    void everyActionHasItsKey() {
        ConsoleHouse house;
        QVERIFY(isOpen(house));
        const ModelsHand hand{house};
        QVERIFY(hand.has(kModel));
        hand.press(Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->text(), QLatin1String(kModel));
        hand.press(Qt::Key_W, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(ConsoleHouse::until([&] { return hand.state() == QLatin1String("ready"); }));
        hand.press(Qt::Key_F, Qt::ControlModifier);
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("nobody"));
        QCOMPARE(hand.rows(), 0);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Delete);
        QCOMPARE(hand.rows(), 1);
        hand.table()->selectRow(0);
        hand.press(Qt::Key_T, Qt::ControlModifier);
        QVERIFY(ConsoleHouse::until([&] { return !hand.table()->isVisible(); })); // the playground is
    }

    void theOutputOfTheWorkersIsFollowed() {
        ConsoleHouse house;
        QVERIFY(isOpen(house));
        const ModelsHand hand{house};
        QVERIFY(hand.has(kModel));
        hand.find<QTabWidget>("modelTabs")->setCurrentIndex(5);
        QVERIFY(hand.isEnabled("outputAll"));
        hand.click("outputAll");
        QVERIFY(ConsoleHouse::until(
            [&] { return hand.find<QLabel>("outputNote")->text().contains(QLatin1String("while you watch")); }));
        QVERIFY(!hand.find<QAbstractButton>("outputAll")->isVisible());
        const auto level = house.ask(&mm::gui::ObservabilityCalls::GetLogLevel, {});
        QVERIFY(level.ok());
        QCOMPARE(level->level(), std::string("debug"));
        // What a worker writes comes while it runs.
        QVERIFY(hand.load());
        auto* output = hand.find<QPlainTextEdit>("workerOutput");
        QVERIFY(ConsoleHouse::until([&] { return !output->toPlainText().isEmpty(); }));
        QCOMPARE(hand.state(), QStringLiteral("ready"));
        v1::SetLogLevelRequest back;
        back.set_level(level->configured_level());
        QVERIFY(house.ask(&mm::gui::ObservabilityCalls::SetLogLevel, back).ok());
    }
};

QTEST_MAIN(TestModelsActions)
#include "test_models_actions.moc"

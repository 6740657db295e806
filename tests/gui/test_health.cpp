// What the header says and asks for, out of what is known; and the other small decisions of the shell. No windows.
#include "gui/shell/commands/command.h"
#include "gui/shell/engines/known_engine.h"
#include "gui/shell/header/health.h"
#include "gui/shell/language.h"
#include "gui/shell/leaving/still_running.h"

#include <QFile>
#include <QLocale>
#include <QTemporaryDir>
#include <QtTest>

#include <unistd.h>

namespace v1 = modelmora::v1;
using mm::gui::Decision;
using mm::gui::DecisionAction;
using mm::gui::EngineLink;
using mm::gui::HealthFacts;
using mm::gui::HealthLevel;
using mm::gui::healthOf;

namespace {

v1::Event happened(const char* type, const char* model, const char* message = "") {
    v1::Event made;
    made.set_type(type);
    made.set_model_id(model);
    made.set_message(message);
    return made;
}

v1::SystemStatus statusOf(int loaded, int waiting) {
    v1::SystemStatus status;
    status.set_registered_models(loaded + 1);
    for (int index = 0; index < loaded; ++index) {
        auto& model = *status.add_loaded_models();
        model.set_model_id("org/model-" + std::to_string(index));
        model.set_state(v1::MODEL_STATE_LOADED);
    }
    status.mutable_queue()->set_medium_priority(waiting);
    return status;
}

HealthFacts factsOf(const v1::SystemStatus& status) {
    HealthFacts facts;
    facts.link = EngineLink::State::Connected;
    facts.status = &status;
    return facts;
}

} // namespace

class TestHealth : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aQuietEngineAsksForNothing() {
        const v1::SystemStatus status = statusOf(4, 23);
        const auto report = healthOf(factsOf(status));
        QCOMPARE(report.level, HealthLevel::Good);
        QVERIFY(report.sentence.contains(QLatin1Char('4')) && report.sentence.contains(QLatin1String("23")));
        QVERIFY(report.decisions.empty() && report.emphasis.isEmpty());
    }

    void aModelThatWaitsOrHasFailedNeedsADecision() {
        v1::SystemStatus status = statusOf(2, 0);
        status.mutable_loaded_models(0)->set_state(v1::MODEL_STATE_LOADING);
        status.mutable_loaded_models(0)->set_reason("Needs 3.4 GB; 1.9 GB is free.");
        auto report = healthOf(factsOf(status));
        QCOMPARE(report.level, HealthLevel::Attention);
        QCOMPARE(report.decisions.size(), std::size_t(1));
        QCOMPARE(report.decisions.front().detail, QStringLiteral("Needs 3.4 GB; 1.9 GB is free."));
        QCOMPARE(report.decisions.front().actions.front().page, QStringLiteral("models"));
        QCOMPARE(report.decisions.front().actions.front().subject, QStringLiteral("org/model-0"));
        QCOMPARE(report.emphasis, QStringLiteral("one model needs a decision"));
        mm::gui::FailureList failures;
        failures.take(happened("model.load_failed", "org/broken@1.0.0", "weights.bin is damaged"));
        HealthFacts facts = factsOf(status);
        facts.failures = &failures;
        report = healthOf(facts);
        QCOMPARE(report.level, HealthLevel::Bad);
        QCOMPARE(report.decisions.size(), std::size_t(2));
        QCOMPARE(report.decisions.front().detail, QStringLiteral("weights.bin is damaged"));
        // Said once, also where the status knows of it as well, and not counted as loaded.
        auto& broken = *status.add_loaded_models();
        broken.set_model_id("org/broken");
        broken.set_state(v1::MODEL_STATE_UNHEALTHY);
        QCOMPARE(healthOf(facts).decisions.size(), std::size_t(2));
        QVERIFY(healthOf(facts).sentence.startsWith(QLatin1Char('1')));
    }

    void aFailureIsOverOnceTheModelLoadsOrGoes() {
        mm::gui::FailureList failures;
        for (const char* over : {"model.loading", "model.loaded", "model.deleted", "model.updated"}) {
            failures.take(happened("model.load_failed", "org/broken@1.0.0", "no"));
            QCOMPARE(failures.failures().size(), std::size_t(1));
            failures.take(happened(over, "org/other@1.0.0"));
            QCOMPARE(failures.failures().size(), std::size_t(1));
            failures.take(happened(over, "org/broken@1.0.0"));
            QVERIFY2(failures.failures().empty(), over);
        }
        failures.take(happened("model.load_failed", "org/broken", "no"));
        failures.take(happened("engine.started", ""));
        QVERIFY(failures.failures().empty());
    }

    void anEngineThatIsNotThereIsTheOnlyThingSaid() {
        HealthFacts facts;
        facts.link = EngineLink::State::Lost;
        facts.fault = QStringLiteral("The engine at 10.0.0.7:50051 does not answer.");
        auto report = healthOf(facts);
        QCOMPARE(report.level, HealthLevel::Bad);
        QCOMPARE(report.decisions.size(), std::size_t(1));
        QVERIFY(!report.decisions.front().canBeDismissed);
        QCOMPARE(report.decisions.front().actions.front().what, DecisionAction::What::ChooseEngine);
        facts.offered = QStringLiteral("127.0.0.1:50051");
        report = healthOf(facts);
        QCOMPARE(report.decisions.front().actions.front().what, DecisionAction::What::UseOfferedEngine);
        facts.isChanging = true;
        QVERIFY(healthOf(facts).decisions.empty());
    }

    void aRefusalAsksForAKey() {
        HealthFacts facts;
        facts.link = EngineLink::State::Connected;
        facts.engine = QStringLiteral("rack");
        facts.refusal = mm::Error{mm::ErrorCode::Unauthenticated, "A key is needed."};
        const auto report = healthOf(facts);
        QCOMPARE(report.decisions.front().detail, QStringLiteral("A key is needed."));
        QCOMPARE(report.decisions.front().actions.front().what, DecisionAction::What::EnterKey);
    }

    void aBrokenAuditIsSaid() {
        const v1::SystemStatus status = statusOf(1, 0);
        HealthFacts facts = factsOf(status);
        facts.auditFault = QStringLiteral("Record 7 is missing.");
        const auto report = healthOf(facts);
        QCOMPARE(report.level, HealthLevel::Bad);
        QCOMPARE(report.decisions.front().detail, QStringLiteral("Record 7 is missing."));
    }

    void whatStillRunsIsCounted() {
        v1::SystemStatus status = statusOf(2, 3);
        status.mutable_loaded_models(0)->set_in_flight(5);
        const QString text = mm::gui::stillRunning(&status);
        for (const char* number : {"2", "5", "3"})
            QVERIFY(text.contains(QLatin1String(number)));
        QVERIFY(!mm::gui::stillRunning(nullptr).isEmpty());
        const v1::SystemStatus idle = statusOf(0, 0);
        QVERIFY(mm::gui::stillRunning(&idle) != text);
    }

    void addressesAreReadAsPeopleWriteThem() {
        QCOMPARE(*mm::gui::engineAddress(QStringLiteral(" 10.0.0.7:4000 ")), QStringLiteral("10.0.0.7:4000"));
        QCOMPARE(*mm::gui::engineAddress(QStringLiteral("grpc://rack")), QStringLiteral("rack:50051"));
        QCOMPARE(*mm::gui::engineAddress(QStringLiteral("[::1]")), QStringLiteral("[::1]:50051"));
        for (const char* wrong : {"", "host:port", "host:0", "host:70000", ":50051", "http://host/x", "a b"})
            QVERIFY2(!mm::gui::engineAddress(QLatin1String(wrong)).ok(), wrong);
    }

    void anEngineIsFoundByItsAnnouncementWhileItsProcessLives() {
        QTemporaryDir folder;
        const auto announce = [&](qint64 pid) {
            QFile file(folder.filePath(QStringLiteral("engine.json")));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(QStringLiteral(R"({"rest":"127.0.0.1:1","grpc":"127.0.0.1:2","tls":false,"pid":%1})")
                           .arg(pid)
                           .toUtf8());
        };
        const std::filesystem::path path = folder.path().toStdString();
        QVERIFY(!mm::gui::findLocalEngine(path));
        announce(::getppid());
        QVERIFY(mm::gui::findLocalEngine(path));
        QCOMPARE(mm::gui::findLocalEngine(path)->engine.address, QStringLiteral("127.0.0.1:2"));
        announce(::getpid()); // its own
        QVERIFY(!mm::gui::findLocalEngine(path));
        announce(1 << 30); // nobody's
        QVERIFY(!mm::gui::findLocalEngine(path));
    }

    void textsSpeakTheLanguageOfTheSystem() {
        const v1::SystemStatus one = statusOf(1, 0);
        const v1::SystemStatus four = statusOf(4, 0);
        mm::gui::installTranslations(*qApp, QLocale(QStringLiteral("fr_FR"))); // there is none: English, with plurals
        QCOMPARE(healthOf(factsOf(one)).sentence, QStringLiteral("1 model loaded, nothing waits"));
        QCOMPARE(healthOf(factsOf(four)).sentence, QStringLiteral("4 models loaded, nothing waits"));
        mm::gui::installTranslations(*qApp, QLocale(QStringLiteral("de_AT")));
        QCOMPARE(healthOf(factsOf(four)).sentence, QStringLiteral("4 Modelle geladen, nichts wartet"));
    }

    void thePaletteFindsWordsAndBeginningsFirst() {
        using mm::gui::Command;
        const std::vector<Command> all{{QStringLiteral("Unload MiniLM")},
                                       {QStringLiteral("Models"), QStringLiteral("page")},
                                       {QStringLiteral("all-MiniLM-L6-v2"), QStringLiteral("model")}};
        const auto titles = [&](const char* search) {
            QStringList found;
            for (const Command& each : matching(all, QLatin1String(search), 10))
                found << each.title;
            return found;
        };
        QCOMPARE(titles(""), (QStringList{all[0].title, all[1].title, all[2].title}));
        QCOMPARE(titles("mo"), (QStringList{all[1].title, all[2].title})); // a title before a hint
        QCOMPARE(titles("minilm unl"), QStringList{all[0].title});
        QVERIFY(titles("xyz").isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestHealth)
#include "test_health.moc"

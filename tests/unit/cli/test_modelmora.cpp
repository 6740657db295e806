#include "tests/support/cli_house.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

namespace v1 = modelmora::v1;

using mm::test::CliHouse;
using mm::test::CliOutcome;
using mm::test::words;

namespace {

v1::Model minilm() {
    v1::Model model;
    model.set_model_id("org/minilm");
    model.set_version("main");
    model.set_task_type(v1::TASK_TYPE_TXT2EMBED);
    model.set_status("ready");
    model.set_current(true);
    return model;
}

} // namespace

class TestModelmora : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void withoutAnEngineItSaysHowToStartOne() {
        CliHouse house;
        house.engine = QStringLiteral("127.0.0.1:1");
        const CliOutcome outcome = house.run({QStringLiteral("status")});
        QCOMPARE(outcome.code, 3);
        QVERIFY(outcome.out.isEmpty());
        QVERIFY(outcome.err.contains("No engine answers at 127.0.0.1:1."));
        QVERIFY(outcome.err.contains("modelmora serve"));
    }

    void listShowsModelsOfAllPagesWithTheirState() {
        CliHouse house;
        house.fake.onList = [](const v1::ListModelsRequest& request) {
            v1::ListModelsResponse response;
            *response.add_models() = minilm();
            if (request.pagination().page() == 2)
                response.mutable_models(0)->set_model_id("org/second");
            response.mutable_pagination()->set_total_pages(2);
            return response;
        };
        house.fake.onStatus = [] {
            v1::SystemStatus status;
            auto* loaded = status.add_loaded_models();
            loaded->set_model_id("org/minilm");
            loaded->set_version("main");
            loaded->set_state(v1::MODEL_STATE_LOADED);
            loaded->set_memory_usage_mb(210);
            return status;
        };
        QVERIFY(house.start());
        const CliOutcome table = house.run({QStringLiteral("list")});
        QCOMPARE(table.code, 0);
        const auto lines = table.out.split('\n');
        QVERIFY(lines[1].contains("loaded") && lines[1].contains("210 MB"));
        QVERIFY(lines[2].contains("org/second") && lines[2].contains("unloaded"));
        const auto models = house.run(words("list --json")).json()[QLatin1String("models")].toArray();
        QCOMPARE(models.size(), 2);
        QCOMPARE(models[0][QLatin1String("runtime")][QLatin1String("state")].toString(), QStringLiteral("loaded"));
    }

    void anErrorOfTheEngineKeepsItsFactsAndGetsItsExitCode() {
        CliHouse house;
        house.fake.onGet = [](const v1::GetModelRequest&) {
            return mm::Error{
                mm::ErrorCode::ModelNotFound, "There is no model org/none.", {{"nearest", std::string("org/one")}}};
        };
        QVERIFY(house.start());
        const CliOutcome text = house.run(words("info org/none"));
        QCOMPARE(text.code, 4);
        QVERIFY(text.err.contains("error: There is no model org/none.\n  nearest: org/one\nhint: "));
        const CliOutcome json = house.run(words("info org/none --json"));
        const auto error = QJsonDocument::fromJson(json.err).object()[QLatin1String("error")].toObject();
        QCOMPARE(error[QLatin1String("code")].toString(), QStringLiteral("MODEL_NOT_FOUND"));
        QCOMPARE(error[QLatin1String("exit_code")].toInt(), 4);
    }

    void registeringAFolderSendsItsUrlAndWhatItTells() {
        CliHouse house;
        v1::RegisterModelRequest seen;
        house.fake.onRegister = [&](const v1::RegisterModelRequest& request) {
            seen = request;
            return minilm();
        };
        QVERIFY(house.start());
        QTemporaryDir folder;
        QFile modules(folder.filePath(QStringLiteral("modules.json")));
        QVERIFY(modules.open(QIODevice::WriteOnly));
        modules.write("[{}]");
        modules.close();
        const CliOutcome outcome = house.run(QStringList{QStringLiteral("register"), folder.path()} +
                                             words("--dtype bf16 --tag a --tag b --config threads=2 --version 1.0.0"));
        QCOMPARE(outcome.code, 0);
        QVERIFY(outcome.err.contains("The id is local/"));
        QCOMPARE(QString::fromStdString(seen.source_url()), QStringLiteral("file://") + folder.path());
        QCOMPARE(seen.task_type(), v1::TASK_TYPE_TXT2EMBED);
        QCOMPARE(seen.tags_size(), 2);
        QCOMPARE(seen.config().fields().at("dtype").string_value(), std::string("bf16"));
        QCOMPARE(seen.config().fields().at("threads").number_value(), 2.0);
        QCOMPARE(house.run(words("register ./no-such-folder")).code, 4);
    }

    void loadTellsTheStagesAndTheResult() {
        CliHouse house;
        house.fake.onLoad = [](const auto&, const auto& progress, const auto& reply) {
            v1::LoadStage stage;
            for (const char* name : {"spawn", "weights"}) {
                stage.set_stage(name);
                progress(stage);
            }
            v1::ModelStatus status;
            status.set_state(v1::MODEL_STATE_LOADED);
            status.set_load_time_ms(1240);
            status.set_memory_usage_mb(210);
            reply(std::move(status));
        };
        QVERIFY(house.start());
        const CliOutcome outcome = house.run(words("load org/minilm"));
        QCOMPARE(outcome.code, 0);
        QCOMPARE(outcome.out, QByteArray("org/minilm is loaded in 1.2 s, 210 MB\n"));
        QCOMPARE(outcome.err, QByteArray("loading: spawn\nloading: weights\n"));
        QVERIFY(house.run(words("load org/minilm --quiet")).err.isEmpty());
    }

    void inferTakesTextsFromArgumentsAndLinesFromTheInput() {
        CliHouse house;
        int requests = 0;
        house.fake.onInfer = [&](const auto& request, const auto&, const auto& reply) {
            ++requests;
            reply(std::make_shared<const v1::InferenceResponse>(mm::test::embeddingFor(*request)));
        };
        QVERIFY(house.start());
        const CliOutcome shown = house.run(
            {QStringLiteral("infer"), QStringLiteral("org/m"), QStringLiteral("drei"), QStringLiteral("日本")});
        QCOMPARE(shown.code, 0);
        QVERIFY(shown.out.contains("DIMENSION"));

        requests = 0;
        QByteArray input;
        for (int i = 0; i < 600; ++i)
            input += QByteArray(i % 7 + 1, 'x') + "\r\n";
        const auto embeddings =
            house.run(words("infer org/m - --json"), input)
                .json()[QLatin1String("output_data")][QLatin1String("embedding_batch")][QLatin1String("embeddings")]
                .toArray();
        QCOMPARE(embeddings.size(), 600);
        for (int i = 0; i < 600; ++i)
            QCOMPARE(embeddings[i][QLatin1String("values")][0].toInt(), i % 7 + 1);
        QCOMPARE(requests, 3);
        QCOMPARE(house.run(words("infer org/m -"), QByteArray("\xff\n")).code, 6);
        QCOMPARE(house.run(words("infer org/m -")).code, 6);
        QCOMPARE(house.run(words("infer org/m --file ./no-such-file")).code, 4);
    }

    void inferRanksDocumentsAndLabelsPairs() {
        CliHouse house;
        v1::InputData seen;
        house.fake.onInfer = [&](const auto& request, const auto&, const auto& reply) {
            seen = request->input_data();
            v1::InferenceResponse response;
            response.set_model_id(request->model_id());
            for (const auto& document : seen.query_documents().documents())
                response.mutable_output_data()->mutable_scores()->add_values(static_cast<float>(document.size()));
            for (int i = 0; i < seen.text_pairs().pairs_size(); ++i) {
                auto* batch = response.mutable_output_data()->mutable_classification_batch();
                auto* entry = batch->add_classifications()->add_labels();
                entry->set_label("entailment");
                entry->set_score(0.5F);
            }
            reply(std::make_shared<const v1::InferenceResponse>(response));
        };
        QVERIFY(house.start());
        const CliOutcome ranked = house.run(words("infer org/m --query q short longest middle"));
        QCOMPARE(ranked.code, 0);
        QCOMPARE(seen.query_documents().query(), std::string("q"));
        QVERIFY(ranked.out.indexOf("longest") < ranked.out.indexOf("middle"));
        QVERIFY(ranked.out.indexOf("middle") < ranked.out.indexOf("short"));
        const CliOutcome labelled = house.run(words("infer org/m --pairs -"), "a\tb\nc\td\n");
        QVERIFY2(labelled.out.contains("entailment"), labelled.out.constData());
        QCOMPARE(seen.text_pairs().pairs(1).second(), std::string("d"));
        QCOMPARE(house.run(words("infer org/m --pairs untabbed")).code, 6);
        QCOMPARE(house.run(words("infer org/m --pairs --query q a")).code, 6);
        QByteArray many;
        for (int i = 0; i < 600; ++i)
            many += QByteArray(i % 7 + 1, 'x') + "\n";
        const auto scores = house.run(words("infer org/m --query q - --json"), many)
                                .json()[QLatin1String("output_data")][QLatin1String("scores")][QLatin1String("values")]
                                .toArray();
        QCOMPARE(scores.size(), 600);
        QCOMPARE(scores[598].toInt(), 598 % 7 + 1);
    }

    void healthEndsWithWhatItFound() {
        CliHouse house;
        bool ready = true;
        house.fake.onReadiness = [&] {
            v1::ReadinessResponse response;
            response.set_status(ready ? "ready" : "not ready");
            return response;
        };
        house.fake.onHealth = [] { return v1::ModelHealthResponse(); };
        QVERIFY(house.start());
        QCOMPARE(house.run({QStringLiteral("health")}).code, 0);
        house.fake.run([&] { ready = false; });
        QCOMPARE(house.run({QStringLiteral("health")}).code, 9);
    }

    void aReaderThatLeavesEndsItQuietly() {
        CliHouse house;
        QProcess shell;
        shell.start(
            QStringLiteral("bash"),
            {QStringLiteral("-c"), QStringLiteral("set -o pipefail; for i in 1 2 3; do " MM_CLI_PATH
                                                  " completion bash; done | true; " MM_CLI_PATH " help | head -1")});
        QVERIFY(shell.waitForFinished(60000));
        QCOMPARE(shell.exitCode(), 0);
        QVERIFY(shell.readAllStandardError().isEmpty());
    }

    void aFullDiskIsAnError() {
        QProcess shell;
        shell.start(QStringLiteral("bash"), {QStringLiteral("-c"), QStringLiteral(MM_CLI_PATH " help > /dev/full")});
        QVERIFY(shell.waitForFinished(60000));
        QCOMPARE(shell.exitCode(), 1);
        QVERIFY(shell.readAllStandardError().contains("could not be written"));
    }

    void theBashCompletionIsValidAndCompletes() {
        QTemporaryDir folder;
        const QString script = folder.filePath(QStringLiteral("completion"));
        QProcess shell;
        shell.start(QStringLiteral("bash"),
                    {QStringLiteral("-c"),
                     QStringLiteral(MM_CLI_PATH " completion bash > \"$0\" && bash -n \"$0\" && . \"$0\" && "
                                                "try() { COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _modelmora; "
                                                "echo \"${COMPREPLY[*]}\"; }; "
                                                "try modelmora li; try modelmora versions pro; "
                                                "try modelmora list --ta; try modelmora list --status re"),
                     script});
        QVERIFY(shell.waitForFinished(60000));
        QCOMPARE(shell.readAllStandardOutput(), QByteArray("list\npromote\n--task --tag\nregistered ready\n"));
    }
};

QTEST_GUILESS_MAIN(TestModelmora)
#include "test_modelmora.moc"

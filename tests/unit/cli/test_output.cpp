#include "cli/input/key_values.h"
#include "cli/input/model_folder.h"
#include "cli/output/error_report.h"
#include "cli/output/exit_code.h"
#include "cli/output/proto_json.h"
#include "cli/output/table.h"
#include "cli/output/text.h"
#include "modelmora/v1/inference.pb.h"
#include "modelmora/v1/registry.pb.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <nlohmann/json.hpp>

using namespace mm::cli;

class TestOutput : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void widthsAreThoseOfATerminal() {
        QCOMPARE(displayWidth("abc"), std::size_t{3});
        QCOMPARE(displayWidth("äöü"), std::size_t{3});
        QCOMPARE(displayWidth("日本語"), std::size_t{6});
        QCOMPARE(displayWidth("e\xcc\x81"), std::size_t{1}); // e and a combining accent
        QCOMPARE(displayWidth("🙂"), std::size_t{2});
    }

    void whatSteersATerminalIsShownInstead() {
        QCOMPARE(printable("a\033[31mb"), std::string("a\\x1b[31mb"));
        QCOMPARE(printable("two\nlines\t"), std::string("two\\nlines\\t"));
        QCOMPARE(printable("\xff\xc3"), std::string("\\xff\\xc3"));
        QCOMPARE(printable("\xe2\x80\xae"), std::string("\\u202e"));
        QCOMPARE(printable("grüße 日本"), std::string("grüße 日本"));
    }

    void sizesAndTimesAreForPeople() {
        QCOMPARE(humanBytes(0), std::string("0 B"));
        QCOMPARE(humanBytes(640), std::string("640 B"));
        QCOMPARE(humanBytes(1536), std::string("1.5 KB"));
        QCOMPARE(humanBytes(90.9 * 1024 * 1024), std::string("90.9 MB"));
        QCOMPARE(humanBytes(5.0 * 1024 * 1024 * 1024 * 1024), std::string("5 TB"));
        QCOMPARE(humanMilliseconds(0.4), std::string("0.4 ms"));
        QCOMPARE(humanMilliseconds(850.2), std::string("850 ms"));
        QCOMPARE(humanMilliseconds(2100), std::string("2.1 s"));
        QCOMPARE(humanMilliseconds(200000), std::string("3 min 20 s"));
        QCOMPARE(humanAge(1), std::string("just now"));
        QCOMPARE(humanAge(7300), std::string("2 h ago"));
        QCOMPARE(humanUptime(97200), std::string("1 d 3 h"));
    }

    void textsAreCutAndBrokenToAWidth() {
        QCOMPARE(clipped("abcdef", 6), std::string("abcdef"));
        QCOMPARE(clipped("abcdef", 4), std::string("abc…"));
        QCOMPARE(clipped("日本語", 4), std::string("日…")); // half a character is none
        QCOMPARE(clipped("abc", 0), std::string());
        using Lines = std::vector<std::string>;
        QCOMPARE(wrapped("one two three", 7), (Lines{"one two", "three"}));
        QCOMPARE(wrapped("sentence-transformers", 10), (Lines{"sentence-t", "ransformer", "s"}));
        QCOMPARE(wrapped("日本語", 1), (Lines{"日", "本", "語"}));
        QCOMPARE(wrapped("", 5), Lines{""});
        QCOMPARE(progressBar(0.5, 6), std::string("[##  ]"));
        QCOMPARE(progressBar(7, 4), std::string("[##]"));
    }

    void aTableThatIsTooWideBecomesParagraphs() {
        Table table({{"MODEL"}, {"SIZE", Table::Align::Right}, {"NOTE"}});
        table.add({"org/model", "5 MB", "a longer remark"});
        table.add({"org/other", "", "x"});
        QCOMPARE(table.render({{}, 32}), table.render());
        QCOMPARE(table.render({{}, 20}), std::string("org/model\n"
                                                     "  SIZE  5 MB\n"
                                                     "  NOTE  a longer\n"
                                                     "        remark\n"
                                                     "org/other\n"
                                                     "  NOTE  x\n"));
    }

    void tableColumnsAreAlignedAcrossScripts() {
        Table table({{"NAME"}, {"SIZE", Table::Align::Right}, {"NOTE"}});
        table.add({"日本", "5", "x"});
        table.add({"abc", "1234", ""});
        QCOMPARE(table.render(), std::string("NAME  SIZE  NOTE\n"
                                             "日本     5  x\n"
                                             "abc   1234  -\n"));
    }

    void colourDoesNotMoveColumns() {
        Table table({{"A"}, {"B"}});
        table.add({{"x", [](const std::string& text) { return "<" + text + ">"; }}, "y"});
        QCOMPARE(table.render(), std::string("A  B\n<x>  y\n"));
    }

    void messagesBecomeTheJsonOfTheApi() {
        modelmora::v1::Model model;
        model.set_model_id("org/m");
        model.set_task_type(modelmora::v1::TASK_TYPE_TXT2EMBED);
        model.set_total_bytes(1LL << 40);
        model.mutable_created_at()->set_seconds(0);
        model.mutable_created_at()->set_nanos(123000000);
        (*model.mutable_config()->mutable_fields())["threads"].set_number_value(2);
        const auto json = toJson(model);
        QCOMPARE(json["task_type"].get<std::string>(), std::string("txt2embed"));
        QCOMPARE(json["total_bytes"].get<std::int64_t>(), std::int64_t{1} << 40);
        QCOMPARE(json["created_at"].get<std::string>(), std::string("1970-01-01T00:00:00.123Z"));
        QCOMPARE(json["config"].dump(), std::string("{\"threads\":2}"));
        QVERIFY(!json.contains("updated_at"));
        modelmora::v1::Embedding embedding;
        embedding.add_values(0.1F);
        QCOMPARE(toJson(embedding).dump(), std::string("{\"values\":[0.1]}"));
    }

    void errorsLeadToTheirExitCodes() {
        QCOMPARE(exitCodeFor({mm::ErrorCode::ServiceUnavailable, "", {{kUnreachableFact, true}}}),
                 ExitCode::Unreachable);
        QCOMPARE(exitCodeFor({mm::ErrorCode::ServiceUnavailable, ""}), ExitCode::Busy);
        QCOMPARE(exitCodeFor({mm::ErrorCode::ModelNotFound, ""}), ExitCode::NotFound);
        QCOMPARE(exitCodeFor({mm::ErrorCode::ModelInUse, ""}), ExitCode::Conflict);
        QCOMPARE(exitCodeFor({mm::ErrorCode::InvalidInput, ""}), ExitCode::Invalid);
        QCOMPARE(exitCodeFor({mm::ErrorCode::InferenceTimeout, ""}), ExitCode::Timeout);
        QCOMPARE(exitCodeFor({mm::ErrorCode::WorkerCrashed, ""}), ExitCode::Failed);
    }

    void anErrorTellsWhatHappenedAndWhatToDo() {
        const mm::Error error{
            mm::ErrorCode::ModelNotFound,
            "No such\033 model.",
            {{"last_lines", std::vector<std::string>{"one", "two"}}, {"stage", std::string("files")}}};
        QCOMPARE(describeError(error), std::string("error: No such\\x1b model.\n"
                                                   "  last lines:\n    | one\n    | two\n"
                                                   "  stage: files\n"
                                                   "hint: `modelmora list` shows the registered models; `modelmora "
                                                   "register PATH` adds one.\n"));
        QCOMPARE(errorJson(error)["error"]["details"]["last_lines"][1].get<std::string>(), std::string("two"));
    }

    void settingsAreJsonWhereTheyReadAsSuch() {
        const auto settings =
            toSettings("--config", {"threads=2", "dtype=bf16", "deep={\"a\":[true]}", "text=a=b", "nan=NaN"});
        QVERIFY(settings.ok());
        const auto& fields = settings->fields();
        QCOMPARE(fields.at("threads").number_value(), 2.0);
        QCOMPARE(fields.at("dtype").string_value(), std::string("bf16"));
        QVERIFY(fields.at("deep").struct_value().fields().at("a").list_value().values(0).bool_value());
        QCOMPARE(fields.at("text").string_value(), std::string("a=b"));
        QCOMPARE(fields.at("nan").string_value(), std::string("NaN"));
        for (const std::vector<std::string>& wrong :
             {std::vector<std::string>{"threads"}, std::vector<std::string>{"=2"},
              std::vector<std::string>{"a=1", "a=2"}})
            QVERIFY(!toSettings("--config", wrong).ok());
    }

    void foldersTellIdAndTask() {
        QCOMPARE(guessModelId("/models/all-MiniLM-L6-v2"), std::string("local/all-MiniLM-L6-v2"));
        QCOMPARE(guessModelId("/models/Mein Modell/"), std::string("local/Mein-Modell"));
        QCOMPARE(guessModelId("/c/models--org--repo/snapshots/0123"), std::string("org/repo"));
        QCOMPARE(fileUrl("/a b/ä"), std::string("file:///a%20b/%C3%A4"));

        QTemporaryDir folder;
        const auto path = std::filesystem::path(folder.path().toStdString());
        QVERIFY(!guessTask(path).has_value());
        const auto write = [&](const char* name, const char* text) {
            QFile file(folder.filePath(QString::fromUtf8(name)));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text);
        };
        write("config.json", "{\"architectures\": [7, \"DistilBertModel\"]}");
        QCOMPARE(guessTask(path).value(), modelmora::v1::TASK_TYPE_TXT2EMBED);
        write("config.json", "{ damaged");
        QVERIFY(!guessTask(path).has_value());
        write("modules.json", "[{\"idx\": 0}]");
        QCOMPARE(guessTask(path).value(), modelmora::v1::TASK_TYPE_TXT2EMBED);
        write("config_sentence_transformers.json", "{\"model_type\": \"CrossEncoder\"}");
        QCOMPARE(guessTask(path).value(), modelmora::v1::TASK_TYPE_TXTPAIR2SCORE);
        write("config_sentence_transformers.json", "{}");
        write("config.json", "{\"sentence_transformers\": {\"activation_fn\": \"torch.nn.Sigmoid\"}}");
        QCOMPARE(guessTask(path).value(), modelmora::v1::TASK_TYPE_TXTPAIR2SCORE);
    }
};

QTEST_GUILESS_MAIN(TestOutput)
#include "test_output.moc"

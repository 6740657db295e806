#include "cli/all_commands.h"
#include "cli/arguments.h"
#include "cli/client/engine_address.h"
#include "cli/completion_script.h"
#include "cli/help.h"
#include "cli/manual_page.h"

#include <QTemporaryDir>
#include <QtTest>

using mm::cli::GlobalOptions;

namespace {

struct Line {
    mm::cli::CommandList commands = mm::cli::allCommands();
    GlobalOptions options;

    mm::Result<mm::cli::Parsed> parse(const std::vector<std::string>& words) {
        return parseArguments(words, commands, options);
    }
};

} // namespace

class TestArguments : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void globalFlagsStandBeforeOrAfterTheCommand() {
        for (const std::vector<std::string>& words : {std::vector<std::string>{"--json", "--timeout", "7", "list"},
                                                      std::vector<std::string>{"list", "--json", "--timeout=7"}}) {
            Line line;
            const auto parsed = line.parse(words);
            QVERIFY(parsed.ok());
            QCOMPARE(parsed->command->declaration().name, std::string("list"));
            QVERIFY(line.options.json);
            QCOMPARE(line.options.timeoutSeconds, 7);
        }
    }

    void enginesAreNamedInManyWays_data() {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("address"); // empty: refused
        const auto row = [](const char* url, const char* address) {
            QTest::newRow(url) << QString::fromUtf8(url) << QString::fromUtf8(address);
        };
        row("box", "box:50051");
        row("box:7", "box:7");
        row("grpc://box:7", "box:7");
        row("grpc://box/", "box:50051");
        row("http://box:8000", "box:50051");
        row("http://box:8000/api/v1", "box:50051");
        row("http://127.0.0.1", "127.0.0.1:50051");
        row("[::1]:7", "[::1]:7");
        row("http://[::1]:8000", "[::1]:50051");
        row("https://box:8000/api", "box:50051");
        row("grpcs://box:7", "box:7");
        row("ftp://box", "");
        row("grpc://box:port", "");
        row("http://me:secret@box:8000", "");
        row("http://", "");
        row(":7", "");
    }
    void enginesAreNamedInManyWays() {
        QFETCH(const QString, url);
        QFETCH(const QString, address);
        const auto read = mm::cli::engineAddress(url.toStdString());
        QCOMPARE(read.ok() ? QString::fromStdString(read->address) : QString(), address);
        Line line;
        const auto parsed = line.parse({"status", "--url", url.toStdString()});
        QCOMPARE(parsed.ok(), !address.isEmpty());
        if (parsed.ok())
            QCOMPARE(QString::fromStdString(line.options.engine), address);
    }

    // Never over a plain connection what should be a safe one.
    void aUrlThatSaysTlsMeansTls() {
        for (const std::string url : {"https://box:8000", "grpcs://box"}) {
            Line line;
            QVERIFY(line.parse({"status", "--url", url}).ok());
            QVERIFY(line.options.tlsTexts.has_value());
            QCOMPARE(line.options.tls.ca, std::string("system"));
        }
        Line plain;
        QVERIFY(plain.parse({"status", "--url", "grpc://box"}).ok());
        QVERIFY(!plain.options.tlsTexts.has_value());
        Line wrong;
        QVERIFY(!wrong.parse({"status", "--url", "https://box", "--tls-ca", "/nonexistent/ca.pem"}).ok());
    }

    void whatIsInheritedCountsWhereTheLineDoesNotSayIt() {
        Line line;
        line.options.url = "https://inherited";
        QVERIFY(line.parse({"status", "--engine", "127.0.0.1:50051"}).ok());
        QCOMPARE(line.options.engine, std::string("127.0.0.1:50051"));
        QVERIFY(!line.options.tlsTexts.has_value());
        Line wrong;
        wrong.options.url = "ftp://nowhere";
        QVERIFY(!wrong.parse({"status"}).ok());
        QVERIFY(wrong.parse({"status", "--help"}).ok());
        QVERIFY(wrong.parse({"status", "--engine", "box:7"}).ok());
        QCOMPARE(wrong.options.engine, std::string("box:7"));
    }

    void keysComeFromFilesAndAreNeverShown() {
        QTemporaryDir folder;
        const auto file = [&](const char* name, const char* text) {
            QFile out(folder.filePath(QString::fromUtf8(name)));
            (void)out.open(QIODevice::WriteOnly);
            out.write(text);
            return out.fileName().toStdString();
        };
        QCOMPARE(*mm::cli::readKey(file("good", " mm_abc\n"), "mm_other"), std::string("mm_abc"));
        QCOMPARE(*mm::cli::readKey("", "mm_other\n"), std::string("mm_other"));
        QCOMPARE(*mm::cli::readKey("", ""), std::string());
        for (const std::string& wrong :
             {file("empty", "\n"), file("two", "mm_secret mm_secret"), file("control", "mm_secret\1"),
              folder.filePath(QStringLiteral("missing")).toStdString()}) {
            const auto read = mm::cli::readKey(wrong, "mm_other");
            QVERIFY(!read.ok());
            QVERIFY2(read.error().message.find("mm_secret") == std::string::npos, read.error().message.c_str());
        }
        QVERIFY(!mm::cli::readKey("", "mm_ä").ok());
    }

    void theManualHasEveryCommandAndFlag() {
        const Line line;
        const std::string page = mm::cli::manualPage(line.commands);
        const auto has = [&](std::string text) {
            for (std::size_t at = 0; (at = text.find('-', at)) != std::string::npos; at += 2)
                text.insert(at, "\\");
            return page.find(text) != std::string::npos;
        };
        for (const auto& command : line.commands) {
            QVERIFY2(has("\n.SS modelmora " + command->declaration().name + "\n"), command->declaration().name.c_str());
            for (const auto& flag : command->declaration().flags)
                QVERIFY2(has("\n\\fB" + flag.name.substr(0, flag.name.find(',')) + "\\fR"), flag.name.c_str());
        }
    }

    void wordsThatAreCommandsAreTextsAfterACommand() {
        Line line;
        const auto parsed = line.parse({"infer", "org/model", "list", "help", "-"});
        QVERIFY(parsed.ok());
        QCOMPARE(parsed->command->declaration().name, std::string("infer"));
    }

    void whatIsNotUnderstoodIsExplained_data() {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const QStringList& words, const char* says) {
            QTest::newRow(name) << words << QString::fromUtf8(says);
        };
        const auto split = [](const char* text) { return QString::fromUtf8(text).split(QLatin1Char(' ')); };
        row("command", split("lst"), "Did you mean 'list'?");
        row("group", split("verions list"), "Did you mean 'versions'?");
        row("command of a group", split("versions promot"), "Did you mean 'promote'?");
        row("flag", split("list --tsk txt2embed"), "Did you mean '--task'?");
        row("global flag", split("list --jsno"), "Did you mean '--json'?");
        row("flag before a missing argument", split("info --jsno"), "Did you mean '--json'?");
        row("choice", split("list --status redy"), "Did you mean 'ready'?");
        row("missing argument", split("load"), "MODEL is missing");
        row("missing value", split("list --task"), "--task");
        row("too many arguments", split("load org/a org/b"), "'org/b' is one argument too many");
        row("after the mark", split("load org/a -- --x"), "'--x' is one argument too many");
        row("no number", split("list --timeout soon"), "--timeout");
        row("negative time", split("list --timeout -1"), "--timeout");
        row("no address", split("list --engine nowhere"), "host:port");
        row("certificate without a key", split("list --tls-ca system --tls-certificate a.pem"), "belong together");
        row("certificate without an authority", split("list --tls-certificate a.pem --tls-key a.key"), "--tls-ca");
        row("no such authority", split("list --tls-ca /no/such.pem"), "/no/such.pem");
    }
    void whatIsNotUnderstoodIsExplained() {
        QFETCH(QStringList, words);
        QFETCH(QString, says);
        std::vector<std::string> plain;
        for (const QString& word : words)
            plain.push_back(word.toStdString());
        Line line;
        const auto parsed = line.parse(plain);
        QVERIFY(!parsed.ok());
        const QString message = QString::fromStdString(parsed.error().message);
        QVERIFY2(message.contains(says), qPrintable(message));
    }

    void serveTakesEveryArgumentAsItIs() {
        Line line;
        const auto parsed = line.parse({"serve", "--help", "--rest", "127.0.0.1:1", "--json"});
        QVERIFY(parsed.ok());
        QVERIFY(!parsed->help);
        QVERIFY(!line.options.json);
        const auto& target = parsed->command->declaration().positionals.front().target;
        QCOMPARE(*std::get<std::vector<std::string>*>(target),
                 (std::vector<std::string>{"--help", "--rest", "127.0.0.1:1", "--json"}));
    }

    void helpIsThereEvenWhereArgumentsAreMissing() {
        Line line;
        const auto parsed = line.parse({"load", "--help"});
        QVERIFY(parsed.ok());
        QVERIFY(parsed->help);
        QCOMPARE(parsed->command->declaration().name, std::string("load"));
    }

    void everyCommandAndFlagIsExplainedWithAnExample() {
        GlobalOptions options;
        for (const auto& command : mm::cli::allCommands()) {
            const auto& each = command->declaration();
            QVERIFY2(!each.summary.empty() && each.summary.back() == '.', each.name.c_str());
            QVERIFY2(!each.examples.empty(), each.name.c_str());
            for (const std::string& example : each.examples)
                QVERIFY2(example.find("modelmora " + each.name) != std::string::npos, example.c_str());
            auto flags = each.flags;
            const auto globals = globalFlags(options);
            flags.insert(flags.end(), globals.begin(), globals.end());
            for (const auto& flag : flags) {
                QVERIFY2(!flag.help.empty() && flag.help.back() == '.', flag.name.c_str());
                const std::string name = flag.name.substr(0, flag.name.find(','));
                QVERIFY2(flag.example.starts_with(name), flag.name.c_str());
            }
            QVERIFY(commandHelp(each).find(each.examples.front()) != std::string::npos);
            QVERIFY(programHelp(mm::cli::allCommands()).find(each.summary) != std::string::npos);
        }
    }

    void completionsKnowEveryCommandAndFlag_data() {
        QTest::addColumn<QString>("shell");
        for (const char* shell : {"bash", "zsh", "fish"})
            QTest::newRow(shell) << QString::fromUtf8(shell);
    }
    void completionsKnowEveryCommandAndFlag() {
        QFETCH(QString, shell);
        const auto commands = mm::cli::allCommands();
        const auto script = completionScript(shell.toStdString(), commands);
        QVERIFY(script.has_value());
        for (const auto& command : commands) {
            const auto& each = command->declaration();
            QVERIFY2(script->find(each.name.substr(each.name.rfind(' ') + 1)) != std::string::npos, each.name.c_str());
            for (const auto& flag : each.flags)
                QVERIFY2(script->find(flag.name.substr(2, flag.name.find(',') - 2)) != std::string::npos,
                         flag.name.c_str());
        }
        QVERIFY(!completionScript("tcsh", commands).has_value());
    }
};

QTEST_GUILESS_MAIN(TestArguments)
#include "test_arguments.moc"

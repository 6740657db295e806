#include "engine/base/qt_executor.h"
#include "engine/registry/catalogue.h"
#include "engine/registry/definitions/definition_files.h"
#include "tests/unit/registry/fixtures.h"

#include <QTest>

using namespace mm::registry;
using mm::registry::test::await;
using mm::registry::test::write;

class TestDefinitions : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void variablesAreExpanded_data();
    void variablesAreExpanded();
    void everyFieldIsRead();
    void valuesFromVariablesTakeTheTypeOfPlainText();
    void aProblemNamesFileAndLineAndStopsNothingElse_data();
    void aProblemNamesFileAndLineAndStopsNothingElse();
    void aliasesThatMultiplyAreBounded();
    void aMissingFolderIsAnError();
    void aSecondStartChangesNothing();
    void changedDefinitionsUpdateWhatTheySay();
    void changedFilesAreReadAgain();
    void thousandsOfWrongDefinitionsAreReported();

private:
    [[nodiscard]] QString folder() const { return m_folder->filePath(QStringLiteral("definitions")); }
    void define(const char* name, const QByteArray& yaml) const {
        write(folder() + QStringLiteral("/") + QString::fromLatin1(name), yaml);
    }
    [[nodiscard]] Definitions readAll() const {
        const Variables variables = [](const std::string& name) -> std::optional<std::string> {
            const std::map<std::string, std::string> known{
                {"SET", "value"}, {"EMPTY", ""}, {"NUMBER", "32"}, {"EVIL", "a\nb: c ${SET}"}};
            const auto at = known.find(name);
            return at == known.end() ? std::nullopt : std::optional(at->second);
        };
        return readDefinitions(test::path(folder()), variables).value();
    }
    DefinitionsReport load(Catalogue& catalogue) const {
        return await<DefinitionsReport>([&](auto reply) { catalogue.loadDefinitions(test::path(folder()), reply); })
            .value();
    }
    std::unique_ptr<Catalogue> open() {
        return Catalogue::open({test::path(m_folder->filePath(QStringLiteral("data"))), m_engine, m_clock}).value();
    }

    mm::QtExecutor m_engine;
    test::FixedClock m_clock;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestDefinitions::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir().mkpath(folder()));
}

void TestDefinitions::variablesAreExpanded_data() {
    QTest::addColumn<QString>("expanded");
    const auto row = [](const char* text, const char* expanded) {
        QTest::newRow(text) << QString::fromLatin1(expanded);
    };
    row("plain", "plain");
    row("a ${SET} b", "a value b");
    row("${SET}${SET}", "valuevalue");
    row("${NONE:-default}", "default");
    row("${NONE:-}", "");
    row("${EMPTY:-default}", "default");
    row("${EMPTY}", "");
    row("$$ $${SET} $x", "$ ${SET} $x");
    row("${NONE:-/a/b:c}", "/a/b:c");
    row("${NONE}", "!the environment variable NONE is not set");
    row("${}", "!does not name a variable");
    row("${a b}", "!does not name a variable");
    row("${SET", "!has no '}'");
}

void TestDefinitions::variablesAreExpanded() {
    QFETCH(QString, expanded);
    const Variables variables = [](const std::string& name) -> std::optional<std::string> {
        if (name == "SET")
            return "value";
        return name == "EMPTY" ? std::optional<std::string>("") : std::nullopt;
    };
    const auto result = expandVariables(QTest::currentDataTag(), variables);
    if (expanded.startsWith(QLatin1Char('!'))) {
        QVERIFY(!result.ok());
        QVERIFY2(QString::fromStdString(result.error().message).contains(expanded.mid(1)),
                 result.error().message.c_str());
    } else {
        QVERIFY(result.ok());
        QCOMPARE(*result, expanded.toStdString());
    }
}

void TestDefinitions::everyFieldIsRead() {
    define("a.yaml", R"(
models:
  - model_id: org/first
    version: v1.0.0
    task_type: txt2embed
    display_name: "First ${SET}"
    description: text
    path: ../models/first/
    resource_requirements: {memory_mb: 100, gpu_vram_mb: 0, cpu_threads: 2}
    config: {dtype: bf16, threads: 4, normalize: true, nested: {list: [1, "2", null]}}
    tags: [fast, "${SET}"]
    current: true
  - model_id: org/second
    task_type: txt2txt
)");
    define("b.yml", "model_id: org/third\ntask_type: img2embed\nsource_url: https://example.com/x\n");
    define("ignored.txt", "nonsense");
    define(".hidden.yaml", "nonsense");
    const Definitions read = readAll();
    QVERIFY2(read.problems.empty(), read.problems.empty() ? "" : read.problems.at(0).error.message.c_str());
    QCOMPARE(read.models.size(), std::size_t{3});
    const auto& first = read.models.at(0).request;
    QCOMPARE(first.display_name(), std::string("First value"));
    QCOMPARE(first.source_url(), "file://" + m_folder->filePath(QStringLiteral("models/first")).toStdString());
    QCOMPARE(first.resource_requirements().memory_mb(), 100);
    QCOMPARE(first.config().fields().at("threads").number_value(), 4.0);
    QVERIFY(first.config().fields().at("normalize").bool_value());
    QCOMPARE(
        first.config().fields().at("nested").struct_value().fields().at("list").list_value().values(1).string_value(),
        std::string("2"));
    QCOMPARE(first.tags(1), std::string("value"));
    QVERIFY(read.models.at(0).current && !read.models.at(1).current);
    QCOMPARE(read.models.at(0).line, 3);
    QCOMPARE(read.models.at(2).request.source_url(), std::string("https://example.com/x"));
}

void TestDefinitions::valuesFromVariablesTakeTheTypeOfPlainText() {
    define("a.yaml", "model_id: a/b\ntask_type: txt2embed\ndescription: ${EVIL}\n"
                     "config: {threads: \"${NUMBER}\", batch_size: ${NUMBER}}\n");
    const Definitions read = readAll();
    QCOMPARE(read.models.size(), std::size_t{0}); // flow mappings end at '}': the plain form needs a line of its own
    define("a.yaml", "model_id: a/b\ntask_type: txt2embed\ndescription: ${EVIL}\n"
                     "config:\n  threads: \"${NUMBER}\"\n  batch_size: ${NUMBER}\n");
    const Definitions again = readAll();
    QCOMPARE(again.models.size(), std::size_t{1});
    const auto& fields = again.models.at(0).request.config().fields();
    QCOMPARE(fields.at("batch_size").number_value(), 32.0);
    QCOMPARE(fields.at("threads").string_value(), std::string("32"));
    QCOMPARE(again.models.at(0).request.description(), std::string("a\nb: c ${SET}"));
}

void TestDefinitions::aProblemNamesFileAndLineAndStopsNothingElse_data() {
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<int>("line");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* name, const char* yaml, int line, const char* reason) {
        QTest::newRow(name) << QByteArray(yaml) << line << QString::fromLatin1(reason);
    };
    row("not YAML", "model_id: a/b\n  x: [", 2, "not valid YAML");
    row("a stray comma", "\n\n,", 3, "not valid YAML");
    row("variable not set", "model_id: a/b\ntask_type: txt2embed\ndescription: ${NONE}\n", 3,
        "variable NONE is not set");
    row("unknown field", "model_id: a/b\ntask_typ: txt2embed\n", 2, "Did you mean 'task_type'?");
    row("unknown task", "model_id: a/b\ntask_type: txt2cake\n", 2, "'txt2cake' is not a task");
    row("no id", "task_type: txt2embed\n", 1, "model_id: is missing");
    row("key twice", "model_id: a/b\ntask_type: txt2embed\nmodel_id: c/d\n", 3, "is given twice");
    row("wrong kind", "model_id: [a]\n", 1, "must be a text");
    row("memory of nothing", "model_id: a/b\nresource_requirements:\n  memory_mb: 0\n", 3, "at least 1");
    row("path and url", "model_id: a/b\npath: x\nsource_url: y\n", 1, "give one");
    row("a word", "hello\n", 1, "must be a mapping");
    row("models is no list", "models: 3\n", 1, "must be a list");
    row("alias that holds itself", "model_id: a/b\nconfig: &x\n  y: *x\n", 2, "");
}

void TestDefinitions::aProblemNamesFileAndLineAndStopsNothingElse() {
    QFETCH(QByteArray, yaml);
    QFETCH(int, line);
    QFETCH(QString, reason);
    define("a.yaml", "model_id: org/before\ntask_type: txt2embed\n");
    define("bad.yaml", yaml);
    define("c.yaml", "model_id: org/after\ntask_type: txt2embed\n");
    const Definitions read = readAll();
    QCOMPARE(read.models.size(), std::size_t{2});
    QCOMPARE(read.problems.size(), std::size_t{1});
    const QString message = QString::fromStdString(read.problems.at(0).error.message);
    QVERIFY2(message.contains(QStringLiteral("bad.yaml line ")) && message.contains(reason), qPrintable(message));
    if (!reason.isEmpty())
        QVERIFY2(read.problems.at(0).line == line, qPrintable(message));
}

void TestDefinitions::aliasesThatMultiplyAreBounded() {
    QByteArray bomb = "model_id: a/b\ntask_type: txt2embed\nconfig:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 10; ++i) {
        const QByteArray before = "*a" + QByteArray::number(i - 1);
        bomb += "  a" + QByteArray::number(i) + ": &a" + QByteArray::number(i) + " [" + before;
        for (int j = 0; j < 9; ++j)
            bomb += ", " + before;
        bomb += "]\n";
    }
    define("bomb.yaml", bomb);
    define("large.yaml", QByteArray(2 << 20, '#'));
    define("deep.yaml", "model_id: a/c\nconfig: {x: " + QByteArray(300, '[') + QByteArray(300, ']') + "}\n");
    define("deeper.yaml", QByteArray(500'000, '['));
    const Definitions read = readAll();
    QCOMPARE(read.models.size(), std::size_t{0});
    QCOMPARE(read.problems.size(), std::size_t{4});
    QVERIFY(read.problems.at(0).error.message.find("unfolds to more than") != std::string::npos);
}

void TestDefinitions::aMissingFolderIsAnError() {
    const auto catalogue = open();
    const auto report =
        await<DefinitionsReport>([&](auto reply) { catalogue->loadDefinitions("/nonexistent/folder", reply); });
    QVERIFY(!report.ok());
    QVERIFY(report.error().message.find("/nonexistent/folder") != std::string::npos);
}

void TestDefinitions::aSecondStartChangesNothing() {
    test::makeModelFolder(m_folder->filePath(QStringLiteral("models/first")));
    define("a.yaml", "models:\n"
                     "  - {model_id: org/first, task_type: txt2embed, path: ../models/first, tags: [b, a]}\n"
                     "  - {model_id: org/first, version: v2, task_type: txt2embed, current: true}\n"
                     "  - {model_id: org/gone, task_type: txt2embed, path: /nonexistent}\n"
                     "  - {model_id: org/first, version: v2, task_type: txt2embed}\n");
    auto catalogue = open();
    const DefinitionsReport first = load(*catalogue);
    QCOMPARE(first.registered, 2);
    QCOMPARE(first.problems.size(), std::size_t{2});
    QCOMPARE((*catalogue->resolve("org/first"))->version, std::string("v2"));
    const auto revision = (*catalogue->resolve("org/first"))->revision;
    catalogue.reset();
    catalogue = open();
    const DefinitionsReport second = load(*catalogue);
    QCOMPARE(second.registered, 0);
    QCOMPARE(second.updated, 0);
    QCOMPARE(second.unchanged, 2);
    QCOMPARE((*catalogue->resolve("org/first"))->revision, revision);
}

void TestDefinitions::changedDefinitionsUpdateWhatTheySay() {
    define("a.yaml", "model_id: a/b\ntask_type: txt2embed\ndisplay_name: One\ndescription: kept\n");
    const auto catalogue = open();
    QCOMPARE(load(*catalogue).registered, 1);
    define("a.yaml", "model_id: a/b\ntask_type: txt2embed\ndisplay_name: Two\nconfig:\n  dtype: fp32\n");
    QCOMPARE(load(*catalogue).updated, 1);
    const EntryPtr entry = catalogue->resolve("a/b").value();
    QCOMPARE(entry->displayName, std::string("Two"));
    QCOMPARE(entry->description, std::string("kept"));
    QCOMPARE(entry->config.fields().at("dtype").string_value(), std::string("fp32"));
    define("a.yaml", "model_id: a/b\ntask_type: txt2txt\n");
    const DefinitionsReport otherTask = load(*catalogue);
    QCOMPARE(otherTask.problems.size(), std::size_t{1});
    QCOMPARE(otherTask.problems.at(0).line, 1);
}

void TestDefinitions::changedFilesAreReadAgain() {
    const QString model = test::makeModelFolder(m_folder->filePath(QStringLiteral("models/first")));
    define("a.yaml", "model_id: a/b\ntask_type: txt2embed\npath: ../models/first\n");
    const auto catalogue = open();
    QCOMPARE(load(*catalogue).registered, 1);
    const std::string before = catalogue->resolve("a/b").value()->checksum;
    write(model + QStringLiteral("/model.safetensors"), "other weights");
    QCOMPARE(load(*catalogue).updated, 1);
    const EntryPtr after = catalogue->resolve("a/b").value();
    QVERIFY(after->checksum != before && after->status == ModelStatus::Ready);
}

void TestDefinitions::thousandsOfWrongDefinitionsAreReported() {
    QByteArray yaml = "models:\n";
    for (int i = 0; i < 5000; ++i)
        yaml += "  - {model_id: wrong-" + QByteArray::number(i) + ", task_type: txt2embed}\n";
    define("a.yaml", yaml);
    const auto catalogue = open();
    QCOMPARE(load(*catalogue).problems.size(), std::size_t{5000});
}

QTEST_GUILESS_MAIN(TestDefinitions)
#include "test_definitions.moc"

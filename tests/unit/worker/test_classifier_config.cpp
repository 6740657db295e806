#include "worker/model/classifier_config.h"
#include "worker/runtime/failure.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

using mm::ErrorCode;
using mm::worker::ClassifierConfig;
using mm::worker::Failure;
using mm::worker::FolderUse;
using mm::worker::openModelFolder;
using mm::worker::readClassifierConfig;
using mm::worker::ScoreFunction;

namespace {

class Folder {
public:
    explicit Folder(const QByteArray& settings = {}) {
        write("config.json", R"({"model_type":"bert")" + settings + "}");
        write("tokenizer.json", "{}");
    }
    void write(const char* name, const QByteArray& text) const {
        std::ofstream(path() / name, std::ios::binary).write(text.constData(), text.size());
    }
    [[nodiscard]] std::filesystem::path path() const { return m_dir.path().toStdString(); }
    [[nodiscard]] ClassifierConfig read() const {
        return readClassifierConfig(openModelFolder(path(), FolderUse::Classification));
    }
    [[nodiscard]] QString refusal(ErrorCode* code = nullptr) const {
        try {
            (void)read();
        } catch (const Failure& failure) {
            if (code != nullptr)
                *code = failure.error.code;
            return QString::fromStdString(failure.error.message);
        }
        return QStringLiteral("(it was taken)");
    }

private:
    QTemporaryDir m_dir;
};

constexpr const char* kOneLabel = R"(,"id2label":{"0":"relevant"})";

} // namespace

class TestClassifierConfig : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void labelsStandInTheOrderOfTheirNumbers();
    void withoutLabelsTheyAreNumbered();
    void labelsThatDoNotAddUpAreNamed_data();
    void labelsThatDoNotAddUpAreNamed();
    void theProblemTypeChoosesTheFunctionOfLabels_data();
    void theProblemTypeChoosesTheFunctionOfLabels();
    void theFunctionOfScoresIsReadInAllItsSpellings_data();
    void theFunctionOfScoresIsReadInAllItsSpellings();
    void foreignFunctionsAreRefusedByName();
    void anEmbeddingModelIsNotTakenForAClassifier();
};

void TestClassifierConfig::labelsStandInTheOrderOfTheirNumbers() {
    QByteArray labels;
    for (int i = 10; i >= 0; --i)
        labels += QByteArray(labels.isEmpty() ? "" : ",") + "\"" + QByteArray::number(i) + "\":\"l" +
                  QByteArray::number(i) + "\"";
    const auto read = Folder(",\"id2label\":{" + labels + "}").read();
    QCOMPARE(read.labels.size(), std::size_t(11));
    QCOMPARE(read.labels[2], std::string("l2"));
    QCOMPARE(read.labels[10], std::string("l10"));
}

void TestClassifierConfig::withoutLabelsTheyAreNumbered() {
    QVERIFY((Folder().read().labels == std::vector<std::string>{"LABEL_0", "LABEL_1"}));
    QVERIFY((Folder(R"(,"num_labels":3)").read().labels == std::vector<std::string>{"LABEL_0", "LABEL_1", "LABEL_2"}));
}

void TestClassifierConfig::labelsThatDoNotAddUpAreNamed_data() {
    QTest::addColumn<QByteArray>("settings");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* settings, const char* reason) {
        QTest::newRow(settings) << QByteArray(settings) << QString::fromUtf8(reason);
    };
    row(R"(,"num_labels":3,"id2label":{"0":"a","1":"b"})", "\"num_labels\" is 3, but \"id2label\" has 2 labels");
    row(R"(,"id2label":{"0":"a","2":"b"})", "has the key '2'; its 2 labels need the numbers 0 to 1");
    row(R"(,"id2label":{"0":"a","x":"b"})", "has the key 'x'");
    row(R"(,"id2label":{"0":"a","00":"b"})", "has the label 0 twice");
    row(R"(,"id2label":{"0":["a"]})", "has a label that is no text");
    row(R"(,"id2label":{})", "is no object of labels");
    row(R"(,"id2label":["a"])", "is no object of labels");
    row(R"(,"num_labels":1000000)", "too many to be real");
    row(R"(,"problem_type":"ranking")", "\"problem_type\" is 'ranking'; known are");
}

void TestClassifierConfig::labelsThatDoNotAddUpAreNamed() {
    QFETCH(QByteArray, settings);
    QFETCH(QString, reason);
    ErrorCode code{};
    const QString said = Folder(settings).refusal(&code);
    QVERIFY2(said.contains(reason), qPrintable(said));
    QVERIFY(code == ErrorCode::InvalidModelFiles);
}

void TestClassifierConfig::theProblemTypeChoosesTheFunctionOfLabels_data() {
    QTest::addColumn<QByteArray>("settings");
    QTest::addColumn<int>("function");
    QTest::newRow("several labels") << QByteArray() << int(ScoreFunction::Softmax);
    QTest::newRow("one label") << QByteArray(kOneLabel) << int(ScoreFunction::Sigmoid);
    QTest::newRow("single") << QByteArray(R"(,"problem_type":"single_label_classification")")
                            << int(ScoreFunction::Softmax);
    QTest::newRow("multi") << QByteArray(R"(,"problem_type":"multi_label_classification")")
                           << int(ScoreFunction::Sigmoid);
    QTest::newRow("regression") << QByteArray(R"(,"problem_type":"regression","num_labels":1)")
                                << int(ScoreFunction::None);
}

void TestClassifierConfig::theProblemTypeChoosesTheFunctionOfLabels() {
    QFETCH(QByteArray, settings);
    QFETCH(int, function);
    QCOMPARE(int(Folder(settings).read().classification), function);
}

void TestClassifierConfig::theFunctionOfScoresIsReadInAllItsSpellings_data() {
    QTest::addColumn<QByteArray>("settings");
    QTest::addColumn<QByteArray>("sentenceSettings");
    QTest::addColumn<int>("function");
    const auto row = [](const char* name, const QByteArray& settings, const QByteArray& own, ScoreFunction function) {
        QTest::newRow(name) << settings << own << int(function);
    };
    const QByteArray one = kOneLabel;
    const QByteArray older = R"(,"sbert_ce_default_activation_function":"torch.nn.modules.linear.Identity")";
    const QByteArray newer = R"(,"sentence_transformers":{"activation_fn":"torch.nn.modules.activation.Sigmoid"})";
    row("one label", one, {}, ScoreFunction::Sigmoid);
    row("several labels", {}, {}, ScoreFunction::None);
    row("older spelling", one + older, {}, ScoreFunction::None);
    row("newer spelling wins", one + older + newer, {}, ScoreFunction::Sigmoid);
    row("a file of its own wins", one + newer, R"({"activation_fn":"torch.nn.modules.linear.Identity"})",
        ScoreFunction::None);
    row("softmax", {}, R"({"activation_fn":"torch.nn.modules.activation.Softmax"})", ScoreFunction::Softmax);
}

void TestClassifierConfig::theFunctionOfScoresIsReadInAllItsSpellings() {
    QFETCH(QByteArray, settings);
    QFETCH(QByteArray, sentenceSettings);
    QFETCH(int, function);
    const Folder folder(settings);
    folder.write("modules.json",
                 R"([{"path":"","type":"sentence_transformers.base.modules.transformer.Transformer"}])");
    folder.write("sentence_bert_config.json", R"({"transformer_task":"sequence-classification"})");
    if (!sentenceSettings.isEmpty())
        folder.write("config_sentence_transformers.json", sentenceSettings);
    QCOMPARE(int(folder.read().scoring), function);
}

void TestClassifierConfig::foreignFunctionsAreRefusedByName() {
    for (const char* name : {"my_code.Sigmoid", "torch.nn.modules.activation.GLU"}) {
        ErrorCode code{};
        const QString said =
            Folder(R"(,"sbert_ce_default_activation_function":")" + QByteArray(name) + "\"").refusal(&code);
        QVERIFY2(said.contains(QString::fromUtf8(name)), qPrintable(said));
        QVERIFY(code == ErrorCode::UnsupportedModel);
    }
}

void TestClassifierConfig::anEmbeddingModelIsNotTakenForAClassifier() {
    const Folder folder;
    folder.write("modules.json", R"([{"path":"","type":"sentence_transformers.models.Transformer"},
        {"path":"1_Pooling","type":"sentence_transformers.models.Pooling"}])");
    QVERIFY(folder.refusal().contains(QStringLiteral("this is a model for embeddings (txt2embed)")));
    folder.write("modules.json", R"([{"path":"","type":"sentence_transformers.models.Transformer"}])");
    folder.write("sentence_bert_config.json", R"({"transformer_task":"feature-extraction"})");
    QVERIFY(folder.refusal().contains(QStringLiteral("this task needs 'sequence-classification'")));
}

QTEST_APPLESS_MAIN(TestClassifierConfig)
#include "test_classifier_config.moc"

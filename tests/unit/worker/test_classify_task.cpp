#include "tests/unit/worker/requests.h"
#include "tests/unit/worker/small_tokenizer.h"
#include "worker/runtime/failure.h"
#include "worker/tasks/classify/classify_task.h"
#include "worker/tasks/encoder/encoder_request.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <fstream>

using mm::ErrorCode;
using mm::test::parameter;
using mm::test::text;
using mm::worker::ClassifierConfig;
using mm::worker::ClassifyTask;
using mm::worker::EncoderRequest;
using mm::worker::Failure;
using mm::worker::InputLimits;
using mm::worker::ScoreFunction;
using mm::worker::TokenBuffer;
using mm::worker::Tokenizer;
using modelmora::v1::InferenceRequest;
using Ids = QVector<std::int32_t>;
using Use = ClassifyTask::Use;

namespace {

InferenceRequest query(const std::string& text, const std::vector<std::string>& documents) {
    InferenceRequest request;
    auto* input = request.mutable_input_data()->mutable_query_documents();
    input->set_query(text);
    for (const std::string& document : documents)
        input->add_documents(document);
    return request;
}

InferenceRequest pair(const std::string& first, const std::string& second) {
    InferenceRequest request;
    auto* one = request.mutable_input_data()->mutable_text_pairs()->add_pairs();
    one->set_first(first);
    one->set_second(second);
    return request;
}

} // namespace

class TestClassifyTask : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void aQueryIsJoinedWithEachOfItsDocuments();
    void typesAreDroppedForEncodersThatKnowNone();
    void theLongerTextOfAPairIsCutFirst_data();
    void theLongerTextOfAPairIsCutFirst();
    void aPairThatIsTooLongIsRefusedWhereCuttingIsNotWanted();
    void aScoreOfOneLabelIsANumberForEachDocument();
    void aScoreOfSeveralLabelsHasTheirNames();
    void labelsComeHighestFirstAndNoMoreThanAsked();
    void eachFunctionIsItsOwn();
    void softmaxSurvivesLargeLogits();
    void unusableRequestsAreRefusedWithTheReason_data();
    void unusableRequestsAreRefusedWithTheReason();

private:
    static ClassifierConfig config(const std::vector<std::string>& labels,
                                   ScoreFunction classification = ScoreFunction::Softmax,
                                   ScoreFunction scoring = ScoreFunction::None) {
        return {labels, classification, scoring};
    }
    std::unique_ptr<EncoderRequest> make(const ClassifyTask& task, InferenceRequest request) {
        auto made = std::make_unique<EncoderRequest>(1, std::move(request), task, m_limits, *m_tokenizer, m_buffer);
        while (!made->advance()) {
        }
        return made;
    }
    // Every input gets the same logits.
    modelmora::v1::OutputData compute(const ClassifyTask& task, InferenceRequest request,
                                      const std::vector<float>& logits) {
        const auto made = make(task, std::move(request));
        while (made->remaining() > 0)
            made->store(made->take(), logits);
        return made->output().data();
    }
    static Ids ids(std::span<const std::int32_t> tokens) { return {tokens.begin(), tokens.end()}; }

    std::optional<Tokenizer> m_tokenizer;
    TokenBuffer m_buffer;
    InputLimits m_limits{.maxTokens = 8, .vocabulary = 10};
};

void TestClassifyTask::initTestCase() {
    const QTemporaryDir dir;
    const std::string path = dir.filePath(QStringLiteral("tokenizer.json")).toStdString();
    std::ofstream(path) << smallTokenizer().toStdString();
    m_tokenizer = Tokenizer::open(path, false);
    QCOMPARE(m_tokenizer->pairSpecial().value_or(0), 3);
}

void TestClassifyTask::aQueryIsJoinedWithEachOfItsDocuments() {
    const ClassifyTask task(Use::Score, config({"score"}), true);
    const auto made = make(task, query("a cat", {"sat", "", "\xC3\x89 ."}));
    QCOMPARE(ids(made->sequences().tokens(0)), (Ids{2, 4, 5, 3, 7, 3}));
    QCOMPARE(ids(made->sequences().typeIds(0)), (Ids{0, 0, 0, 0, 1, 1}));
    QCOMPARE(ids(made->sequences().tokens(1)), (Ids{2, 4, 5, 3, 3}));
    QCOMPARE(ids(made->sequences().tokens(2)), (Ids{2, 4, 5, 3, 9, 8, 3}));
}

void TestClassifyTask::typesAreDroppedForEncodersThatKnowNone() {
    const ClassifyTask task(Use::Score, config({"score"}), true);
    m_limits.tokenTypes = false;
    const auto made = make(task, pair("a", "cat"));
    m_limits.tokenTypes = true;
    QVERIFY(made->sequences().typeIds(0).empty());
}

void TestClassifyTask::theLongerTextOfAPairIsCutFirst_data() {
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<QByteArray>("second");
    QTest::addColumn<Ids>("expected");
    QTest::newRow("fits") << QByteArray("a a") << QByteArray("sat sat sat") << Ids{2, 4, 4, 3, 7, 7, 7, 3};
    QTest::newRow("second longer") << QByteArray("a") << QByteArray("sat sat sat sat . .")
                                   << Ids{2, 4, 3, 7, 7, 7, 7, 3};
    QTest::newRow("first longer") << QByteArray("a a a a . .") << QByteArray("sat") << Ids{2, 4, 4, 4, 4, 3, 7, 3};
    QTest::newRow("both, second longer") << QByteArray("a a a a a a") << QByteArray("sat sat sat sat sat sat sat")
                                         << Ids{2, 4, 4, 3, 7, 7, 7, 3};
    QTest::newRow("both, first longer") << QByteArray("a a a a a a a") << QByteArray("sat sat sat sat sat sat")
                                        << Ids{2, 4, 4, 4, 3, 7, 7, 3};
}

void TestClassifyTask::theLongerTextOfAPairIsCutFirst() {
    QFETCH(QByteArray, first);
    QFETCH(QByteArray, second);
    QFETCH(Ids, expected);
    const ClassifyTask task(Use::Score, config({"score"}), true);
    const auto made = make(task, pair(first.toStdString(), second.toStdString()));
    QCOMPARE(ids(made->sequences().tokens(0)), expected);
}

void TestClassifyTask::aPairThatIsTooLongIsRefusedWhereCuttingIsNotWanted() {
    const ClassifyTask task(Use::Score, config({"score"}), true);
    InferenceRequest request = query("a", {"a", "sat sat sat sat sat sat"});
    parameter(request, "truncate").set_bool_value(false);
    try {
        make(task, std::move(request));
        QFAIL("it was taken");
    } catch (const Failure& failure) {
        QVERIFY(failure.error.code == ErrorCode::InvalidInput);
        QVERIFY2(failure.error.message.starts_with("document 1 has 10 tokens; this model takes 8"), failure.what());
    }
}

void TestClassifyTask::aScoreOfOneLabelIsANumberForEachDocument() {
    const ClassifyTask task(Use::Score, config({"score"}, ScoreFunction::None, ScoreFunction::Sigmoid), true);
    const auto output = compute(task, query("a", {"cat", "sat"}), {2.0F});
    QCOMPARE(output.scores().values_size(), 2);
    QCOMPARE(output.scores().values(1), static_cast<float>(1 / (1 + std::exp(-2.0))));
    InferenceRequest raw = query("a", {"cat"});
    parameter(raw, "raw_scores").set_bool_value(true);
    QCOMPARE(compute(task, std::move(raw), {2.0F}).scores().values(0), 2.0F);
}

void TestClassifyTask::aScoreOfSeveralLabelsHasTheirNames() {
    const ClassifyTask task(Use::Score, config({"no", "yes"}), true);
    const auto output = compute(task, pair("a", "cat"), {1.0F, 3.0F});
    QVERIFY(!output.has_scores());
    QCOMPARE(output.classification_batch().classifications(0).labels(0).label(), std::string("yes"));
    QCOMPARE(output.classification_batch().classifications(0).labels(1).score(), 1.0F);
}

void TestClassifyTask::labelsComeHighestFirstAndNoMoreThanAsked() {
    const ClassifyTask task(Use::Classify, config({"a", "b", "c"}), true);
    InferenceRequest request = text("cat");
    parameter(request, "top_k").set_number_value(2);
    const auto output = compute(task, std::move(request), {0.0F, 2.0F, 1.0F});
    const auto& labels = output.classification_batch().classifications(0).labels();
    QCOMPARE(labels.size(), 2);
    QCOMPARE(labels[0].label(), std::string("b"));
    QCOMPARE(labels[1].label(), std::string("c"));
    QCOMPARE(compute(task, text("cat"), {0, 0, 0}).classification_batch().classifications(0).labels_size(), 3);
}

void TestClassifyTask::eachFunctionIsItsOwn() {
    const auto first = [&](ScoreFunction function) {
        const ClassifyTask task(Use::Classify, config({"a", "b"}, function), true);
        return compute(task, text("cat"), {1.0F, 0.0F}).classification_batch().classifications(0).labels(0).score();
    };
    QCOMPARE(first(ScoreFunction::None), 1.0F);
    QCOMPARE(first(ScoreFunction::Sigmoid), static_cast<float>(1 / (1 + std::exp(-1.0))));
    QCOMPARE(first(ScoreFunction::Softmax), static_cast<float>(std::exp(1.0) / (1 + std::exp(1.0))));
}

void TestClassifyTask::softmaxSurvivesLargeLogits() {
    const ClassifyTask task(Use::Classify, config({"a", "b"}), true);
    const auto output = compute(task, text("cat"), {1e30F, -1e30F});
    QCOMPARE(output.classification_batch().classifications(0).labels(0).score(), 1.0F);
    QCOMPARE(output.classification_batch().classifications(0).labels(1).score(), 0.0F);
}

void TestClassifyTask::unusableRequestsAreRefusedWithTheReason_data() {
    QTest::addColumn<int>("use");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* name, Use use, const InferenceRequest& request, const char* reason) {
        QTest::newRow(name) << int(use) << QByteArray::fromStdString(request.SerializeAsString())
                            << QString::fromUtf8(reason);
    };
    row("a text to score", Use::Score, text("a"), "scores pairs of texts, and the request holds texts; send a query");
    row("no documents", Use::Score, query("a", {}), "is empty");
    row("a query to classify", Use::Classify, query("a", {"b"}), "classifies texts, and the request holds a query");
    const auto with = [&](const char* name, const char* label, auto&& set, const char* reason) {
        InferenceRequest request = text("a");
        set(parameter(request, name));
        row(label, Use::Classify, request, reason);
    };
    with(
        "topk", "a slip", [](auto& value) { value.set_number_value(2); }, "Did you mean 'top_k'?");
    with(
        "top_k", "more labels than there are", [](auto& value) { value.set_number_value(3); }, "from 1 to 2");
    with(
        "raw_scores", "no flag", [](auto& value) { value.set_string_value("yes"); }, "true or false");
}

void TestClassifyTask::unusableRequestsAreRefusedWithTheReason() {
    QFETCH(int, use);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, reason);
    const ClassifyTask task(Use(use), config({"a", "b"}), true);
    InferenceRequest request;
    QVERIFY(request.ParseFromArray(bytes.constData(), static_cast<int>(bytes.size())));
    try {
        make(task, std::move(request));
        QFAIL("it was taken");
    } catch (const Failure& failure) {
        QVERIFY2(QString::fromUtf8(failure.what()).contains(reason), failure.what());
    }
}

QTEST_APPLESS_MAIN(TestClassifyTask)
#include "test_classify_task.moc"

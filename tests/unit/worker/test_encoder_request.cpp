#include "engine/ipc/frame.h"
#include "tests/unit/worker/requests.h"
#include "tests/unit/worker/small_tokenizer.h"
#include "worker/runtime/failure.h"
#include "worker/tasks/embed/embed_task.h"
#include "worker/tasks/encoder/encoder_request.h"
#include "worker/tasks/encoder/step_picks.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <fstream>
#include <limits>
#include <set>

using mm::ErrorCode;
using mm::test::parameter;
using mm::test::text;
using mm::worker::EmbedTask;
using mm::worker::EmbedTraits;
using mm::worker::EncoderRequest;
using mm::worker::Failure;
using mm::worker::InputLimits;
using mm::worker::pickSequences;
using mm::worker::TokenBuffer;
using mm::worker::Tokenizer;
using modelmora::v1::InferenceRequest;

namespace {

InferenceRequest texts(const std::vector<std::string>& list) {
    InferenceRequest request;
    request.mutable_input_data()->mutable_text_batch();
    for (const std::string& text : list)
        request.mutable_input_data()->mutable_text_batch()->add_texts(text);
    return request;
}

} // namespace

class TestEncoderRequest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void oneTextGivesOneEmbeddingAndAListAList();
    void aMatrixHoldsTheSameBitsAsTheLists();
    void vectorsComeBackInTheOrderOfTheInputs();
    void cutVectorsAreNormalisedAgain();
    void normalisingCanBeSwitchedOffAndOn();
    void aNumberThatIsNoneIsNeverSent();
    void promptsStandInFrontAndMayBeLeftOutOfPooling();
    void tooLongIsCutOrRefusedAsAsked();
    void tokenIdsAreCheckedAndCutWithTheirClosingToken();
    void unusableRequestsAreRefusedWithTheReason_data();
    void unusableRequestsAreRefusedWithTheReason();
    void moreThanOneAnswerCanHoldIsRefusedBeforeAnyWork();
    void shortRequestsDoNotWaitForTheRestOfALongOne();
    void everySequenceIsPickedOnceHoweverSmallTheStep();
    void aStepServesTheHighestPriorityAlone();
    void requestsOfOnePriorityShareTheSequencesOfAStep();
    void whatIsPutBackIsPickedAgain();
    void eachRequestIsChargedItsShareOfAStep();

private:
    std::unique_ptr<EncoderRequest> make(InferenceRequest request, std::uint64_t id = 1) {
        const EmbedTask task(m_traits);
        auto made = std::make_unique<EncoderRequest>(id, std::move(request), task, m_limits, *m_tokenizer, m_buffer);
        while (!made->advance()) {
        }
        return made;
    }
    // Each sequence's vector is what `vectorOf` makes of its place.
    template <typename VectorOf>
    static modelmora::worker::v1::Output compute(EncoderRequest& request, VectorOf&& vectorOf) {
        while (request.remaining() > 0) {
            const std::size_t place = request.take();
            request.store(place, vectorOf(place));
        }
        return request.output();
    }
    QString refusal(InferenceRequest request, ErrorCode* code = nullptr) {
        try {
            make(std::move(request));
        } catch (const Failure& failure) {
            if (code != nullptr)
                *code = failure.error.code;
            return QString::fromStdString(failure.error.message);
        }
        return QStringLiteral("(it was taken)");
    }

    std::optional<Tokenizer> m_tokenizer;
    TokenBuffer m_buffer;
    EmbedTraits m_traits;
    InputLimits m_limits{.maxTokens = 6, .vocabulary = 10};
};

void TestEncoderRequest::initTestCase() {
    const QTemporaryDir dir;
    const std::string path = dir.filePath(QStringLiteral("tokenizer.json")).toStdString();
    std::ofstream(path) << smallTokenizer().toStdString();
    m_tokenizer = Tokenizer::open(path, false);
    m_traits.prompts = {{{"query", "cat "}, {"document", ""}}, std::nullopt};
    m_traits.dimension = 3;
    m_traits.normalised = true;
}

void TestEncoderRequest::oneTextGivesOneEmbeddingAndAListAList() {
    const auto unit = [](std::size_t) { return std::vector<float>{1, 0, 0}; };
    auto one = make(text("a cat"), 7);
    const auto single = compute(*one, unit);
    QCOMPARE(single.id(), std::uint64_t(7));
    QVERIFY(single.last());
    QCOMPARE(single.data().embedding().values_size(), 3);
    QCOMPARE(single.input_tokens(), std::int64_t(4));
    auto list = make(texts({"a cat"}));
    QCOMPARE(compute(*list, unit).data().embedding_batch().embeddings_size(), 1);
    auto empty = make(text(""));
    QCOMPARE(compute(*empty, unit).input_tokens(), std::int64_t(2));
}

void TestEncoderRequest::aMatrixHoldsTheSameBitsAsTheLists() {
    const auto numbers = [](std::size_t place) {
        const auto base = static_cast<float>(place);
        return std::vector<float>{0.1F + base, -1e-30F, base / 3};
    };
    InferenceRequest asked = texts({"a", "a cat sat", "cat"});
    auto lists = make(asked);
    const auto floats = compute(*lists, numbers);
    asked.set_embedding_format(modelmora::v1::EMBEDDING_FORMAT_BYTES);
    auto raw = make(asked);
    const auto bytes = compute(*raw, numbers);
    const auto& matrix = bytes.data().embedding_matrix();
    QCOMPARE(matrix.rows(), 3);
    QCOMPARE(matrix.dimension(), 3);
    std::string expected;
    for (const auto& embedding : floats.data().embedding_batch().embeddings())
        expected.append(reinterpret_cast<const char*>(embedding.values().data()), 3 * sizeof(float));
    QCOMPARE(expected.size(), std::size_t(36));
    QVERIFY(matrix.data() == expected);

    InferenceRequest single = text("a");
    single.set_embedding_format(modelmora::v1::EMBEDDING_FORMAT_BYTES);
    parameter(single, "dimensions").set_number_value(2);
    auto one = make(single);
    const auto cut = compute(*one, numbers);
    QCOMPARE(cut.data().embedding_matrix().rows(), 1);
    QCOMPARE(cut.data().embedding_matrix().dimension(), 2);
    QCOMPARE(cut.data().embedding_matrix().data().size(), std::size_t(8));
}

void TestEncoderRequest::vectorsComeBackInTheOrderOfTheInputs() {
    auto request = make(texts({"a", "a cat sat", "", "a cat"}));
    QCOMPARE(request->nextLength(), std::size_t(5));
    const auto output = compute(*request, [](std::size_t place) {
        return std::vector<float>{place == 0 ? 1.0F : 0.0F, place == 1 ? 1.0F : 0.0F, place >= 2 ? 1.0F : 0.0F};
    });
    for (int i = 0; i < 4; ++i)
        QCOMPARE(output.data().embedding_batch().embeddings(i).values(std::min(i, 2)), 1.0F);
}

void TestEncoderRequest::cutVectorsAreNormalisedAgain() {
    InferenceRequest request = text("a");
    parameter(request, "dimensions").set_number_value(2);
    auto made = make(std::move(request));
    const auto output = compute(*made, [](std::size_t) { return std::vector<float>{3, 4, 12}; });
    QCOMPARE(output.data().embedding().values_size(), 2);
    QCOMPARE(output.data().embedding().values(0), 0.6F);
    QCOMPARE(output.data().embedding().values(1), 0.8F);
}

void TestEncoderRequest::normalisingCanBeSwitchedOffAndOn() {
    const auto vector = [](std::size_t) { return std::vector<float>{3, 4, 0}; };
    InferenceRequest off = text("a");
    parameter(off, "normalize").set_bool_value(false);
    auto made = make(std::move(off));
    QCOMPARE(compute(*made, vector).data().embedding().values(1), 4.0F);
    auto zero = make(text("a"));
    QCOMPARE(compute(*zero, [](std::size_t) { return std::vector<float>(3); }).data().embedding().values(0), 0.0F);
}

void TestEncoderRequest::aNumberThatIsNoneIsNeverSent() {
    for (const float bad : {std::nanf(""), std::numeric_limits<float>::infinity()}) {
        auto request = make(texts({"a", "a cat"}));
        const std::size_t place = request->take();
        try {
            request->store(place, std::vector<float>{1, bad, 0});
            QFAIL("it was taken");
        } catch (const Failure& failure) {
            QVERIFY(failure.error.code == ErrorCode::InferenceFailed);
            QVERIFY2(failure.error.message.find("input 1") != std::string::npos, failure.what());
        }
    }
}

void TestEncoderRequest::promptsStandInFrontAndMayBeLeftOutOfPooling() {
    InferenceRequest named = text("a");
    parameter(named, "prompt_name").set_string_value("query");
    auto request = make(named);
    QCOMPARE(request->sequences().tokens(0).size(), std::size_t(4));
    QCOMPARE(request->promptTokens(), 0);
    m_traits.poolPrompt = false;
    auto left = make(named);
    m_traits.poolPrompt = true;
    QCOMPARE(left->promptTokens(), 2);
    m_traits.prompts.defaultName = "query";
    auto standard = make(text("a"));
    QCOMPARE(standard->sequences().tokens(0).size(), std::size_t(4));
    InferenceRequest none = text("a");
    parameter(none, "prompt").set_string_value("");
    QCOMPARE(make(std::move(none))->sequences().tokens(0).size(), std::size_t(3));
    m_traits.prompts.defaultName.reset();
}

void TestEncoderRequest::tooLongIsCutOrRefusedAsAsked() {
    InferenceRequest request = texts({"a", "a cat sat a cat sat"});
    auto cut = make(request);
    QCOMPARE(cut->sequences().tokens(1).size(), std::size_t(6));
    const auto output = compute(*cut, [](std::size_t) { return std::vector<float>{1, 0, 0}; });
    QCOMPARE(output.truncated_inputs(), 1);
    parameter(request, "truncate").set_bool_value(false);
    ErrorCode code{};
    const QString said = refusal(std::move(request), &code);
    QVERIFY(code == ErrorCode::InvalidInput);
    QVERIFY2(said.startsWith(QStringLiteral("input 1 has 8 tokens; this model takes 6")), qPrintable(said));
}

void TestEncoderRequest::tokenIdsAreCheckedAndCutWithTheirClosingToken() {
    InferenceRequest request;
    auto* sequence = request.mutable_input_data()->mutable_token_batch()->add_sequences();
    for (const unsigned id : {2U, 4U, 5U, 6U, 7U, 8U, 9U, 3U})
        sequence->add_ids(id);
    const auto made = make(request);
    const auto tokens = made->sequences().tokens(0);
    QVERIFY(std::vector(tokens.begin(), tokens.end()) == (std::vector<std::int32_t>{2, 4, 5, 6, 7, 3}));
    sequence->add_ids(10);
    QVERIFY(refusal(request).contains(QStringLiteral("token id 10; this model's vocabulary ends at 9")));
    sequence->clear_ids();
    QVERIFY(refusal(request).contains(QStringLiteral("has no token ids")));
}

void TestEncoderRequest::unusableRequestsAreRefusedWithTheReason_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* name, const InferenceRequest& request, ErrorCode code, const char* reason) {
        QTest::newRow(name) << QByteArray::fromStdString(request.SerializeAsString()) << static_cast<int>(code)
                            << QString::fromUtf8(reason);
    };
    row("nothing", {}, ErrorCode::InvalidInput, "holds no input");
    row("an empty list", texts({}), ErrorCode::InvalidInput, "is empty");
    InferenceRequest image;
    image.mutable_input_data()->set_image("x");
    row("an image", image, ErrorCode::InvalidInput, "embeds texts, and the request holds images");
    const auto with = [&](const char* name, const char* label, auto&& set, const char* reason) {
        InferenceRequest request = text("a");
        set(parameter(request, name));
        row(label, request, ErrorCode::ValidationError, reason);
    };
    with(
        "dimension", "a slip", [](auto& value) { value.set_number_value(2); }, "Did you mean 'dimensions'?");
    with(
        "dimensions", "no dimensions", [](auto& value) { value.set_number_value(0); }, "from 1 to 3");
    with(
        "dimensions", "too many dimensions", [](auto& value) { value.set_number_value(4); }, "from 1 to 3");
    with(
        "dimensions", "half a dimension", [](auto& value) { value.set_number_value(1.5); }, "from 1 to 3");
    with(
        "dimensions", "no number", [](auto& value) { value.set_string_value("2"); }, "from 1 to 3");
    with(
        "normalize", "no flag", [](auto& value) { value.set_number_value(1); }, "true or false");
    with(
        "prompt", "no text", [](auto& value) { value.set_bool_value(true); }, "a text is needed");
    with(
        "prompt_name", "an unknown prompt", [](auto& value) { value.set_string_value("querry"); },
        "it has: document, query. Did you mean 'query'?");
    InferenceRequest both = text("a");
    parameter(both, "prompt").set_string_value("x");
    parameter(both, "prompt_name").set_string_value("query");
    row("two prompts", both, ErrorCode::ValidationError, "not both");
}

void TestEncoderRequest::unusableRequestsAreRefusedWithTheReason() {
    QFETCH(QByteArray, bytes);
    QFETCH(int, code);
    QFETCH(QString, reason);
    InferenceRequest request;
    QVERIFY(request.ParseFromArray(bytes.constData(), static_cast<int>(bytes.size())));
    ErrorCode given{};
    const QString said = refusal(std::move(request), &given);
    QVERIFY2(said.contains(reason), qPrintable(said));
    QCOMPARE(static_cast<int>(given), code);
}

void TestEncoderRequest::moreThanOneAnswerCanHoldIsRefusedBeforeAnyWork() {
    m_traits.dimension = 1 << 20;
    ErrorCode code{};
    const QString said = refusal(texts(std::vector<std::string>(65, "a")), &code);
    m_traits.dimension = 3;
    QVERIFY(code == ErrorCode::BatchSizeExceeded);
    QVERIFY2(said.contains(QStringLiteral("send at most 63 at once")), qPrintable(said));
}

void TestEncoderRequest::shortRequestsDoNotWaitForTheRestOfALongOne() {
    auto big = make(texts(std::vector<std::string>(100, "a cat sat")), 1);
    auto small = make(text("a"), 2);
    const std::vector<EncoderRequest*> waiting{big.get(), small.get()};
    const auto picks = pickSequences(waiting, {20});
    QCOMPARE(small->remaining(), std::size_t(0));
    QCOMPARE(big->remaining(), std::size_t(97));
    QVERIFY(
        std::is_sorted(picks.begin(), picks.end(), [](const auto& a, const auto& b) { return a.length > b.length; }));
}

void TestEncoderRequest::everySequenceIsPickedOnceHoweverSmallTheStep() {
    auto request = make(texts({"a", "a cat sat", "", "a cat"}));
    const std::vector<EncoderRequest*> waiting{request.get()};
    std::vector<std::size_t> places;
    while (request->remaining() > 0)
        for (const auto& pick : pickSequences(waiting, {1}))
            places.push_back(pick.place);
    QVERIFY((places == std::vector<std::size_t>{1, 3, 0, 2}));
}

void TestEncoderRequest::aStepServesTheHighestPriorityAlone() {
    using namespace modelmora::v1;
    const auto prioritised = [&](Priority priority) {
        InferenceRequest request = texts({"a", "a cat"});
        request.set_priority(priority);
        return make(std::move(request));
    };
    auto low = prioritised(PRIORITY_LOW);
    auto unsaid = prioritised(PRIORITY_UNSPECIFIED);
    auto critical = prioritised(PRIORITY_CRITICAL);
    auto normal = prioritised(PRIORITY_NORMAL);
    const std::vector<EncoderRequest*> waiting{low.get(), unsaid.get(), critical.get(), normal.get()};
    const auto served = [&] {
        std::set<EncoderRequest*> requests;
        for (const auto& pick : pickSequences(waiting, {1000}))
            requests.insert(pick.request);
        return requests;
    };
    QVERIFY((served() == std::set{critical.get()}));
    QVERIFY((served() == std::set{unsaid.get(), normal.get()}));
    QVERIFY((served() == std::set{low.get()}));
    QVERIFY(served().empty());
}

void TestEncoderRequest::requestsOfOnePriorityShareTheSequencesOfAStep() {
    auto big = make(texts(std::vector<std::string>(100, "a")), 1);
    auto small = make(texts({"a", "a"}), 2);
    const std::vector<EncoderRequest*> waiting{big.get(), small.get()};
    QCOMPARE(pickSequences(waiting, {1000, 8}).size(), std::size_t(8));
    QCOMPARE(small->remaining(), std::size_t(0));
    QCOMPARE(big->remaining(), std::size_t(94));
    QCOMPARE(pickSequences(waiting, {1000, 1}).size(), std::size_t(1));
}

void TestEncoderRequest::whatIsPutBackIsPickedAgain() {
    auto request = make(texts({"a", "a cat sat", "", "a cat"}));
    const std::vector<EncoderRequest*> waiting{request.get()};
    const std::size_t first = pickSequences(waiting, {7})[0].place;
    const auto failed = pickSequences(waiting, {7});
    request->putBack(failed.size());
    const auto again = pickSequences(waiting, {7});
    QCOMPARE(first, std::size_t(1));
    QCOMPARE(again.size(), failed.size());
    QCOMPARE(again[0].place, failed[0].place);
}

void TestEncoderRequest::eachRequestIsChargedItsShareOfAStep() {
    const auto unit = [](std::size_t) { return std::vector<float>{1, 0, 0}; };
    auto request = make(texts({"a", "a cat"}));
    const EncoderRequest::Clock::time_point begun{};
    request->stepped({begun, begun + std::chrono::milliseconds(8), 10, 400, 100});
    request->stepped({begun, begun + std::chrono::milliseconds(2), 4, 50, 50});
    const auto output = compute(*request, unit);
    QCOMPARE(output.charged_us(), std::int64_t(4000));
    QCOMPARE(output.times().compute_us(), std::int64_t(10'000));
    QCOMPARE(output.batch_size(), 10);
}

QTEST_APPLESS_MAIN(TestEncoderRequest)
#include "test_encoder_request.moc"

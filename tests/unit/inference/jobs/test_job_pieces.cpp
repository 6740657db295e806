// Requests cut into pieces and put together again.
#include "engine/inference/input_kind.h"
#include "engine/inference/jobs/job_pieces.h"

#include <QTest>

using namespace mm;
using namespace mm::inference;

namespace {

std::vector<v1::InputData> cut(const v1::InputData& input, const PieceBounds& bounds) {
    std::vector<v1::InputData> pieces;
    const auto done = cutIntoPieces(input, bounds, [&pieces](const v1::InputData& piece) -> Result<void> {
        pieces.push_back(piece);
        return {};
    });
    return done.ok() ? pieces : std::vector<v1::InputData>();
}

v1::InputData texts(int count, std::size_t length = 1) {
    v1::InputData input;
    for (int i = 0; i < count; ++i)
        input.mutable_text_batch()->add_texts(std::string(length, static_cast<char>('a' + i % 26)));
    return input;
}

} // namespace

class TestJobPieces : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void batchesAreCutByNumber();
    void batchesAreCutBySize();
    void nothingIsLostAndOrderStays();
    void everyKindOfBatchIsCut();
    void whatIsNoBatchStaysWhole();
    void aFailureEndsTheCutting();
    void theSameContentHasTheSameHash();
    void otherContentHasAnotherHash_data();
    void otherContentHasAnotherHash();
    void metadataIsSummedUp();
    void matricesGrowByTheRowsOfEachPiece();
    void matricesOfDifferentWidthAreNotJoined();
    void theFormOfTheVectorsBelongsToEveryPiece();
};

void TestJobPieces::batchesAreCutByNumber() {
    const auto pieces = cut(texts(300), {128, 1 << 20});
    QCOMPARE(pieces.size(), std::size_t(3));
    QCOMPARE(inputCount(pieces[0]), 128);
    QCOMPARE(inputCount(pieces[2]), 44);
    QCOMPARE(cut(texts(128), {128, 1 << 20}).size(), std::size_t(1));
    QCOMPARE(cut(texts(1), {128, 1 << 20}).front().has_text_batch(), true);
}

void TestJobPieces::batchesAreCutBySize() {
    QCOMPARE(cut(texts(10, 100), {128, 250}).size(), std::size_t(5));
    // One that is too large by itself is a piece of its own.
    QCOMPARE(cut(texts(3, 100), {128, 50}).size(), std::size_t(3));
}

void TestJobPieces::nothingIsLostAndOrderStays() {
    const v1::InputData whole = texts(1000);
    v1::InputData again;
    for (const v1::InputData& piece : cut(whole, {7, 1 << 20}))
        again.MergeFrom(piece);
    QCOMPARE(again.SerializeAsString(), whole.SerializeAsString());
}

void TestJobPieces::everyKindOfBatchIsCut() {
    v1::InputData images;
    v1::InputData tokens;
    v1::InputData documents;
    v1::InputData pairs;
    documents.mutable_query_documents()->set_query("q");
    for (int i = 0; i < 5; ++i) {
        images.mutable_image_batch()->add_images("image");
        tokens.mutable_token_batch()->add_sequences()->add_ids(1);
        documents.mutable_query_documents()->add_documents("d");
        pairs.mutable_text_pairs()->add_pairs()->set_first("f");
    }
    for (const v1::InputData& input : {images, tokens, documents, pairs}) {
        const auto pieces = cut(input, {2, 1 << 20});
        QCOMPARE(pieces.size(), std::size_t(3));
        int inputs = 0;
        for (const v1::InputData& piece : pieces) {
            QCOMPARE(piece.data_case(), input.data_case());
            inputs += inputCount(piece);
        }
        QCOMPARE(inputs, 5);
    }
    for (const v1::InputData& piece : cut(documents, {2, 1 << 20}))
        QCOMPARE(piece.query_documents().query(), std::string("q"));
}

void TestJobPieces::whatIsNoBatchStaysWhole() {
    v1::InputData input;
    input.set_text("a single text");
    (*input.mutable_custom_data()->mutable_fields())["x"].set_number_value(1);
    const auto pieces = cut(input, {1, 1});
    QCOMPARE(pieces.size(), std::size_t(1));
    QCOMPARE(pieces[0].text(), std::string("a single text"));
    QVERIFY(!pieces[0].has_custom_data());
}

void TestJobPieces::aFailureEndsTheCutting() {
    int taken = 0;
    const auto done = cutIntoPieces(texts(10), {1, 1 << 20}, [&taken](const v1::InputData&) -> Result<void> {
        return ++taken == 3 ? Result<void>(Error{ErrorCode::StorageFull, "full"}) : Result<void>();
    });
    QCOMPARE(done.error().code, ErrorCode::StorageFull);
    QCOMPARE(taken, 3);
}

void TestJobPieces::theSameContentHasTheSameHash() {
    v1::InferenceRequest one;
    v1::InferenceRequest other;
    for (int i = 0; i < 20; ++i) { // maps are filled in another order
        (*one.mutable_parameters()->mutable_fields())["key" + std::to_string(i)].set_number_value(i);
        (*other.mutable_parameters()->mutable_fields())["key" + std::to_string(19 - i)].set_number_value(19 - i);
    }
    one.set_request_id("first");
    other.set_request_id("second");
    one.mutable_job()->set_idempotency_key("k");
    QCOMPARE(contentHash(one).size(), std::size_t(64));
    QCOMPARE(contentHash(one), contentHash(other));
}

void TestJobPieces::otherContentHasAnotherHash_data() {
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char* name, const std::function<void(v1::InferenceRequest&)>& change) {
        v1::InferenceRequest request;
        change(request);
        QTest::newRow(name) << QByteArray::fromStdString(request.SerializeAsString());
    };
    row("model", [](auto& request) { request.set_model_id("a/b"); });
    row("input", [](auto& request) { request.mutable_input_data()->set_text("x"); });
    row("parameters",
        [](auto& request) { (*request.mutable_parameters()->mutable_fields())["x"].set_bool_value(true); });
    row("priority", [](auto& request) { request.set_priority(v1::PRIORITY_HIGH); });
    row("webhook", [](auto& request) { request.mutable_job()->set_webhook_url("http://x/"); });
}

void TestJobPieces::otherContentHasAnotherHash() {
    QFETCH(QByteArray, bytes);
    v1::InferenceRequest request;
    QVERIFY(request.ParseFromString(bytes.toStdString()));
    QVERIFY(contentHash(request) != contentHash({}));
}

void TestJobPieces::metadataIsSummedUp() {
    v1::InferenceMetadata whole;
    v1::InferenceMetadata piece;
    piece.set_compute_ms(2);
    piece.set_input_tokens(5);
    piece.set_batch_size(7);
    piece.set_device("cpu");
    addMetadata(whole, piece);
    piece.set_batch_size(3);
    addMetadata(whole, piece);
    QCOMPARE(whole.compute_ms(), 4.0);
    QCOMPARE(whole.input_tokens(), std::int64_t(10));
    QCOMPARE(whole.batch_size(), 7);
    QCOMPARE(whole.device(), std::string("cpu"));
}

void TestJobPieces::matricesGrowByTheRowsOfEachPiece() {
    const auto piece = [](int rows, const std::string& data) {
        v1::OutputData output;
        output.mutable_embedding_matrix()->set_rows(rows);
        output.mutable_embedding_matrix()->set_dimension(1);
        output.mutable_embedding_matrix()->set_data(data);
        return output;
    };
    v1::OutputData whole;
    QVERIFY(addOutput(whole, piece(1, "aaaa")).ok());
    QVERIFY(addOutput(whole, piece(2, "bbbbcccc")).ok());
    QCOMPARE(whole.embedding_matrix().rows(), 3);
    QCOMPARE(whole.embedding_matrix().data(), std::string("aaaabbbbcccc"));
}

void TestJobPieces::matricesOfDifferentWidthAreNotJoined() {
    v1::OutputData whole;
    whole.mutable_embedding_matrix()->set_dimension(3);
    v1::OutputData piece;
    piece.mutable_embedding_matrix()->set_dimension(4);
    QCOMPARE(addOutput(whole, piece).error().code, ErrorCode::StorageDamaged);
}

void TestJobPieces::theFormOfTheVectorsBelongsToEveryPiece() {
    v1::InferenceRequest request;
    request.set_embedding_format(v1::EMBEDDING_FORMAT_BYTES);
    QCOMPARE(sharedPart(request).embedding_format(), v1::EMBEDDING_FORMAT_BYTES);
    QVERIFY(contentHash(request) != contentHash({}));
}

QTEST_GUILESS_MAIN(TestJobPieces)
#include "test_job_pieces.moc"

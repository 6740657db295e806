#include "engine/dialects/oip/byte_strings.h"
#include "engine/dialects/oip/infer_call.h"
#include "engine/dialects/oip/infer_outputs.h"

#include <QTest>

#include <cstring>

using namespace mm;
using namespace mm::dialects::oip;
namespace v1 = modelmora::v1;

namespace {

v1::Model modelOf(v1::TaskType task) {
    v1::Model model;
    model.set_model_id("org/repo");
    model.set_task_type(task);
    return model;
}

InputTensor texts(std::string name, Shape shape, std::vector<std::string> elements) {
    return {std::move(name), "BYTES", std::move(shape), std::move(elements), {}};
}

InputTensor numbers(std::string name, Shape shape, std::vector<std::int64_t> elements, std::string datatype = "INT64") {
    return {std::move(name), std::move(datatype), std::move(shape), std::move(elements), {}};
}

InferCall callWith(std::vector<InputTensor> inputs) {
    InferCall call;
    call.model = "org/repo";
    call.inputs = std::move(inputs);
    return call;
}

Result<v1::InferenceRequest> converted(InferCall call, v1::TaskType task = v1::TASK_TYPE_TXT2EMBED) {
    return toInferenceRequest(call, modelOf(task));
}

std::string refusal(InferCall call, v1::TaskType task = v1::TASK_TYPE_TXT2EMBED) {
    const auto request = converted(std::move(call), task);
    return request.ok() ? "it was accepted" : request.error().message;
}

google::protobuf::Value value(double number) {
    google::protobuf::Value made;
    made.set_number_value(number);
    return made;
}

std::string raw(const std::vector<std::string>& elements) {
    std::string bytes;
    for (const std::string& element : elements)
        appendByteString(bytes, element);
    return bytes;
}

std::vector<float> floatsOf(const OutputTensor& tensor) {
    std::vector<float> values(tensor.bytes().size() / sizeof(float));
    std::memcpy(values.data(), tensor.bytes().data(), values.size() * sizeof(float));
    return values;
}

} // namespace

Q_DECLARE_METATYPE(mm::dialects::oip::InputTensor)

#define VERIFY_SAYS(text, part) QVERIFY2((text).find(part) != std::string::npos, (text).c_str())

class TestOipInfer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void textsComeInEveryFormAndShape();
    void pairsQueriesAndTokensBecomeTheirInput();
    void theMaskLeavesOutPaddingOnly();
    void whatIsWrongWithATensorIsSaid_data();
    void whatIsWrongWithATensorIsSaid();
    void theBytesOfATensorMustBeWholeAndNoMore();
    void integersOfEveryWidthAreRead();
    void parametersOfTheProtocolAndOfTheTask();
    void parametersThatCannotBeHonouredAreRefused();
    void outputsAreCheckedBeforeAnythingRuns();
    void vectorsGoOutBitForBitFromEitherForm();
    void labelsBecomeAMatrix();
    void onlyWhatWasAskedForComesBack();
    void aVersionBelongsToTheModelsName();
};

void TestOipInfer::textsComeInEveryFormAndShape() {
    const std::string bytes = raw({"ä", ""});
    for (const Shape& shape : {Shape{2}, Shape{2, 1}}) {
        for (const bool isRaw : {false, true}) {
            InputTensor tensor = texts("text", shape, {"ä", ""});
            if (isRaw)
                tensor.data = std::string_view(bytes);
            const auto request = converted(callWith({tensor}));
            QVERIFY2(request.ok(), request.ok() ? "" : request.error().message.c_str());
            const auto& batch = request->input_data().text_batch().texts();
            QCOMPARE(batch.size(), 2);
            QCOMPARE(batch[0], std::string("ä"));
            QCOMPARE(batch[1], std::string());
            QCOMPARE(request->model_id(), std::string("org/repo"));
        }
    }
}

void TestOipInfer::pairsQueriesAndTokensBecomeTheirInput() {
    const auto pairs = converted(callWith({texts("pairs", {2, 2}, {"a", "b", "c", "d"})}), v1::TASK_TYPE_TXTPAIR2SCORE);
    QVERIFY(pairs.ok());
    QCOMPARE(pairs->input_data().text_pairs().pairs_size(), 2);
    QCOMPARE(pairs->input_data().text_pairs().pairs(1).second(), std::string("d"));

    const auto query = converted(callWith({texts("documents", {3}, {"x", "y", "z"}), texts("query", {1}, {"q"})}),
                                 v1::TASK_TYPE_TXTPAIR2SCORE);
    QVERIFY(query.ok());
    QCOMPARE(query->input_data().query_documents().query(), std::string("q"));
    QCOMPARE(query->input_data().query_documents().documents(2), std::string("z"));

    const auto one = converted(callWith({numbers("input_ids", {3}, {101, 7, 102})}));
    QVERIFY(one.ok());
    QCOMPARE(one->input_data().token_batch().sequences_size(), 1);
    QCOMPARE(one->input_data().token_batch().sequences(0).ids(2), 102U);
}

void TestOipInfer::theMaskLeavesOutPaddingOnly() {
    const auto ids = numbers("input_ids", {2, 3}, {1, 2, 3, 4, 0, 0});
    const auto request = converted(callWith({ids, numbers("attention_mask", {2, 3}, {1, 1, 1, 1, 0, 0})}));
    QVERIFY(request.ok());
    QCOMPARE(request->input_data().token_batch().sequences(0).ids_size(), 3);
    QCOMPARE(request->input_data().token_batch().sequences(1).ids_size(), 1);
    VERIFY_SAYS(refusal(callWith({ids, numbers("attention_mask", {2, 3}, {1, 1, 1, 0, 1, 1})})), "behind a 0 in row 1");
    VERIFY_SAYS(refusal(callWith({ids, numbers("attention_mask", {2, 3}, {1, 1, 1, 0, 0, 0})})), "no token in row 1");
    VERIFY_SAYS(refusal(callWith({ids, numbers("attention_mask", {2, 3}, {2, 1, 1, 1, 0, 0})})), "value 2 in row 0");
    VERIFY_SAYS(refusal(callWith({ids, numbers("attention_mask", {6}, {1, 1, 1, 1, 0, 0})})), "must be [2,3]");
}

void TestOipInfer::whatIsWrongWithATensorIsSaid_data() {
    QTest::addColumn<InputTensor>("tensor");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* says, const InputTensor& tensor) {
        QTest::newRow(says) << tensor << QString::fromUtf8(says);
    };
    row("unexpected inference input 'txt'", texts("txt", {1}, {"a"}));
    row("takes text, input_ids, attention_mask", texts("txt", {1}, {"a"}));
    row("takes BYTES for it", numbers("text", {1}, {1}));
    row("takes INT64 for it", numbers("input_ids", {1}, {1}, "FP32"));
    row("holds 2 elements, but its shape [3] means 3", texts("text", {3}, {"a", "b"}));
    row("holds 1 element, but its shape [2,1] means 2", texts("text", {2, 1}, {"a"}));
    row("must be [n] or [n,1]", texts("text", {1, 2}, {"a", "b"}));
    row("the shape []; it must be", texts("text", {}, {"a"}));
    row("never negative", texts("text", {-1}, {"a"}));
    row("more elements in its shape", texts("text", {std::int64_t{1} << 40, 1}, {"a"}));
    row("in its shape than any message", numbers("input_ids", {std::int64_t{1} << 31, std::int64_t{1} << 31}, {1}));
    row("send at least one", texts("text", {0}, {}));
    row("not UTF-8 in element 1 at byte 2", texts("text", {2}, {"a", "ab\xff"}));
    row("has no data of its datatype BYTES", {"text", "BYTES", {1}, {}, {}});
    row("has data that is not of its datatype BYTES", {"text", "BYTES", {1}, std::vector<std::int64_t>{1}, {}});
    row("wants either text, or input_ids", numbers("attention_mask", {1}, {1}));
    row("the value -5 in row 0, which is no token id", numbers("input_ids", {2}, {1, -5}));
    row("the value 4294967296 in row 1, which", numbers("input_ids", {2, 1}, {1, std::int64_t{1} << 32}));
}

void TestOipInfer::whatIsWrongWithATensorIsSaid() {
    QFETCH(InputTensor, tensor);
    QFETCH(QString, says);
    VERIFY_SAYS(refusal(callWith({tensor})), says.toStdString());
}

void TestOipInfer::theBytesOfATensorMustBeWholeAndNoMore() {
    const std::string whole = raw({"ab", "c"});
    const auto said = [](std::string_view bytes) {
        InputTensor tensor = texts("text", {2}, {});
        tensor.data = bytes;
        return refusal(callWith({tensor}));
    };
    QCOMPARE(said(whole), std::string("it was accepted"));
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const std::string message = said(std::string_view(whole).substr(0, length));
        const bool isBetween = length == 0 || length == 6;
        VERIFY_SAYS(message, isBetween ? "but its shape [2] means 2" : "is cut off in the element that begins at byte");
    }
    VERIFY_SAYS(said(whole + "xyz"), "has 3 bytes behind the elements");
    VERIFY_SAYS(said(std::string("\xff\xff\xff\xff", 4) + "abc"), "cut off in the element that begins at byte 0");
}

void TestOipInfer::integersOfEveryWidthAreRead() {
    const std::uint32_t narrow[] = {7, 4000000000};
    const std::int64_t wide[] = {7, 4000000000};
    const std::string_view bytes32(reinterpret_cast<const char*>(narrow), sizeof narrow);
    const std::string_view bytes64(reinterpret_cast<const char*>(wide), sizeof wide);
    for (const auto& [datatype, bytes] : {std::pair{"UINT32", bytes32}, {"INT64", bytes64}, {"UINT64", bytes64}}) {
        InputTensor tensor = numbers("input_ids", {1, 2}, {}, datatype);
        tensor.data = bytes;
        const auto request = converted(callWith({tensor}));
        QVERIFY(request.ok());
        QCOMPARE(request->input_data().token_batch().sequences(0).ids(1), 4000000000U);
    }
    InputTensor wrong = numbers("input_ids", {1, 2}, {}, "INT32");
    wrong.data = bytes64;
    VERIFY_SAYS(refusal(callWith({wrong})), "has 16 bytes of data, but its shape [1,2] of INT32 takes 8");
}

void TestOipInfer::parametersOfTheProtocolAndOfTheTask() {
    InferCall call = callWith({texts("text", {1}, {"a"})});
    auto& fields = *call.parameters.mutable_fields();
    fields["priority"] = value(1);
    fields["timeout"] = value(1500001);
    fields["sequence_id"] = value(0);
    fields["binary_data_output"].set_bool_value(true);
    fields["normalize"].set_bool_value(false);
    const auto request = toInferenceRequest(call, modelOf(v1::TASK_TYPE_TXT2EMBED));
    QVERIFY(request.ok());
    QCOMPARE(request->priority(), v1::PRIORITY_CRITICAL);
    QCOMPARE(request->timeout_seconds(), 2); // rounded up
    QVERIFY(call.allBinary);
    QCOMPARE(request->parameters().fields_size(), 1);
    QVERIFY(request->parameters().fields().contains("normalize"));
}

void TestOipInfer::parametersThatCannotBeHonouredAreRefused() {
    const auto said = [](const char* name, const google::protobuf::Value& given) {
        InferCall call = callWith({texts("text", {1}, {"a"})});
        (*call.parameters.mutable_fields())[name] = given;
        return refusal(call);
    };
    VERIFY_SAYS(said("priority", value(5)), "'priority' must be 1 (critical)");
    VERIFY_SAYS(said("timeout", value(600000001)), "'timeout' must be a whole number of microseconds");
    VERIFY_SAYS(said("timeout", value(0.5)), "'timeout' must be a whole number");
    VERIFY_SAYS(said("sequence_id", value(3)), "'sequence_id' cannot be honoured");
    VERIFY_SAYS(said("triton_whatever", value(3)), "are reserved");
    InferCall shared = callWith({texts("text", {1}, {"a"})});
    (*shared.inputs[0].parameters.mutable_fields())["shared_memory_region"].set_string_value("x");
    VERIFY_SAYS(refusal(shared), "'shared_memory_region' of tensor 'text' is not supported");
    InferCall classes = callWith({texts("text", {1}, {"a"})});
    classes.outputs.push_back({"embedding", false, {}});
    (*classes.outputs[0].parameters.mutable_fields())["classification"] = value(3);
    VERIFY_SAYS(refusal(classes), "top_k");
}

void TestOipInfer::outputsAreCheckedBeforeAnythingRuns() {
    InferCall call = callWith({texts("text", {1}, {"a"})});
    call.outputs = {{"vector", false, {}}};
    VERIFY_SAYS(refusal(call), "unexpected inference output 'vector' for the model org/repo; it gives embedding");
    call.outputs = {{"embedding", false, {}}, {"embedding", false, {}}};
    VERIFY_SAYS(refusal(call), "asked for twice");
    call.inputs.push_back(call.inputs.front());
    call.outputs.clear();
    VERIFY_SAYS(refusal(call), "'text' is given twice");
    VERIFY_SAYS(refusal(callWith({texts("text", {1}, {"a"})}), v1::TASK_TYPE_TXT2IMG), "does txt2img");
    VERIFY_SAYS(refusal(callWith({texts("query", {1}, {"a"})}), v1::TASK_TYPE_TXTPAIR2SCORE),
                "wants either query and documents, or pairs; this request has query");
}

void TestOipInfer::vectorsGoOutBitForBitFromEitherForm() {
    const std::vector<float> values{0.1F, -0.0F, 1e-42F, 3.5F};
    v1::InferenceResponse rows;
    for (int row = 0; row < 2; ++row) {
        v1::Embedding& embedding = *rows.mutable_output_data()->mutable_embedding_batch()->add_embeddings();
        embedding.add_values(values[static_cast<std::size_t>(row) * 2]);
        embedding.add_values(values[static_cast<std::size_t>(row) * 2 + 1]);
    }
    v1::InferenceResponse matrix;
    v1::EmbeddingMatrix& packed = *matrix.mutable_output_data()->mutable_embedding_matrix();
    packed.set_rows(2);
    packed.set_dimension(2);
    packed.set_data(values.data(), values.size() * sizeof(float));
    for (const v1::InferenceResponse& response : {rows, matrix}) {
        const auto tensors = outputTensors(response, {});
        QVERIFY(tensors.ok());
        QCOMPARE(tensors->size(), 1UL);
        QCOMPARE(tensors->front().name, std::string("embedding"));
        QCOMPARE(tensors->front().shape, (Shape{2, 2}));
        QVERIFY(std::memcmp(tensors->front().bytes().data(), values.data(), values.size() * sizeof(float)) == 0);
    }
    packed.set_rows(3);
    QVERIFY(!outputTensors(matrix, {}).ok());
    rows.mutable_output_data()->mutable_embedding_batch()->mutable_embeddings(1)->add_values(1);
    QVERIFY(!outputTensors(rows, {}).ok());
}

void TestOipInfer::labelsBecomeAMatrix() {
    v1::InferenceResponse response;
    for (const float best : {0.75F, 0.5F}) {
        auto& row = *response.mutable_output_data()->mutable_classification_batch()->add_classifications();
        v1::LabelScore& first = *row.add_labels();
        first.set_label("good");
        first.set_score(best);
        v1::LabelScore& second = *row.add_labels();
        second.set_label("bad");
        second.set_score(1 - best);
    }
    const auto tensors = outputTensors(response, {});
    QVERIFY(tensors.ok());
    QCOMPARE(tensors->at(0).name, std::string("label"));
    QCOMPARE(tensors->at(0).shape, (Shape{2, 2}));
    QCOMPARE(tensors->at(0).bytes(), raw({"good", "bad", "good", "bad"}));
    QCOMPARE(floatsOf(tensors->at(1)), (std::vector<float>{0.75F, 0.25F, 0.5F, 0.5F}));
}

void TestOipInfer::onlyWhatWasAskedForComesBack() {
    v1::InferenceResponse response;
    auto& row = *response.mutable_output_data()->mutable_classification_batch()->add_classifications();
    row.add_labels()->set_label("good");
    InferCall call;
    call.outputs = {{"score", true, {}}, {"label", false, {}}};
    const auto both = outputTensors(response, call);
    QVERIFY(both.ok());
    QCOMPARE(both->at(0).name, std::string("score"));
    QVERIFY(both->at(0).binary);
    QVERIFY(!both->at(1).binary);
    response.mutable_output_data()->mutable_scores()->add_values(1);
    const auto missing = outputTensors(response, call);
    QVERIFY(!missing.ok());
    VERIFY_SAYS(missing.error().message, "gives no output 'label' for this request; it gives score");
}

void TestOipInfer::aVersionBelongsToTheModelsName() {
    QCOMPARE(*versionedModel("org/repo", ""), std::string("org/repo"));
    QCOMPARE(*versionedModel("org/repo", "2"), std::string("org/repo@2"));
    QCOMPARE(*versionedModel("org/repo@2", "2"), std::string("org/repo@2"));
    QVERIFY(!versionedModel("org/repo@1", "2").ok());
}

QTEST_APPLESS_MAIN(TestOipInfer)
#include "test_oip_infer.moc"

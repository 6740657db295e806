#include "engine/rest/routes/tei/tei_json.h"

#include "engine/rest/json/body_fields.h"
#include "engine/rest/json/input_json.h"
#include "engine/rest/json/json_writer.h"
#include "engine/rest/routes/ranking.h"

#include <array>

namespace mm::rest::tei {
namespace {

namespace v1 = modelmora::v1;
using Field = BodyField<TeiRequest>;

v1::InputData& inputOf(TeiRequest& body) {
    return *body.inference->mutable_input_data();
}

google::protobuf::Value& parameter(TeiRequest& body, const char* name) {
    return (*body.inference->mutable_parameters()->mutable_fields())[name];
}

void readFlagParameter(JsonReader& reader, TeiRequest& body, const char* name, const FieldPath& path,
                       FieldErrors& errors) {
    bool flag = false;
    readFlag(reader, flag, path, errors);
    parameter(body, name).set_bool_value(flag);
}

void readModel(JsonReader& reader, TeiRequest& body, const FieldPath& path, FieldErrors& errors) {
    readModelId(reader, *body.inference->mutable_model_id(), path, errors);
}

void readTruncate(JsonReader& reader, TeiRequest& body, const FieldPath& path, FieldErrors& errors) {
    readFlagParameter(reader, body, "truncate", path, errors);
}

void readRawScores(JsonReader& reader, TeiRequest& body, const FieldPath& path, FieldErrors& errors) {
    readFlagParameter(reader, body, "raw_scores", path, errors);
}

void readDirection(JsonReader& reader, TeiRequest& /*body*/, const FieldPath& path, FieldErrors& errors) {
    std::string direction = "right";
    readText(reader, direction, path, errors);
    if (direction != "right" && direction != "Right")
        errors.add(path, notOneOf(direction, "right; inputs are cut at their end"));
}

void readEmbedInputs(JsonReader& reader, TeiRequest& body, const FieldPath& path, FieldErrors& errors) {
    readTextsOrTokens(reader, inputOf(body), path, errors);
}

// The strings of one input: a text, or the two of a pair.
std::vector<std::string> readSides(JsonReader& reader, const FieldPath& path, FieldErrors& errors) {
    std::vector<std::string> sides;
    std::int64_t index = 0;
    do
        readText(reader, sides.emplace_back(), path.item(index++), errors);
    while (reader.nextItem());
    if (!reader.isBroken() && sides.size() > 2)
        errors.add(path, "expected one text or a pair of them, found " + std::to_string(sides.size()));
    return sides;
}

void addInput(std::vector<std::string> sides, TeiRequest& body, const FieldPath& path, FieldErrors& errors) {
    v1::InputData& input = inputOf(body);
    const bool isPair = sides.size() > 1;
    if (isPair ? input.has_text_batch() : input.has_text_pairs())
        return errors.add(path, "texts and pairs cannot be mixed in one request; send them in two");
    if (!isPair) {
        *input.mutable_text_batch()->add_texts() = std::move(sides.front());
        return;
    }
    v1::TextPair& pair = *input.mutable_text_pairs()->add_pairs();
    *pair.mutable_first() = std::move(sides[0]);
    *pair.mutable_second() = std::move(sides[1]);
}

// "text", ["text"], ["first", "second"], or a list of such lists.
void readPredictInputs(JsonReader& reader, TeiRequest& body, const FieldPath& path, FieldErrors& errors) {
    if (reader.kind() == JsonKind::String)
        return readText(reader, *inputOf(body).mutable_text_batch()->add_texts(), path, errors);
    if (reader.kind() != JsonKind::Array)
        return errors.wrongKind(reader, path, "a text, a pair of texts, or a list of such lists");
    reader.enterArray();
    if (!reader.nextItem())
        return errors.add(path, "needs at least one text");
    body.isBatch = reader.kind() == JsonKind::Array;
    if (!body.isBatch)
        return addInput(readSides(reader, path, errors), body, path, errors);
    std::int64_t index = 0;
    do {
        const FieldPath item = path.item(index++);
        if (reader.kind() != JsonKind::Array)
            errors.wrongKind(reader, item, "a list of one or two texts");
        else if (reader.enterArray() && reader.nextItem())
            addInput(readSides(reader, item, errors), body, item, errors);
        else if (!reader.isBroken())
            errors.add(item, "needs at least one text");
    } while (reader.nextItem());
}

void readFunction(JsonReader& reader, TeiRequest& body, const FieldPath& path, FieldErrors& errors) {
    std::string function = "none";
    readText(reader, function, path, errors);
    if (function == "none")
        parameter(body, "raw_scores").set_bool_value(true);
    else
        errors.add(path, notOneOf(function, "none; left out, the model's own function is applied"));
}

void readTopK(JsonReader& reader, TeiRequest& body, const FieldPath& path, FieldErrors& errors) {
    std::int64_t count = 1;
    readCount(reader, count, path, errors);
    parameter(body, "top_k").set_number_value(static_cast<double>(count));
}

void readParameters(JsonReader& reader, TeiRequest& body, const FieldPath& path, FieldErrors& errors) {
    if (reader.kind() != JsonKind::Object)
        return errors.wrongKind(reader, path, "an object");
    reader.enterObject();
    std::string name;
    while (reader.nextKey(name)) {
        const FieldPath at = path.field(name);
        if (reader.kind() == JsonKind::Null)
            reader.readNull();
        else if (name == "function_to_apply")
            readFunction(reader, body, at, errors);
        else if (name == "top_k")
            readTopK(reader, body, at, errors);
        else
            errors.unknown(reader, at, {"function_to_apply", "top_k"});
    }
}

constexpr Field kModel{"model", readModel};
constexpr Field kTruncate{"truncate", readTruncate};
constexpr Field kDirection{"truncation_direction", readDirection};
constexpr Field kRawScores{"raw_scores", readRawScores};

constexpr std::array<Field, 7> kEmbedFields{{
    kModel,
    {"inputs", readEmbedInputs, true},
    kTruncate,
    kDirection,
    {"normalize", [](JsonReader& reader, TeiRequest& body, const FieldPath& path,
                     FieldErrors& errors) { readFlagParameter(reader, body, "normalize", path, errors); }},
    {"prompt_name",
     [](JsonReader& reader, TeiRequest& body, const FieldPath& path, FieldErrors& errors) {
         readText(reader, *parameter(body, "prompt_name").mutable_string_value(), path, errors);
     }},
    {"dimensions",
     [](JsonReader& reader, TeiRequest& body, const FieldPath& path, FieldErrors& errors) {
         std::int64_t dimensions = 1;
         readCount(reader, dimensions, path, errors);
         parameter(body, "dimensions").set_number_value(static_cast<double>(dimensions));
     }},
}};

constexpr std::array<Field, 7> kRerankFields{{
    kModel,
    {"query",
     [](JsonReader& reader, TeiRequest& body, const FieldPath& path, FieldErrors& errors) {
         readQuery(reader, inputOf(body), path, errors);
     },
     true},
    {"texts",
     [](JsonReader& reader, TeiRequest& body, const FieldPath& path, FieldErrors& errors) {
         readDocuments(reader, inputOf(body), path, errors);
     },
     true},
    kTruncate,
    kDirection,
    kRawScores,
    {"return_text", [](JsonReader& reader, TeiRequest& body, const FieldPath& path,
                       FieldErrors& errors) { readFlag(reader, body.returnText, path, errors); }},
}};

constexpr std::array<Field, 5> kPredictFields{
    {kModel, {"inputs", readPredictInputs, true}, kTruncate, kDirection, kRawScores}};

constexpr std::array<Field, 5> kClassifyFields{
    {kModel, {"inputs", readPredictInputs, true}, {"parameters", readParameters}, kTruncate, kRawScores}};

template <std::size_t N>
Result<TeiRequest> read(std::string_view json, const std::array<Field, N>& fields) {
    TeiRequest request;
    if (const Result<void> done = readFields<TeiRequest>(json, fields, request); !done)
        return done.error();
    return request;
}

void writeLabels(JsonWriter& writer, const v1::Classification& classification) {
    writer.beginArray();
    for (const v1::LabelScore& entry : classification.labels())
        writer.beginObject().key("score").number(entry.score()).field("label", entry.label()).endObject();
    writer.endArray();
}

void writeLabelMaps(JsonWriter& writer, const v1::ModelStatus& status) {
    writer.beginObject().key("id2label").beginObject();
    for (int i = 0; i < status.labels_size(); ++i)
        writer.field(std::to_string(i), status.labels(i));
    writer.endObject().key("label2id").beginObject();
    for (int i = 0; i < status.labels_size(); ++i)
        writer.field(status.labels(i), i);
    writer.endObject().endObject();
}

} // namespace

Result<TeiRequest> readEmbed(std::string_view json) {
    Result<TeiRequest> request = read(json, kEmbedFields);
    // Normalised unless the client says otherwise, whatever the model's own modules do.
    if (request && !request->inference->parameters().fields().contains("normalize"))
        parameter(*request, "normalize").set_bool_value(true);
    return request;
}

Result<TeiRequest> readRerank(std::string_view json) {
    return read(json, kRerankFields);
}

Result<TeiRequest> readPredict(std::string_view json) {
    return read(json, kPredictFields);
}

Result<TeiRequest> readClassify(std::string_view json) {
    MM_TRY(TeiRequest request, read(json, kClassifyFields));
    request.isBatch = true;
    return request;
}

EmbeddingForm embedForm() {
    return {[](JsonWriter& writer, const v1::InferenceResponse&) { writer.beginArray(); },
            [](JsonWriter& writer, std::size_t, std::span<const float> values) {
                writer.floats(values.data(), values.size());
            },
            [](JsonWriter& writer, const v1::InferenceResponse&) { writer.endArray(); }};
}

Result<Answer> embedAnswer(const v1::InferenceResponse& response, const TeiRequest& /*request*/) {
    return wholeByRows(embedForm(), response, 13);
}

Result<Answer> rerankAnswer(const v1::InferenceResponse& response, const TeiRequest& request) {
    MM_TRY(const std::vector<Ranked> documents, ranked(response));
    Answer answer;
    JsonWriter writer(answer.body);
    writer.beginArray();
    for (const Ranked& document : documents) {
        writer.beginObject().field("index", static_cast<std::int64_t>(document.index));
        if (request.returnText)
            writer.field("text",
                         request.inference->input_data().query_documents().documents(static_cast<int>(document.index)));
        writer.key("score").number(document.score).endObject();
    }
    writer.endArray();
    return answer;
}

Result<Answer> predictAnswer(const v1::InferenceResponse& response, const TeiRequest& request) {
    const auto& classifications = response.output_data().classification_batch().classifications();
    if (classifications.empty())
        return Error{ErrorCode::InvalidInput,
                     "the model " + response.model_id() + " gives no labels; /predict needs a model of txt2class"};
    Answer answer;
    JsonWriter writer(answer.body);
    if (request.isBatch)
        writer.beginArray();
    for (const v1::Classification& classification : classifications)
        writeLabels(writer, classification);
    if (request.isBatch)
        writer.endArray();
    return answer;
}

Answer infoAnswer(const v1::Model& model, const v1::ModelStatus& status) {
    Answer answer;
    JsonWriter writer(answer.body);
    const bool isLoaded = status.max_sequence_length() > 0;
    writer.beginObject().field("model_id", model.model_id()).field("model_sha", model.version()).key("model_dtype");
    isLoaded ? writer.string(status.dtype()) : writer.null();
    writer.key("model_type").beginObject();
    if (model.task_type() == v1::TASK_TYPE_TXT2EMBED)
        writer.key("embedding").beginObject().endObject();
    else
        writeLabelMaps(writer.key(model.task_type() == v1::TASK_TYPE_TXT2CLASS ? "classifier" : "reranker"), status);
    writer.endObject().key("max_input_length");
    isLoaded ? writer.integer(status.max_sequence_length()) : writer.null();
    writer.key("auto_truncate").boolean(true).field("version", MM_VERSION).endObject();
    return answer;
}

} // namespace mm::rest::tei

#include "engine/rest/routes/native/inference_json.h"

#include "engine/ipc/names.h"
#include "engine/rest/json/proto_writer.h"
#include "engine/rest/json/struct_json.h"
#include "engine/rest/routes/embedding_output.h"
#include "engine/rest/routes/native/jobs/job_options_json.h"

namespace mm::rest::native {
namespace {

namespace v1 = modelmora::v1;

constexpr std::int64_t kLongestTimeout = 600;
constexpr std::int64_t kLongestKeepAlive = 30LL * 24 * 3600; // -1 keeps the model for good

const std::vector<std::string_view>& topFields() {
    static const std::vector<std::string_view> names{
        "input_data", "parameters", "priority", "timeout_seconds", "keep_alive_seconds", "embedding_format", "job"};
    return names;
}

void readPriority(JsonReader& reader, v1::InferenceRequest& out, const FieldPath& path, FieldErrors& errors) {
    std::string text;
    if (reader.kind() != JsonKind::String)
        return errors.wrongKind(reader, path, "a string");
    if (!reader.readString(text))
        return;
    if (const auto priority = priorityFromName(text))
        out.set_priority(*priority);
    else
        errors.add(path, notOneOf(text, "critical, high, normal, low"));
}

void readEmbeddingFormat(JsonReader& reader, v1::InferenceRequest& out, const FieldPath& path, FieldErrors& errors) {
    std::string text;
    if (reader.kind() != JsonKind::String)
        return errors.wrongKind(reader, path, "a string");
    if (!reader.readString(text))
        return;
    if (text == "base64")
        out.set_embedding_format(v1::EMBEDDING_FORMAT_BYTES);
    else if (text == "floats")
        out.set_embedding_format(v1::EMBEDDING_FORMAT_FLOATS);
    else
        errors.add(path, notOneOf(text, "floats, base64"));
}

std::optional<std::int32_t> readSeconds(JsonReader& reader, std::int64_t least, std::int64_t most,
                                        const FieldPath& path, FieldErrors& errors) {
    JsonNumber number;
    if (reader.kind() != JsonKind::Number) {
        errors.wrongKind(reader, path, "an integer");
        return std::nullopt;
    }
    if (!reader.readNumber(number))
        return std::nullopt;
    const std::optional<std::int64_t> seconds = number.asInteger();
    if (seconds && *seconds >= least && *seconds <= most)
        return static_cast<std::int32_t>(*seconds);
    errors.add(path, "expected an integer from " + std::to_string(least) + " to " + std::to_string(most) + ", found " +
                         std::string(number.text.substr(0, 40)));
    return std::nullopt;
}

void readField(JsonReader& reader, std::string_view name, v1::InferenceRequest& out, const FieldPath& path,
               FieldErrors& errors) {
    if (name == "input_data")
        readInputData(reader, *out.mutable_input_data(), path, errors);
    else if (reader.kind() == JsonKind::Null)
        reader.readNull();
    else if (name == "parameters")
        readStruct(reader, *out.mutable_parameters(), path, errors);
    else if (name == "priority")
        readPriority(reader, out, path, errors);
    else if (name == "timeout_seconds") {
        if (const auto seconds = readSeconds(reader, 1, kLongestTimeout, path, errors))
            out.set_timeout_seconds(*seconds);
    } else if (name == "keep_alive_seconds") {
        if (const auto seconds = readSeconds(reader, -1, kLongestKeepAlive, path, errors))
            out.set_keep_alive_seconds(*seconds);
    } else if (name == "embedding_format")
        readEmbeddingFormat(reader, out, path, errors);
    else if (name == "job")
        readJobOptions(reader, *out.mutable_job(), path, errors);
    else
        errors.unknown(reader, path, topFields());
}

// From the end of output_data on.
void writeEnd(JsonWriter& writer, const v1::InferenceResponse& response) {
    writer.endObject().key("metadata");
    writeMessage(writer, response.metadata());
    writer.endObject();
}

} // namespace

Result<void> readInference(std::string_view json, v1::InferenceRequest& out) {
    JsonReader reader(json);
    FieldErrors errors;
    const FieldPath top;
    if (reader.kind() == JsonKind::Object) {
        reader.enterObject();
        std::string key;
        while (reader.nextKey(key)) {
            readField(reader, key, out, top.field(key), errors);
        }
        if (!reader.isBroken() && !out.has_input_data())
            errors.missing(top, "input_data");
    } else {
        errors.wrongKind(reader, top, "an object");
    }
    reader.end();
    if (reader.isBroken())
        return reader.error();
    if (!errors.empty())
        return errors.toError();
    return {};
}

Answer inferenceAnswer(const v1::InferenceResponse& response, const OutputForm& form) {
    Answer answer;
    answer.body.reserve(1024 + embeddingFloats(response) * (form.isBase64 ? 6 : 13));
    JsonWriter writer(answer.body);
    writer.beginObject().field("model_id", response.model_id()).key("output_data").beginObject();
    writeOutputData(writer, response.output_data(), form);
    writeEnd(writer, response);
    return answer;
}

AnswerForm inferenceForm(const OutputForm& form) {
    AnswerForm answers{[form](const v1::InferenceResponse& response) { return inferenceAnswer(response, form); }, {}};
    if (!form.isList)
        return answers;
    answers.rows.begin = [](JsonWriter& writer, const v1::InferenceResponse& response) {
        writer.beginObject().field("model_id", response.model_id()).key("output_data").beginObject();
        writer.key("embeddings").beginArray();
    };
    answers.rows.row = [form](JsonWriter& writer, std::size_t, std::span<const float> values) {
        writeEmbedding(writer, values, form);
    };
    answers.rows.end = [](JsonWriter& writer, const v1::InferenceResponse& response) {
        writer.endArray();
        writeEnd(writer, response);
    };
    return answers;
}

} // namespace mm::rest::native

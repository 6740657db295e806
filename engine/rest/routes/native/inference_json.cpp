#include "engine/rest/routes/native/inference_json.h"

#include "engine/base/near_match.h"
#include "engine/ipc/names.h"
#include "engine/rest/json/input_json.h"
#include "engine/rest/json/proto_writer.h"
#include "engine/rest/json/struct_json.h"
#include "engine/rest/routes/embedding_output.h"

namespace mm::rest::native {
namespace {

namespace v1 = modelmora::v1;

constexpr std::int64_t kLongestTimeout = 600;

const std::vector<std::string_view>& topFields() {
    static const std::vector<std::string_view> names{"input_data", "parameters", "priority", "timeout_seconds"};
    return names;
}

const std::vector<std::string_view>& inputFields() {
    static const std::vector<std::string_view> names{"text", "image", "token_ids"};
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

void readTimeout(JsonReader& reader, v1::InferenceRequest& out, const FieldPath& path, FieldErrors& errors) {
    JsonNumber number;
    if (reader.kind() != JsonKind::Number)
        return errors.wrongKind(reader, path, "an integer");
    if (!reader.readNumber(number))
        return;
    const std::optional<std::int64_t> seconds = number.asInteger();
    if (!seconds || *seconds < 1 || *seconds > kLongestTimeout)
        return errors.add(path, "expected an integer from 1 to 600, found " + std::string(number.text.substr(0, 40)));
    out.set_timeout_seconds(static_cast<std::int32_t>(*seconds));
}

// One of text, image and token_ids; whatever else is there belongs to the task and goes along.
void readInput(JsonReader& reader, v1::InputData& out, const FieldPath& path, FieldErrors& errors) {
    if (reader.kind() != JsonKind::Object)
        return errors.wrongKind(reader, path, "an object");
    reader.enterObject();
    std::string key;
    std::string data;
    std::string misspelt;
    while (reader.nextKey(key)) {
        const std::string name = key;
        const FieldPath field = path.field(name);
        const bool isData = name == "text" || name == "image" || name == "token_ids";
        if (reader.kind() == JsonKind::Null && isData) {
            reader.readNull();
        } else if (isData && !data.empty()) {
            errors.add(field, "only one of text, image and token_ids can be given, and " + data + " is there already");
            reader.skip();
        } else if (isData) {
            data = name;
            if (name == "text")
                readTexts(reader, out, field, errors);
            else if (name == "image")
                readImages(reader, out, field, errors);
            else
                readTokens(reader, out, field, errors);
        } else {
            misspelt = nearMatch(name, inputFields()) ? name : misspelt;
            readValue(reader, (*out.mutable_custom_data()->mutable_fields())[name], field, errors);
        }
    }
    if (reader.isBroken() || !data.empty())
        return;
    if (!misspelt.empty())
        errors.add(path.field(misspelt),
                   "unknown field; did you mean \"" + nearMatch(misspelt, inputFields()).value_or("") + "\"?");
    else if (!out.has_custom_data())
        errors.add(path, "needs one of text, image and token_ids");
}

void readField(JsonReader& reader, std::string_view name, v1::InferenceRequest& out, const FieldPath& path,
               FieldErrors& errors) {
    if (name == "input_data")
        readInput(reader, *out.mutable_input_data(), path, errors);
    else if (reader.kind() == JsonKind::Null)
        reader.readNull();
    else if (name == "parameters")
        readStruct(reader, *out.mutable_parameters(), path, errors);
    else if (name == "priority")
        readPriority(reader, out, path, errors);
    else if (name == "timeout_seconds")
        readTimeout(reader, out, path, errors);
    else
        errors.unknown(reader, path, topFields());
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

Answer inferenceAnswer(const v1::InferenceResponse& response, bool isList) {
    Answer answer;
    answer.body.reserve(1024 + embeddingFloats(response) * 13);
    JsonWriter writer(answer.body);
    writer.beginObject().field("model_id", response.model_id()).key("output_data").beginObject();
    const v1::OutputData& output = response.output_data();
    if (const std::size_t count = embeddingCount(output); count > 0 || output.has_embedding_batch()) {
        const bool asList = isList || count != 1;
        writer.key(asList ? "embeddings" : "embedding");
        if (asList)
            writer.beginArray();
        for (std::size_t i = 0; i < count; ++i) {
            const auto& values = embeddingAt(output, i).values();
            writer.floats(values.data(), static_cast<std::size_t>(values.size()));
        }
        if (asList)
            writer.endArray();
    }
    if (output.has_text())
        writer.field("text", output.text());
    if (output.has_image_url())
        writer.field("image_url", output.image_url());
    if (output.has_image_data())
        writer.key("image_base64").bytesAsBase64(output.image_data());
    for (const auto& [name, value] : output.custom_data().fields())
        writeValue(writer.key(name), value);
    writer.endObject().key("metadata");
    writeMessage(writer, response.metadata());
    writer.endObject();
    return answer;
}

} // namespace mm::rest::native

#include "engine/rest/routes/openai/embeddings_json.h"

#include "engine/rest/json/input_json.h"
#include "engine/rest/json/json_writer.h"

#include <limits>

namespace mm::rest::openai {
namespace {

namespace v1 = modelmora::v1;

const std::vector<std::string_view>& knownFields() {
    static const std::vector<std::string_view> names{"model", "input", "encoding_format", "dimensions", "user"};
    return names;
}

class EmbeddingsReader {
public:
    EmbeddingsReader(std::string_view json, const std::string& modelOfPath)
        : m_reader(json), m_hasModel(!modelOfPath.empty()) {}

    Result<EmbeddingsRequest> read();

private:
    void readField(const std::string& name);
    void readInput(const FieldPath& path);
    void readFormat(const FieldPath& path);
    void readDimensions(const FieldPath& path);
    bool readText(const FieldPath& path, std::string& out);

    JsonReader m_reader;
    FieldErrors m_errors;
    EmbeddingsRequest m_request{std::make_shared<v1::InferenceRequest>()};
    bool m_hasModel;
    bool m_hasInput = false;
};

Result<EmbeddingsRequest> EmbeddingsReader::read() {
    if (m_reader.kind() == JsonKind::Object) {
        m_reader.enterObject();
        std::string key;
        while (m_reader.nextKey(key)) {
            readField(key);
        }
        if (!m_hasModel && !m_reader.isBroken())
            m_errors.missing({}, "model");
        if (!m_hasInput && !m_reader.isBroken())
            m_errors.missing({}, "input");
    } else {
        m_errors.wrongKind(m_reader, {}, "an object");
    }
    m_reader.end();
    if (m_reader.isBroken())
        return m_reader.error();
    if (!m_errors.empty())
        return m_errors.toError();
    return std::move(m_request);
}

void EmbeddingsReader::readField(const std::string& name) {
    const FieldPath path{nullptr, name};
    if (m_reader.kind() == JsonKind::Null) {
        m_reader.readNull();
    } else if (name == "model") {
        m_hasModel = true;
        if (readText(path, *m_request.inference->mutable_model_id()) &&
            m_request.inference->model_id().find('\0') != std::string::npos)
            m_errors.add(path, "it holds a NUL character");
    } else if (name == "input") {
        m_hasInput = true;
        readInput(path);
    } else if (name == "encoding_format") {
        readFormat(path);
    } else if (name == "dimensions") {
        readDimensions(path);
    } else if (name == "user") { // for the client's own records
        std::string user;
        readText(path, user);
    } else {
        m_errors.unknown(m_reader, path, knownFields());
    }
}

void EmbeddingsReader::readInput(const FieldPath& path) {
    v1::InputData& input = *m_request.inference->mutable_input_data();
    readTextsOrTokens(m_reader, input, path, m_errors);
    if (m_reader.isBroken() || !m_errors.empty())
        return;
    if (input.has_text() && input.text().empty())
        m_errors.add(path, "must not be an empty string");
    for (int i = 0; i < input.text_batch().texts_size(); ++i)
        if (input.text_batch().texts(i).empty())
            m_errors.add(path.item(i), "must not be an empty string");
}

void EmbeddingsReader::readFormat(const FieldPath& path) {
    std::string format;
    if (!readText(path, format))
        return;
    m_request.asBase64 = format == "base64";
    if (format != "float" && format != "base64")
        m_errors.add(path, notOneOf(format, "float, base64"));
}

void EmbeddingsReader::readDimensions(const FieldPath& path) {
    JsonNumber number;
    if (m_reader.kind() != JsonKind::Number)
        return m_errors.wrongKind(m_reader, path, "an integer");
    if (!m_reader.readNumber(number))
        return;
    const std::optional<std::int64_t> dimensions = number.asInteger();
    if (!dimensions || *dimensions < 1 || *dimensions > std::numeric_limits<std::int32_t>::max())
        return m_errors.add(path, "expected a positive integer, found " + std::string(number.text.substr(0, 40)));
    (*m_request.inference->mutable_parameters()->mutable_fields())["dimensions"].set_number_value(
        static_cast<double>(*dimensions));
}

bool EmbeddingsReader::readText(const FieldPath& path, std::string& out) {
    if (m_reader.kind() == JsonKind::String)
        return m_reader.readString(out);
    m_errors.wrongKind(m_reader, path, "a string");
    return false;
}

} // namespace

Result<EmbeddingsRequest> readEmbeddings(std::string_view json, const std::string& modelOfPath) {
    MM_TRY(EmbeddingsRequest request, EmbeddingsReader(json, modelOfPath).read());
    if (!modelOfPath.empty())
        request.inference->set_model_id(modelOfPath);
    return request;
}

AnswerForm embeddingsForm(bool asBase64) {
    EmbeddingForm form;
    form.begin = [](JsonWriter& writer, const v1::InferenceResponse&) {
        writer.beginObject().field("object", "list").key("data").beginArray();
    };
    form.row = [asBase64](JsonWriter& writer, std::size_t index, std::span<const float> values) {
        writer.beginObject().field("object", "embedding").field("index", static_cast<std::int64_t>(index));
        writer.key("embedding");
        if (asBase64)
            writer.floatsAsBase64(values.data(), values.size());
        else
            writer.floats(values.data(), values.size());
        writer.endObject();
    };
    form.end = [](JsonWriter& writer, const v1::InferenceResponse& response) {
        const std::int64_t tokens = response.metadata().input_tokens();
        writer.endArray().field("model", response.model_id()).key("usage").beginObject();
        writer.field("prompt_tokens", tokens).field("total_tokens", tokens).endObject().endObject();
    };
    return {[form, asBase64](const v1::InferenceResponse& response) {
                return wholeByRows(form, response, asBase64 ? 6 : 13);
            },
            form};
}

} // namespace mm::rest::openai

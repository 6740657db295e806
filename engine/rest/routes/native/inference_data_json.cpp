#include "engine/rest/routes/native/inference_data_json.h"

#include "engine/base/near_match.h"
#include "engine/rest/json/input_json.h"
#include "engine/rest/json/struct_json.h"
#include "engine/rest/routes/embedding_output.h"

#include <algorithm>
#include <array>

namespace mm::rest::native {
namespace {

namespace v1 = modelmora::v1;

struct Field {
    std::string_view name;
    // Fields of one kind belong together; of different kinds only one may be given.
    std::string_view kind;
    void (*read)(JsonReader&, v1::InputData&, const FieldPath&, FieldErrors&);
};

constexpr std::string_view kQueryKind = "query with documents";
constexpr std::string_view kKinds = "text, image, token_ids, text_pairs and query with documents";
constexpr std::array<Field, 6> kFields{{{"text", "text", readTexts},
                                        {"image", "image", readImages},
                                        {"token_ids", "token_ids", readTokens},
                                        {"text_pairs", "text_pairs", readTextPairs},
                                        {"query", kQueryKind, readQuery},
                                        {"documents", kQueryKind, readDocuments}}};

const std::vector<std::string_view>& fieldNames() {
    static const std::vector<std::string_view> names = [] {
        std::vector<std::string_view> all(kFields.size());
        std::transform(kFields.begin(), kFields.end(), all.begin(), [](const Field& field) { return field.name; });
        return all;
    }();
    return names;
}

const Field* fieldNamed(std::string_view name) {
    const auto found = std::find_if(kFields.begin(), kFields.end(), [&](const Field& f) { return f.name == name; });
    return found == kFields.end() ? nullptr : &*found;
}

class InputReader {
public:
    InputReader(JsonReader& reader, v1::InputData& out, FieldErrors& errors)
        : m_reader(reader), m_out(out), m_errors(errors) {}

    void read(const FieldPath& path) {
        m_reader.enterObject();
        std::string key;
        while (m_reader.nextKey(key))
            readField(key, path.field(key));
        if (!m_reader.isBroken())
            checkWhole(path);
    }

private:
    void readField(const std::string& name, const FieldPath& path) {
        const Field* field = fieldNamed(name);
        if (field == nullptr) {
            m_misspelt = nearMatch(name, fieldNames()) ? name : m_misspelt;
            readValue(m_reader, (*m_out.mutable_custom_data()->mutable_fields())[name], path, m_errors);
        } else if (m_reader.kind() == JsonKind::Null) {
            m_reader.readNull();
        } else if (!m_kind.empty() && m_kind != field->kind) {
            m_errors.add(path, "only one of " + std::string(kKinds) + " can be given, and " + std::string(m_kind) +
                                   " is there already");
            m_reader.skip();
        } else {
            m_kind = field->kind;
            m_given.push_back(field->name);
            field->read(m_reader, m_out, path, m_errors);
        }
    }

    void checkWhole(const FieldPath& path) {
        if (m_kind == kQueryKind && m_given.size() == 1)
            m_errors.missing(path, m_given.front() == "query" ? "documents" : "query");
        if (!m_kind.empty())
            return;
        if (!m_misspelt.empty())
            m_errors.add(path.field(m_misspelt),
                         "unknown field; did you mean \"" + nearMatch(m_misspelt, fieldNames()).value_or("") + "\"?");
        else if (!m_out.has_custom_data())
            m_errors.add(path, "needs one of " + std::string(kKinds));
    }

    JsonReader& m_reader;
    v1::InputData& m_out;
    FieldErrors& m_errors;
    std::string_view m_kind;
    std::vector<std::string_view> m_given;
    std::string m_misspelt;
};

void writeEmbeddings(JsonWriter& writer, const v1::OutputData& output, const OutputForm& form) {
    const std::size_t count = embeddingCount(output);
    if (count == 0 && !output.has_embedding_batch() && !output.has_embedding_matrix())
        return;
    const bool asList = form.isList || count != 1;
    writer.key(asList ? "embeddings" : "embedding");
    if (asList)
        writer.beginArray();
    for (std::size_t i = 0; i < count; ++i)
        writeEmbedding(writer, embeddingAt(output, i), form);
    if (asList)
        writer.endArray();
}

void writeClassifications(JsonWriter& writer, const v1::ClassificationBatch& batch) {
    writer.key("classifications").beginArray();
    for (const v1::Classification& classification : batch.classifications()) {
        writer.beginArray();
        for (const v1::LabelScore& entry : classification.labels())
            writer.beginObject().field("label", entry.label()).key("score").number(entry.score()).endObject();
        writer.endArray();
    }
    writer.endArray();
}

} // namespace

void readInputData(JsonReader& reader, v1::InputData& out, const FieldPath& path, FieldErrors& errors) {
    if (reader.kind() != JsonKind::Object)
        return errors.wrongKind(reader, path, "an object");
    InputReader(reader, out, errors).read(path);
}

void writeEmbedding(JsonWriter& writer, std::span<const float> values, const OutputForm& form) {
    if (form.isBase64)
        writer.floatsAsBase64(values.data(), values.size());
    else
        writer.floats(values.data(), values.size());
}

void writeOutputData(JsonWriter& writer, const v1::OutputData& output, const OutputForm& form) {
    writeEmbeddings(writer, output, form);
    if (output.has_scores())
        writer.key("scores").floats(output.scores().values().data(),
                                    static_cast<std::size_t>(output.scores().values_size()));
    if (output.has_classification_batch())
        writeClassifications(writer, output.classification_batch());
    if (output.has_text())
        writer.field("text", output.text());
    if (output.has_image_url())
        writer.field("image_url", output.image_url());
    if (output.has_image_data())
        writer.key("image_base64").bytesAsBase64(output.image_data());
    for (const auto& [name, value] : output.custom_data().fields())
        writeValue(writer.key(name), value);
}

} // namespace mm::rest::native

#include "engine/rest/routes/rerank/rerank_json.h"

#include "engine/rest/json/body_fields.h"
#include "engine/rest/json/json_writer.h"
#include "engine/rest/routes/ranking.h"

#include <array>

namespace mm::rest::rerank {
namespace {

namespace v1 = modelmora::v1;
using Field = BodyField<RerankRequest>;

v1::QueryDocuments& inputOf(RerankRequest& body) {
    return *body.inference->mutable_input_data()->mutable_query_documents();
}

void readModel(JsonReader& reader, RerankRequest& body, const FieldPath& path, FieldErrors& errors) {
    readModelId(reader, *body.inference->mutable_model_id(), path, errors);
}

// {"text": "…"}; what else the object holds is the client's own.
void readDocumentObject(JsonReader& reader, std::string& out, const FieldPath& path, FieldErrors& errors) {
    reader.enterObject();
    std::string key;
    bool hasText = false;
    while (reader.nextKey(key)) {
        if (key != "text") {
            reader.skip();
            continue;
        }
        hasText = true;
        readText(reader, out, path.field("text"), errors);
    }
    if (!hasText && !reader.isBroken())
        errors.missing(path, "text");
}

void readDocuments(JsonReader& reader, RerankRequest& body, const FieldPath& path, FieldErrors& errors) {
    if (reader.kind() != JsonKind::Array)
        return errors.wrongKind(reader, path, "a list of documents");
    v1::QueryDocuments& input = inputOf(body);
    reader.enterArray();
    for (std::int64_t index = 0; reader.nextItem(); ++index) {
        std::string& document = *input.add_documents();
        if (reader.kind() == JsonKind::Object)
            readDocumentObject(reader, document, path.item(index), errors);
        else if (reader.kind() == JsonKind::String)
            reader.readString(document);
        else
            errors.wrongKind(reader, path.item(index), "a string or an object with a text");
    }
    if (!reader.isBroken() && input.documents().empty())
        errors.add(path, "needs at least one document");
}

constexpr std::array<Field, 5> kFields{{
    {"model", readModel, true},
    {"query",
     [](JsonReader& reader, RerankRequest& body, const FieldPath& path, FieldErrors& errors) {
         readText(reader, *inputOf(body).mutable_query(), path, errors);
     },
     true},
    {"documents", readDocuments, true},
    {"top_n", [](JsonReader& reader, RerankRequest& body, const FieldPath& path,
                 FieldErrors& errors) { readCount(reader, body.topN, path, errors); }},
    {"return_documents", [](JsonReader& reader, RerankRequest& body, const FieldPath& path,
                            FieldErrors& errors) { readFlag(reader, body.returnDocuments, path, errors); }},
}};

} // namespace

Result<RerankRequest> readRerank(std::string_view json, Version version) {
    RerankRequest request;
    request.returnDocuments = version == Version::One;
    if (const Result<void> read = readFields<RerankRequest>(json, kFields, request); !read)
        return read.error();
    return request;
}

Result<Answer> rerankAnswer(const v1::InferenceResponse& response, const RerankRequest& request, Version version) {
    MM_TRY(std::vector<Ranked> documents, ranked(response));
    if (request.topN > 0 && static_cast<std::size_t>(request.topN) < documents.size())
        documents.resize(static_cast<std::size_t>(request.topN));
    Answer answer;
    JsonWriter writer(answer.body);
    writer.beginObject().field("id", response.metadata().request_id()).field("object", "list");
    writer.field("model", response.model_id()).key("results").beginArray();
    for (const Ranked& document : documents) {
        writer.beginObject().field("index", static_cast<std::int64_t>(document.index));
        writer.key("relevance_score").number(document.score);
        if (request.returnDocuments) {
            const auto& texts = request.inference->input_data().query_documents().documents();
            writer.key("document").beginObject();
            writer.field("text", texts[static_cast<int>(document.index)]).endObject();
        }
        writer.endObject();
    }
    const std::int64_t tokens = response.metadata().input_tokens();
    writer.endArray().key("usage").beginObject();
    writer.field("prompt_tokens", tokens).field("total_tokens", tokens).endObject();
    writer.key("meta").beginObject().key("api_version").beginObject();
    writer.field("version", version == Version::One ? "1" : "2").endObject();
    writer.key("tokens").beginObject().field("input_tokens", tokens).endObject().endObject().endObject();
    return answer;
}

} // namespace mm::rest::rerank

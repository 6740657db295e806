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

// {"text": "…", …}: its texts; what else the object holds is the client's own.
void readDocumentObject(JsonReader& reader, std::map<std::string, std::string>& out) {
    reader.enterObject();
    std::string key;
    while (reader.nextKey(key)) {
        if (reader.kind() == JsonKind::String)
            reader.readString(out[key]);
        else
            reader.skip();
    }
}

void readDocuments(JsonReader& reader, RerankRequest& body, const FieldPath& path, FieldErrors& errors) {
    if (reader.kind() != JsonKind::Array)
        return errors.wrongKind(reader, path, "a list of documents");
    v1::QueryDocuments& input = inputOf(body);
    reader.enterArray();
    for (std::int64_t index = 0; reader.nextItem(); ++index) {
        std::string& document = *input.add_documents();
        if (reader.kind() == JsonKind::Object) {
            readDocumentObject(reader, body.objects[static_cast<int>(index)]);
        } else if (reader.kind() == JsonKind::String) {
            reader.readString(document);
        } else {
            errors.wrongKind(reader, path.item(index), "a string or an object with a text");
        }
    }
    if (!reader.isBroken() && input.documents().empty())
        errors.add(path, "needs at least one document");
}

void readRankFields(JsonReader& reader, RerankRequest& body, const FieldPath& path, FieldErrors& errors) {
    if (reader.kind() != JsonKind::Array)
        return errors.wrongKind(reader, path, "a list of names");
    body.rankFields.clear();
    reader.enterArray();
    for (std::int64_t index = 0; reader.nextItem(); ++index)
        readText(reader, body.rankFields.emplace_back(), path.item(index), errors);
    if (!reader.isBroken() && body.rankFields.empty())
        errors.add(path, "needs at least one name");
}

// Bounds that clients send along. A document is always one piece here, cut to what the model takes.
void readBound(JsonReader& reader, RerankRequest& /*body*/, const FieldPath& path, FieldErrors& errors) {
    std::int64_t bound = 1;
    readCount(reader, bound, path, errors);
}

// Of each object the texts that are to be compared, in the order of rank_fields, one a line.
Result<void> chooseTexts(RerankRequest& body) {
    FieldErrors errors;
    const FieldPath documents{nullptr, "documents"};
    for (const auto& [index, texts] : body.objects) {
        std::string& document = *inputOf(body).mutable_documents(index);
        bool hasAny = false;
        for (const std::string& name : body.rankFields) {
            const auto found = texts.find(name);
            if (found == texts.end())
                continue;
            if (hasAny)
                document += '\n';
            document += found->second;
            hasAny = true;
        }
        if (!hasAny)
            errors.missing(documents.item(index), body.rankFields.front());
    }
    body.objects.clear();
    if (!errors.empty())
        return errors.toError();
    return {};
}

constexpr std::array<Field, 8> kFields{{
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
    {"rank_fields", readRankFields},
    {"max_chunks_per_doc", readBound},
    {"max_tokens_per_doc", readBound},
}};

} // namespace

Result<RerankRequest> readRerank(std::string_view json, Version version) {
    RerankRequest request;
    request.returnDocuments = version == Version::One;
    if (const Result<void> read = readFields<RerankRequest>(json, kFields, request); !read)
        return read.error();
    MM_CHECK(chooseTexts(request));
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

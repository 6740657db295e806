#include "engine/rest/routes/oip/model_json.h"

#include "engine/ipc/names.h"
#include "engine/rest/json/body_fields.h"
#include "engine/rest/json/json_writer.h"
#include "engine/rest/json/struct_json.h"
#include "engine/rest/routes/oip/tensor_json.h"

#include <array>

namespace mm::rest::oip {
namespace {

namespace core = dialects::oip;

void writeSpecs(JsonWriter& writer, std::string_view name, const std::vector<core::TensorSpec>& specs) {
    writer.key(name).beginArray();
    for (const core::TensorSpec& spec : specs) {
        writer.beginObject().field("name", spec.name).field("datatype", spec.datatype).key("shape");
        writeShape(writer, spec.shape);
        writer.endObject();
    }
    writer.endArray();
}

std::string configType(std::string_view datatype) {
    return datatype == core::kBytes ? "TYPE_STRING" : "TYPE_" + std::string(datatype);
}

void writeConfigSpecs(JsonWriter& writer, std::string_view name, const std::vector<core::TensorSpec>& specs,
                      bool isInput) {
    writer.key(name).beginArray();
    for (const core::TensorSpec& spec : specs) {
        writer.beginObject().field("name", spec.name).field("data_type", configType(spec.datatype)).key("dims");
        writeShape(writer, spec.shape);
        if (isInput)
            writer.key("optional").boolean(spec.optional);
        writer.endObject();
    }
    writer.endArray();
}

void writeDuration(JsonWriter& writer, std::string_view name, std::uint64_t count, std::uint64_t ns) {
    writer.key(name).beginObject();
    writer.field("count", static_cast<std::int64_t>(count)).field("ns", static_cast<std::int64_t>(ns)).endObject();
}

void writeStatistics(JsonWriter& writer, const core::ModelStatistics& of) {
    writer.beginObject().field("name", of.name).field("version", of.version);
    writer.field("last_inference", static_cast<std::int64_t>(of.lastInferenceMs));
    writer.field("inference_count", static_cast<std::int64_t>(of.inferences));
    writer.field("execution_count", static_cast<std::int64_t>(of.executions));
    writer.key("inference_stats").beginObject();
    writeDuration(writer, "success", of.requests, of.queueNs + of.computeNs);
    writeDuration(writer, "queue", of.requests, of.queueNs);
    writeDuration(writer, "compute_infer", of.requests, of.computeNs);
    writer.endObject().key("batch_stats").beginArray().endArray().endObject();
}

} // namespace

Answer serverAnswer() {
    Answer answer;
    JsonWriter writer(answer.body);
    writer.beginObject().field("name", "modelmora").field("version", MM_VERSION).key("extensions").beginArray();
    for (const std::string_view extension : core::serverExtensions())
        writer.string(extension);
    writer.endArray().endObject();
    return answer;
}

Answer metadataAnswer(const core::ModelCard& card) {
    Answer answer;
    JsonWriter writer(answer.body);
    writer.beginObject().field("name", card.model.model_id()).key("versions").beginArray();
    for (const std::string& version : card.versions)
        writer.string(version);
    writer.endArray().field("platform", core::kPlatform);
    writeSpecs(writer, "inputs", card.signature.inputs);
    writeSpecs(writer, "outputs", card.signature.outputs);
    writer.endObject();
    return answer;
}

Answer configAnswer(const core::ModelCard& card) {
    Answer answer;
    JsonWriter writer(answer.body);
    writer.beginObject().field("name", card.model.model_id()).field("platform", core::kPlatform);
    writer.field("backend", "modelmora").field("max_batch_size", 0); // the first dimension of each tensor is the batch
    writeConfigSpecs(writer, "input", card.signature.inputs, true);
    writeConfigSpecs(writer, "output", card.signature.outputs, false);
    writer.key("parameters").beginObject();
    const std::array<std::pair<std::string_view, std::string_view>, 3> parameters{
        {{"task_type", taskName(card.model.task_type())},
         {"architecture", card.model.architecture()},
         {"version", card.model.version()}}};
    for (const auto& [name, value] : parameters)
        writer.key(name).beginObject().field("string_value", value).endObject();
    writer.endObject().key("model_transaction_policy").beginObject().key("decoupled").boolean(false);
    writer.endObject().endObject();
    return answer;
}

Answer statisticsAnswer(const std::vector<core::ModelStatistics>& all) {
    Answer answer;
    JsonWriter writer(answer.body);
    writer.beginObject().key("model_stats").beginArray();
    for (const core::ModelStatistics& of : all)
        writeStatistics(writer, of);
    writer.endArray().endObject();
    return answer;
}

Answer indexAnswer(const std::vector<core::IndexEntry>& entries) {
    Answer answer;
    JsonWriter writer(answer.body);
    writer.beginArray();
    for (const core::IndexEntry& entry : entries) {
        writer.beginObject().field("name", entry.name).field("version", entry.version);
        writer.field("state", entry.state).field("reason", entry.reason).endObject();
    }
    writer.endArray();
    return answer;
}

Result<IndexBody> readIndexBody(std::string_view json) {
    static constexpr std::array<BodyField<IndexBody>, 1> kFields{
        {{"ready", [](JsonReader& reader, IndexBody& body, const FieldPath& path, FieldErrors& errors) {
              readFlag(reader, body.onlyReady, path, errors);
          }}}};
    IndexBody body;
    if (!json.empty())
        MM_CHECK(readFields<IndexBody>(json, kFields, body));
    return body;
}

Result<RepositoryBody> readRepositoryBody(std::string_view json) {
    static constexpr std::array<BodyField<RepositoryBody>, 1> kFields{
        {{"parameters", [](JsonReader& reader, RepositoryBody& body, const FieldPath& path, FieldErrors& errors) {
              readStruct(reader, body.parameters, path, errors);
          }}}};
    RepositoryBody body;
    if (!json.empty())
        MM_CHECK(readFields<RepositoryBody>(json, kFields, body));
    return body;
}

} // namespace mm::rest::oip

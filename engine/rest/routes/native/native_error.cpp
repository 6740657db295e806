#include "engine/rest/routes/native/native_error.h"

#include "engine/rest/http_status.h"
#include "engine/rest/json/json_writer.h"

namespace mm::rest::native {
namespace {

void writeFact(JsonWriter& writer, const FactValue& fact) {
    if (const auto* flag = std::get_if<bool>(&fact)) {
        writer.boolean(*flag);
    } else if (const auto* integer = std::get_if<std::int64_t>(&fact)) {
        writer.integer(*integer);
    } else if (const auto* number = std::get_if<double>(&fact)) {
        writer.number(*number);
    } else if (const auto* text = std::get_if<std::string>(&fact)) {
        writer.string(*text);
    } else {
        writer.beginArray();
        for (const std::string& item : std::get<std::vector<std::string>>(fact))
            writer.string(item);
        writer.endArray();
    }
}

} // namespace

Answer errorAnswer(const Error& error, const std::string& traceId) {
    Answer answer{httpStatus(error.code), {}};
    JsonWriter writer(answer.body);
    writer.beginObject().field("error_code", errorName(error.code)).field("message", error.message);
    if (!error.facts.empty()) {
        writer.key("details").beginObject();
        for (const auto& [name, fact] : error.facts)
            writeFact(writer.key(name), fact);
        writer.endObject();
    }
    if (!error.fieldErrors.empty()) {
        writer.key("validation_errors").beginArray();
        for (const FieldError& field : error.fieldErrors)
            writer.beginObject().field("field", field.field).field("message", field.message).endObject();
        writer.endArray();
    }
    writer.field("trace_id", traceId).endObject();
    return answer;
}

} // namespace mm::rest::native

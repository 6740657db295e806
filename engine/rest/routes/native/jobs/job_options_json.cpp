#include "engine/rest/routes/native/jobs/job_options_json.h"

#include "engine/rest/json/proto_writer.h"
#include "engine/rest/routes/native/native_routes.h"

namespace mm::rest::native {
namespace {

namespace v1 = modelmora::v1;

void readText(JsonReader& reader, std::string& out, const FieldPath& path, FieldErrors& errors) {
    if (reader.kind() != JsonKind::String)
        return errors.wrongKind(reader, path, "a string");
    reader.readString(out);
}

void readSeconds(JsonReader& reader, v1::JobOptions& out, const FieldPath& path, FieldErrors& errors) {
    JsonNumber number;
    if (reader.kind() != JsonKind::Number)
        return errors.wrongKind(reader, path, "an integer");
    if (!reader.readNumber(number))
        return;
    const std::optional<std::int64_t> seconds = number.asInteger();
    if (!seconds || *seconds < 1)
        return errors.add(path, "expected seconds, 1 or more, found " + std::string(number.text.substr(0, 40)));
    out.set_keep_result_seconds(*seconds);
}

} // namespace

void readJobOptions(JsonReader& reader, v1::JobOptions& out, const FieldPath& path, FieldErrors& errors) {
    static const std::vector<std::string_view> names{"idempotency_key", "webhook_url", "webhook_secret",
                                                     "keep_result_seconds"};
    if (reader.kind() != JsonKind::Object)
        return errors.wrongKind(reader, path, "an object");
    reader.enterObject();
    std::string key;
    while (reader.nextKey(key)) {
        const FieldPath field = path.field(key);
        if (reader.kind() == JsonKind::Null)
            reader.readNull();
        else if (key == "idempotency_key")
            readText(reader, *out.mutable_idempotency_key(), field, errors);
        else if (key == "webhook_url")
            readText(reader, *out.mutable_webhook_url(), field, errors);
        else if (key == "webhook_secret")
            readText(reader, *out.mutable_webhook_secret(), field, errors);
        else if (key == "keep_result_seconds")
            readSeconds(reader, out, field, errors);
        else
            errors.unknown(reader, field, names);
    }
}

Answer acceptedAnswer(const v1::JobReference& job) {
    const std::string where = api("/jobs/") + job.job_id();
    Answer answer{202, {}, "application/json", {{"Location", where}}};
    JsonWriter writer(answer.body);
    writer.beginObject();
    writeFields(writer, job);
    writer.field("status_url", where).field("result_url", where + "/result").endObject();
    return answer;
}

Answer jobListAnswer(const v1::ListJobsResponse& list) {
    Answer answer;
    JsonWriter writer(answer.body);
    writer.beginObject().key("data").beginArray();
    for (const v1::JobStatusResponse& job : list.jobs())
        writeMessage(writer, job);
    writer.endArray().key("meta");
    writeMessage(writer, list.pagination());
    writer.endObject();
    return answer;
}

} // namespace mm::rest::native

#include "engine/rest/routes/rerank/rerank_error.h"

#include "engine/rest/http_status.h"
#include "engine/rest/json/json_writer.h"

namespace mm::rest::rerank {

Answer errorAnswer(const Error& error, const std::string& traceId) {
    Answer answer;
    answer.status = httpStatus(error.code);
    JsonWriter writer(answer.body);
    writer.beginObject()
        .field("id", traceId)
        .field("message", error.message)
        .field("detail", error.message)
        .endObject();
    return answer;
}

} // namespace mm::rest::rerank

#include "engine/rest/routes/oip/oip_error.h"

#include "engine/rest/http_status.h"
#include "engine/rest/json/json_writer.h"

namespace mm::rest::oip {

Answer errorAnswer(const Error& error, const std::string& /*traceId: goes back in X-Request-Id*/) {
    Answer answer;
    answer.status = httpStatus(error.code);
    if (answer.status == 422) // the protocol's own word for a request that is wrong
        answer.status = 400;
    std::string message = error.message;
    for (const FieldError& field : error.fieldErrors)
        if (message.find(field.message) == std::string::npos)
            message += (field.field.empty() ? " " : " " + field.field + ": ") + field.message + '.';
    JsonWriter(answer.body).beginObject().field("error", message).endObject();
    return answer;
}

} // namespace mm::rest::oip

#include "engine/rest/routes/openai/openai_error.h"

#include "engine/rest/guard/http_text.h"
#include "engine/rest/http_status.h"
#include "engine/rest/json/json_writer.h"

namespace mm::rest::openai {
namespace {

std::string_view typeOf(int status) {
    if (status == 401)
        return "authentication_error";
    if (status == 403)
        return "permission_error";
    if (status == 429)
        return "rate_limit_error";
    return status >= 500 ? "server_error" : "invalid_request_error";
}

bool isAboutModel(ErrorCode code) {
    return code == ErrorCode::ModelNotFound || code == ErrorCode::VersionNotFound || code == ErrorCode::InvalidModelId;
}

} // namespace

Answer errorAnswer(const Error& error, const std::string& /*traceId: goes back in X-Request-Id*/) {
    Answer answer;
    answer.status = httpStatus(error.code);
    if (answer.status == 422)
        answer.status = 400;
    JsonWriter writer(answer.body);
    writer.beginObject().key("error").beginObject();
    writer.field("message", error.message).field("type", typeOf(answer.status)).key("param");
    if (!error.fieldErrors.empty())
        writer.string(error.fieldErrors.front().field);
    else if (isAboutModel(error.code))
        writer.string("model");
    else
        writer.null();
    writer.field("code", guard::lowered(errorName(error.code))).endObject().endObject();
    return answer;
}

} // namespace mm::rest::openai

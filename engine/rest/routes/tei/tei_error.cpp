#include "engine/rest/routes/tei/tei_error.h"

#include "engine/rest/http_status.h"
#include "engine/rest/json/json_writer.h"

namespace mm::rest::tei {
namespace {

constexpr int kFailedDependency = 424; // what its clients know as the model's own failure

std::string_view typeOf(int status) {
    if (status == kFailedDependency)
        return "backend";
    if (status == 401)
        return "authentication";
    if (status == 403)
        return "permission";
    if (status == 429)
        return "overloaded";
    return status >= 500 ? "unhealthy" : "validation";
}

} // namespace

Answer errorAnswer(const Error& error, const std::string& /*traceId: goes back in X-Request-Id*/) {
    Answer answer;
    answer.status = error.code == ErrorCode::InferenceFailed ? kFailedDependency : httpStatus(error.code);
    JsonWriter writer(answer.body);
    writer.beginObject().field("error", error.message).field("error_type", typeOf(answer.status)).endObject();
    return answer;
}

} // namespace mm::rest::tei

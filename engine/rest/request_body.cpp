#include "engine/rest/request_body.h"

#include "engine/rest/guard/http_text.h"

#include <algorithm>

namespace mm::rest {
namespace {

using guard::trimmed;

bool isJsonType(std::string_view contentType) {
    const std::size_t semicolon = std::min(contentType.find(';'), contentType.size());
    const std::string type = guard::lowered(trimmed(contentType.substr(0, semicolon)));
    return type == "application/json" || (type.starts_with("application/") && type.ends_with("+json"));
}

// JSON is UTF-8; a client that says otherwise would be misread.
bool isUtf8Charset(std::string_view contentType) {
    const std::string text = guard::lowered(contentType);
    const std::size_t at = text.find("charset=");
    if (at == std::string::npos)
        return true;
    std::string charset = text.substr(at + 8, text.find_first_of("; ", at) - at - 8);
    std::erase(charset, '"');
    return charset == "utf-8" || charset == "utf8" || charset == "us-ascii";
}

} // namespace

Result<std::string_view> jsonBody(const guard::HttpRequest& request) {
    const std::string_view type = request.header("content-type");
    if (request.body.empty())
        return Error{ErrorCode::MalformedRequest, "The body is empty. Send a JSON object."};
    if (!type.empty() && (!isJsonType(type) || !isUtf8Charset(type)))
        return Error{ErrorCode::UnsupportedMediaType,
                     "The Content-Type is \"" + std::string(type) +
                         "\". Send JSON in UTF-8 with Content-Type: application/json.",
                     {{"content_type", std::string(type)}}};
    return std::string_view(request.body);
}

} // namespace mm::rest

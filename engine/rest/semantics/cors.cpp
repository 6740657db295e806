#include "engine/rest/semantics/cors.h"

#include "engine/rest/guard/http_text.h"
#include "engine/rest/semantics/header_list.h"

#include <algorithm>

namespace mm::rest::semantics {
namespace {

constexpr const char* kExposed = "Accept-Ranges, Allow, Content-Encoding, Content-Range, ETag, Location, Repr-Digest, "
                                 "Retry-After, traceresponse, X-Request-Id";
constexpr const char* kMaxAge = "600"; // seconds; browsers cap it themselves

// scheme://host, perhaps with a port: what a browser sends as Origin, and nothing behind it.
bool isOrigin(std::string_view text) {
    const std::size_t colon = text.find("://");
    if (colon == std::string_view::npos || !guard::isToken(text.substr(0, colon)))
        return false;
    const std::string_view place = text.substr(colon + 3);
    return !place.empty() && place.find_first_of("/?#@*, \t") == std::string_view::npos && text == guard::lowered(text);
}

// A list of header names, as a browser sends them.
bool areTokens(std::string_view list) {
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        const std::string_view name = guard::trimmed(list.substr(0, comma));
        if (!name.empty() && !guard::isToken(name))
            return false;
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return true;
}

} // namespace

Result<CorsPolicy> CorsPolicy::parse(std::string_view text) {
    CorsPolicy policy;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const std::string_view origin = guard::trimmed(text.substr(0, comma));
        text.remove_prefix(std::min(comma + 1, text.size()));
        if (origin == "*")
            policy.m_any = true;
        else if (isOrigin(origin))
            policy.m_origins.emplace_back(origin);
        else if (!origin.empty())
            return invalidField("cors-origins", "'" + std::string(origin) +
                                                    "' is not an origin: scheme://host or scheme://host:port in lower "
                                                    "case, with nothing behind it, or *");
    }
    if (policy.m_any && !policy.m_origins.empty())
        return invalidField("cors-origins", "* is every origin already: give it alone, or name origins");
    return policy;
}

bool CorsPolicy::isPreflight(const guard::HttpRequest& request) {
    return request.method == "OPTIONS" && !request.header("origin").empty() &&
           !request.header("access-control-request-method").empty();
}

bool CorsPolicy::isAllowed(std::string_view origin) const {
    return !origin.empty() && (m_any || std::find(m_origins.begin(), m_origins.end(), origin) != m_origins.end());
}

// Cookies and client certificates go along only for origins that were named: * is for what is public anyway.
void CorsPolicy::name(std::string_view origin, Answer& answer) const {
    answer.headers.emplace_back("Access-Control-Allow-Origin", m_any ? "*" : std::string(origin));
    if (!m_any)
        answer.headers.emplace_back("Access-Control-Allow-Credentials", "true");
}

void CorsPolicy::allow(const guard::HttpRequest& request, Answer& answer) const {
    if (isOff())
        return;
    if (!m_any)
        addVary(answer, "Origin"); // also where there is none, for caches
    const std::string_view origin = request.header("origin");
    if (!isAllowed(origin))
        return;
    name(origin, answer);
    answer.headers.emplace_back("Access-Control-Expose-Headers", kExposed);
}

void CorsPolicy::allowPreflight(const guard::HttpRequest& request, const std::string& methods, Answer& answer) const {
    if (isOff())
        return;
    addVary(answer, "Origin");
    addVary(answer, "Access-Control-Request-Method");
    addVary(answer, "Access-Control-Request-Headers");
    const std::string_view origin = request.header("origin");
    if (!isAllowed(origin))
        return;
    name(origin, answer);
    answer.headers.emplace_back("Access-Control-Allow-Methods", methods);
    // Libraries add headers of their own, and none of them does harm: whoever may come may say what it wants.
    const std::string headers = allOf(request, "access-control-request-headers");
    if (!headers.empty() && areTokens(headers))
        answer.headers.emplace_back("Access-Control-Allow-Headers", headers);
    if (request.header("access-control-request-private-network") == "true")
        answer.headers.emplace_back("Access-Control-Allow-Private-Network", "true");
    answer.headers.emplace_back("Access-Control-Max-Age", kMaxAge);
}

} // namespace mm::rest::semantics

// Which web pages may use the API from a browser (CORS, Fetch standard). Off unless an operator names origins. Plain
// value, immutable once made; pure.
#pragma once

#include "engine/base/result.h"
#include "engine/rest/answer.h"
#include "engine/rest/guard/http_request.h"

#include <string>
#include <string_view>
#include <vector>

namespace mm::rest::semantics {

class CorsPolicy {
public:
    CorsPolicy() = default; // off
    // "https://app.example,http://localhost:3000", or "*"; empty is off. Fails with ValidationError naming the origin.
    static Result<CorsPolicy> parse(std::string_view text);

    [[nodiscard]] bool isOff() const { return !m_any && m_origins.empty(); }
    // Whether this asks for leave rather than for options.
    [[nodiscard]] static bool isPreflight(const guard::HttpRequest& request);
    // Adds what a browser needs to let the page read the answer; nothing for other origins.
    void allow(const guard::HttpRequest& request, Answer& answer) const;
    // The same of an answer to a preflight; `methods` are the path's, as Allow lists them.
    void allowPreflight(const guard::HttpRequest& request, const std::string& methods, Answer& answer) const;

private:
    [[nodiscard]] bool isAllowed(std::string_view origin) const;
    void name(std::string_view origin, Answer& answer) const;

    std::vector<std::string> m_origins;
    bool m_any = false;
};

} // namespace mm::rest::semantics

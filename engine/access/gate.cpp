#include "engine/access/gate.h"

#include "engine/access/keys/key_secret.h"
#include "engine/access/limits/meter.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace mm::access {
namespace {

std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
    return out;
}

Error keyInAddress(const std::string& parameter) {
    return {ErrorCode::MalformedRequest,
            "The address carries a credential in its parameter '" + parameter +
                "'. Addresses end up in logs and histories, so it is not taken from there, and it should count as "
                "exposed: rotate the key, and send the new one as 'Authorization: Bearer ...'.",
            {{"parameter", parameter}, {"exposed", true}}};
}

bool isCredentialName(std::string_view name) {
    constexpr auto kNames = std::to_array<std::string_view>(
        {"key", "apikey", "api_key", "api-key", "x-api-key", "access_token", "access-token", "token", "auth_token",
         "authorization", "bearer", "id_token", "jwt", "secret", "password"});
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

} // namespace

Result<std::string_view> bearerOf(std::string_view authorization) {
    constexpr std::string_view kScheme = "bearer";
    const std::size_t blank = authorization.find(' ');
    const std::string_view scheme = authorization.substr(0, blank);
    if (lowered(scheme) != kScheme || blank == std::string_view::npos)
        return Error{ErrorCode::Unauthenticated,
                     "Only 'Authorization: Bearer ...' is understood here, with an API key or a token."};
    std::string_view word = authorization.substr(blank);
    word.remove_prefix(std::min(word.find_first_not_of(' '), word.size()));
    while (word.ends_with(' '))
        word.remove_suffix(1);
    if (word.empty() || !std::all_of(word.begin(), word.end(), [](char c) { return c > ' ' && c < 127; }))
        return Error{ErrorCode::Unauthenticated, "'Authorization: Bearer' must be followed by one key or token."};
    return word;
}

std::string credentialInQuery(std::string_view query) {
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        const std::string name = lowered(pair.substr(0, pair.find('=')));
        const std::string_view value = pair.substr(std::min(pair.find('='), pair.size() - 1) + 1);
        if (isCredentialName(name))
            return name;
        if (isSecret(value) || (value.starts_with("eyJ") && std::count(value.begin(), value.end(), '.') == 2))
            return name.substr(0, 64);
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return {};
}

Result<IdentityPtr> Gate::identify(const Credentials& credentials) const {
    if (!credentials.apiKey.empty())
        return m_parts.key(credentials.apiKey);
    if (!credentials.authorization.empty()) {
        MM_TRY(const std::string_view word, bearerOf(credentials.authorization));
        const bool isToken = std::count(word.begin(), word.end(), '.') >= 2;
        if (!isToken)
            return m_parts.key(word);
        if (!m_parts.token)
            return Error{ErrorCode::Unauthenticated,
                         "This engine takes API keys only: no issuer of tokens is set (jwt-issuer, jwt-keys)."};
        return m_parts.token(word);
    }
    if (!credentials.certificate.empty() && m_parts.certificate)
        return m_parts.certificate(credentials.certificate);
    return IdentityPtr();
}

Result<IdentityPtr> Gate::admit(const Credentials& credentials, Operation operation, std::string_view peer) {
    if (const std::string parameter = credentialInQuery(credentials.query); !parameter.empty())
        return refuse(nullptr, operation, {}, keyInAddress(parameter), peer);
    Result<IdentityPtr> identity = identify(credentials);
    if (ruleOf(operation).isOpen) // to nobody as well; who is known may learn more
        return identity.ok() ? *identity : IdentityPtr();
    if (!identity.ok()) {
        if (identity.error().code == ErrorCode::ServiceUnavailable)
            return identity;
        return refuse(nullptr, operation, {}, std::move(identity).error(), peer);
    }
    if (Result<void> allowed = access::decide(identity->get(), operation); !allowed.ok())
        return refuse(*identity, operation, {}, std::move(allowed).error(), peer);
    MM_CHECK(count(*identity, operation));
    return identity;
}

Result<void> Gate::decide(const IdentityPtr& identity, Operation operation, std::string_view model) {
    if (Result<void> allowed = access::decide(identity.get(), operation, model); !allowed.ok())
        return refuse(identity, operation, model, std::move(allowed).error());
    return {};
}

Result<void> Gate::count(const IdentityPtr& identity, Operation operation) {
    if (!identity || !identity->meter)
        return {};
    if (Result<void> taken = identity->meter->takeRequest(m_parts.clock.now()); !taken.ok())
        return refuse(identity, operation, {}, std::move(taken).error());
    return {};
}

Result<void> Gate::checkCompute(const IdentityPtr& identity, Operation operation, std::string_view model) {
    if (!identity || !identity->meter)
        return {};
    if (Result<void> left = identity->meter->checkCompute(m_parts.clock.now()); !left.ok())
        return refuse(identity, operation, model, std::move(left).error());
    return {};
}

Error Gate::refuse(const IdentityPtr& identity, Operation operation, std::string_view target, Error error,
                   std::string_view peer) {
    if (m_parts.refused)
        m_parts.refused({identity, std::string(peer), operation, std::string(target), error});
    return error;
}

} // namespace mm::access

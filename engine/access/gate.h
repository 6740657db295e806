// Gate: what REST and gRPC ask before anything else: whom a call is made by, whether it may do what it wants to, and
// whether it is within its limits. On the faces' threads, never waiting for another; any thread.
#pragma once

#include "engine/access/decide.h"
#include "engine/access/identity.h"
#include "engine/access/operation.h"
#include "engine/base/clock.h"
#include "engine/base/result.h"

#include <functional>
#include <string>
#include <string_view>

namespace mm::access {

// What came with a call; texts of the caller's.
struct Credentials {
    std::string_view authorization = {}; // the header, or gRPC's metadata
    std::string_view apiKey = {};        // X-API-Key or api-key
    std::string_view query = {};         // of the address, as sent
    std::string_view certificate = {};   // of the client, in PEM
};

// Somebody wanted what may not be.
struct Refused {
    IdentityPtr identity; // null: nobody that is known
    std::string peer;
    Operation operation = {};
    std::string target = {}; // the model it was about
    Error error;
};

class Gate {
public:
    struct Parts {
        const Clock& clock;
        // Each gives whom the credential stands for; the last two may be empty: such ones are not taken here.
        std::function<Result<IdentityPtr>(std::string_view secret)> key;
        std::function<Result<IdentityPtr>(std::string_view token)> token = {};
        std::function<Result<IdentityPtr>(std::string_view pem)> certificate = {};
        std::function<void(Refused)> refused = {}; // told of each refusal; any thread
    };
    explicit Gate(Parts parts) : m_parts(std::move(parts)) {}

    // Null where nobody is known, which only an open operation allows. Fails with MalformedRequest (a key in the
    // address), Unauthenticated, PermissionDenied, RateLimitExceeded, or ServiceUnavailable while keys of tokens are
    // being fetched.
    Result<IdentityPtr> admit(const Credentials& credentials, Operation operation, std::string_view peer);
    // The same decision once the model is known.
    Result<void> decide(const IdentityPtr& identity, Operation operation, std::string_view model);
    // One of many requests within a call that was admitted.
    Result<void> count(const IdentityPtr& identity, Operation operation);
    // Fails where the caller has used up the compute that it may use.
    Result<void> checkCompute(const IdentityPtr& identity, Operation operation, std::string_view model);
    // For what was refused elsewhere.
    Error refuse(const IdentityPtr& identity, Operation operation, std::string_view target, Error error,
                 std::string_view peer = {});

    [[nodiscard]] const Clock& clock() const { return m_parts.clock; }

private:
    [[nodiscard]] Result<IdentityPtr> identify(const Credentials& credentials) const;

    Parts m_parts;
};

// What the header says: "Bearer" and one word. Fails with Unauthenticated for any other way. Pure.
Result<std::string_view> bearerOf(std::string_view authorization);
// The parameter of the address that looks like a credential; empty where there is none. Pure.
[[nodiscard]] std::string credentialInQuery(std::string_view query);

} // namespace mm::access

// Who calls and under which id: the identity that was admitted, else the metadata x-modelmora-client or the address
// that the call comes from; and x-request-id. The identity is the one of the thread's CallerScope. Any thread.
#pragma once

#include "engine/access/gate.h"
#include "engine/base/ids.h"
#include "engine/service/audit/caller.h"
#include "engine/service/call.h"
#include "engine/service/client_name.h"
#include "engine/service/trace/trace_context.h"

#include <grpcpp/server_context.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace mm::grpc_face {

inline constexpr const char* kRequestIdMetadata = "x-request-id";

// "ipv4:127.0.0.1:4711" → "127.0.0.1", "ipv6:%5B::1%5D:4711" → "::1"; anything else as it is.
inline std::string peerAddress(std::string_view peer) {
    const bool isV4 = peer.starts_with("ipv4:");
    if (!isV4 && !peer.starts_with("ipv6:"))
        return std::string(peer);
    std::string_view host = peer.substr(5);
    host = host.substr(0, host.rfind(':'));
    for (const std::string_view open : {"[", "%5B"})
        if (host.starts_with(open))
            host.remove_prefix(open.size());
    for (const std::string_view close : {"]", "%5D"})
        if (host.ends_with(close))
            host.remove_suffix(close.size());
    return std::string(host);
}

// The trace of the call's metadata; several of them are none.
inline service::TraceContext givenTrace(const grpc::CallbackServerContext& context) {
    const auto& metadata = context.client_metadata();
    const auto [first, last] = metadata.equal_range("traceparent");
    if (first == last || std::next(first) != last)
        return {};
    std::string state;
    for (auto [at, end] = metadata.equal_range("tracestate"); at != end; ++at)
        state.append(state.empty() ? "" : ",").append(at->second.data(), at->second.size());
    return service::readTraceContext({first->second.data(), first->second.size()}, state);
}

// The same for an inference, which may get one where it came without.
inline service::TraceContext traceOf(const grpc::CallbackServerContext& context) {
    service::TraceContext trace = givenTrace(context);
    return trace.isTraced() ? trace : service::newTraceContext();
}

inline std::string_view metadataOf(const grpc::CallbackServerContext& context, const char* name) {
    const auto& metadata = context.client_metadata();
    const auto found = metadata.find(name);
    return found == metadata.end() ? std::string_view() : std::string_view(found->second.data(), found->second.size());
}

// What is shown to the gate; views into the context.
inline access::Credentials credentialsOf(const grpc::CallbackServerContext& context) {
    access::Credentials credentials{.authorization = metadataOf(context, "authorization"),
                                    .apiKey = metadataOf(context, "x-api-key")};
    // One that TLS has verified.
    const auto peer = context.auth_context();
    if (peer && peer->IsPeerAuthenticated())
        if (const auto shown = peer->FindPropertyValues("x509_pem_cert"); !shown.empty())
            credentials.certificate = {shown.front().data(), shown.front().size()};
    return credentials;
}

inline Result<access::IdentityPtr> admitCall(access::Gate& gate, const grpc::CallbackServerContext& context,
                                             access::Operation operation) {
    return gate.admit(credentialsOf(context), operation, peerAddress(context.peer()));
}

inline Result<std::string> callerOf(const grpc::CallbackServerContext& context) {
    if (const access::IdentityPtr& identity = service::CallerScope::identity())
        return identity->name;
    return service::clientName(metadataOf(context, "x-modelmora-client"), peerAddress(context.peer()),
                               "The metadata x-modelmora-client");
}

// The same, or the address where the name is none that could be used.
inline std::string nameForAudit(const grpc::CallbackServerContext& context) {
    auto name = callerOf(context);
    return name.ok() ? std::move(name).value() : peerAddress(context.peer());
}

inline bool isRequestId(std::string_view text) {
    constexpr std::size_t kLongest = 128;
    return !text.empty() && text.size() <= kLongest &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

// The id in the message wins over the one in the metadata; where there is none, one is made.
inline Result<std::string> requestIdOf(const grpc::CallbackServerContext& context, const std::string& inMessage) {
    if (!inMessage.empty()) {
        if (!isRequestId(inMessage))
            return invalidField("request_id", "must be 1 to 128 visible ASCII characters without spaces");
        return inMessage;
    }
    const std::string_view given = metadataOf(context, kRequestIdMetadata);
    if (given.empty())
        return newUuid();
    if (!isRequestId(given))
        return Error{ErrorCode::MalformedRequest,
                     "The metadata x-request-id must be 1 to 128 visible ASCII characters without spaces."};
    return std::string(given);
}

inline Result<service::CallContext> callOf(const grpc::CallbackServerContext& context, const std::string& idInMessage) {
    service::CallContext call;
    MM_TRY(call.client, callerOf(context));
    MM_TRY(call.requestId, requestIdOf(context, idInMessage));
    call.trace = traceOf(context);
    call.identity = service::CallerScope::identity();
    call.isCounted = true;
    return call;
}

} // namespace mm::grpc_face

#include "cli/client/remote_error.h"

#include "cli/output/exit_code.h"
#include "engine/ipc/facts.h"
#include "modelmora/v1/common.pb.h"

namespace mm::cli {
namespace {

// The engine's header is not for clients to include; the name is part of the public API.
constexpr const char* kErrorTrailer = "modelmora-error-bin";

bool has(const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
}

// What gRPC's words about a connection that failed have to do with TLS; empty: nothing.
std::string tlsFault(const std::string& said, const CallFacts& call) {
    const std::string engine = "The engine at " + call.engine;
    if (call.tlsCa.empty())
        return {};
    if (has(said, "WRONG_VERSION_NUMBER") || has(said, "wrong version number"))
        return engine + " speaks no TLS. Leave --tls-ca out.";
    if (has(said, "CERTIFICATE_VERIFY_FAILED") || has(said, "certificate verify failed"))
        return engine + " shows a certificate that " + call.tlsCa + " does not vouch for.";
    if (has(said, "Peer name") || has(said, "Hostname Verification"))
        return engine + " shows a certificate for another name. Call it by a name in its certificate.";
    return {};
}

// An engine that is spoken to wrongly closes the connection without a word.
std::string whatTlsWants(const CallFacts& call) {
    if (call.tlsCa.empty())
        return " If it speaks TLS, say with --tls-ca whom to believe.";
    return call.showsCertificate ? std::string()
                                 : " If it asks for certificates, show one with --tls-certificate and --tls-key.";
}

Error unreachable(const grpc::Status& status, const CallFacts& call) {
    const std::string& said = status.error_message();
    if (const std::string fault = tlsFault(said, call); !fault.empty())
        return {ErrorCode::ServiceUnavailable, fault, {{kUnreachableFact, true}, {"engine", call.engine}}};
    const bool nobodyIsThere = has(said, "to remote host") || has(said, "resolution failed");
    return {ErrorCode::ServiceUnavailable,
            nobodyIsThere
                ? "No engine answers at " + call.engine + "."
                : "The connection to the engine at " + call.engine + " was lost (" + said + ")." + whatTlsWants(call),
            {{kUnreachableFact, true}, {"engine", call.engine}}};
}

} // namespace

Error remoteError(const grpc::Status& status, const grpc::ClientContext& context, const CallFacts& call) {
    const auto& trailers = context.GetServerTrailingMetadata();
    if (const auto found = trailers.find(kErrorTrailer); found != trailers.end()) {
        modelmora::v1::Error typed;
        if (typed.ParseFromArray(found->second.data(), static_cast<int>(found->second.size())))
            return ipc::fromProto(typed);
    }
    switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
        return unreachable(status, call);
    case grpc::StatusCode::DEADLINE_EXCEEDED:
        return {ErrorCode::InferenceTimeout, "The engine at " + call.engine + " gave no answer within " +
                                                 std::to_string(call.timeoutSeconds) + " s."};
    case grpc::StatusCode::CANCELLED:
        return {ErrorCode::RequestCancelled, "The request was cancelled by the engine at " + call.engine + "."};
    case grpc::StatusCode::UNIMPLEMENTED:
        return {ErrorCode::NotImplemented,
                "The engine at " + call.engine +
                    " does not know this command; it may be older than this program, or not a "
                    "ModelMora engine."};
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
        return {ErrorCode::PayloadTooLarge, status.error_message()};
    default:
        return {ErrorCode::InternalError,
                "The engine at " + call.engine + " answered with an error: " + status.error_message()};
    }
}

} // namespace mm::cli

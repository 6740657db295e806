#include "gui/client/call_fault.h"

#include "engine/ipc/facts.h"
#include "modelmora/v1/common.pb.h"

namespace mm::gui {
namespace {

constexpr const char* kErrorTrailer = "modelmora-error-bin"; // part of the public API

std::string engineAt(const std::string& address) {
    return address.empty() ? "The engine in this program" : "The engine at " + address;
}

// What gRPC says of a connection that failed, as far as a person can do something about it.
std::string whyUnreachable(const std::string& said, const std::string& address) {
    const auto has = [&](const char* part) { return said.find(part) != std::string::npos; };
    if (has("CERTIFICATE_VERIFY_FAILED") || has("certificate verify failed"))
        return engineAt(address) + " shows a certificate that nobody whom this console believes vouches for. Name the "
                                   "file with the authority that signed it.";
    if (has("Peer name") || has("Hostname Verification"))
        return engineAt(address) + " shows a certificate for another name. Call it by a name in its certificate.";
    if (has("WRONG_VERSION_NUMBER") || has("wrong version number"))
        return engineAt(address) + " speaks no TLS. Connect to it without an authority.";
    return engineAt(address) + " does not answer.";
}

} // namespace

bool isUnreachable(const grpc::Status& status) {
    return status.error_code() == grpc::StatusCode::UNAVAILABLE ||
           status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
}

Error faultOf(const grpc::Status& status, const grpc::ClientContext& context, const std::string& address) {
    const auto& trailers = context.GetServerTrailingMetadata();
    if (const auto found = trailers.find(kErrorTrailer); found != trailers.end()) {
        modelmora::v1::Error typed;
        if (typed.ParseFromArray(found->second.data(), static_cast<int>(found->second.size())))
            return ipc::fromProto(typed);
    }
    switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
        return {ErrorCode::ServiceUnavailable, whyUnreachable(status.error_message(), address)};
    case grpc::StatusCode::DEADLINE_EXCEEDED:
        return {ErrorCode::InferenceTimeout, engineAt(address) + " gave no answer in time."};
    case grpc::StatusCode::CANCELLED:
        return {ErrorCode::RequestCancelled, "This was cancelled."};
    case grpc::StatusCode::UNIMPLEMENTED:
        return {ErrorCode::NotImplemented,
                engineAt(address) + " does not know this; it may be older than this console, or no ModelMora engine."};
    default:
        return {ErrorCode::InternalError, engineAt(address) + " answered: " + status.error_message()};
    }
}

} // namespace mm::gui

#include "engine/grpc/status_mapping.h"

#include "engine/grpc/error_details.h"
#include "engine/ipc/facts.h"

#include <algorithm>
#include <array>
#include <utility>

namespace mm::grpc_face {
namespace {

using grpc::StatusCode;

constexpr auto kCodes = std::to_array<std::pair<ErrorCode, StatusCode>>({
    {ErrorCode::MalformedRequest, StatusCode::INVALID_ARGUMENT},
    {ErrorCode::ValidationError, StatusCode::INVALID_ARGUMENT},
    {ErrorCode::InvalidInput, StatusCode::INVALID_ARGUMENT},
    {ErrorCode::BatchSizeExceeded, StatusCode::INVALID_ARGUMENT},
    {ErrorCode::PayloadTooLarge, StatusCode::RESOURCE_EXHAUSTED},
    {ErrorCode::NotFound, StatusCode::NOT_FOUND},
    {ErrorCode::MethodNotAllowed, StatusCode::UNIMPLEMENTED},
    {ErrorCode::UnsupportedMediaType, StatusCode::INVALID_ARGUMENT},
    {ErrorCode::NotAcceptable, StatusCode::INVALID_ARGUMENT},
    {ErrorCode::RangeNotSatisfiable, StatusCode::OUT_OF_RANGE},
    {ErrorCode::PreconditionFailed, StatusCode::FAILED_PRECONDITION},
    {ErrorCode::ModelNotFound, StatusCode::NOT_FOUND},
    {ErrorCode::VersionNotFound, StatusCode::NOT_FOUND},
    {ErrorCode::ModelAlreadyExists, StatusCode::ALREADY_EXISTS},
    {ErrorCode::InvalidModelId, StatusCode::INVALID_ARGUMENT},
    {ErrorCode::InvalidTaskType, StatusCode::INVALID_ARGUMENT},
    {ErrorCode::RevisionConflict, StatusCode::ABORTED},
    {ErrorCode::VersionIsCurrent, StatusCode::FAILED_PRECONDITION},
    {ErrorCode::ModelInUse, StatusCode::FAILED_PRECONDITION},
    {ErrorCode::SourceNotFound, StatusCode::INVALID_ARGUMENT},
    {ErrorCode::DownloadFailed, StatusCode::UNAVAILABLE},
    {ErrorCode::ChecksumMismatch, StatusCode::DATA_LOSS},
    {ErrorCode::InvalidModelFiles, StatusCode::FAILED_PRECONDITION},
    {ErrorCode::UnsupportedModel, StatusCode::FAILED_PRECONDITION},
    {ErrorCode::StorageDamaged, StatusCode::DATA_LOSS},
    {ErrorCode::StorageFull, StatusCode::RESOURCE_EXHAUSTED},
    {ErrorCode::StorageFailed, StatusCode::INTERNAL},
    {ErrorCode::ModelLoadFailed, StatusCode::INTERNAL},
    {ErrorCode::ModelNotLoaded, StatusCode::FAILED_PRECONDITION},
    {ErrorCode::InsufficientMemory, StatusCode::RESOURCE_EXHAUSTED},
    {ErrorCode::UnhealthyModel, StatusCode::UNAVAILABLE},
    {ErrorCode::ProcessSpawnFailed, StatusCode::INTERNAL},
    {ErrorCode::WorkerCrashed, StatusCode::INTERNAL},
    {ErrorCode::WorkerMisbehaved, StatusCode::INTERNAL},
    {ErrorCode::IllegalTransition, StatusCode::FAILED_PRECONDITION},
    {ErrorCode::DeviceUnavailable, StatusCode::FAILED_PRECONDITION},
    {ErrorCode::InferenceFailed, StatusCode::INTERNAL},
    {ErrorCode::InferenceTimeout, StatusCode::DEADLINE_EXCEEDED},
    {ErrorCode::RequestCancelled, StatusCode::CANCELLED},
    {ErrorCode::QueueFull, StatusCode::RESOURCE_EXHAUSTED},
    {ErrorCode::RequestNotFound, StatusCode::NOT_FOUND},
    {ErrorCode::JobNotFound, StatusCode::NOT_FOUND},
    {ErrorCode::JobNotReady, StatusCode::FAILED_PRECONDITION},
    {ErrorCode::JobResultExpired, StatusCode::NOT_FOUND},
    {ErrorCode::SlowReader, StatusCode::RESOURCE_EXHAUSTED},
    {ErrorCode::Unauthenticated, StatusCode::UNAUTHENTICATED},
    {ErrorCode::PermissionDenied, StatusCode::PERMISSION_DENIED},
    {ErrorCode::InternalError, StatusCode::INTERNAL},
    {ErrorCode::ServiceUnavailable, StatusCode::UNAVAILABLE},
    {ErrorCode::RateLimitExceeded, StatusCode::RESOURCE_EXHAUSTED},
    {ErrorCode::InvalidConfiguration, StatusCode::FAILED_PRECONDITION},
    {ErrorCode::AddressInUse, StatusCode::FAILED_PRECONDITION},
    {ErrorCode::NotImplemented, StatusCode::UNIMPLEMENTED},
});

// Two copies of the error, two of the sentence and the standard details, most of it in base64 (4/3), stay under 8 KiB
// together.
constexpr std::size_t kErrorBytes = 1600;
constexpr std::size_t kSentenceBytes = 700;

// grpc-message is percent-encoded, which makes three bytes of each that is not plain ASCII.
std::string shortSentence(const std::string& text) {
    std::size_t encoded = 0;
    std::size_t end = 0;
    for (; end < text.size(); ++end) {
        const auto byte = static_cast<unsigned char>(text[end]);
        encoded += byte >= 0x20 && byte < 0x7f && byte != '%' ? 1 : 3;
        if (encoded > kSentenceBytes)
            break;
    }
    if (end == text.size())
        return text;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U)
        --end; // not within a character
    return text.substr(0, end) + "...";
}

std::string shortText(const std::string& text, std::size_t bytes) {
    std::size_t end = std::min(bytes, text.size());
    while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U)
        --end;
    return text.substr(0, end);
}

void halve(google::protobuf::Value& value) {
    if (value.kind_case() == google::protobuf::Value::kListValue && value.list_value().values_size() > 1) {
        auto& items = *value.mutable_list_value()->mutable_values();
        items.DeleteSubrange(0, (items.size() + 1) / 2); // the last lines say most
        return;
    }
    auto* text = value.kind_case() == google::protobuf::Value::kListValue && value.list_value().values_size() == 1
                     ? value.mutable_list_value()->mutable_values(0)
                     : &value;
    if (text->kind_case() == google::protobuf::Value::kStringValue && text->string_value().size() > 64)
        text->set_string_value(shortText(text->string_value(), text->string_value().size() / 2));
    else
        value.Clear();
}

void shorten(modelmora::v1::Error& error) {
    error.mutable_details()->clear();
    auto& facts = *error.mutable_facts()->mutable_fields();
    facts["shortened"].set_bool_value(true);
    while (error.ByteSizeLong() > kErrorBytes && error.validation_errors_size() > 1)
        error.mutable_validation_errors()->RemoveLast();
    while (error.ByteSizeLong() > kErrorBytes) {
        auto longest = std::max_element(facts.begin(), facts.end(), [](const auto& a, const auto& b) {
            return a.second.ByteSizeLong() < b.second.ByteSizeLong();
        });
        if (longest->second.ByteSizeLong() < 16)
            break;
        halve(longest->second);
    }
    if (error.ByteSizeLong() > kErrorBytes) { // a great many small facts
        facts.clear();
        facts["shortened"].set_bool_value(true);
    }
    for (auto& violation : *error.mutable_validation_errors()) {
        violation.set_field(shortText(violation.field(), 200));
        violation.set_message(shortText(violation.message(), 400));
    }
}

} // namespace

StatusCode toStatusCode(ErrorCode code) {
    for (const auto& [known, status] : kCodes)
        if (known == code)
            return status;
    return StatusCode::INTERNAL;
}

modelmora::v1::Error toTrailerError(const Error& error) {
    modelmora::v1::Error proto = ipc::toProto(error);
    proto.set_message(shortSentence(proto.message()));
    if (proto.ByteSizeLong() > kErrorBytes)
        shorten(proto);
    return proto;
}

grpc::Status toStatus(const Error& error, grpc::CallbackServerContext& context, const std::string& requestId) {
    const modelmora::v1::Error trailer = toTrailerError(error);
    google::rpc::Status status;
    // Readers of google.rpc.Status insist that its code and message are those of the call itself.
    status.set_code(toStatusCode(error.code));
    status.set_message(trailer.message());
    status.add_details()->PackFrom(trailer);
    addStandardDetails(error, requestId, status);
    context.AddTrailingMetadata(kErrorTrailer, trailer.SerializeAsString());
    return {toStatusCode(error.code), trailer.message(), status.SerializeAsString()};
}

} // namespace mm::grpc_face

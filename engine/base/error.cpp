#include "engine/base/error.h"

#include <array>
#include <utility>

namespace mm {
namespace {

constexpr auto kNames = std::to_array<std::pair<ErrorCode, std::string_view>>({
    {ErrorCode::MalformedRequest, "MALFORMED_REQUEST"},
    {ErrorCode::ValidationError, "VALIDATION_ERROR"},
    {ErrorCode::InvalidInput, "INVALID_INPUT"},
    {ErrorCode::BatchSizeExceeded, "BATCH_SIZE_EXCEEDED"},
    {ErrorCode::PayloadTooLarge, "PAYLOAD_TOO_LARGE"},
    {ErrorCode::NotFound, "NOT_FOUND"},
    {ErrorCode::MethodNotAllowed, "METHOD_NOT_ALLOWED"},
    {ErrorCode::UnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE"},
    {ErrorCode::NotAcceptable, "NOT_ACCEPTABLE"},
    {ErrorCode::RangeNotSatisfiable, "RANGE_NOT_SATISFIABLE"},
    {ErrorCode::PreconditionFailed, "PRECONDITION_FAILED"},
    {ErrorCode::ModelNotFound, "MODEL_NOT_FOUND"},
    {ErrorCode::VersionNotFound, "VERSION_NOT_FOUND"},
    {ErrorCode::ModelAlreadyExists, "MODEL_ALREADY_EXISTS"},
    {ErrorCode::InvalidModelId, "INVALID_MODEL_ID"},
    {ErrorCode::InvalidTaskType, "INVALID_TASK_TYPE"},
    {ErrorCode::RevisionConflict, "REVISION_CONFLICT"},
    {ErrorCode::VersionIsCurrent, "VERSION_IS_CURRENT"},
    {ErrorCode::ModelInUse, "MODEL_IN_USE"},
    {ErrorCode::SourceNotFound, "SOURCE_NOT_FOUND"},
    {ErrorCode::DownloadFailed, "DOWNLOAD_FAILED"},
    {ErrorCode::ChecksumMismatch, "CHECKSUM_MISMATCH"},
    {ErrorCode::InvalidModelFiles, "INVALID_MODEL_FILES"},
    {ErrorCode::UnsupportedModel, "UNSUPPORTED_MODEL"},
    {ErrorCode::StorageDamaged, "STORAGE_DAMAGED"},
    {ErrorCode::StorageFull, "STORAGE_FULL"},
    {ErrorCode::StorageFailed, "STORAGE_FAILED"},
    {ErrorCode::ModelLoadFailed, "MODEL_LOAD_FAILED"},
    {ErrorCode::ModelNotLoaded, "MODEL_NOT_LOADED"},
    {ErrorCode::InsufficientMemory, "INSUFFICIENT_MEMORY"},
    {ErrorCode::UnhealthyModel, "UNHEALTHY_MODEL"},
    {ErrorCode::ProcessSpawnFailed, "PROCESS_SPAWN_FAILED"},
    {ErrorCode::WorkerCrashed, "WORKER_CRASHED"},
    {ErrorCode::WorkerMisbehaved, "WORKER_MISBEHAVED"},
    {ErrorCode::IllegalTransition, "ILLEGAL_TRANSITION"},
    {ErrorCode::DeviceUnavailable, "DEVICE_UNAVAILABLE"},
    {ErrorCode::InferenceFailed, "INFERENCE_FAILED"},
    {ErrorCode::InferenceTimeout, "INFERENCE_TIMEOUT"},
    {ErrorCode::RequestCancelled, "REQUEST_CANCELLED"},
    {ErrorCode::QueueFull, "QUEUE_FULL"},
    {ErrorCode::RequestNotFound, "REQUEST_NOT_FOUND"},
    {ErrorCode::JobNotFound, "JOB_NOT_FOUND"},
    {ErrorCode::JobNotReady, "JOB_NOT_READY"},
    {ErrorCode::JobResultExpired, "JOB_RESULT_EXPIRED"},
    {ErrorCode::SlowReader, "SLOW_READER"},
    {ErrorCode::Unauthenticated, "UNAUTHENTICATED"},
    {ErrorCode::PermissionDenied, "PERMISSION_DENIED"},
    {ErrorCode::InternalError, "INTERNAL_ERROR"},
    {ErrorCode::ServiceUnavailable, "SERVICE_UNAVAILABLE"},
    {ErrorCode::RateLimitExceeded, "RATE_LIMIT_EXCEEDED"},
    {ErrorCode::InvalidConfiguration, "INVALID_CONFIGURATION"},
    {ErrorCode::AddressInUse, "ADDRESS_IN_USE"},
    {ErrorCode::NotImplemented, "NOT_IMPLEMENTED"},
});

} // namespace

std::string_view errorName(ErrorCode code) {
    for (const auto& [known, name] : kNames)
        if (known == code)
            return name;
    return "INTERNAL_ERROR";
}

ErrorCode errorCodeFromName(std::string_view text) {
    for (const auto& [code, name] : kNames)
        if (name == text)
            return code;
    return ErrorCode::InternalError;
}

Error invalidField(std::string field, std::string message) {
    Error error{ErrorCode::ValidationError, field + ": " + message};
    error.fieldErrors.push_back({std::move(field), std::move(message)});
    return error;
}

} // namespace mm

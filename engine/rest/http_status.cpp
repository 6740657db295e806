#include "engine/rest/http_status.h"

#include <array>
#include <utility>

namespace mm::rest {

namespace {

constexpr auto kStatuses = std::to_array<std::pair<ErrorCode, int>>({
    {ErrorCode::MalformedRequest, 400},

    {ErrorCode::Unauthenticated, 401},

    {ErrorCode::PermissionDenied, 403},

    {ErrorCode::ValidationError, 422},
    {ErrorCode::InvalidInput, 422},
    {ErrorCode::BatchSizeExceeded, 422},
    {ErrorCode::InvalidModelId, 422},
    {ErrorCode::InvalidTaskType, 422},
    {ErrorCode::SourceNotFound, 422},
    {ErrorCode::ChecksumMismatch, 422},
    {ErrorCode::InvalidModelFiles, 422},
    {ErrorCode::UnsupportedModel, 422},
    {ErrorCode::InvalidConfiguration, 422},
    {ErrorCode::DeviceUnavailable, 422},

    {ErrorCode::NotFound, 404},
    {ErrorCode::ModelNotFound, 404},
    {ErrorCode::VersionNotFound, 404},
    {ErrorCode::ModelNotLoaded, 404},
    {ErrorCode::JobNotFound, 404},
    {ErrorCode::RequestNotFound, 404},

    {ErrorCode::MethodNotAllowed, 405},

    {ErrorCode::NotAcceptable, 406},

    {ErrorCode::InferenceTimeout, 408},

    {ErrorCode::ModelAlreadyExists, 409},
    {ErrorCode::RevisionConflict, 409},
    {ErrorCode::VersionIsCurrent, 409},
    {ErrorCode::ModelInUse, 409},
    {ErrorCode::IllegalTransition, 409},
    {ErrorCode::JobNotReady, 409},
    {ErrorCode::RequestCancelled, 409},

    {ErrorCode::JobResultExpired, 410},

    {ErrorCode::PreconditionFailed, 412},

    {ErrorCode::PayloadTooLarge, 413},

    {ErrorCode::UnsupportedMediaType, 415},

    {ErrorCode::RangeNotSatisfiable, 416},

    {ErrorCode::QueueFull, 429},
    {ErrorCode::RateLimitExceeded, 429},
    {ErrorCode::SlowReader, 429},

    {ErrorCode::DownloadFailed, 502},

    {ErrorCode::ModelLoadFailed, 503},
    {ErrorCode::UnhealthyModel, 503},
    {ErrorCode::WorkerCrashed, 503},
    {ErrorCode::ServiceUnavailable, 503},

    {ErrorCode::StorageFull, 507},
    {ErrorCode::InsufficientMemory, 507},

    {ErrorCode::NotImplemented, 501},

    {ErrorCode::StorageDamaged, 500},
    {ErrorCode::StorageFailed, 500},
    {ErrorCode::ProcessSpawnFailed, 500},
    {ErrorCode::WorkerMisbehaved, 500},
    {ErrorCode::InferenceFailed, 500},
    {ErrorCode::InternalError, 500},
    {ErrorCode::AddressInUse, 500},
});

} // namespace

int httpStatus(ErrorCode code) {
    for (const auto& [known, status] : kStatuses)
        if (known == code)
            return status;
    return 500;
}

} // namespace mm::rest

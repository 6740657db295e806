#include "engine/rest/http_status.h"

#include <algorithm>
#include <cmath>

namespace mm::rest {

int httpStatus(ErrorCode code) {
    switch (code) {
    case ErrorCode::MalformedRequest:
        return 400;

    case ErrorCode::ValidationError:
    case ErrorCode::InvalidInput:
    case ErrorCode::BatchSizeExceeded:
    case ErrorCode::InvalidModelId:
    case ErrorCode::InvalidTaskType:
    case ErrorCode::SourceNotFound:
    case ErrorCode::ChecksumMismatch:
    case ErrorCode::InvalidModelFiles:
    case ErrorCode::UnsupportedModel:
    case ErrorCode::InvalidConfiguration:
    case ErrorCode::DeviceUnavailable:
        return 422;

    case ErrorCode::NotFound:
    case ErrorCode::ModelNotFound:
    case ErrorCode::VersionNotFound:
    case ErrorCode::ModelNotLoaded:
    case ErrorCode::JobNotFound:
        return 404;

    case ErrorCode::MethodNotAllowed:
        return 405;
    case ErrorCode::InferenceTimeout:
        return 408;

    case ErrorCode::ModelAlreadyExists:
    case ErrorCode::RevisionConflict:
    case ErrorCode::VersionIsCurrent:
    case ErrorCode::ModelInUse:
    case ErrorCode::IllegalTransition:
    case ErrorCode::JobNotReady:
    case ErrorCode::RequestCancelled:
        return 409;

    case ErrorCode::PayloadTooLarge:
        return 413;
    case ErrorCode::UnsupportedMediaType:
        return 415;

    case ErrorCode::QueueFull:
    case ErrorCode::RateLimitExceeded:
        return 429;

    case ErrorCode::DownloadFailed:
        return 502;

    case ErrorCode::ModelLoadFailed:
    case ErrorCode::UnhealthyModel:
    case ErrorCode::WorkerCrashed:
    case ErrorCode::ServiceUnavailable:
        return 503;

    case ErrorCode::StorageFull:
    case ErrorCode::InsufficientMemory:
        return 507;

    case ErrorCode::NotImplemented:
        return 501;

    case ErrorCode::StorageDamaged:
    case ErrorCode::StorageFailed:
    case ErrorCode::ProcessSpawnFailed:
    case ErrorCode::WorkerMisbehaved:
    case ErrorCode::InferenceFailed:
    case ErrorCode::InternalError:
    case ErrorCode::AddressInUse:
        return 500;
    }
    return 500;
}

int retryAfterSeconds(const Error& error) {
    if (const auto known = error.facts.find("retry_after_seconds"); known != error.facts.end()) {
        if (const auto* seconds = std::get_if<std::int64_t>(&known->second))
            return static_cast<int>(std::clamp<std::int64_t>(*seconds, 1, 3600));
        if (const auto* seconds = std::get_if<double>(&known->second))
            return static_cast<int>(std::clamp(std::ceil(*seconds), 1.0, 3600.0));
    }
    switch (error.code) {
    case ErrorCode::QueueFull:
    case ErrorCode::RateLimitExceeded:
    case ErrorCode::ServiceUnavailable:
    case ErrorCode::WorkerCrashed:
        return 1;
    default:
        return 0;
    }
}

} // namespace mm::rest

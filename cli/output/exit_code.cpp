#include "cli/output/exit_code.h"

namespace mm::cli {

ExitCode exitCodeFor(const Error& error) {
    if (error.facts.contains(kUnreachableFact))
        return ExitCode::Unreachable;
    switch (error.code) {
    case ErrorCode::NotFound:
    case ErrorCode::ModelNotFound:
    case ErrorCode::VersionNotFound:
    case ErrorCode::SourceNotFound:
    case ErrorCode::JobNotFound:
    case ErrorCode::JobResultExpired:
    case ErrorCode::RequestNotFound:
        return ExitCode::NotFound;
    case ErrorCode::ModelAlreadyExists:
    case ErrorCode::RevisionConflict:
    case ErrorCode::PreconditionFailed:
    case ErrorCode::VersionIsCurrent:
    case ErrorCode::ModelInUse:
    case ErrorCode::IllegalTransition:
    case ErrorCode::AddressInUse:
    case ErrorCode::JobNotReady:
        return ExitCode::Conflict;
    case ErrorCode::MalformedRequest:
    case ErrorCode::ValidationError:
    case ErrorCode::InvalidInput:
    case ErrorCode::BatchSizeExceeded:
    case ErrorCode::PayloadTooLarge:
    case ErrorCode::InvalidModelId:
    case ErrorCode::InvalidTaskType:
    case ErrorCode::InvalidModelFiles:
    case ErrorCode::ChecksumMismatch:
    case ErrorCode::UnsupportedModel:
    case ErrorCode::UnsupportedMediaType:
    case ErrorCode::NotAcceptable:
    case ErrorCode::RangeNotSatisfiable:
        return ExitCode::Invalid;
    case ErrorCode::Unauthenticated:
    case ErrorCode::PermissionDenied:
        return ExitCode::Denied;
    case ErrorCode::InferenceTimeout:
        return ExitCode::Timeout;
    case ErrorCode::QueueFull:
    case ErrorCode::RateLimitExceeded:
    case ErrorCode::SlowReader:
    case ErrorCode::InsufficientMemory:
    case ErrorCode::StorageFull:
    case ErrorCode::ServiceUnavailable:
        return ExitCode::Busy;
    default:
        return ExitCode::Failed;
    }
}

const char* exitCodeHelp() {
    return "Exit codes:\n"
           "  0  done\n"
           "  1  failed\n"
           "  2  wrong usage\n"
           "  3  no engine reachable\n"
           "  4  not found\n"
           "  5  conflict: exists already, in use, changed meanwhile\n"
           "  6  input not acceptable\n"
           "  7  no answer in time\n"
           "  8  not now: queue, memory or disk is full\n"
           "  9  not ready (health)\n"
           " 10  not allowed: no key, or one that may not do this\n";
}

} // namespace mm::cli

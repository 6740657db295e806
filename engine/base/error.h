// The one error type of ModelMora: a code from one list, a sentence for people that says what to do, and facts for
// programs. Faces map codes to their own status in one table each (HTTP, gRPC, worker frame). Plain value, any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mm {

enum class ErrorCode : std::uint16_t {
    // Requests: the caller can mend them.
    MalformedRequest = 100, // cannot be read at all
    ValidationError,        // readable, but not acceptable; fieldErrors says where
    InvalidInput,           // the model cannot use this input
    BatchSizeExceeded,
    PayloadTooLarge,
    NotFound, // no such route or resource
    MethodNotAllowed,
    UnsupportedMediaType,
    NotAcceptable,       // the client takes none of the media types there are
    RangeNotSatisfiable, // of bytes that are not there
    PreconditionFailed,  // If-Match names another state than there is

    // Registry.
    ModelNotFound = 200,
    VersionNotFound,
    ModelAlreadyExists,
    InvalidModelId,
    InvalidTaskType,
    RevisionConflict, // changed since it was read
    VersionIsCurrent, // the current version cannot be deleted or deprecated
    ModelInUse,       // loaded; needs force
    SourceNotFound,
    DownloadFailed,
    ChecksumMismatch,
    InvalidModelFiles, // damaged, hostile or incomplete
    UnsupportedModel,  // well-formed, but nothing here can run it
    StorageDamaged,    // the database is not one of ours, damaged or newer
    StorageFull,
    StorageFailed,

    // Lifecycle.
    ModelLoadFailed = 300,
    ModelNotLoaded,
    InsufficientMemory,
    UnhealthyModel,
    ProcessSpawnFailed,
    WorkerCrashed,
    WorkerMisbehaved, // broke the protocol and was cut off
    IllegalTransition,
    DeviceUnavailable,

    // Inference.
    InferenceFailed = 400,
    InferenceTimeout,
    RequestCancelled,
    QueueFull,
    RequestNotFound,
    JobNotFound,
    JobNotReady,
    JobResultExpired, // it was there, and was removed when its time was over
    SlowReader,       // of events: too far behind, and dropped

    // Access.
    Unauthenticated = 450, // no credentials, or none that hold
    PermissionDenied,      // known, but not allowed this

    // System.
    InternalError = 500,
    ServiceUnavailable,
    RateLimitExceeded,
    InvalidConfiguration,
    AddressInUse,
    NotImplemented,
};

// "MODEL_NOT_FOUND" and so on: the spelling of the public API.
std::string_view errorName(ErrorCode code);
// The reverse; unknown spellings become InternalError.
ErrorCode errorCodeFromName(std::string_view text);

using FactValue = std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>>;
using Facts = std::map<std::string, FactValue>;

struct FieldError {
    std::string field; // path such as "input_data.text[3]"
    std::string message;
};

struct Error {
    ErrorCode code = ErrorCode::InternalError;
    std::string message;
    Facts facts = {};
    std::vector<FieldError> fieldErrors = {};
};

// Error(ValidationError) for one field.
Error invalidField(std::string field, std::string message);

} // namespace mm

"""What can go wrong. Every exception is a ModelMoraError; the engine's codes each have the class that says what to do.

    ModelMoraError
    ├── Unreachable              no engine answered
    │   ├── CircuitOpen          it has not for a while, so it was not even asked
    │   └── ClientTimeout        it took longer than the client wanted to wait
    ├── StreamEnded              a stream that should have gone on
    ├── JobFailed                waited for, and it failed or was cancelled
    └── ApiError                 the engine said no
        ├── InvalidRequest       mend the request: ValidationFailed, InvalidInput
        ├── AuthenticationFailed, PermissionDenied
        ├── NotFound             ModelNotFound, JobNotFound, RequestNotFound, ResultExpired
        ├── Conflict             AlreadyExists, RequestCancelled, JobNotReady
        ├── Overloaded           come back after `retry_after`: RateLimited
        ├── InferenceTimeout
        ├── OutOfRoom            InsufficientMemory, StorageFull
        ├── Unavailable          ModelUnavailable, WorkerCrashed
        └── ServerError
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional


@dataclass(frozen=True)
class FieldProblem:
    field: str
    message: str


class ModelMoraError(Exception):
    """`str()` of it is for people; programs read `code`, `facts` and the class."""

    def __init__(self, message: str, *, code: str = "", status: Optional[int] = None, request_id: str = "",
                 trace_id: str = "", facts: Optional[Mapping[str, Any]] = None,
                 problems: Sequence[FieldProblem] = (), retry_after: Optional[float] = None) -> None:
        super().__init__(message)
        self.message = message
        #: The engine's own, such as "MODEL_NOT_FOUND"; empty where no engine spoke.
        self.code = code
        #: Of HTTP; None over gRPC and where there was no answer.
        self.status = status
        self.request_id = request_id
        self.trace_id = trace_id
        self.facts: Mapping[str, Any] = facts or {}
        #: Which fields are wrong, where it is about fields.
        self.problems = tuple(problems)
        #: Seconds after which asking again can help; None where it cannot.
        self.retry_after = retry_after

    @property
    def hint(self) -> str:
        """What to do about it; empty where the message says it all."""
        suggestion = self.facts.get("suggestion")
        if isinstance(suggestion, str) and suggestion:
            return f"Did you mean '{suggestion}'?"
        action = self.facts.get("hint") or self.facts.get("action")
        if isinstance(action, str) and action:
            return action
        if self.retry_after:
            return f"Try again in {self.retry_after:g} s."
        return _HINTS.get(self.code, "")

    def __str__(self) -> str:
        named = [part for part in (self.code, f"request {self.request_id}" if self.request_id else "") if part]
        return f"{self.message} [{', '.join(named)}]" if named else self.message


class Unreachable(ModelMoraError):
    """No engine answered, or the connection was lost before the answer was there."""

    #: Whether the engine may have begun with it.
    maybe_done: bool = False


class CircuitOpen(Unreachable):
    """The engine has not answered for a while; it is asked again after `retry_after` seconds."""


class ClientTimeout(Unreachable):
    """No answer within the time that the caller gave it."""


class StreamEnded(ModelMoraError):
    """A stream ended that should have gone on; `code` says why, where the engine did."""


class JobFailed(ModelMoraError):
    """The job that was waited for failed or was cancelled."""


class ApiError(ModelMoraError):
    """The engine answered with an error."""


class InvalidRequest(ApiError):
    """The request has to be another one: its content cannot be read or is not acceptable."""


class ValidationFailed(InvalidRequest):
    """Fields are wrong; `problems` names all of them."""


class InvalidInput(InvalidRequest):
    """The model cannot use this input."""


class AuthenticationFailed(ApiError):
    """No key or token, or one that the engine does not know."""


class PermissionDenied(ApiError):
    """The key is good, but not for this."""


class NotFound(ApiError):
    """There is nothing of that name."""


class ModelNotFound(NotFound):
    """No such model or version; `hint` has the nearest name."""


class JobNotFound(NotFound):
    """No such job, or it is forgotten after its time."""


class RequestNotFound(NotFound):
    """No such request, or it ended long ago."""


class ResultExpired(NotFound):
    """The job's result was kept for its time and then removed."""


class Conflict(ApiError):
    """The state of things does not allow it, or somebody else has changed it meanwhile."""


class AlreadyExists(Conflict):
    """That version is registered."""


class RequestCancelled(Conflict):
    """Somebody cancelled the request."""


class JobNotReady(Conflict):
    """The job is not over, or has no result."""


class Overloaded(ApiError):
    """More waits than the engine takes; come back after `retry_after` seconds."""


class RateLimited(Overloaded):
    """This client asks more often, or wants more, than it may."""


class InferenceTimeout(ApiError):
    """The request's deadline passed; the times in each stage are in `facts`."""


class OutOfRoom(ApiError):
    """There is not enough of something."""


class InsufficientMemory(OutOfRoom):
    """It does not fit; the bytes needed and free are in `facts`."""


class StorageFull(OutOfRoom):
    """The disk of the engine's data folder is full."""


class Unavailable(ApiError):
    """Not now: the engine stops, or is not ready."""


class ModelUnavailable(Unavailable):
    """The model could not be loaded; stage, file and last lines are in `facts`."""


class WorkerCrashed(Unavailable):
    """The worker died while the request ran."""


class ServerError(ApiError):
    """Something went wrong in the engine, or it does not do that."""


_BY_CODE: Mapping[str, type[ApiError]] = {
    "MALFORMED_REQUEST": InvalidRequest,
    "VALIDATION_ERROR": ValidationFailed,
    "INVALID_INPUT": InvalidInput,
    "BATCH_SIZE_EXCEEDED": InvalidInput,
    "PAYLOAD_TOO_LARGE": InvalidInput,
    "METHOD_NOT_ALLOWED": InvalidRequest,
    "NOT_ACCEPTABLE": InvalidRequest,
    "UNSUPPORTED_MEDIA_TYPE": InvalidRequest,
    "RANGE_NOT_SATISFIABLE": InvalidRequest,
    "INVALID_MODEL_ID": ValidationFailed,
    "INVALID_TASK_TYPE": ValidationFailed,
    "INVALID_CONFIGURATION": ValidationFailed,
    "SOURCE_NOT_FOUND": InvalidRequest,
    "CHECKSUM_MISMATCH": InvalidRequest,
    "INVALID_MODEL_FILES": InvalidRequest,
    "UNSUPPORTED_MODEL": InvalidRequest,
    "DEVICE_UNAVAILABLE": InvalidRequest,
    "NOT_FOUND": NotFound,
    "MODEL_NOT_FOUND": ModelNotFound,
    "VERSION_NOT_FOUND": ModelNotFound,
    "MODEL_NOT_LOADED": NotFound,
    "JOB_NOT_FOUND": JobNotFound,
    "REQUEST_NOT_FOUND": RequestNotFound,
    "JOB_RESULT_EXPIRED": ResultExpired,
    "MODEL_ALREADY_EXISTS": AlreadyExists,
    "REVISION_CONFLICT": Conflict,
    "PRECONDITION_FAILED": Conflict,
    "VERSION_IS_CURRENT": Conflict,
    "MODEL_IN_USE": Conflict,
    "ILLEGAL_TRANSITION": Conflict,
    "REQUEST_CANCELLED": RequestCancelled,
    "JOB_NOT_READY": JobNotReady,
    "QUEUE_FULL": Overloaded,
    "SLOW_READER": Overloaded,
    "RATE_LIMIT_EXCEEDED": RateLimited,
    "QUOTA_EXCEEDED": RateLimited,
    "UNAUTHENTICATED": AuthenticationFailed,
    "PERMISSION_DENIED": PermissionDenied,
    "INFERENCE_TIMEOUT": InferenceTimeout,
    "INSUFFICIENT_MEMORY": InsufficientMemory,
    "STORAGE_FULL": StorageFull,
    "DOWNLOAD_FAILED": Unavailable,
    "SERVICE_UNAVAILABLE": Unavailable,
    "MODEL_LOAD_FAILED": ModelUnavailable,
    "UNHEALTHY_MODEL": ModelUnavailable,
    "WORKER_CRASHED": WorkerCrashed,
}

# For codes that are not in the table, and for answers that a proxy gave.
_BY_STATUS: Mapping[int, type[ApiError]] = {
    400: InvalidRequest, 401: AuthenticationFailed, 403: PermissionDenied, 404: NotFound, 405: InvalidRequest,
    406: InvalidRequest, 408: InferenceTimeout, 409: Conflict, 410: ResultExpired, 412: Conflict, 413: InvalidInput,
    415: InvalidRequest, 416: InvalidRequest, 422: InvalidRequest, 429: Overloaded, 502: Unavailable, 503: Unavailable,
    504: Unavailable, 507: OutOfRoom,
}

_HINTS: Mapping[str, str] = {
    "INSUFFICIENT_MEMORY": "lifecycle.plan() names what would have to go; force=True lets it.",
    "MODEL_IN_USE": "Unload it first, or pass force=True.",
    "REVISION_CONFLICT": "Read it again and repeat the change.",
    "PRECONDITION_FAILED": "Read it again and repeat the change.",
    "VERSION_IS_CURRENT": "Promote another version first.",
    "JOB_NOT_READY": "jobs.wait() waits for its end.",
    "BATCH_SIZE_EXCEEDED": "Send several requests, or a job.",
    "PAYLOAD_TOO_LARGE": "Send less at once, or a job.",
    "INFERENCE_TIMEOUT": "A larger timeout_seconds or a higher priority helps; facts say where the time went.",
    "STORAGE_FULL": "Make room on the disk of the engine's data folder.",
}


def error_class(code: str, status: Optional[int]) -> type[ApiError]:
    """The class for an engine's code; for one that is unknown here, by the status of HTTP."""
    return _BY_CODE.get(code) or _BY_STATUS.get(status or 0) or ServerError

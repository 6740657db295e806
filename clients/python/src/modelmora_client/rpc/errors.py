"""Failed calls of gRPC as exceptions."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Optional, Union

import grpc
from google.protobuf.message import DecodeError
from modelmora.v1 import common_pb2

from ..errors import ClientTimeout, FieldProblem, ModelMoraError, Unreachable, error_class
from .shapes import plain

_TRAILER = "modelmora-error-bin"
# For errors that are not the engine's own.
_HTTP = {
    grpc.StatusCode.INVALID_ARGUMENT: 422, grpc.StatusCode.UNAUTHENTICATED: 401, grpc.StatusCode.PERMISSION_DENIED: 403,
    grpc.StatusCode.NOT_FOUND: 404, grpc.StatusCode.ALREADY_EXISTS: 409, grpc.StatusCode.FAILED_PRECONDITION: 409,
    grpc.StatusCode.ABORTED: 409, grpc.StatusCode.RESOURCE_EXHAUSTED: 413,
    grpc.StatusCode.OUT_OF_RANGE: 422,
}
# As the engine has it where it says no other time.
_COME_BACK = {"QUEUE_FULL", "SLOW_READER", "RATE_LIMIT_EXCEEDED", "SERVICE_UNAVAILABLE", "WORKER_CRASHED"}

Metadata = Iterable[tuple[str, Union[str, bytes]]]


def call_error(error: grpc.RpcError, request_id: str) -> ModelMoraError:
    # Both kinds of calls raise errors that tell these three; the base class does not say so.
    call: Any = error
    status: grpc.StatusCode = call.code()
    text: str = call.details() or ""
    for name, value in call.trailing_metadata() or ():
        if name == _TRAILER:
            try:
                return engine_error(plain(common_pb2.Error.FromString(value)), request_id)
            except DecodeError:
                break
    if status is grpc.StatusCode.UNAVAILABLE:
        unreachable = Unreachable(f"No engine answers: {text}", request_id=request_id)
        unreachable.maybe_done = "connect" not in text.lower() and "resol" not in text.lower()
        return unreachable
    if status is grpc.StatusCode.CANCELLED:  # by an engine that ended before the answer was there, or by this client's end
        lost = Unreachable(f"The call was cut off: {text or 'the engine has ended it'}", request_id=request_id)
        lost.maybe_done = True
        return lost
    if status is grpc.StatusCode.DEADLINE_EXCEEDED:
        return ClientTimeout("The engine gave no answer in time.", request_id=request_id)
    return error_class("", _HTTP.get(status))(text or status.name, request_id=request_id)


def engine_error(error: Mapping[str, Any], request_id: str) -> ModelMoraError:
    """Of a message modelmora.v1.Error in plain values."""
    code = str(error.get("code", ""))
    facts: Mapping[str, Any] = error.get("facts") or error.get("details") or {}
    return error_class(code, None)(
        str(error.get("message", "")), code=code, request_id=request_id, trace_id=str(error.get("trace_id", "")),
        facts=facts, retry_after=_retry_after(code, facts),
        problems=[FieldProblem(one.get("field", ""), one.get("message", "")) for one in error.get("validation_errors", [])])


def _retry_after(code: str, facts: Mapping[str, Any]) -> Optional[float]:
    told = facts.get("retry_after_seconds")
    if isinstance(told, (int, float)):
        return float(told)
    # What an operator killed is not sent again by itself: that would load the model anew.
    return 1.0 if code in _COME_BACK and facts.get("cause") != "killed" else None

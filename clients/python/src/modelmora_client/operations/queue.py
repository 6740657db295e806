"""What waits and runs, and the say over it."""
from __future__ import annotations

from ..retry import Repeat
from ..types import QueueEntry, QueueReport
from .operation import Operation, given, part


def get_queue(model_id: str, client: str, limit: int) -> Operation[QueueReport]:
    message = given(model_id=model_id, client=client, limit=limit or None)
    return Operation("GET", "/queue", QueueReport.read, "InferenceService.GetQueue", message,
                     query=given(model=model_id, client=client, limit=limit or None))


def get_request(request_id: str) -> Operation[QueueEntry]:
    return Operation("GET", f"/requests/{part(request_id)}", QueueEntry.read, "InferenceService.GetRequest",
                     {"request_id": request_id})


def _act(request_id: str, verb: str, rpc: str) -> Operation[QueueEntry]:
    return Operation("POST", f"/requests/{part(request_id)}/{verb}", QueueEntry.read, f"InferenceService.{rpc}",
                     {"request_id": request_id}, body={}, repeat=Repeat.UNSENT)


def cancel(request_id: str) -> Operation[QueueEntry]:
    return _act(request_id, "cancel", "CancelRequest")


def hold(request_id: str) -> Operation[QueueEntry]:
    return _act(request_id, "hold", "HoldRequest")


def release(request_id: str) -> Operation[QueueEntry]:
    return _act(request_id, "release", "ReleaseRequest")


def set_priority(request_id: str, priority: str) -> Operation[QueueEntry]:
    return Operation("POST", f"/requests/{part(request_id)}/priority", QueueEntry.read,
                     "InferenceService.SetRequestPriority", {"request_id": request_id, "priority": priority},
                     body={"priority": priority})

"""Loading, unloading, memory, and the engine as a whole."""
from __future__ import annotations

from typing import Any, Optional

from ..retry import Repeat
from ..types import LoadPlan, MemoryLedger, ModelStatus, Readiness, SystemStatus, Unloaded, Warmup
from .operation import LONG_SECONDS, Operation, given, part

WARMUP_SECONDS = 10.0  # for each sample, beyond the load


def load(model_id: str, force: bool, pin: Optional[bool], instances: int) -> Operation[ModelStatus]:
    options = given(force=force or None, pin=pin, instances=instances or None)
    return Operation("POST", f"/models/{part(model_id)}/load", ModelStatus.read, "ManagementService.LoadModel",
                     {"model_id": model_id, **options}, body=options, timeout=LONG_SECONDS)


def unload(model_id: str, now: bool) -> Operation[Unloaded]:
    options = given(now=now or None)
    return Operation("POST", f"/models/{part(model_id)}/unload", Unloaded.read, "ManagementService.UnloadModel",
                     {"model_id": model_id, **options}, body=options, repeat=Repeat.UNSENT, timeout=LONG_SECONDS)


def plan(model_id: str, instances: int) -> Operation[LoadPlan]:
    options = given(instances=instances or None)
    return Operation("GET", f"/models/{part(model_id)}/plan", LoadPlan.read, "ManagementService.PlanLoad",
                     {"model_id": model_id, **options}, query=options)


def warmup(model_id: str, samples: int) -> Operation[Warmup]:
    return Operation("POST", f"/models/{part(model_id)}/warmup", Warmup.read, query={"samples": samples}, body={},
                     timeout=LONG_SECONDS + WARMUP_SECONDS * samples)


def set_pinned(model_id: str, pinned: bool) -> Operation[ModelStatus]:
    return Operation("PUT" if pinned else "DELETE", f"/models/{part(model_id)}/pin", ModelStatus.read,
                     "ManagementService.SetPinned", {"model_id": model_id, "pinned": pinned})


def get_status(model_id: str) -> Operation[ModelStatus]:
    return Operation("GET", f"/models/{part(model_id)}/status", ModelStatus.read, "ManagementService.GetModelStatus",
                     {"model_id": model_id})


def get_memory() -> Operation[MemoryLedger]:
    return Operation("GET", "/memory", MemoryLedger.read, "ManagementService.GetMemory")


def _system(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "queue_depth": answer.get("queue", {})}


def system_status() -> Operation[SystemStatus]:
    return Operation("GET", "/status", SystemStatus.read, "ManagementService.GetSystemStatus", reshape=_system)


def ready() -> Operation[Readiness]:
    return Operation("GET", "/health/ready", Readiness.read, "ManagementService.ReadinessCheck")

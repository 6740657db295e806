"""Loaded models, plans and memory."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Optional

from .common import Answer


@dataclass(frozen=True)
class LoadStage(Answer):
    """How far a load is."""

    stage: str = ""
    done: int = 0
    total: int = 0
    percent: float = 0.0
    detail: str = ""


@dataclass(frozen=True)
class HealthStatus(Answer):
    healthy: bool = False
    last_check_at: Optional[datetime] = None
    error_message: str = ""


@dataclass(frozen=True)
class InstanceStatus(Answer):
    instance: int = 0
    state: str = ""
    pid: int = 0
    measured_bytes: int = 0
    in_flight: int = 0
    crashes: int = 0


@dataclass(frozen=True)
class ModelStatus(Answer):
    model_id: str = ""
    #: unloaded, loading, loaded, unhealthy or draining
    state: str = ""
    memory_usage_mb: float = 0.0
    device: str = ""
    loaded_at: Optional[datetime] = None
    last_used_at: Optional[datetime] = None
    health_status: Optional[HealthStatus] = None
    version: str = ""
    load_progress: Optional[LoadStage] = None
    dtype: str = ""
    threads: int = 0
    pid: int = 0
    weights_bytes: int = 0
    load_time_ms: float = 0.0
    in_flight: int = 0
    requests_total: int = 0
    crashes: int = 0
    last_failure: Optional[Mapping[str, Any]] = None
    device_reason: str = ""
    embedding_dimension: int = 0
    max_sequence_length: int = 0
    predicted_bytes: int = 0
    measured_bytes: int = 0
    peak_bytes: int = 0
    resident_bytes: int = 0
    pinned: bool = False
    idle_unload_at: Optional[datetime] = None
    instances: Sequence[InstanceStatus] = ()
    reason: str = ""
    labels: Sequence[str] = ()


@dataclass(frozen=True)
class MemoryEstimate(Answer):
    weights_bytes: int = 0
    activation_bytes: int = 0
    runtime_bytes: int = 0
    #: files, measured or declared
    source: str = ""


@dataclass(frozen=True)
class DeviceNeed(Answer):
    device: str = ""
    needed_bytes: int = 0
    free_bytes: int = 0
    budget_bytes: int = 0
    estimate: Optional[MemoryEstimate] = None


@dataclass(frozen=True)
class PlannedEviction(Answer):
    model_id: str = ""
    version: str = ""
    freed_bytes: int = 0
    reason: str = ""
    last_used_at: Optional[datetime] = None


@dataclass(frozen=True)
class PlannedStay(Answer):
    model_id: str = ""
    version: str = ""
    reason: str = ""


@dataclass(frozen=True)
class LoadPlan(Answer):
    """What a load would do."""

    model_id: str = ""
    version: str = ""
    already_loaded: bool = False
    #: Now, without evicting anything.
    fits: bool = False
    #: With the evictions listed, which `force` allows.
    possible: bool = False
    explanation: str = ""
    devices: Sequence[DeviceNeed] = ()
    evictions: Sequence[PlannedEviction] = ()
    stays: Sequence[PlannedStay] = ()
    expected_ms: float = 0.0
    #: Models that the caller's key may not know of: how many more would go, what they give back, how many stay.
    other_evictions: int = 0
    other_evictions_bytes: int = 0
    other_stays: int = 0


@dataclass(frozen=True)
class Unloaded(Answer):
    model_id: str = ""
    version: str = ""
    unloaded: bool = False
    freed_mb: float = 0.0
    #: Requests and jobs that `now` ended, running or waiting.
    ended_requests: int = 0


@dataclass(frozen=True)
class Warmup(Answer):
    model_id: str = ""
    version: str = ""
    samples: int = 0
    warmup_time_ms: float = 0.0
    first_ms: float = 0.0
    last_ms: float = 0.0
    mean_ms: float = 0.0
    fastest_ms: float = 0.0
    slowest_ms: float = 0.0


@dataclass(frozen=True)
class LedgerEntry(Answer):
    model_id: str = ""
    version: str = ""
    instance: int = 0
    #: reserved, committed or releasing
    state: str = ""
    predicted_bytes: int = 0
    measured_bytes: int = 0
    peak_bytes: int = 0
    estimate: Optional[MemoryEstimate] = None


@dataclass(frozen=True)
class DeviceLedger(Answer):
    device: str = ""
    name: str = ""
    total_bytes: int = 0
    system_available_bytes: int = 0
    budget_bytes: int = 0
    effective_budget_bytes: int = 0
    reserved_bytes: int = 0
    committed_bytes: int = 0
    free_bytes: int = 0
    other_programs_bytes: int = 0
    entries: Sequence[LedgerEntry] = ()


@dataclass(frozen=True)
class MemoryLedger(Answer):
    """Who holds which memory, device by device."""

    devices: Sequence[DeviceLedger] = ()

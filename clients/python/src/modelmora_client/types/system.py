"""The engine as a whole."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Optional

from .common import Answer
from .lifecycle import ModelStatus
from .queue import QueueDepth


@dataclass(frozen=True)
class MemoryStatus(Answer):
    total_mb: float = 0.0
    used_mb: float = 0.0
    available_mb: float = 0.0
    threshold_mb: float = 0.0


@dataclass(frozen=True)
class GpuDevice(Answer):
    device_id: int = 0
    name: str = ""
    memory_total_mb: float = 0.0
    memory_used_mb: float = 0.0


@dataclass(frozen=True)
class GpuStatus(Answer):
    available: bool = False
    devices: Sequence[GpuDevice] = ()


@dataclass(frozen=True)
class Resources(Answer):
    """How busy the machine is; None what its system does not say."""

    cpu_percent: Optional[float] = None
    memory_percent: Optional[float] = None
    disk_percent: Optional[float] = None
    disk_available_bytes: Optional[int] = None


@dataclass(frozen=True)
class SystemStatus(Answer):
    version: str = ""
    uptime_seconds: int = 0
    memory: MemoryStatus = field(default_factory=MemoryStatus)
    gpu: GpuStatus = field(default_factory=GpuStatus)
    #: Every model that is not unloaded.
    loaded_models: Sequence[ModelStatus] = ()
    queue_depth: QueueDepth = field(default_factory=QueueDepth)
    registered_models: int = 0
    engine_memory_mb: float = 0.0
    pid: int = 0
    resources: Resources = field(default_factory=Resources)


@dataclass(frozen=True)
class Readiness(Answer):
    #: "ready" or "not ready"
    status: str = ""
    checks: Mapping[str, bool] = field(default_factory=dict)

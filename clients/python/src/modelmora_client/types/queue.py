"""What waits and runs."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Optional

from .common import Answer
from .inference import InferenceMetadata


@dataclass(frozen=True)
class QueueDepth(Answer):
    """What waits, by priority; `medium_priority` counts what is normal."""

    critical_priority: int = 0
    high_priority: int = 0
    medium_priority: int = 0
    low_priority: int = 0


@dataclass(frozen=True)
class QueueEntry(Answer):
    """One request, from its arrival until some time after its end."""

    request_id: str = ""
    model_id: str = ""
    version: str = ""
    client: str = ""
    priority: str = ""
    #: waiting, held, running, completed, failed or cancelled
    state: str = ""
    position: int = 0
    waited_ms: float = 0.0
    received_at: Optional[datetime] = None
    deadline: Optional[datetime] = None
    estimated_start_at: Optional[datetime] = None
    reason: str = ""
    inputs: int = 0
    inputs_done: int = 0
    finished_at: Optional[datetime] = None
    metadata: Optional[InferenceMetadata] = None
    error: Optional[Mapping[str, Any]] = None


@dataclass(frozen=True)
class ClientShare(Answer):
    client: str = ""
    weight: float = 0.0
    waiting: int = 0
    running: int = 0
    compute_ms: float = 0.0


@dataclass(frozen=True)
class ModelQueue(Answer):
    """What waits for one model, and how its batches come out."""

    model_id: str = ""
    version: str = ""
    waiting: int = 0
    running: int = 0
    reason: str = ""
    requests_finished: int = 0
    inputs_finished: int = 0
    batches_sent: int = 0
    batches_computed: int = 0
    mean_batch_size: float = 0.0
    mean_queue_ms: float = 0.0
    mean_batch_wait_ms: float = 0.0
    compute_ms_per_input: float = 0.0


@dataclass(frozen=True)
class QueueReport(Answer):
    """What runs, then what waits in the order in which it is expected to start."""

    entries: Sequence[QueueEntry] = ()
    depth: QueueDepth = field(default_factory=QueueDepth)
    running: int = 0
    clients: Sequence[ClientShare] = ()
    models: Sequence[ModelQueue] = ()
    total: int = 0

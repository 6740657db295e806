"""Requests that are answered later."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Optional

from .common import Answer


@dataclass(frozen=True)
class JobReference(Answer):
    job_id: str = ""
    status: str = ""
    created_at: Optional[datetime] = None
    status_url: str = ""
    result_url: str = ""


@dataclass(frozen=True)
class Webhook(Answer):
    url: str = ""
    delivered: bool = False
    attempts: int = 0
    last_error: str = ""


@dataclass(frozen=True)
class JobStatus(Answer):
    job_id: str = ""
    model_id: str = ""
    #: queued, processing, completed, failed or cancelled
    status: str = ""
    #: 0 to 100
    progress: float = 0.0
    created_at: Optional[datetime] = None
    started_at: Optional[datetime] = None
    completed_at: Optional[datetime] = None
    #: Of a job that failed: error_code, message, details.
    error: Optional[Mapping[str, Any]] = None
    inputs_done: int = 0
    inputs_total: int = 0
    priority: str = ""
    client: str = ""
    attempts: int = 0
    expires_at: Optional[datetime] = None
    result_bytes: int = 0
    result_sha256: str = ""
    webhook: Optional[Webhook] = None

    @property
    def is_over(self) -> bool:
        return self.status in ("completed", "failed", "cancelled")


@dataclass(frozen=True)
class CancelledJob(Answer):
    job_id: str = ""
    status: str = ""

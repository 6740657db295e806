"""Something that has changed."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Optional

from .common import Answer


@dataclass(frozen=True)
class Event(Answer):
    #: Grows with every event, over restarts of the engine too.
    id: int = 0
    at: Optional[datetime] = None
    #: "topic.what", such as "model.loaded"
    type: str = ""
    model_id: str = ""
    request_id: str = ""
    job_id: str = ""
    client: str = ""
    #: A sentence for people.
    message: str = ""
    #: The facts for programs.
    details: Mapping[str, Any] = field(default_factory=dict)

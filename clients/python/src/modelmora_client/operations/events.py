"""Which events are wanted."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Optional

from .operation import given


@dataclass(frozen=True)
class Watch:
    types: Sequence[str] = ()
    model_id: str = ""
    request_id: str = ""
    job_id: str = ""
    client: str = ""
    #: Those after this one first, as far as they are remembered; None: only new ones.
    after_id: Optional[int] = None
    follow: bool = True

    def query(self) -> dict[str, Any]:
        return given(types=",".join(self.types), model=self.model_id, request=self.request_id, job=self.job_id,
                     client=self.client, follow=None if self.follow else "false")

    def message(self) -> dict[str, Any]:
        return given(types=list(self.types) or None, model_id=self.model_id, request_id=self.request_id,
                     job_id=self.job_id, client=self.client, after_id=self.after_id,
                     remembered_only=None if self.follow else True)

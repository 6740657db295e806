"""Server-sent events, line by line. Pure."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class ServerSentEvent:
    name: str
    data: str
    id: str


class SseReader:
    """Takes lines without their ends, gives an event at each empty line that closes one."""

    def __init__(self) -> None:
        self._name = ""
        self._id = ""
        self._data: list[str] = []

    def feed(self, line: str) -> Optional[ServerSentEvent]:
        if not line:
            return self._close()
        field, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if field == "data":
            self._data.append(value)
        elif field == "event":
            self._name = value
        elif field == "id":
            self._id = value
        return None  # comments and other fields say nothing here

    def _close(self) -> Optional[ServerSentEvent]:
        event = ServerSentEvent(self._name or "message", "\n".join(self._data), self._id) if self._data else None
        self._name, self._id, self._data = "", "", []
        return event

"""Vectors out of a large answer while it comes: the rows of "embeddings", each a string in base64. Pure."""
from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

from .types import Vector

_BEGIN = b'"embeddings":['


class RowReader:
    """feed() the bytes of an answer as they come; rows() what is complete; end() checks that all of it was there."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._state = "before"
        self.count = 0
        #: What stands around the rows: model_id, metadata.
        self.frame: dict[str, Any] = {}
        self._head = b""

    def feed(self, piece: bytes) -> Iterator[Vector]:
        self._buffer += piece
        if self._state == "before":
            begin = self._buffer.find(_BEGIN)
            if begin < 0:
                return
            self._head = bytes(self._buffer[:begin])
            del self._buffer[:begin + len(_BEGIN)]
            self._state = "rows"
        if self._state == "rows":
            yield from self._rows()

    def _rows(self) -> Iterator[Vector]:
        at = 0
        while True:
            if at >= len(self._buffer):
                break
            if self._buffer[at] == ord(","):
                at += 1
                continue
            if self._buffer[at] == ord("]"):
                self._state = "after"
                at += 1
                break
            close = self._buffer.find(b'"', at + 1)
            if close < 0:
                break
            yield Vector(base64.b64decode(bytes(self._buffer[at + 1:close])))
            self.count += 1
            at = close + 1
        del self._buffer[:at]

    def end(self) -> None:
        """Raises ValueError where the answer was cut off or is another one."""
        if self._state != "after":
            raise ValueError("the answer was cut off")
        self.frame = json.loads(self._head + b'"rows":0' + bytes(self._buffer))

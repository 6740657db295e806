"""What the engine is set to."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .common import Answer


@dataclass(frozen=True)
class Setting(Answer):
    name: str = ""
    #: memory, policies, limits, faces, tls, access, retention, telemetry, log or places
    group: str = ""
    help: str = ""
    #: In force now; what is secret is not shown.
    value: str = ""
    #: default, file, changed, environment or flag
    origin: str = ""
    #: The flag, the variable, or the file with its line.
    source: str = ""
    default_value: str = ""
    #: A change holds at once; otherwise from the next start on.
    applies_now: bool = False
    #: There is a changed value, in force or to come; resetting drops it.
    changed: bool = False
    #: `next_value` will be in force after the next start.
    waits_for_restart: bool = False
    next_value: str = ""
    next_origin: str = ""
    #: Why it cannot be changed here; empty where it can.
    fixed: str = ""
    #: text, number, seconds, mebibytes, share, size, switch, choice, path or address
    type: str = ""
    minimum: int = 0
    maximum: int = 0
    choices: Sequence[str] = ()

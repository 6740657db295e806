"""What the engine is set to."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..retry import Repeat
from ..types import Setting
from .operation import Operation, part


def _settings(data: Any) -> Sequence[Setting]:
    return [Setting.read(item) for item in data["settings"]]


def list_settings(name: str) -> Operation[Sequence[Setting]]:
    names = [name] if name else []
    return Operation("GET", "/settings", _settings, "SettingsService.ListSettings", {"names": names},
                     query={"name": name} if name else {})


def change_settings(values: Mapping[str, Any]) -> Operation[Sequence[Setting]]:
    changes = [{"name": name, "value": _as_flag(value)} for name, value in values.items()]
    return Operation("PATCH", "/settings", _settings, "SettingsService.ChangeSettings", {"changes": changes},
                     body={"changes": changes})


def reset_setting(name: str) -> Operation[Setting]:
    return Operation("DELETE", f"/settings/{part(name)}", Setting.read, "SettingsService.ResetSetting", {"name": name},
                     repeat=Repeat.SAFE)


def _as_flag(value: Any) -> str:
    """As a flag of the engine would have it."""
    return ("true" if value else "false") if isinstance(value, bool) else str(value)

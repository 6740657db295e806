"""Answers of HTTP that are errors, as exceptions. Pure."""
from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Optional

from .errors import ApiError, FieldProblem, error_class

_LONGEST_TEXT = 500


def api_error(status: int, headers: Mapping[str, str], body: bytes) -> ApiError:
    told = _json(body)
    code = str(told.get("error_code") or "")
    message = str(told.get("message") or "") or _plain(status, body)
    return error_class(code, status)(
        message, code=code, status=status, request_id=headers.get("x-request-id", ""),
        trace_id=str(told.get("trace_id") or ""), facts=told.get("details"), problems=problems_of(told),
        retry_after=retry_after_of(status, headers))


def problems_of(error: Mapping[str, Any]) -> list[FieldProblem]:
    return [FieldProblem(str(one.get("field", "")), str(one.get("message", "")))
            for one in error.get("validation_errors") or []]


def retry_after_of(status: int, headers: Mapping[str, str]) -> Optional[float]:
    try:
        return max(0.0, float(headers["retry-after"]))
    except (KeyError, ValueError):
        # A proxy whose engine is just away says nothing of when it is back.
        return 1.0 if status in (502, 504) else None


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, Mapping) else {}


def _plain(status: int, body: bytes) -> str:
    text = body[:_LONGEST_TEXT].decode(errors="replace").strip()
    return f"HTTP {status}: {text}" if text else f"HTTP {status}"

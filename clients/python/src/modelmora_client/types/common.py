"""How answers become values: by the types of their fields, leniently, since an engine may be older or newer."""
from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Generic, Optional, TypeVar, Union, get_args, get_origin, get_type_hints

A = TypeVar("A", bound="Answer")
T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """One thing that the engine told."""

    #: All of it as it came.
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def read(cls: type[A], data: Any) -> A:
        """Fields that are missing or null keep their defaults; those that are unknown here stay in `raw`."""
        if not isinstance(data, Mapping):
            raise ValueError(f"expected an object for {cls.__name__}, found {type(data).__name__}")
        values = {name: _read(hint, data[name]) for name, hint in _fields(cls) if data.get(name) is not None}
        return cls(raw=data, **values)


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list."""

    data: Sequence[T]
    total: int
    page: int
    page_size: int
    total_pages: int

    def __iter__(self) -> Iterator[T]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)


def read_page(kind: type[A], data: Mapping[str, Any]) -> Page[A]:
    meta = data.get("meta", {})
    items = [kind.read(item) for item in data.get("data", [])]
    return Page(items, int(meta.get("total", len(items))), int(meta.get("page", 1)),
                int(meta.get("page_size", len(items))), int(meta.get("total_pages", 1)))


def read_time(text: str) -> datetime:
    """RFC 3339 in UTC, as the engine writes it."""
    plain = text[:-1] if text.endswith("Z") else text
    whole, _, fraction = plain.partition(".")
    moment = datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    return moment.replace(microsecond=int((fraction + "000000")[:6])) if fraction else moment


_FIELDS: dict[type[Answer], tuple[tuple[str, Any], ...]] = {}


def _fields(cls: type[Answer]) -> tuple[tuple[str, Any], ...]:
    if cls not in _FIELDS:
        hints = get_type_hints(cls)
        _FIELDS[cls] = tuple((f.name, hints[f.name]) for f in dataclasses.fields(cls) if f.name != "raw")
    return _FIELDS[cls]


def _read(hint: Any, value: Any) -> Any:
    origin = get_origin(hint)
    if origin is Union:  # Optional
        return _read(next(part for part in get_args(hint) if part is not type(None)), value)
    if origin is not None and issubclass(origin, Mapping):
        return dict(value)
    if origin is not None and issubclass(origin, Sequence):
        inner = get_args(hint)[0]
        return [_read(inner, item) for item in value]
    if hint is datetime:
        return read_time(value)
    if hint is Any:
        return value
    if issubclass(hint, Answer):
        return hint.read(value)
    return hint(value)

"""One call, whichever way it goes."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Optional, TypeVar
from urllib.parse import quote

from ..retry import Repeat
from ..types import Answer

T = TypeVar("T")
A = TypeVar("A", bound=Answer)

QUICK_SECONDS = 30.0  # answered from what the engine knows
LONG_SECONDS = 600.0  # loading, unloading, hashing files


@dataclass(frozen=True)
class Operation(Generic[T]):
    method: str
    #: Below /api/v1.
    path: str
    #: The value of an answer, in the shape that REST has.
    read: Callable[[Any], T]
    #: "RegistryService.GetModel"; empty where gRPC has nothing of the kind.
    rpc: str = ""
    #: The request of gRPC, with enums spelt as in REST.
    message: Mapping[str, Any] = field(default_factory=dict)
    #: Makes REST's shape of what gRPC answers.
    reshape: Callable[[dict[str, Any]], Any] = lambda answer: answer
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Optional[Mapping[str, Any]] = None
    headers: Mapping[str, str] = field(default_factory=dict)
    repeat: Repeat = Repeat.SAFE
    #: How long an answer may take.
    timeout: float = QUICK_SECONDS


def given(**fields: Any) -> dict[str, Any]:
    """The fields that were named by the caller: None and empty texts were not."""
    return {name: value for name, value in fields.items() if value is not None and value != ""}


def part(name: str) -> str:
    """One part of a path, slashes included."""
    return quote(name, safe="@")


def listed(items: str) -> Callable[[dict[str, Any]], Any]:
    """gRPC's lists in REST's words."""
    return lambda answer: {"data": answer.get(items, []), "meta": answer.get("pagination", {})}


def nothing(_: Any) -> None:
    return None

"""The way over HTTP."""
from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Optional, TypeVar

import httpx

from .._version import __version__
from ..errors import ClientTimeout, ModelMoraError, Unreachable, error_class
from ..http_errors import api_error
from ..operations.events import Watch
from ..operations.operation import Operation
from ..options import Tls
from ..retry import Repeat
from ..sse import SseReader
from ..types import Event

T = TypeVar("T")

_CONNECT_SECONDS = 5.0
_SILENCE_SECONDS = 45.0  # of a stream of events, which says something every 15
_API = "/api/v1"


class RestTransport:
    def __init__(self, base_url: str, *, api_key: str, client_name: str, timeout: Optional[float], tls: Optional[Tls],
                 proxy: Optional[str], headers: Mapping[str, str]) -> None:
        own = {"User-Agent": f"modelmora-client/{__version__}", "Accept": "application/json"}
        if api_key:
            own["Authorization"] = f"Bearer {api_key}"
        if client_name:
            own["X-ModelMora-Client"] = client_name
        self.base_url = base_url
        self._timeout = timeout
        # A proxy for the web is none for the engine: it has to be named.
        self._http = httpx.AsyncClient(base_url=base_url, headers={**own, **headers}, trust_env=False, proxy=proxy,
                                       verify=tls.context() if tls else True)

    async def send(self, operation: Operation[T]) -> T:
        async with self.stream(operation) as response:
            body = await response.aread()
        try:
            return operation.read(json.loads(body) if body else None)
        except (ValueError, KeyError, TypeError) as error:
            raise ModelMoraError(f"The answer of {self.base_url} cannot be read: {error}", status=response.status_code,
                                 request_id=response.headers.get("x-request-id", "")) from error

    @asynccontextmanager
    async def stream(self, operation: Operation[Any], headers: Optional[Mapping[str, str]] = None,
                     silence: Optional[float] = None) -> AsyncIterator[httpx.Response]:
        """The answer while it comes; `silence` is how long nothing may come."""
        seconds = silence or (operation.timeout if self._timeout is None else min(self._timeout, operation.timeout))
        sent = {**operation.headers, **(headers or {})}
        content = None
        if operation.body is not None:
            content = json.dumps(operation.body, ensure_ascii=False, separators=(",", ":")).encode()
            sent["Content-Type"] = "application/json"
        request_id = sent.get("X-Request-Id", "")
        try:
            async with self._http.stream(operation.method, _API + operation.path, params=dict(operation.query),
                                         content=content, headers=sent,
                                         timeout=httpx.Timeout(seconds, connect=_CONNECT_SECONDS)) as response:
                if response.status_code >= 400:
                    raise api_error(response.status_code, response.headers, await response.aread())
                yield response
        except httpx.HTTPError as error:
            raise self._unreachable(error, request_id, seconds) from error
        except httpx.InvalidURL as error:
            raise ModelMoraError(str(error)) from error

    def _unreachable(self, error: httpx.HTTPError, request_id: str, seconds: float) -> ModelMoraError:
        if isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout)):
            return Unreachable(f"No engine answers at {self.base_url} ({error}).", request_id=request_id)
        lost: Unreachable
        if isinstance(error, httpx.TimeoutException):
            lost = ClientTimeout(f"No answer from {self.base_url} within {seconds:g} s.", request_id=request_id)
        else:
            lost = Unreachable(f"The connection to {self.base_url} was lost ({error}).", request_id=request_id)
        lost.maybe_done = True
        return lost

    def repeat_of(self, operation: Operation[T]) -> Repeat:
        return Repeat.SAFE if "Idempotency-Key" in operation.headers else operation.repeat

    async def events(self, watch: Watch) -> AsyncIterator[Event]:
        headers = {"Accept": "text/event-stream"}
        if watch.after_id is not None:
            headers["Last-Event-ID"] = str(watch.after_id)
        operation: Operation[None] = Operation("GET", "/events", lambda _: None, query=watch.query())
        reader = SseReader()
        async with self.stream(operation, headers, _SILENCE_SECONDS) as response:
            async for line in response.aiter_lines():
                told = reader.feed(line)
                if told is None:
                    continue
                data = json.loads(told.data)
                if told.name == "end" and data:
                    raise _end_of(data)
                if told.name == "end":
                    return
                yield Event.read(data)

    async def aclose(self) -> None:
        await self._http.aclose()


def _end_of(told: Mapping[str, Any]) -> ModelMoraError:
    """Why the engine ended a stream of events."""
    code = str(told.get("error_code") or "")
    message = str(told.get("message") or "The engine ended the stream.")
    return error_class(code, None)(message, code=code, facts=told.get("details"), retry_after=1.0)

"""The client over REST."""
from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Optional

from .. import options
from ..retry import CircuitBreaker, RetryPolicy
from .caller import Caller, Transport
from .inference import Inference, Jobs
from .resources import Events, Lifecycle, Queue, Registry, Settings, System
from .rest import RestTransport


class Subjects:
    """What both clients have."""

    def __init__(self, transport: Transport, retry: Optional[RetryPolicy], circuit_breaker: Optional[CircuitBreaker]) -> None:
        self._caller = Caller(transport, retry or RetryPolicy(), circuit_breaker or CircuitBreaker())
        self.registry = Registry(self._caller)
        self.inference = Inference(self._caller)
        self.jobs = Jobs(self._caller)
        self.events = Events(self._caller)
        self.queue = Queue(self._caller)
        self.lifecycle = Lifecycle(self._caller)
        self.settings = Settings(self._caller)
        self.system = System(self._caller)

    async def aclose(self) -> None:
        """Ends its connections; requests under way are cancelled."""
        await self._caller.transport.aclose()


class AsyncModelMoraClient(Subjects):
    """An engine over REST. One for a program: it keeps connections, and may be used from anywhere in it."""

    def __init__(self, base_url: Optional[str] = None, *, api_key: Optional[str] = None, client_name: str = "",
                 timeout: Optional[float] = None, retry: Optional[RetryPolicy] = None,
                 circuit_breaker: Optional[CircuitBreaker] = None, tls: Optional[options.Tls] = None,
                 proxy: Optional[str] = None, headers: Optional[Mapping[str, str]] = None) -> None:
        """Where `base_url` is not given MODELMORA_URL says it, or http://127.0.0.1:8000; `api_key` comes from MODELMORA_KEY.

        `client_name` is whose share of the compute requests come out of. `timeout` bounds every call, in seconds;
        without it each has a bound of its own.
        """
        super().__init__(RestTransport(options.base_url_of(base_url), api_key=options.key_of(api_key),
                                       client_name=client_name, timeout=timeout, tls=tls, proxy=proxy,
                                       headers=headers or {}), retry, circuit_breaker)

    async def __aenter__(self) -> AsyncModelMoraClient:
        return self

    async def __aexit__(self, kind: Optional[type[BaseException]], error: Optional[BaseException],
                        trace: Optional[TracebackType]) -> None:
        await self.aclose()

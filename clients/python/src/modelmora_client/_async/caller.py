"""Calls that are made again where that can help, through a circuit breaker."""
from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Optional, Protocol, TypeVar

from ..errors import ModelMoraError
from ..operations.events import Watch
from ..operations.operation import Operation
from ..retry import CircuitBreaker, Repeat, RetryPolicy
from ..types import Event

T = TypeVar("T")


class Transport(Protocol):
    """One way to an engine. Raises ModelMoraError alone."""

    async def send(self, operation: Operation[T]) -> T: ...

    def repeat_of(self, operation: Operation[T]) -> Repeat: ...

    def events(self, watch: Watch) -> AsyncIterator[Event]: ...

    async def aclose(self) -> None: ...


class Caller:
    def __init__(self, transport: Transport, retry: RetryPolicy, breaker: Optional[CircuitBreaker]) -> None:
        self.transport = transport
        self.retry = retry
        self.breaker = breaker

    async def call(self, operation: Operation[T]) -> T:
        repeat = self.transport.repeat_of(operation)
        attempt = 1
        while True:
            self.before()
            try:
                answer = await self.transport.send(operation)
            except ModelMoraError as error:
                self.after(error)
                await self.wait(attempt, error, repeat)
            else:
                self.after(None)
                return answer
            attempt += 1

    async def wait(self, attempt: int, error: ModelMoraError, repeat: Repeat) -> None:
        """Until the next attempt; raises the error where there is none."""
        seconds = self.retry.wait_before(attempt, error, repeat)
        if seconds is None:
            raise error
        await asyncio.sleep(seconds)

    def before(self) -> None:
        if self.breaker is not None:
            self.breaker.before_call()

    def after(self, error: Optional[ModelMoraError]) -> None:
        if self.breaker is not None:
            self.breaker.after_call(error)

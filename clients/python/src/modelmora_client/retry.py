"""When a call is made again, and when the engine is left alone for a while. Decisions only: nothing here waits."""
from __future__ import annotations

import enum
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Optional

from .errors import CircuitOpen, ClientTimeout, ModelMoraError, Unavailable, Unreachable


class Repeat(enum.Enum):
    """What a second attempt may do."""

    SAFE = "safe"  # asking twice is as good as asking once
    UNSENT = "unsent"  # only where the first attempt surely did nothing


@dataclass(frozen=True)
class RetryPolicy:
    """Attempts go apart exponentially, each wait at random up to its bound, but no shorter than the engine asks for."""

    #: Attempts in all; 1 never repeats.
    attempts: int = 6
    #: Seconds before the second attempt, at most; twice as much before each that follows.
    first_wait: float = 0.2
    #: No wait is longer, unless the engine asks for it.
    longest_wait: float = 8.0
    #: Where the engine asks for more than this the error is raised instead.
    longest_retry_after: float = 60.0

    def wait_before(self, attempt: int, error: ModelMoraError, repeat: Repeat,
                    chance: Callable[[], float] = random.random) -> Optional[float]:
        """Seconds to wait after `attempt` (from 1) has failed; None: it is not made again."""
        if attempt >= self.attempts or not may_repeat(error, repeat):
            return None
        asked = error.retry_after or 0.0
        if asked > self.longest_retry_after:
            return None
        bound = min(self.longest_wait, self.first_wait * 2.0 ** (attempt - 1))
        return asked + chance() * bound


def may_repeat(error: ModelMoraError, repeat: Repeat) -> bool:
    if isinstance(error, (CircuitOpen, ClientTimeout)):
        return False
    if isinstance(error, Unreachable):
        return repeat is Repeat.SAFE or not error.maybe_done
    if error.retry_after is None:
        return False
    # What is refused with a time to come back was not begun; a worker that crashed had begun.
    return repeat is Repeat.SAFE or error.code in ("QUEUE_FULL", "RATE_LIMIT_EXCEEDED", "SERVICE_UNAVAILABLE")


class CircuitBreaker:
    """Opens after `failures` calls in a row that no engine answered; then one call at a time may try again.

    While it is open calls fail at once with CircuitOpen, so that a client does not wait for an engine that is gone, nor
    an engine that comes back for all of its clients at once. Any thread.
    """

    def __init__(self, failures: int = 10, pause: float = 5.0, clock: Callable[[], float] = time.monotonic) -> None:
        if failures < 1 or pause <= 0:
            raise ValueError("failures is at least 1 and pause more than 0")
        self._failures = failures
        self._pause = pause
        self._clock = clock
        self._lock = threading.Lock()
        self._in_a_row = 0
        self._closed_until: Optional[float] = None  # when the next may try; None: everybody may

    @property
    def is_open(self) -> bool:
        with self._lock:
            return self._closed_until is not None and self._clock() < self._closed_until

    def before_call(self) -> None:
        with self._lock:
            if self._closed_until is None:
                return
            left = self._closed_until - self._clock()
            if left > 0:
                raise CircuitOpen(f"The engine has not answered {self._in_a_row} times in a row; it is asked again in "
                                  f"{left:.1f} s.", retry_after=left)
            # This call is the one that tries; the others go on waiting for what becomes of it.
            self._closed_until = self._clock() + self._pause

    def after_call(self, error: Optional[ModelMoraError]) -> None:
        if isinstance(error, ClientTimeout):
            return  # the caller's patience says nothing of the engine
        with self._lock:
            if not _is_outage(error):
                self._in_a_row = 0
                self._closed_until = None
                return
            self._in_a_row += 1
            if self._in_a_row >= self._failures:
                self._closed_until = self._clock() + self._pause


def _is_outage(error: Optional[ModelMoraError]) -> bool:
    """What one model or one request got wrong says nothing of the engine as a whole."""
    if isinstance(error, Unreachable):
        return True
    return (isinstance(error, Unavailable) and error.code in ("", "SERVICE_UNAVAILABLE")
            and error.facts.get("cause") != "killed")

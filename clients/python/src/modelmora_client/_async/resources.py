"""What can be done with an engine, by subject. The same over REST and gRPC."""
from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Optional, Union

from ..operations import lifecycle, queue, registry, settings
from ..retry import Repeat
from ..types import (Event, LoadPlan, MemoryLedger, Model, ModelStatus, Page, QueueEntry, QueueReport, Readiness,
                     Setting, SystemStatus, Unloaded, Warmup)
from ..errors import ApiError, InvalidRequest, ModelMoraError, PermissionDenied, AuthenticationFailed, StreamEnded
from ..operations.events import Watch
from .caller import Caller


class Registry:
    """Which models there are."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def register_model(self, model_id: str, task_type: str, version: str = "", *,
                             path: Union[str, "os.PathLike[str]", None] = None, source_url: str = "",
                             display_name: str = "", description: str = "",
                             resource_requirements: Optional[Mapping[str, int]] = None,
                             config: Optional[Mapping[str, Any]] = None, tags: Sequence[str] = (),
                             checksum: str = "") -> Model:
        """A model, or a further version of one. `path` is a folder on the engine's machine; its files are checked and
        hashed before this returns."""
        return await self._caller.call(registry.register_model(
            model_id, task_type, version, path, source_url, display_name, description, resource_requirements, config, tags,
            checksum))

    async def list_models(self, *, task_type: str = "", status: str = "", tag: str = "", search: str = "", page: int = 1,
                          page_size: int = 20) -> Page[Model]:
        return await self._caller.call(registry.list_models(task_type, status, tag, search, page, page_size))

    async def iterate_models(self, *, task_type: str = "", status: str = "", tag: str = "",
                             search: str = "") -> AsyncIterator[Model]:
        """All of them, page by page."""
        page = 1
        while True:
            models = await self.list_models(task_type=task_type, status=status, tag=tag, search=search, page=page,
                                            page_size=100)
            for model in models:
                yield model
            if page >= models.total_pages:
                return
            page += 1

    async def get_model(self, model_id: str) -> Model:
        """`org/repo` is the current version, `org/repo@version` a named one."""
        return await self._caller.call(registry.get_model(model_id))

    async def update_model(self, model_id: str, *, display_name: Optional[str] = None, description: Optional[str] = None,
                           config: Optional[Mapping[str, Any]] = None,
                           resource_requirements: Optional[Mapping[str, int]] = None,
                           tags: Optional[Sequence[str]] = None, expected_revision: int = 0) -> Model:
        """What is named is changed, config, requirements and tags as a whole. With the revision that was read the change
        is made only where nobody else has made one since."""
        return await self._caller.call(registry.update_model(model_id, display_name, description, config,
                                                             resource_requirements, tags, expected_revision))

    async def delete_model(self, model_id: str, *, force: bool = False, expected_revision: int = 0) -> None:
        """`force` unloads it first. The files of a folder that was registered stay where they are."""
        await self._caller.call(registry.delete_model(model_id, force, expected_revision))

    async def list_versions(self, model_id: str) -> Sequence[Model]:
        return await self._caller.call(registry.list_versions(model_id))

    async def promote_version(self, model_id: str, version: str, *, expected_revision: int = 0) -> Model:
        """Makes it the one that the id alone means."""
        return await self._caller.call(registry.promote_version(model_id, version, expected_revision))

    async def deprecate_version(self, model_id: str, version: str, reason: str = "", *,
                                expected_revision: int = 0) -> Model:
        return await self._caller.call(registry.deprecate_version(model_id, version, reason, expected_revision))

    async def delete_version(self, model_id: str, version: str, *, expected_revision: int = 0) -> None:
        await self._caller.call(registry.delete_version(model_id, version, expected_revision))


class Queue:
    """What waits and runs, and the say over it. Requests go by the id they were sent with."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def get(self, *, model_id: str = "", client: str = "", limit: int = 0) -> QueueReport:
        return await self._caller.call(queue.get_queue(model_id, client, limit))

    async def request(self, request_id: str) -> QueueEntry:
        return await self._caller.call(queue.get_request(request_id))

    async def cancel(self, request_id: str) -> QueueEntry:
        """Ends it wherever it is."""
        return await self._caller.call(queue.cancel(request_id))

    async def hold(self, request_id: str) -> QueueEntry:
        """It keeps its place and its deadline, but does not start."""
        return await self._caller.call(queue.hold(request_id))

    async def release(self, request_id: str) -> QueueEntry:
        return await self._caller.call(queue.release(request_id))

    async def set_priority(self, request_id: str, priority: str) -> QueueEntry:
        return await self._caller.call(queue.set_priority(request_id, priority))


class Lifecycle:
    """Loading, unloading, memory."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def load(self, model_id: str, *, force: bool = False, pin: Optional[bool] = None,
                   instances: int = 0) -> ModelStatus:
        """Returns when it is loaded. Where others would have to go it is refused, unless `force` lets what the plan
        names."""
        return await self._caller.call(lifecycle.load(model_id, force, pin, instances))

    async def unload(self, model_id: str, *, now: bool = False) -> Unloaded:
        """Returns when its memory is back. What runs is waited for, unless `now` ends it, and what waits, at once."""
        return await self._caller.call(lifecycle.unload(model_id, now))

    async def plan(self, model_id: str, *, instances: int = 0) -> LoadPlan:
        """What a load would do, without doing anything."""
        return await self._caller.call(lifecycle.plan(model_id, instances))

    async def warmup(self, model_id: str, *, samples: int = 10) -> Warmup:
        """Loads it and runs it some times, so that the first user does not wait. REST alone."""
        return await self._caller.call(lifecycle.warmup(model_id, samples))

    async def pin(self, model_id: str) -> ModelStatus:
        """Keeps it loaded whatever happens."""
        return await self._caller.call(lifecycle.set_pinned(model_id, True))

    async def unpin(self, model_id: str) -> ModelStatus:
        return await self._caller.call(lifecycle.set_pinned(model_id, False))

    async def status(self, model_id: str) -> ModelStatus:
        return await self._caller.call(lifecycle.get_status(model_id))

    async def memory(self) -> MemoryLedger:
        return await self._caller.call(lifecycle.get_memory())


class System:
    """The engine as a whole."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def status(self) -> SystemStatus:
        return await self._caller.call(lifecycle.system_status())

    async def ready(self) -> Readiness:
        return await self._caller.call(lifecycle.ready())


class Settings:
    """What the engine is set to, where each value comes from, and changes of it while it runs."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def list(self, name: str = "") -> Sequence[Setting]:
        """All of them, or the one of that name."""
        return await self._caller.call(settings.list_settings(name))

    async def set(self, values: Mapping[str, Any]) -> Sequence[Setting]:
        """All of `values` or none, by the names that flags have: {"log-level": "debug", "memory-budget": "12GB"}. They are
        kept over restarts. Returns those that were changed; `waits_for_restart` says which hold only then."""
        return await self._caller.call(settings.change_settings(values))

    async def reset(self, name: str) -> Setting:
        """To what it would be without the change."""
        return await self._caller.call(settings.reset_setting(name))


class Events:
    """Everything that changes, as it happens."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def watch(self, *, types: Sequence[str] = (), model_id: str = "", request_id: str = "", job_id: str = "",
                    client: str = "", after_id: Optional[int] = None, follow: bool = True,
                    reconnect: bool = True) -> AsyncIterator[Event]:
        """Events from now on, or those after `after_id` first, as far as they are remembered.

        A connection that is lost is made again and goes on with the next event, over a restart of the engine too; what
        is forgotten by then is told by an event "engine.events_lost". Without `follow` it ends after what is remembered.
        """
        last, failures = after_id, 0
        while True:
            watch = Watch(tuple(types), model_id, request_id, job_id, client, last, follow)
            try:
                async for event in self._caller.transport.events(watch):
                    last, failures = event.id or last, 0
                    yield event
                if not follow:
                    return
                raise StreamEnded("The engine ended the stream of events.", retry_after=0.0)
            except ModelMoraError as error:
                if not reconnect or isinstance(error, (InvalidRequest, AuthenticationFailed, PermissionDenied)):
                    raise
                if isinstance(error, ApiError) and error.retry_after is None:
                    raise
                failures += 1
                await self._caller.wait(failures, error, Repeat.SAFE)

"""The way over gRPC."""
from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Optional, TypeVar

import grpc
import grpc.aio  # only async

from ..operations.events import Watch
from ..operations.operation import Operation
from ..options import Tls
from ..retry import Repeat
from ..rpc.errors import call_error
from ..rpc.services import method
from ..rpc.shapes import fill, plain
from ..types import Event

T = TypeVar("T")

_OPTIONS = (
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.enable_retries", 0),  # the caller does that
    ("grpc.enable_http_proxy", 0),  # a proxy for the web is none for the engine
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 2000),
)


class GrpcTransport:
    def __init__(self, target: str, *, api_key: str, client_name: str, timeout: Optional[float], tls: Optional[Tls]) -> None:
        self.target = target
        self._timeout = timeout
        named = (("authorization", api_key and f"Bearer {api_key}"), ("x-modelmora-client", client_name))
        self._metadata = tuple((name, value) for name, value in named if value)
        if tls is None:
            self._channel = grpc.aio.insecure_channel(target, options=_OPTIONS)
        else:
            self._channel = grpc.aio.secure_channel(target, grpc.ssl_channel_credentials(*tls.files()), options=_OPTIONS)

    async def send(self, operation: Operation[T]) -> T:
        if not operation.rpc:
            raise NotImplementedError(f"gRPC has nothing like {operation.method} {operation.path}; use the client of REST")
        called = method(operation.rpc)
        message: Any = called.request()
        fill(message, operation.message)
        request_id = operation.headers.get("X-Request-Id", "")
        if request_id and "request_id" in message.DESCRIPTOR.fields_by_name:
            message.request_id = request_id
        seconds = operation.timeout if self._timeout is None else min(self._timeout, operation.timeout)
        call = self._channel.unary_unary(called.path, called.request.SerializeToString, called.answer.FromString)
        try:
            answer = await call(message, timeout=seconds, metadata=self._metadata)
        except grpc.RpcError as error:
            raise call_error(error, request_id) from error
        return operation.read(operation.reshape(plain(answer)))

    def repeat_of(self, operation: Operation[T]) -> Repeat:
        return operation.repeat

    async def events(self, watch: Watch) -> AsyncIterator[Event]:
        called = method("ManagementService.WatchEvents")
        message: Any = called.request()
        fill(message, watch.message())
        call = self._channel.unary_stream(called.path, called.request.SerializeToString, called.answer.FromString)(
            message, metadata=self._metadata)
        try:
            async for event in call:
                yield Event.read(plain(event))
        except grpc.RpcError as error:
            raise call_error(error, "") from error
        finally:
            call.cancel()

    async def exchange(self, requests: AsyncIterator[Any], timeout: Optional[float]) -> AsyncIterator[Any]:
        """InferStream: messages out, messages in, in the same order."""
        called = method("InferenceService.InferStream")
        call = self._channel.stream_stream(called.path, called.request.SerializeToString, called.answer.FromString)(
            requests, timeout=timeout, metadata=self._metadata)
        try:
            async for answer in call:
                yield answer
        except grpc.RpcError as error:
            raise call_error(error, "") from error
        finally:
            call.cancel()

    async def aclose(self) -> None:
        await self._channel.close()

"""The client over gRPC."""
from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Mapping
from types import TracebackType
from typing import Any, Optional, Union

from modelmora.v1 import inference_pb2

from .. import options
from ..errors import ModelMoraError
from ..operations import inference as operations
from ..retry import CircuitBreaker, RetryPolicy
from ..rpc.errors import engine_error
from ..rpc.shapes import fill, plain
from ..types import InferenceResult
from .caller import Caller
from .client import Subjects
from .grpc_transport import GrpcTransport
from .inference import Inference


class GrpcInference(Inference):
    """Runs models, also as a stream of requests."""

    def __init__(self, caller: Caller, transport: GrpcTransport) -> None:
        super().__init__(caller)
        self._stream = transport

    async def infer_stream(self, requests: AsyncIterable[Mapping[str, Any]], *, model_id: str = "",
                           timeout: Optional[float] = None) -> AsyncIterator[Union[InferenceResult, ModelMoraError]]:
        """Requests in, results out, in the same order, as many on their way as the engine takes.

        A request is a mapping with the names of infer()'s arguments, at least `input_data`; `model_id` counts where it
        names none. One that fails gives its error in its place, and the stream goes on. The engine reads no faster than
        the results are read.
        """
        singles: list[bool] = []

        async def messages() -> AsyncIterator[Any]:
            async for request in requests:
                message = inference_pb2.InferenceRequest(model_id=model_id)
                fill(message, {**request, "embedding_format": "bytes"})
                singles.append(operations.is_single(request["input_data"]))
                yield message

        async for answer in self._stream.exchange(messages(), timeout):
            single = singles.pop(0)
            if answer.HasField("error"):
                yield engine_error(plain(answer.error), answer.metadata.request_id)
            else:
                yield operations.result_of(plain(answer), single)


class AsyncGrpcModelMoraClient(Subjects):
    """An engine over gRPC: the same subjects, and `inference.infer_stream`."""

    inference: GrpcInference

    def __init__(self, target: Optional[str] = None, *, api_key: Optional[str] = None, client_name: str = "",
                 timeout: Optional[float] = None, retry: Optional[RetryPolicy] = None,
                 circuit_breaker: Optional[CircuitBreaker] = None, tls: Optional[options.Tls] = None) -> None:
        """`target` is host:port; else MODELMORA_ENGINE says it, or 127.0.0.1:50051. With `tls` the connection is
        encrypted; Tls() alone trusts the system's authorities."""
        transport = GrpcTransport(options.target_of(target), api_key=options.key_of(api_key), client_name=client_name,
                                  timeout=timeout, tls=tls)
        super().__init__(transport, retry, circuit_breaker)
        self.inference = GrpcInference(self._caller, transport)

    async def __aenter__(self) -> AsyncGrpcModelMoraClient:
        return self

    async def __aexit__(self, kind: Optional[type[BaseException]], error: Optional[BaseException],
                        trace: Optional[TracebackType]) -> None:
        await self.aclose()

"""Client of ModelMora.

    from modelmora_client import ModelMoraClient

    with ModelMoraClient("http://127.0.0.1:8000") as client:
        vectors = client.inference.embed("sentence-transformers/all-MiniLM-L6-v2", ["one text", "and another"])

AsyncModelMoraClient is the same with `await`; GrpcModelMoraClient and AsyncGrpcModelMoraClient go over gRPC and need the
extra `grpc`.
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import errors, types
from ._async.client import AsyncModelMoraClient
from ._sync.client import ModelMoraClient
from ._version import __version__
from .errors import ModelMoraError
from .options import Tls
from .retry import CircuitBreaker, RetryPolicy

if TYPE_CHECKING:
    from ._async.grpc_client import AsyncGrpcModelMoraClient
    from ._sync.grpc_client import GrpcModelMoraClient

__all__ = ["AsyncGrpcModelMoraClient", "AsyncModelMoraClient", "CircuitBreaker", "GrpcModelMoraClient", "ModelMoraClient",
           "ModelMoraError", "RetryPolicy", "Tls", "__version__", "errors", "types"]


def __getattr__(name: str) -> Any:
    """The clients over gRPC are imported when they are asked for: grpcio is an extra."""
    if name not in ("AsyncGrpcModelMoraClient", "GrpcModelMoraClient"):
        raise AttributeError(f"module 'modelmora_client' has no attribute '{name}'")
    try:
        if name == "GrpcModelMoraClient":
            from ._sync.grpc_client import GrpcModelMoraClient
            return GrpcModelMoraClient
        from ._async.grpc_client import AsyncGrpcModelMoraClient
        return AsyncGrpcModelMoraClient
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("grpc", "google"):
            raise ImportError(f"{name} needs grpcio: pip install 'modelmora-client[grpc]'") from error
        raise

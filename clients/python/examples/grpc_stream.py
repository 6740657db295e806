"""A stream of requests over gRPC: answers come in the order of the requests, errors in their place."""
from collections.abc import Iterator
from typing import Any

from modelmora_client import GrpcModelMoraClient, errors

MODEL = "sentence-transformers/all-MiniLM-L6-v2"


def requests() -> Iterator[dict[str, Any]]:
    for i in range(100):
        yield {"input_data": {"text": f"text number {i}"}}


with GrpcModelMoraClient() as client:  # MODELMORA_ENGINE, or 127.0.0.1:50051
    done = failed = 0
    for result in client.inference.infer_stream(requests(), model_id=MODEL):
        if isinstance(result, errors.ModelMoraError):
            failed += 1
        else:
            done += 1
    print(f"{done} answers, {failed} errors")

"""Running models, at once and as jobs."""
from __future__ import annotations

import asyncio
import hashlib
import os
import time
from base64 import b64decode
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Optional, Union

from ..errors import JobFailed, ModelMoraError, StreamEnded, Unreachable
from ..operations import inference
from ..operations.operation import given
from ..retry import Repeat
from ..rows import RowReader
from ..types import (CancelledJob, Classification, InferenceResult, JobReference, JobStatus, Page, Vector, Vectors)
from .caller import Caller
from .rest import RestTransport

_FIRST_POLL = 0.05
_LONGEST_POLL = 2.0


class Inference:
    """Runs models. A call that is given up (a cancelled task, a closed client) is cancelled in the engine as well."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def infer(self, model_id: str, input_data: Mapping[str, Any], parameters: Optional[Mapping[str, Any]] = None, *,
                    priority: str = "", timeout_seconds: Optional[int] = None, keep_alive_seconds: Optional[int] = None,
                    request_id: str = "") -> InferenceResult:
        """Runs one request; `timeout_seconds` is how long it may wait and run in the engine.

        `request_id` is what `queue` knows it by. It is asked again where the engine is away or busy, under the same id.
        """
        return await self._caller.call(inference.infer(model_id, input_data, parameters, priority, timeout_seconds,
                                                       keep_alive_seconds, request_id))

    async def infer_async(self, model_id: str, input_data: Mapping[str, Any],
                          parameters: Optional[Mapping[str, Any]] = None, *, priority: str = "",
                          timeout_seconds: Optional[int] = None, keep_alive_seconds: Optional[int] = None,
                          idempotency_key: str = "", webhook_url: str = "", webhook_secret: str = "",
                          keep_result_seconds: int = 0) -> JobReference:
        """Submits a job: once this returns it runs to its end, whatever becomes of the engine. See `jobs`."""
        options = given(idempotency_key=idempotency_key, webhook_url=webhook_url, webhook_secret=webhook_secret,
                                  keep_result_seconds=keep_result_seconds or None)
        return await self._caller.call(inference.submit(model_id, input_data, parameters, priority, timeout_seconds,
                                                        keep_alive_seconds, options))

    async def embed(self, model_id: str, texts: Sequence[str], *, parameters: Optional[Mapping[str, Any]] = None,
                    priority: str = "", timeout_seconds: Optional[int] = None) -> Vectors:
        """A vector for each text; `.numpy()` is the matrix."""
        if isinstance(texts, str):
            raise TypeError("embed() takes a list of texts; infer() takes a single one")
        result = await self.infer(model_id, {"text": list(texts)}, parameters, priority=priority,
                                  timeout_seconds=timeout_seconds)
        if result.output_data.embeddings is None:
            raise ModelMoraError(f"{model_id} gave no embeddings; infer() shows what it gives")
        return result.output_data.embeddings

    async def rerank(self, model_id: str, query: str, documents: Sequence[str], *,
                     parameters: Optional[Mapping[str, Any]] = None, priority: str = "") -> Sequence[float]:
        """A score for each document, in their order."""
        result = await self.infer(model_id, {"query": query, "documents": list(documents)}, parameters, priority=priority)
        return result.output_data.scores or []

    async def classify(self, model_id: str, texts: Sequence[str], *, parameters: Optional[Mapping[str, Any]] = None,
                       priority: str = "") -> Sequence[Classification]:
        """Labels for each text, the likeliest first."""
        result = await self.infer(model_id, {"text": list(texts)}, parameters, priority=priority)
        return result.output_data.classifications or []

    async def embed_stream(self, model_id: str, texts: Sequence[str], *, parameters: Optional[Mapping[str, Any]] = None,
                           priority: str = "", timeout_seconds: Optional[int] = None) -> AsyncIterator[Vector]:
        """The vectors of one large request as they arrive: no more of it is held than what is on its way.

        Raises StreamEnded where the answer breaks off; it is not asked again once the first vector was there.
        """
        operation = inference.infer(model_id, {"text": list(texts)}, parameters, priority, timeout_seconds, None, "")
        transport = self._caller.transport
        if not isinstance(transport, RestTransport):
            for vector in await self.embed(model_id, texts, parameters=parameters, priority=priority,
                                           timeout_seconds=timeout_seconds):
                yield vector
            return
        attempt = 1
        while True:
            reader = RowReader()
            try:
                async with transport.stream(operation) as response:
                    async for piece in response.aiter_bytes():
                        for vector in reader.feed(piece):
                            yield vector
                reader.end()
                return
            except ValueError as error:
                raise StreamEnded(f"The answer broke off after {reader.count} vectors.") from error
            except ModelMoraError as error:
                if reader.count > 0:
                    raise StreamEnded(f"The answer broke off after {reader.count} vectors: {error.message}") from error
                await self._caller.wait(attempt, error, Repeat.SAFE)
                attempt += 1


class Jobs:
    """Requests that are answered later and survive the engine."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def get_status(self, job_id: str) -> JobStatus:
        return await self._caller.call(inference.get_status(job_id))

    async def get_result(self, job_id: str) -> InferenceResult:
        """Of a completed job; raises JobNotReady before, ResultExpired after its time."""
        return await self._caller.call(inference.get_result(job_id))

    async def list(self, *, status: str = "", model_id: str = "", client: str = "", page: int = 1,
                   page_size: int = 20) -> Page[JobStatus]:
        """The newest first."""
        return await self._caller.call(inference.list_jobs(status, model_id, client, page, page_size))

    async def cancel(self, job_id: str) -> CancelledJob:
        """Stops a job that is not over; forgets one that is, its result included."""
        return await self._caller.call(inference.cancel_job(job_id))

    async def retry(self, job_id: str) -> JobReference:
        """A new job with the inputs of one that failed or was cancelled."""
        return await self._caller.call(inference.retry_job(job_id))

    async def wait(self, job_id: str, *, timeout: Optional[float] = None) -> JobStatus:
        """Until it is completed, over restarts of the engine; raises JobFailed where it fails or is cancelled, and
        TimeoutError after `timeout` seconds."""
        began, pause = time.monotonic(), _FIRST_POLL
        while True:
            status = await self.get_status(job_id)
            if status.status == "completed":
                return status
            if status.is_over:
                error = status.error or {}
                raise JobFailed(error.get("message") or f"The job was {status.status}.", code=error.get("error_code", ""),
                                facts=error.get("details"))
            if timeout is not None and time.monotonic() - began + pause > timeout:
                raise TimeoutError(f"the job {job_id} is {status.status} ({status.progress:g} %) after {timeout:g} s")
            await asyncio.sleep(pause)
            pause = min(_LONGEST_POLL, pause * 1.5)

    async def wait_for_result(self, job_id: str, *, timeout: Optional[float] = None) -> InferenceResult:
        await self.wait(job_id, timeout=timeout)
        return await self.get_result(job_id)

    async def download_result(self, job_id: str, path: Union[str, "os.PathLike[str]"]) -> Path:
        """Writes a result of any size to a file, as JSON. A download that breaks off goes on where it was; the file is
        there once all of it is, and is what the engine has. REST alone."""
        transport = self._caller.transport
        if not isinstance(transport, RestTransport):
            raise NotImplementedError("results are downloaded over REST; get_result() fetches one over gRPC")
        target = Path(path)
        unfinished = target.with_name(target.name + ".part")
        operation = inference.get_result(job_id)
        etag, digest, attempt = "", "", 1
        with unfinished.open("wb+") as file:
            while True:
                place = file.seek(0, os.SEEK_END)
                ranged = {"Range": f"bytes={place}-", "If-Range": etag} if place and etag else {}
                try:
                    async with transport.stream(operation, ranged) as response:
                        if response.status_code != 206:
                            file.seek(0)
                            file.truncate()
                        etag, digest = response.headers.get("etag", ""), response.headers.get("repr-digest", digest)
                        async for piece in response.aiter_bytes():
                            file.write(piece)
                            attempt = 1
                    break
                except Unreachable as error:
                    await self._caller.wait(attempt, error, Repeat.SAFE)
                    attempt += 1
            file.seek(0)
            _compare(file.read, digest)
        os.replace(unfinished, target)
        return target


def _compare(read: Any, digest: str) -> None:
    """With Repr-Digest, where there is one."""
    name, _, told = digest.partition("=")
    if name != "sha-256":
        return
    hashed = hashlib.sha256()
    while piece := read(1 << 20):
        hashed.update(piece)
    if hashed.digest() != b64decode(told.strip(":")):
        raise StreamEnded("The result that was downloaded is not the engine's; download it again.")

"""Running models, at once and as jobs."""
from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from typing import Any, Optional

from ..retry import Repeat
from ..types import CancelledJob, InferenceResult, JobReference, JobStatus, Page
from ..types.common import read_page
from .operation import Operation, given, listed, part

GRACE_SECONDS = 10.0  # beyond the deadline that the engine keeps
DEFAULT_SECONDS = 60


def _result(data: Any) -> InferenceResult:
    return InferenceResult.read(data)


def _jobs(data: Any) -> Page[JobStatus]:
    return read_page(JobStatus, data)


def _output(answer: dict[str, Any]) -> dict[str, Any]:
    """gRPC's output in REST's words."""
    output = dict(answer.get("output_data", {}))
    if "embedding_batch" in output:
        output["embeddings"] = [one.get("values", []) for one in output.pop("embedding_batch").get("embeddings", [])]
    if isinstance(output.get("embedding"), Mapping):
        output["embedding"] = output["embedding"].get("values", [])
    if "embedding_matrix" in output:
        matrix = output.pop("embedding_matrix")
        data, size = matrix.get("data", b""), 4 * matrix.get("dimension", 0)
        output["embeddings"] = [data[size * row:size * (row + 1)] for row in range(matrix.get("rows", 0))]
    if "scores" in output:
        output["scores"] = output["scores"].get("values", [])
    if "classification_batch" in output:
        labels = output.pop("classification_batch").get("classifications", [])
        output["classifications"] = [one.get("labels", []) for one in labels]
    if "image_data" in output:
        output["image_base64"] = base64.b64encode(output.pop("image_data")).decode()
    return {**answer, "output_data": output}


def _output_of_one(answer: dict[str, Any]) -> dict[str, Any]:
    shaped = _output(answer)
    embeddings = shaped["output_data"].pop("embeddings", None)
    if embeddings:
        shaped["output_data"]["embedding"] = embeddings[0]
    return shaped


def result_of(answer: dict[str, Any], single: bool) -> InferenceResult:
    """Of gRPC's answer in plain values."""
    return _result(_output_of_one(answer) if single else _output(answer))


def is_single(input_data: Mapping[str, Any]) -> bool:
    """One input, which is answered with one output instead of a list of one."""
    return isinstance(input_data.get("text"), str) or isinstance(input_data.get("image"), (str, bytes))


def json_input(input_data: Mapping[str, Any]) -> dict[str, Any]:
    """Images may be bytes here; in JSON they are base64. Anything that can be iterated is a list there."""
    shaped = {}
    for name, value in input_data.items():
        if isinstance(value, (bytes, bytearray)):
            value = base64.b64encode(value).decode()
        elif isinstance(value, (list, tuple)) and value and isinstance(value[0], (bytes, bytearray)):
            value = [base64.b64encode(one).decode() for one in value]
        elif name in ("text", "documents", "token_ids", "text_pairs") and not isinstance(value, (str, list)):
            value = list(value)
        shaped[name] = value
    return shaped


def _request(model_id: str, input_data: Mapping[str, Any], parameters: Optional[Mapping[str, Any]], priority: str,
             timeout_seconds: Optional[int], keep_alive_seconds: Optional[int]) -> tuple[dict[str, Any], dict[str, Any]]:
    shared = given(parameters=parameters, priority=priority, timeout_seconds=timeout_seconds,
                   keep_alive_seconds=keep_alive_seconds)
    return ({"input_data": json_input(input_data), **shared},
            {"model_id": model_id, "input_data": input_data, **shared})


def infer(model_id: str, input_data: Mapping[str, Any], parameters: Optional[Mapping[str, Any]], priority: str,
          timeout_seconds: Optional[int], keep_alive_seconds: Optional[int],
          request_id: str) -> Operation[InferenceResult]:
    body, message = _request(model_id, input_data, parameters, priority, timeout_seconds, keep_alive_seconds)
    body["embedding_format"] = "base64"
    message["embedding_format"] = "bytes"
    return Operation("POST", f"/infer/{part(model_id)}", _result, "InferenceService.Infer", message,
                     _output_of_one if is_single(input_data) else _output, body=body,
                     headers={"X-Request-Id": request_id or str(uuid.uuid4())}, timeout=(timeout_seconds or DEFAULT_SECONDS) + GRACE_SECONDS)


def submit(model_id: str, input_data: Mapping[str, Any], parameters: Optional[Mapping[str, Any]], priority: str,
           timeout_seconds: Optional[int], keep_alive_seconds: Optional[int], job: Mapping[str, Any]) -> Operation[JobReference]:
    body, message = _request(model_id, input_data, parameters, priority, timeout_seconds, keep_alive_seconds)
    # With a key of its own a job that is sent again is the same job, over either way: so no form of vectors is named.
    options = {"idempotency_key": uuid.uuid4().hex, **job}
    return Operation("POST", f"/infer/{part(model_id)}/async", JobReference.read, "InferenceService.InferAsync",
                     {**message, "job": options}, body={**body, "job": options})


def get_status(job_id: str) -> Operation[JobStatus]:
    return Operation("GET", f"/jobs/{part(job_id)}", JobStatus.read, "InferenceService.GetJobStatus", {"job_id": job_id})


def get_result(job_id: str) -> Operation[InferenceResult]:
    return Operation("GET", f"/jobs/{part(job_id)}/result", _result, "InferenceService.GetJobResult", {"job_id": job_id},
                     _output, timeout=300.0)


def list_jobs(status: str, model_id: str, client: str, page: int, page_size: int) -> Operation[Page[JobStatus]]:
    fields, pages = given(status=status, model_id=model_id, client=client), {"page": page, "page_size": page_size}
    return Operation("GET", "/jobs", _jobs, "InferenceService.ListJobs", {**fields, "pagination": pages}, listed("jobs"),
                     query={**fields, **pages})


def cancel_job(job_id: str) -> Operation[CancelledJob]:
    # A second one would forget the job that the first has stopped.
    return Operation("DELETE", f"/jobs/{part(job_id)}", CancelledJob.read, "InferenceService.CancelJob",
                     {"job_id": job_id}, repeat=Repeat.UNSENT)


def retry_job(job_id: str) -> Operation[JobReference]:
    # A second one would be one job more.
    return Operation("POST", f"/jobs/{part(job_id)}/retry", JobReference.read, "JobService.RetryJob",
                     {"job_id": job_id}, repeat=Repeat.UNSENT)


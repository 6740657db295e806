"""Jobs with the real engine and worker: accepted once, kept over kill -9, computed once, told by a signed webhook."""
import hashlib
import hmac
import http.server
import json
import queue
import threading
from datetime import datetime, timezone

import httpx
import numpy
import pytest

SMALL = "test/small"
TEXTS = [f"text number {i} of a rather large batch" for i in range(2000)]


def register(client: httpx.Client, folder) -> None:
    answer = client.post("/api/v1/models", json={"model_id": SMALL, "version": "v1", "task_type": "txt2embed",
                                                 "source_url": folder.as_uri()})
    assert answer.status_code == 201, answer.text


def submit(client: httpx.Client, texts=TEXTS, headers=None, **job):
    body = {"input_data": {"text": texts}}
    return client.post(f"/api/v1/infer/{SMALL}/async", json={**body, "job": job} if job else body, headers=headers)


def status(client: httpx.Client, job: str) -> dict:
    answer = client.get(f"/api/v1/jobs/{job}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def wait_for(engine, client: httpx.Client, job: str, wanted: str = "completed") -> dict:
    engine.wait_until(lambda: status(client, job)["status"] not in ("queued", "processing"), seconds=120)
    found = status(client, job)
    assert found["status"] == wanted, found
    return found


def embeddings(answer: httpx.Response) -> numpy.ndarray:
    assert answer.status_code == 200, answer.text[:500]
    return numpy.array(answer.json()["output_data"]["embeddings"], dtype=numpy.float32)


@pytest.fixture(scope="module")
def house(tmp_path_factory, small_model):
    """An engine with a small model, for the tests that leave it as it was."""
    from tests.integration.conftest import _close, _engine

    running = _engine(tmp_path_factory.mktemp("jobs") / "engine", ("--webhook-pause", "0"), None).start()
    with httpx.Client(base_url=running.url, timeout=60) as client:
        register(client, small_model)
        yield running, client
    _close([running])


def test_accepted_jobs_survive_the_engine_and_are_computed_once(start_engine, small_model, tmp_path):
    data = tmp_path / "kept"
    engine = start_engine(data=data)
    with httpx.Client(base_url=engine.url, timeout=60) as client:
        register(client, small_model)
        reference = numpy.concatenate([
            embeddings(client.post(f"/api/v1/infer/{SMALL}", json={"input_data": {"text": TEXTS[i:i + 250]}}))
            for i in range(0, len(TEXTS), 250)])
        jobs = []
        for _ in range(4):
            accepted = submit(client)
            assert accepted.status_code == 202, accepted.text
            assert accepted.headers["location"] == f"/api/v1/jobs/{accepted.json()['job_id']}"
            jobs.append(accepted.json()["job_id"])
        engine.wait_until(lambda: status(client, jobs[0])["inputs_done"] >= 256)
        done_before = {job: status(client, job).get("inputs_done", 0) for job in jobs}
        engine.kill()

    engine = start_engine(data=data)
    with httpx.Client(base_url=engine.url, timeout=60) as client:
        for job in jobs:
            assert status(client, job).get("inputs_done", 0) >= done_before[job], "what was done is done no more"
            found = wait_for(engine, client, job)
            # A piece that ended twice would have been counted twice.
            assert found["inputs_done"] == found["inputs_total"] == len(TEXTS)
            result = client.get(f"/api/v1/jobs/{job}/result")
            numpy.testing.assert_allclose(embeddings(result), reference, atol=1e-5)
            assert result.json()["model_id"] == SMALL
        files = sorted(path.name for path in (data / "jobs").iterdir())
        assert files == sorted(f"{job}.result" for job in jobs)
        for job in jobs:
            found = status(client, job)
            content = (data / "jobs" / f"{job}.result").read_bytes()
            assert found["result_sha256"] == hashlib.sha256(content).hexdigest()
            assert found["result_bytes"] == len(content)


def test_an_orderly_stop_goes_on_after_the_next_start(start_engine, small_model, tmp_path):
    data = tmp_path / "kept"
    engine = start_engine(data=data, flags=["--drain-timeout", "0"])
    with httpx.Client(base_url=engine.url, timeout=60) as client:
        register(client, small_model)
        job = submit(client).json()["job_id"]
    assert engine.stop() == 0
    engine = start_engine(data=data)
    with httpx.Client(base_url=engine.url, timeout=60) as client:
        assert wait_for(engine, client, job)["attempts"] == 1


def test_a_job_answers_as_the_request_itself_would(house):
    engine, client = house
    for inputs in ("one text", ["one text"], ["one text", "two texts"]):
        direct = client.post(f"/api/v1/infer/{SMALL}", json={"input_data": {"text": inputs}}).json()
        job = submit(client, inputs).json()["job_id"]
        wait_for(engine, client, job)
        result = client.get(f"/api/v1/jobs/{job}/result").json()
        assert result["output_data"].keys() == direct["output_data"].keys()
        for key, value in direct["output_data"].items():
            numpy.testing.assert_allclose(result["output_data"][key], value, atol=1e-5)
        assert result["metadata"]["model_version"] == "v1"
        assert result["metadata"]["input_tokens"] == direct["metadata"]["input_tokens"]


def test_the_same_key_is_the_same_job(house):
    engine, client = house
    key = {"Idempotency-Key": "order-17"}
    first = submit(client, ["a", "b"], headers=key)
    again = submit(client, ["a", "b"], headers=key)
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json()["job_id"] == first.json()["job_id"]
    other = submit(client, ["a", "c"], headers=key)
    assert other.status_code == 422
    assert first.json()["job_id"] in other.text and "idempotency_key" in other.text
    assert submit(client, ["a"], headers=key, idempotency_key="another").status_code == 422
    wait_for(engine, client, first.json()["job_id"])


def test_what_cannot_be_a_job_is_refused_precisely(house):
    _, client = house
    assert submit(client, []).status_code == 422
    refused = submit(client, ["a"], webhook_url="ftp://x/", webhook_secret="s" * 600)
    assert refused.status_code == 422
    assert "webhook_url" in refused.text and "webhook_secret" in refused.text
    assert "s" * 20 not in refused.text
    assert client.post("/api/v1/infer/no/such/async", json={"input_data": {"text": "a"}}).status_code == 404
    misspelt = submit(client, ["a"], webhok_url="http://x/")
    assert misspelt.status_code == 422 and "webhook_url" in misspelt.text
    sync = client.post(f"/api/v1/infer/{SMALL}", json={"input_data": {"text": "a"}, "job": {}})
    assert sync.status_code == 422 and "async" in sync.text


def test_jobs_are_listed_cancelled_and_forgotten(house):
    engine, client = house
    job = submit(client).json()["job_id"]
    early = client.get(f"/api/v1/jobs/{job}/result")
    if early.status_code != 200:  # it may have been quick
        assert early.status_code == 409 and early.json()["error_code"] == "JOB_NOT_READY", early.text
    answer = client.delete(f"/api/v1/jobs/{job}")
    assert answer.status_code == 200 and answer.json()["status"] in ("cancelled", "completed")
    ended = answer.json()["status"]
    listed = client.get("/api/v1/jobs", params={"status": ended, "model": SMALL, "page_size": 100}).json()
    assert job in [entry["job_id"] for entry in listed["data"]]
    assert listed["meta"]["total"] >= 1
    assert client.get("/api/v1/jobs", params={"status": "lost"}).status_code == 422
    assert client.delete(f"/api/v1/jobs/{job}").status_code == 200
    assert client.get(f"/api/v1/jobs/{job}").status_code == 404
    assert client.get(f"/api/v1/jobs/{job}/result").json()["error_code"] == "JOB_NOT_FOUND"
    assert engine.alive()


def test_a_deleted_model_fails_its_jobs_and_says_so(start_engine, small_model):
    engine = start_engine()
    with httpx.Client(base_url=engine.url, timeout=60) as client:
        register(client, small_model)
        job = submit(client, TEXTS * 10).json()["job_id"]
        assert client.delete(f"/api/v1/models/{SMALL}", params={"force": "true"}).status_code == 204
        found = wait_for(engine, client, job, "failed")
        assert found["model_id"] == f"{SMALL}@v1"
        assert SMALL in found["error"]["message"], found
        result = client.get(f"/api/v1/jobs/{job}/result")
        assert result.status_code == 409 and found["error"]["error_code"] in result.text


def test_a_cancelled_job_is_tried_again_also_after_a_restart(start_engine, small_model):
    engine = start_engine()
    with httpx.Client(base_url=engine.url, timeout=60) as client:
        register(client, small_model)
        job = submit(client, TEXTS * 5).json()["job_id"]
        early = client.post(f"/api/v1/jobs/{job}/retry")
        assert early.status_code == 409 and early.json()["error_code"] == "ILLEGAL_TRANSITION", early.text
        assert client.delete(f"/api/v1/jobs/{job}").json()["status"] == "cancelled"
    assert engine.stop() == 0
    engine = start_engine(data=engine.data)
    with httpx.Client(base_url=engine.url, timeout=60) as client:
        again = client.post(f"/api/v1/jobs/{job}/retry")
        assert again.status_code == 202, again.text
        new = again.json()["job_id"]
        assert again.headers["location"] == f"/api/v1/jobs/{new}" and new != job
        assert wait_for(engine, client, new)["inputs_total"] == 5 * len(TEXTS)
        assert len(embeddings(client.get(f"/api/v1/jobs/{new}/result"))) == 5 * len(TEXTS)
        assert status(client, job)["status"] == "cancelled"
        listed = client.get("/api/v1/audit").json()["records"]
        assert [entry["target"] for entry in listed if entry["action"] == "job.retry"] == [job, job]  # refused, and done


def test_the_result_expires(start_engine, small_model):
    engine = start_engine()
    with httpx.Client(base_url=engine.url, timeout=60) as client:
        register(client, small_model)
        job = submit(client, ["a"], keep_result_seconds=1).json()["job_id"]
        found = wait_for(engine, client, job)
        assert found["expires_at"] > found["completed_at"]
    # An engine that starts after its time sweeps it away.
    until = datetime.fromisoformat(found["expires_at"].replace("Z", "+00:00"))
    assert engine.stop() == 0
    engine.wait_until(lambda: datetime.now(timezone.utc) > until)
    engine = start_engine(data=engine.data)
    with httpx.Client(base_url=engine.url, timeout=60) as client:
        engine.wait_until(lambda: client.get(f"/api/v1/jobs/{job}/result").status_code == 410)
        assert "expired" in client.get(f"/api/v1/jobs/{job}/result").text
        assert status(client, job)["status"] == "completed"


class Receiver(http.server.BaseHTTPRequestHandler):
    calls: "queue.Queue" = queue.Queue()
    failures = 2

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).calls.put((dict(self.headers), body))
        type(self).failures -= 1
        self.send_response(503 if type(self).failures >= 0 else 204)
        self.end_headers()

    def log_message(self, *_):
        pass


def test_the_end_is_told_until_it_is_heard_and_signed(house):
    engine, client = house
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/hook"
        job = submit(client, ["a", "b"], webhook_url=url, webhook_secret="hush").json()["job_id"]
        seen = [Receiver.calls.get(timeout=30) for _ in range(3)]
        engine.wait_until(lambda: status(client, job)["webhook"].get("delivered", False))
    finally:
        server.shutdown()
    for headers, body in seen:
        assert headers["X-ModelMora-Delivery"] == job
        signed = headers["X-ModelMora-Timestamp"].encode() + b"." + body
        expected = "sha256=" + hmac.new(b"hush", signed, hashlib.sha256).hexdigest()
        assert headers["X-ModelMora-Signature"] == expected
        told = json.loads(body)
        assert told["event"] == "job.completed" and told["job_id"] == job
    webhook = status(client, job)["webhook"]
    assert webhook["attempts"] == 3 and webhook["url"] == url
    assert "hush" not in json.dumps(status(client, job))
    assert "hush" not in engine.log()


def test_grpc_speaks_of_the_same_jobs(house, stubs):
    import grpc

    engine, client = house
    with grpc.insecure_channel(engine.grpc) as channel:
        stub = stubs.inference_grpc.InferenceServiceStub(channel)
        batch = stubs.inference.TextBatch(texts=TEXTS[:300])
        request = stubs.inference.InferenceRequest(model_id=SMALL,
                                                   input_data=stubs.inference.InputData(text_batch=batch))
        job = stub.InferAsync(request, timeout=30).job_id
        wait_for(engine, client, job)
        found = stub.GetJobStatus(stubs.inference.GetJobStatusRequest(job_id=job), timeout=30)
        assert found.inputs_done == 300 and found.progress == 100
        result = stub.GetJobResult(stubs.inference.GetJobResultRequest(job_id=job), timeout=30)
        assert len(result.output_data.embedding_batch.embeddings) == 300
        listed = stub.ListJobs(stubs.inference.ListJobsRequest(model_id=SMALL), timeout=30)
        assert job in [entry.job_id for entry in listed.jobs]
        stub.CancelJob(stubs.inference.CancelJobRequest(job_id=job), timeout=30)
        with pytest.raises(grpc.RpcError) as gone:
            stub.GetJobStatus(stubs.inference.GetJobStatusRequest(job_id=job), timeout=30)
        assert gone.value.code() == grpc.StatusCode.NOT_FOUND

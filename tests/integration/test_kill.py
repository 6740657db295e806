"""Unloading at once: what runs, what waits and what is a job of the model is ended, by every face, and nothing loads it again."""
import concurrent.futures
import json
import os
import shutil
import subprocess
from pathlib import Path

import grpc
import pytest

from tests.integration.rest_client import call

FAKE_WORKER = Path(os.environ["MM_BUILD"]) / "tests/mm_fake_worker"
MODEL = "test/hangs"
STUCK = {"run": {"*": {"do": "until_cancel"}}, "stubborn": True}


@pytest.fixture(scope="module")
def house(start_module_engine, tmp_path_factory, small_model):
    """An engine whose worker takes requests and answers none of them, and ends for no kind word."""
    folder = shutil.copytree(small_model, tmp_path_factory.mktemp("models") / "hangs")
    (folder / "fake.json").write_text(json.dumps(STUCK))
    engine = start_module_engine("--worker", str(FAKE_WORKER), "--drain-timeout", "600")
    answer = call(engine, "POST", "/api/v1/models", {"model_id": MODEL, "task_type": "txt2embed",
                                                     "source_url": folder.as_uri(), "config": {"batch_size": 1}})
    assert answer.status == 201, answer.text
    return engine


@pytest.fixture
def pool():
    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        yield threads


def busy(pool, engine):
    """Requests that run and wait, one of which goes through the engine in many parts, and a job."""
    texts = ("one", "two", ["many"] * 3000)
    sent = [pool.submit(call, engine, "POST", f"/api/v1/infer/{MODEL}", {"input_data": {"text": each}}) for each in texts]
    job = call(engine, "POST", f"/api/v1/infer/{MODEL}/async", {"input_data": {"text": "one"}})
    assert job.status == 202, job.text

    def under_way():
        queue = call(engine, "GET", "/api/v1/queue").json["entries"]
        return len({entry["request_id"] for entry in queue}) == 4 and any(entry["state"] == "running" for entry in queue)

    engine.wait_until(under_way)
    return sent, job.json["job_id"]


def check_ended(engine, sent, job):
    for answer in (each.result(timeout=60) for each in sent):
        assert answer.status == 503 and answer.json["error_code"] == "SERVICE_UNAVAILABLE", answer.text
        assert answer.json["details"]["cause"] == "killed" and "Retry-After" not in answer.headers
        assert "was unloaded at once" in answer.json["message"]
    engine.wait_until(lambda: call(engine, "GET", f"/api/v1/jobs/{job}").json["status"] == "failed")
    assert "was unloaded at once" in call(engine, "GET", f"/api/v1/jobs/{job}").json["error"]["message"]
    status = call(engine, "GET", f"/api/v1/models/{MODEL}/status").json
    assert (status["state"], status["crashes"], status.get("last_failure")) == ("unloaded", 0, None)


def kills_in_the_audit(engine):
    answer = call(engine, "GET", "/api/v1/audit?action=model.kill").json["records"]
    return [(record["target"], record["client"], record["outcome"]) for record in answer]


def test_over_rest_everything_ends_and_the_audit_says_who_it_was(house, pool):
    sent, job = busy(pool, house)
    pid = call(house, "GET", f"/api/v1/models/{MODEL}/status").json["pid"]
    answer = call(house, "POST", f"/api/v1/models/{MODEL}/unload?now=true", headers={"X-ModelMora-Client": "the-boss"})
    assert answer.status == 200, answer.text
    assert answer.json["unloaded"] and answer.json["ended_requests"] == 4 and answer.json["freed_mb"] > 0
    assert not Path(f"/proc/{pid}").exists()
    check_ended(house, sent, job)
    assert (MODEL, "the-boss", "done") in kills_in_the_audit(house)
    told = call(house, "GET", "/api/v1/events?types=model.unloaded&last_event_id=1&follow=false").text
    assert "killed by the-boss" in told and '"cause":"killed"' in told.replace(" ", "")
    again = call(house, "POST", f"/api/v1/models/{MODEL}/unload", {"now": True})
    assert again.status == 404 and again.json["error_code"] == "MODEL_NOT_LOADED"
    assert call(house, "POST", f"/api/v1/models/{MODEL}/unload?now=perhaps").status == 422


def test_over_grpc_it_ends_a_drain_that_has_begun(house, pool, stubs):
    sent, job = busy(pool, house)
    drain = pool.submit(call, house, "POST", f"/api/v1/models/{MODEL}/evict")
    house.wait_until(lambda: call(house, "GET", f"/api/v1/models/{MODEL}/status").json["state"] == "draining")
    with grpc.insecure_channel(house.grpc) as channel:
        service = stubs.management_grpc.ManagementServiceStub(channel)
        killed = service.UnloadModel(stubs.management.UnloadModelRequest(model_id=MODEL, now=True), timeout=60)
    assert killed.unloaded and killed.ended_requests == 4
    assert drain.result(timeout=60).json["unloaded"]
    check_ended(house, sent, job)


def test_the_command_line_says_how_many_ended(house, pool):
    sent, job = busy(pool, house)
    done = subprocess.run([f"{os.environ['MM_BUILD']}/bin/modelmora", "unload", MODEL, "--now", "--engine", house.grpc],
                          capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == 0 and f"{MODEL} is unloaded, 4 requests ended with it" in done.stdout, done.stdout + done.stderr
    check_ended(house, sent, job)
    retried = call(house, "POST", f"/api/v1/jobs/{job}/retry").json["job_id"]
    house.wait_until(lambda: call(house, "GET", f"/api/v1/models/{MODEL}/status").json["state"] == "loaded")
    assert call(house, "POST", f"/api/v1/models/{MODEL}/unload", {"now": True}).json["ended_requests"] == 1
    assert call(house, "GET", f"/api/v1/jobs/{retried}").json["status"] == "failed"

"""The queue as an operator sees it: real engine, real worker, requests that wait behind a long one."""
import concurrent.futures
import time

import pytest

from tests.integration.rest_client import call

MODEL = "test/queue"
# In one piece: larger ones go through the engine in several.
LONG = {"input_data": {"text": ["a long line of many words that says nothing at all " * 40] * 450}}


@pytest.fixture(scope="module")
def served(engine, minilm_folder):
    """A model whose worker is given two batches of one input: what comes after two requests waits in the engine."""
    answer = call(engine, "POST", "/api/v1/models", {
        "model_id": MODEL, "task_type": "txt2embed", "source_url": minilm_folder.as_uri(),
        "config": {"batch_size": 1, "dtype": "fp32"}})
    assert answer.status == 201, answer.text
    assert call(engine, "POST", f"/api/v1/models/{MODEL}/load").status == 200
    return engine


@pytest.fixture
def pool():
    with concurrent.futures.ThreadPoolExecutor(16) as threads:
        yield threads


def send(pool, engine, name, body=None, client="someone", **more):
    body = {**(body or {"input_data": {"text": name}}), **more}
    headers = {"X-Request-Id": name, "X-ModelMora-Client": client}
    return pool.submit(call, engine, "POST", f"/api/v1/infer/{MODEL}", body, headers=headers)


def entry(engine, name):
    return call(engine, "GET", f"/api/v1/requests/{name}")


def until_state(engine, state, *names):
    """The bound is only there to end a broken test."""
    for name in names:
        end = time.monotonic() + 60
        while (answer := entry(engine, name)).status != 200 or answer.json["state"] != state:
            assert time.monotonic() < end, f"{name} did not become {state}: {answer.text}"


def tell(engine, name, verb, body=None):
    return call(engine, "POST", f"/api/v1/requests/{name}/{verb}", body)


def block(pool, engine, *names):
    blocking = []
    for name in names:
        blocking.append(send(pool, engine, name, LONG))
        until_state(engine, "running", name)
    return blocking


def test_waiting_requests_are_seen_raised_held_released_and_cancelled(served, pool):
    blocking = block(pool, served, "long-1", "long-2")
    sent = {}
    for name in ("a", "b", "c"):
        sent[name] = send(pool, served, name, client="web", priority="low")
        until_state(served, "waiting", name)
    queue = call(served, "GET", f"/api/v1/queue?model={MODEL}").json
    assert [each["request_id"] for each in queue["entries"]] == ["long-1", "long-2", "a", "b", "c"]
    assert [each["position"] for each in queue["entries"]] == [0, 0, 1, 2, 3]
    assert queue["depth"]["low_priority"] == 3
    assert {"web": 3, "someone": 0}.items() <= {each["client"]: each["waiting"] for each in queue["clients"]}.items()

    assert tell(served, "c", "priority", {"priority": "normal"}).json["position"] == 1
    assert tell(served, "b", "hold").json["state"] == "held"
    assert tell(served, "a", "cancel").json["state"] == "cancelled"
    assert sent["a"].result().status == 409
    assert tell(served, "long-1", "hold").status == 409
    only = call(served, "GET", "/api/v1/queue?client=web").json["entries"]
    assert [(each["request_id"], each["state"]) for each in only] == [("c", "waiting"), ("b", "held")]
    assert only[0]["priority"] == "normal"

    for name in ("long-1", "long-2"):
        assert tell(served, name, "cancel").json["state"] == "cancelled"
    assert sent["c"].result().status == 200
    assert [each.result().status for each in blocking] == [409, 409]
    assert entry(served, "b").json["state"] == "held"
    tell(served, "b", "release")
    assert sent["b"].result().status == 200


def test_a_request_of_many_inputs_is_one_however_many_goes_it_takes(served, pool):
    """Two of its four parts are in the engine when the orders come, and the others must obey them as well."""
    blocking = block(pool, served, "long-7", "long-8")
    whole = send(pool, served, "whole", {"input_data": {"text": ["word"] * 1600}})
    doomed = send(pool, served, "doomed", {"input_data": {"text": ["word"] * 1600}})
    until_state(served, "waiting", "whole", "doomed")
    seen = entry(served, "whole").json
    assert (seen["inputs"], seen["inputs_done"], seen["priority"]) == (1600, 0, "normal")
    assert tell(served, "whole", "priority", {"priority": "low"}).json["priority"] == "low"
    assert tell(served, "whole", "hold").json["state"] == "held"
    assert tell(served, "doomed", "cancel").json["state"] == "cancelled"
    assert doomed.result().status == 409
    for name in ("long-7", "long-8"):
        tell(served, name, "cancel")
    assert [each.result().status for each in blocking] == [409, 409]
    assert send(pool, served, "passing").result().status == 200
    assert entry(served, "whole").json["state"] == "held"
    assert tell(served, "whole", "release").json["state"] == "running"
    answer = whole.result()
    assert answer.status == 200 and len(answer.json["output_data"]["embeddings"]) == 1600
    done = entry(served, "whole").json
    assert (done["state"], done["inputs"], done["inputs_done"], done["priority"]) == ("completed", 1600, 1600, "low")
    assert done["metadata"]["input_tokens"] == answer.json["metadata"]["input_tokens"]
    assert call(served, "GET", "/api/v1/queue").json["total"] == 0


def test_a_critical_request_passes_all_that_runs_and_waits(served, pool):
    blocking = block(pool, served, "long-3", "long-4")
    waiting = send(pool, served, "patient")
    until_state(served, "waiting", "patient")
    urgent = send(pool, served, "urgent", priority="critical").result()
    assert urgent.status == 200, urgent.text
    assert entry(served, "patient").json["state"] == "waiting"
    assert entry(served, "long-3").json["state"] == "running"
    for name in ("long-3", "long-4"):
        tell(served, name, "cancel")
    assert waiting.result().status == 200
    assert [each.result().status for each in blocking] == [409, 409]


def test_a_finished_request_still_tells_where_its_time_went(served, pool):
    answer = send(pool, served, "told").result().json
    times = answer["metadata"]
    parts = ("queue_ms", "load_ms", "batch_wait_ms", "tokenize_ms", "compute_ms", "send_ms")
    assert sum(times[part] for part in parts) == pytest.approx(times["total_time_ms"], rel=0.01)
    kept = entry(served, "told").json
    assert kept["state"] == "completed"
    assert kept["metadata"]["compute_ms"] == times["compute_ms"]
    assert entry(served, "never").status == 404
    assert tell(served, "told", "release").status == 409


def test_an_expired_request_is_answered_at_once_and_never_computed(served, pool):
    blocking = block(pool, served, "long-5", "long-6")
    late = send(pool, served, "late", timeout_seconds=1).result()
    assert late.status == 408
    assert entry(served, "late").json["state"] == "failed"
    assert entry(served, "long-5").json["state"] == "running"
    for name in ("long-5", "long-6"):
        tell(served, name, "cancel")
    assert [each.result().status for each in blocking] == [409, 409]

"""What becomes of workers and requests when the engine is killed, told to stop, or not listened to."""
import concurrent.futures
import fcntl
import json
import os
import pathlib
import signal
import subprocess
import time

import httpx
import pytest

from tests.integration.rest_client import call

ENGINE = pathlib.Path(os.environ["MM_BUILD"]) / "bin/modelmora-engine"
MINILM = "sentence-transformers/all-MiniLM-L6-v2"
EMBED = f"/api/v1/infer/{MINILM}"


@pytest.fixture
def minilm_engine(start_engine, definitions):
    """start(flags): an engine with all-MiniLM-L6-v2 registered."""
    flags, environment = definitions
    return lambda *more: start_engine(flags=[*flags, *more], environment=environment)


def gone(pid):
    return not os.path.exists(f"/proc/{pid}")


def embed(engine, texts, seconds=60):
    """Status and body of one request; None where the connection was refused or cut."""
    try:
        answer = httpx.post(engine.url + "/v1/embeddings", json={"model": MINILM, "input": texts}, timeout=seconds)
        return answer.status_code, answer.json()
    except httpx.TransportError:
        return None


def test_a_killed_engine_takes_its_workers_with_it_also_while_they_load(minilm_engine):
    engine = minilm_engine()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        asked = pool.submit(embed, engine, ["words"])
        engine.wait_until(engine.workers)
        workers = engine.workers()
        os.kill(engine.pid, signal.SIGKILL)
        engine.wait()
        assert asked.result() is None
    engine.wait_until(lambda: all(gone(worker) for worker in workers))


def test_a_killed_engine_takes_a_busy_worker_with_it(minilm_engine):
    engine = minilm_engine()
    assert embed(engine, ["words"])[0] == 200
    (worker,) = engine.workers()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        asked = pool.submit(embed, engine, ["many words " * 100] * 500)
        engine.wait_until(lambda: call(engine, "GET", f"/api/v1/models/{MINILM}/status").json["in_flight"] > 0)
        os.kill(engine.pid, signal.SIGKILL)
        engine.wait()
        assert asked.result() is None
    engine.wait_until(lambda: gone(worker))


def test_sigterm_lets_running_and_queued_requests_end(minilm_engine):
    engine = minilm_engine()
    assert embed(engine, ["words"])[0] == 200
    with concurrent.futures.ThreadPoolExecutor(24) as pool:
        asked = [pool.submit(embed, engine, ["many words " * 20] * 16) for _ in range(24)]
        engine.wait_until(lambda: call(engine, "GET", f"/api/v1/models/{MINILM}/status").json["in_flight"] > 1)
        os.kill(engine.pid, signal.SIGTERM)
        assert engine.wait(90) == 0
        answers = [answer.result() for answer in asked]
    # Whatever the engine had taken was answered; what it had not yet, was refused.
    assert all(answer is None or answer[0] in (200, 503) for answer in answers), answers
    assert sum(answer is not None and answer[0] == 200 for answer in answers) > 1


def test_sigterm_does_not_wait_longer_than_the_drain_timeout(minilm_engine):
    engine = minilm_engine("--drain-timeout", "1")
    assert embed(engine, ["words"])[0] == 200
    (worker,) = engine.workers()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        asked = pool.submit(embed, engine, ["many words " * 200] * 2000, 120)
        engine.wait_until(lambda: call(engine, "GET", f"/api/v1/models/{MINILM}/status").json["in_flight"] > 0)
        os.kill(engine.pid, signal.SIGTERM)
        assert engine.wait(30) == 0
        answer = asked.result()
    assert answer is None or answer[0] == 503
    assert gone(worker)


def test_a_model_that_cannot_load_costs_one_worker_however_often_it_is_asked_for(start_engine, small_model, tmp_path):
    import shutil

    broken = tmp_path / "broken"
    shutil.copytree(small_model, broken)
    weights = next(broken.glob("*.safetensors"))
    good = weights.read_bytes()
    weights.write_bytes(good[: len(good) // 2])
    engine = start_engine(flags=["--log-format", "json"])
    body = {"model_id": "test/broken", "task_type": "txt2embed", "source_url": broken.as_uri()}
    if call(engine, "POST", "/api/v1/models", body).status != 201:
        pytest.skip("the registration refuses the folder before any load")
    ask = {"input_data": {"text": "words"}}
    first = call(engine, "POST", "/api/v1/infer/test/broken", ask)
    assert first.status >= 400
    for _ in range(200):
        again = call(engine, "POST", "/api/v1/infer/test/broken", ask)
        assert again.status == first.status and again.json["error_code"] == first.json["error_code"]
    events = [json.loads(line)["event"] for line in engine.log().splitlines()]
    assert events.count("model loading") == 1
    # Mended files are tried by the next request, without an order.
    weights.write_bytes(good)
    engine.wait_until(lambda: call(engine, "POST", "/api/v1/infer/test/broken", ask).status == 200)


def test_a_full_pipe_that_nobody_reads_does_not_stop_the_engine(tmp_path):
    read, write = os.pipe()
    fcntl.fcntl(write, fcntl.F_SETFL, os.O_NONBLOCK)
    with pytest.raises(BlockingIOError):
        while True:
            os.write(write, b"x" * 4096)
    fcntl.fcntl(write, fcntl.F_SETFL, 0)
    data = tmp_path / "data"
    data.mkdir()
    process = subprocess.Popen([ENGINE, "--data-dir", str(data), "--rest", "127.0.0.1:0", "--grpc", "127.0.0.1:0",
                                "--log-level", "trace"], stderr=write, stdin=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not (data / "engine.json").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        url = "http://" + json.loads((data / "engine.json").read_text())["rest"]
        for _ in range(20):
            assert httpx.get(url + "/api/v1/models", timeout=20).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0
    finally:
        process.kill()
        process.wait()
        os.close(read)
        os.close(write)

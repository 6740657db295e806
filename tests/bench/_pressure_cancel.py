"""Part of pressure.py: how soon a cancelled request ends, and its worker is free or gone."""
import json
import os
import time
from pathlib import Path

from _engine import Connection, Engine
from _places import BUILD, MINILM, make_texts
from tests.support.small_models import make_small_bert

LONG_INPUTS = 4000


def percentile(values, fraction):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * fraction))]


def until_running(connection, request_id):
    path = f"/api/v1/requests/{request_id}"
    while True:
        status, body, _ = connection.request("GET", path)
        if status == 200 and json.loads(body)["state"].lower().endswith("running"):
            return


def longest_step(connection, path, texts):
    """Of a request that takes several steps: its compute time over their number is not told, so one batch is asked."""
    return max(connection.json("POST", path, {"input_data": {"text": texts[:32]}})[0]["metadata"]["compute_ms"]
               for _ in range(3))


def cancel_running(goals, options):
    texts = (make_texts(128) * (LONG_INPUTS // 64 + 1))[:LONG_INPUTS]
    short = {"input_data": {"text": make_texts(12)[0]}}
    path = "/api/v1/infer/bench/a"
    answered, freed = [], []
    with Engine("--threads", "2") as engine, engine.connection() as control:
        engine.register("bench/a", MINILM, dtype="fp32")
        engine.load("bench/a")
        step = longest_step(control, path, texts)
        for number in range(max(5, int(options.seconds * 6))):
            name = f"cancel-{number}"
            with Connection(engine.rest) as client:
                client.send("POST", path, {"input_data": {"text": texts}}, f"X-Request-Id: {name}\r\n")
                until_running(control, name)
                time.sleep(number % 10 * step / 1e4)  # anywhere within a step
                begun = time.perf_counter()
                control.json("POST", f"/api/v1/requests/{name}/cancel")
                client.receive()
                answered.append((time.perf_counter() - begun) * 1e3)
                times = control.json("POST", path, short)[0]["metadata"]
                freed.append((time.perf_counter() - begun) * 1e3 - times["inference_time_ms"])
    goals.extra["cancel_running"] = {"answered_ms": answered, "freed_ms": freed, "step_ms": step}
    print(f"one step {step:.1f} ms; answered p50 {percentile(answered, 0.5):.1f} ms; the worker free p50 "
          f"{percentile(freed, 0.5):.1f} ms, p99 {percentile(freed, 0.99):.1f} ms")
    goals.check("cancel of a running request, p99", percentile(answered, 0.99), "ms", "<=", step + 50)
    goals.check("and its worker free for the next, p99", percentile(freed, 0.99), "ms", "<=", step + 50)


def cancel_hung(goals, folder, options):
    grace = 1.0
    model = make_small_bert(MINILM, Path(folder) / "hangs")  # files as the registry wants them; nobody computes
    (model / "fake.json").write_text(json.dumps({"run": {"*": {"do": "hang"}}}))
    answered, gone = [], []
    flags = ("--cancel-grace", str(int(grace)))
    with Engine(*flags, worker=BUILD / "tests/mm_fake_worker") as engine, engine.connection() as control:
        engine.register("bench/hangs", model)
        for number in range(max(3, int(options.seconds))):
            engine.load("bench/hangs")
            pid = engine.worker_of("bench/hangs")
            name = f"hung-{number}"
            with Connection(engine.rest) as client:
                client.send("POST", "/api/v1/infer/bench/hangs", {"input_data": {"text": "a"}}, f"X-Request-Id: {name}\r\n")
                until_running(control, name)
                begun = time.perf_counter()
                control.json("POST", f"/api/v1/requests/{name}/cancel")
                client.receive()
                answered.append((time.perf_counter() - begun) * 1e3)
                while os.path.exists(f"/proc/{pid}"):
                    time.sleep(0.002)
                gone.append((time.perf_counter() - begun) * 1e3)
    goals.extra["cancel_hung"] = {"answered_ms": answered, "gone_ms": gone, "grace_ms": grace * 1e3}
    goals.check("cancel of a hung request, answered, longest", max(answered), "ms", "<=", grace * 1e3 + 500)
    goals.check("and its worker gone, longest", max(gone), "ms", "<=", grace * 1e3 + 500)


def measure_cancel(goals, folder, options):
    """A long request is cancelled while it runs; then one whose worker hangs."""
    cancel_running(goals, options)
    cancel_hung(goals, folder, options)

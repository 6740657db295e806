"""faces.py: many small requests, and small ones beside large."""
import contextlib
import json
import statistics
import subprocess
import tempfile
from pathlib import Path

from _engine import Engine
from _load import finish, run, start, stream
from _places import BUILD, MINILM, make_texts
from tests.support.small_models import make_small_bert

FAKE_WORKER = BUILD / "tests/mm_fake_worker"
LIVE, MODELS = "/health/live", "/api/v1/models"
INSTANT = "bench/instant"
BODY_BYTES = 7 << 20


def get(name, path, *, connections=1, rate=0):
    return {"name": name, "path": path, "method": "GET", "connections": connections, "rate": rate}


def infer(name, model, bodies, connections):
    return stream(name, f"/api/v1/infer/{model}", bodies, connections=connections)


@contextlib.contextmanager
def folder_with_bodies(texts_of_bodies):
    with tempfile.TemporaryDirectory() as folder:
        bodies = Path(folder) / "bodies.jsonl"
        bodies.write_text("".join(json.dumps({"input_data": {"text": text}}) + "\n" for text in texts_of_bodies))
        yield Path(folder), bodies


@contextlib.contextmanager
def instant_engine(folder, *flags):
    """An engine whose worker answers without computing."""
    model = make_small_bert(MINILM, folder / "model")  # files as the registry wants them; nobody computes
    with Engine(*flags, worker=FAKE_WORKER) as engine:
        engine.register(INSTANT, model)
        engine.load(INSTANT)
        yield engine


@contextlib.contextmanager
def bare_server():
    process = subprocess.Popen([BUILD / "bin/mm_bench_bare_http"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield f"127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.stdin.close()
        process.wait()


def live(goals, options):
    """Liveness against a server that does nothing else, in turns."""
    rounds = []
    with bare_server() as bare, Engine() as engine:
        for _ in range(options.rounds):
            rounds.append([run(address, [get("live", LIVE, connections=16)], options.seconds)["live"]["per_second"]
                           for address in (engine.rest, bare)])
    goals.extra["live"] = rounds
    goals.note("liveness, requests a second", statistics.median(ours for ours, _ in rounds), "/s")
    goals.note("QHttpServer by itself", statistics.median(theirs for _, theirs in rounds), "/s")
    goals.check("liveness against QHttpServer by itself", statistics.median(a / b for a, b in rounds) * 100, "%", ">=", 70)


def calm(goals, options):
    """Liveness while the processors compute for 64 clients."""
    with folder_with_bodies(make_texts(12)) as (_, bodies), Engine("--threads", "2") as engine:
        engine.register("bench/busy", MINILM)
        engine.load("bench/busy")
        busy = start(engine.rest, [infer("busy", "bench/busy", bodies, 64)], options.seconds * 2 + 0.5)
        probe = start(engine.rest, [get("live", LIVE, rate=200)], options.seconds * 2, urgent=True)
        report = finish(probe) | finish(busy)
    goals.extra["calm"] = {name: report[name] for name in ("live", "busy")}
    goals.note("inferences a second beside it", report["busy"]["per_second"], "/s")
    goals.check("liveness while 64 clients infer, p99", report["live"]["p99_us"] / 1e3, "ms", "<=", 1)


def bodies(goals, options):
    """Health and management while clients send as much as a body may hold."""
    texts = ["many words " * 90] * (BODY_BYTES // 1000)
    with folder_with_bodies([texts]) as (folder, large), instant_engine(folder) as engine:
        report = run(engine.rest, [infer("large", INSTANT, large, 2), get("live", LIVE, rate=100),
                                   get("models", MODELS, rate=100)], options.seconds * 2)
    goals.extra["bodies"] = report[""]
    goals.note("bodies of 7 MB, a second", report["large"]["per_second"], "/s")
    goals.check("liveness while 7 MB bodies arrive, p99", report["live"]["p99_us"] / 1e3, "ms", "<=", 10)
    goals.check("the list of models while 7 MB bodies arrive, p99", report["models"]["p99_us"] / 1e3, "ms", "<=", 10)


def instant(goals, options):
    """The engine's own speed: a worker that answers at once."""
    rounds = []
    with folder_with_bodies(make_texts(12)) as (folder, small), instant_engine(folder) as engine:
        for _ in range(options.rounds):
            rounds.append(run(engine.rest, [infer("instant", INSTANT, small, 64)], options.seconds)["instant"])
        alone = run(engine.rest, [infer("alone", INSTANT, small, 1)], options.seconds)["alone"]
    goals.extra["instant"] = {"rounds": rounds, "alone": alone}
    goals.note("one client alone, p50", alone["p50_us"], "us")
    goals.check("inferences a second over REST, 64 clients, instant worker",
                statistics.median(each["per_second"] for each in rounds), "/s", ">=", 12_000)

"""faces.py: the gRPC face under load, by a client in C++, beside gRPC by itself: calls a second, and megabytes a second
through streams. Which share of gRPC's own speed is left is told for each; the goals are absolute."""
import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from _engine import Engine
from _faces_rest import FAKE_WORKER, INSTANT
from _places import BUILD, MINILM
from tests.support.small_models import make_small_bert

PROGRAM = BUILD / "bin/mm_bench_grpc"
CONNECTIONS, CALLS = 4, 64
MB = 1_000_000
FLOATS = 384
GOALS = ("in", "out")
DIRECTIONS = {"in": (MB, 0), "out": (20, MB), "both ways": (MB, MB)}


def _load(kind, address, seconds, *sizes):
    words = [kind, address, INSTANT, seconds, CONNECTIONS, *(sizes or (CALLS,))]
    done = subprocess.run([str(PROGRAM), *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"mm_bench_grpc {' '.join(map(str, words))}: {done.stdout}{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


@contextlib.contextmanager
def _serving(*words):
    """`serve`: the face over services that answer at once; `bare`: gRPC by itself."""
    process = subprocess.Popen([str(PROGRAM), *map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield f"127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.stdin.close()
        process.wait()


@contextlib.contextmanager
def _instant_engine():
    with tempfile.TemporaryDirectory() as folder:
        model = make_small_bert(MINILM, Path(folder) / "model")
        (model / "fake.json").write_text(json.dumps({"dimension": FLOATS}))
        with Engine(worker=FAKE_WORKER) as engine:
            engine.register(INSTANT, model)
            engine.load(INSTANT)
            yield engine


def measure(goals, options):
    _calls(goals, options)
    _streams(goals, options)


def _calls(goals, options):
    rounds = []
    with _serving("bare", 4 * FLOATS) as bare, _serving("serve") as face, _instant_engine() as engine:
        for _ in range(options.rounds):
            rounds.append({name: _load("unary", address, options.seconds) for name, address in
                           (("bare", bare), ("face", face), ("engine", engine.grpc))})
    goals.extra["grpc_calls"] = rounds
    median = {name: statistics.median(each[name]["calls_per_s"] for each in rounds) for name in rounds[0]}
    goals.note("gRPC by itself: unary calls", median["bare"], "/s")
    for name, what in (("face", "the face by itself"), ("engine", "the engine, instant worker")):
        share = statistics.median(each[name]["calls_per_s"] / each["bare"]["calls_per_s"] for each in rounds)
        goals.note(f"{what} against gRPC by itself", share * 100, "%")
    goals.note("the face by itself: unary calls", median["face"], "/s")
    goals.note("gRPC, the engine, instant worker: p99 under that load",
               statistics.median(each["engine"]["p99_ms"] for each in rounds), "ms")
    goals.check("gRPC: unary calls a second, 256 at a time, instant worker", median["engine"], "/s", ">=", 20_000)


def _streams(goals, options):
    for what, (inward, outward) in DIRECTIONS.items():
        rounds = []
        with _serving("bare", outward) as bare, _serving("serve") as face:
            for _ in range(options.rounds):
                rounds.append([_moved(_load("stream", address, options.seconds, inward, outward), inward, outward)
                               for address in (face, bare)])
        goals.extra[f"grpc_stream_{what}"] = rounds
        goals.note(f"gRPC by itself: 1 MB chunks {what}", statistics.median(bare for _, bare in rounds), "MB/s")
        median = statistics.median(face for face, _ in rounds)
        if what in GOALS:
            goals.check(f"gRPC: 1 MB chunks {what}", median, "MB/s", ">=", 1000)
        else:
            goals.note(f"gRPC: 1 MB chunks {what}, the slower way", median, "MB/s")


def _moved(found, inward, outward):
    """Of a chunk each way both count: the slower one."""
    rates = [found["to_server_mb_per_s"]] * (inward == MB) + [found["from_server_mb_per_s"]] * (outward == MB)
    return min(rates)

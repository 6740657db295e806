#!/usr/bin/env python3
"""What serving costs beside computing: start, load, memory, and the way through REST, engine and worker process.

Each figure has its limit; the exit code says whether all were met. Overhead is measured per request, as the time the
client saw less the time that the worker says it spent on this very request, so that a busy machine cannot flatter it.
The cycles load, ask and unload small models, several at a time, and look at what the engine has kept of it afterwards.
usage: serving.py [--model DIR] [--requests N] [--unloads N] [--cycles N]
"""
import argparse
import os
import pathlib
import statistics
import sys
import tempfile
import threading

from _engine import MINILM_ID, TEXT, Engine
from _goals import Goals
from _places import MINILM
from tests.support.small_models import make_small_bert

CYCLERS = 4  # clients that load and unload at the same time, a model each


def available_mb():
    with open("/proc/meminfo", encoding="ascii") as memory:
        return next(int(line.split()[1]) for line in memory if line.startswith("MemAvailable")) / 1024


def measure_overhead(connection, requests):
    path = "/api/v1/infer/" + MINILM_ID
    body = {"input_data": {"text": TEXT}}
    for _ in range(50):
        connection.json("POST", path, body)
    extra = []
    for _ in range(requests):
        answer, seconds = connection.json("POST", path, body)
        extra.append(seconds * 1e6 - answer["metadata"]["inference_time_ms"] * 1e3)
    return statistics.median(extra)


def measure_unload(connection, cycles):
    """Worst difference of the system's available memory around a load and unload, and of processes left."""
    path = "/api/v1/models/" + MINILM_ID
    lost = []
    for _ in range(cycles):
        before = available_mb()
        connection.json("POST", path + "/load")
        loaded, _ = connection.json("GET", "/api/v1/status")
        pid = loaded["loaded_models"][0]["pid"]
        connection.json("POST", path + "/unload")
        if os.path.exists(f"/proc/{pid}"):
            sys.exit(f"worker {pid} is still there after its unload was answered")
        lost.append(before - available_mb())
    return statistics.median(lost)


def holdings(engine):
    """What a leak would show in: resident memory, descriptors, threads, child processes (dead ones too)."""
    proc = pathlib.Path(f"/proc/{engine.pid}")
    children = sum(len(task.read_text().split()) for task in proc.glob("task/*/children"))
    return {"resident MB": engine.resident_bytes() / 2**20, "descriptors": len(list((proc / "fd").iterdir())),
            "threads": len(list((proc / "task").iterdir())), "processes": children}


def cycle(engine, model_id, cycles, failures):
    with engine.connection() as connection:
        for _ in range(cycles):
            for path, body in ((f"/api/v1/models/{model_id}/load", None),
                               (f"/api/v1/infer/{model_id}", {"input_data": {"text": TEXT}}),
                               (f"/api/v1/models/{model_id}/unload", None)):
                status, answer, _ = connection.request("POST", path, body)
                if status != 200:
                    failures.append(f"{path}: {status} {answer.decode()[:300]}")


def cycle_all(engine, cycles, failures):
    threads = [threading.Thread(target=cycle, args=(engine, f"bench/c{i}", cycles // CYCLERS, failures))
               for i in range(CYCLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def measure_cycles(goals, engine, cycles):
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        model = make_small_bert(MINILM, pathlib.Path(folder) / "small")
        for i in range(CYCLERS):
            engine.register(f"bench/c{i}", model)
        cycle_all(engine, max(CYCLERS, cycles // 10), failures)  # until every cache has what it will keep
        before = holdings(engine)
        cycle_all(engine, cycles, failures)
        after = holdings(engine)
    for failure in failures[:5]:
        print(failure)
    goals.extra["cycles"] = {"before": before, "after": after, "failures": len(failures)}
    goals.check(f"failures in {cycles} cycles of load, request and unload", len(failures), "", "<=", 0)
    goals.check("engine grown over them", after["resident MB"] - before["resident MB"], "MB", "<=", 1)
    for what in ("descriptors", "threads", "processes"):
        goals.check(f"{what} left", after[what] - before[what], "", "<=", 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=pathlib.Path, default=MINILM)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--unloads", type=int, default=100)
    parser.add_argument("--cycles", type=int, default=1000)
    parser.add_argument("--events-kept", default="1000", help="so few that they are full before the cycles are counted")
    options = parser.parse_args()
    goals = Goals("serving")
    with Engine("--threads", "2", "--events-kept", options.events_kept) as engine, engine.connection() as connection:
        goals.check("engine start to ready", engine.start_seconds * 1e3, "ms", "<=", 300)
        goals.check("engine idle, resident", engine.resident_bytes() / 2**20, "MB", "<=", 60)
        engine.register(MINILM_ID, options.model)
        _, first = connection.json("POST", "/api/v1/infer/" + MINILM_ID, {"input_data": {"text": TEXT}})
        goals.check("load to first answer", first * 1e3, "ms", "<=", 1500)
        overhead = measure_overhead(connection, options.requests)
        goals.check("one short embedding: REST less worker, p50", overhead, "us", "<=", 300)
        goals.check("worker, resident", engine.resident_bytes(engine.worker_of(MINILM_ID)) / 2**20, "MB", "<=", 300)
        connection.json("POST", f"/api/v1/models/{MINILM_ID}/unload")
        lost = measure_unload(connection, options.unloads)
        goals.check(f"system memory not back after an unload, median of {options.unloads}", lost, "MB", "<=", 1)
        measure_cycles(goals, engine, options.cycles)
    return goals.finish()


if __name__ == "__main__":
    sys.exit(main())

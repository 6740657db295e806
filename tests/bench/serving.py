#!/usr/bin/env python3
"""What serving costs beside computing: start, load, memory, and the way through REST, engine and worker process.

Each figure has its limit; the exit code says whether all were met. Overhead is measured per request, as the time the
client saw less the time that the worker says it spent on this very request, so that a busy machine cannot flatter it.
usage: serving.py [--model DIR] [--requests N] [--unloads N]
"""
import argparse
import pathlib
import os
import statistics
import sys

from _engine import MINILM_ID, TEXT, Engine
from _goals import Goals
from _places import MINILM


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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=pathlib.Path, default=MINILM)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--unloads", type=int, default=100)
    options = parser.parse_args()
    goals = Goals("serving")
    with Engine("--threads", "2") as engine, engine.connection() as connection:
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
    return goals.finish()


if __name__ == "__main__":
    sys.exit(main())

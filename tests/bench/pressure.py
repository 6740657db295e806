#!/usr/bin/env python3
"""The engine under pressure: several models, unequal clients, more models than fit, requests that are cancelled.

Parts: two (two busy models against one), critical (how long a critical request waits behind a busy worker), shares (three
clients of weights 1:1:2), room (20 models in room for 5, under traffic), ledger (predicted against measured), cancel (of
a running request, and of one that hangs).
usage: pressure.py [--parts two,critical,...] [--seconds S] [--rounds N]
"""
import argparse
import contextlib
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import _pressure_cancel
import _pressure_memory
from _engine import Engine
from _goals import Goals, table
from _load import run, start, stream
from _places import MINILM, make_texts


def bodies_file(folder, name, tokens, **more):
    target = Path(folder) / f"{name}.jsonl"
    target.write_text("".join(json.dumps({"input_data": {"text": text}, **more}) + "\n" for text in make_texts(tokens)))
    return target


def infer(model):
    return "/api/v1/infer/" + model


@contextlib.contextmanager
def with_models(names, *flags):
    """An engine with all-MiniLM-L6-v2 loaded under each of the names."""
    with Engine("--threads", "2", *flags) as engine:
        for name in names:
            engine.register(name, MINILM, dtype="fp32")
            engine.load(name)
        yield engine


def measure_two(goals, folder, options):
    """Two models that both have work all the time must not lose to one that has the machine alone."""
    bodies = bodies_file(folder, "short", 12)
    ratios, rows = [], []
    with with_models(["bench/a", "bench/b"]) as engine:
        for _ in range(options.rounds):
            alone = run(engine.rest, [stream("a", infer("bench/a"), bodies, connections=64)], options.seconds)
            both = run(engine.rest, [stream("a", infer("bench/a"), bodies, connections=64),
                                     stream("b", infer("bench/b"), bodies, connections=64)], options.seconds)
            rows.append([alone["a"]["per_second"], both["a"]["per_second"], both["b"]["per_second"]])
            ratios.append(both[""]["per_second"] / alone["a"]["per_second"])
    table(["a alone", "a beside b", "b beside a"], rows)
    goals.extra["two"] = rows
    goals.check("two busy models together against one alone", statistics.median(ratios) * 100, "%", ">=", 90)


def measure_critical(goals, folder, options):
    """A critical request, alone or of another model, against a worker that is busy with long batches."""
    long = bodies_file(folder, "long", 128)
    with with_models(["bench/busy", "bench/other"]) as engine, engine.connection() as connection:
        load = start(engine.rest, [stream("busy", infer("bench/busy"), long, connections=64)], seconds=600)
        try:
            step = longest_step(connection, infer("bench/busy"), make_texts(128)[0])
            for where, model in (("the busy model", "bench/busy"), ("another model", "bench/other")):
                waits = critical_waits(connection, infer(model), options.seconds)
                goals.extra[f"critical to {where}"] = {"waits_ms": waits, "step_ms": step}
                print(f"critical to {where}: {len(waits)} waited p50 {statistics.median(waits):.1f} ms, most "
                      f"{max(waits):.1f} ms; steps of the busy one up to {step:.1f} ms")
                goals.check(f"longest wait of a critical request to {where}, in steps", max(waits) / step, "x", "<=", 1.1)
        finally:
            load.kill()
            load.wait()


def longest_step(connection, path, text):
    """Of the busy worker: the compute time of normal requests that were in such steps."""
    return max(connection.json("POST", path, {"input_data": {"text": text}})[0]["metadata"]["compute_ms"] for _ in range(5))


def critical_waits(connection, path, seconds):
    """What critical requests, one after another, spend on anything but their own computing; in milliseconds."""
    body = {"input_data": {"text": make_texts(12)[0]}, "priority": "critical"}
    waits, until = [], time.monotonic() + seconds
    while time.monotonic() < until or len(waits) < 5:
        times = connection.json("POST", path, body)[0]["metadata"]
        waits.append(times["total_time_ms"] - times["inference_time_ms"])
    return waits


def measure_shares(goals, folder, options):
    """Three clients, each with more work than is done, one model."""
    bodies = bodies_file(folder, "short", 12)
    weights = {"one": 1, "two": 1, "double": 2}
    with with_models(["bench/a"], "--client-weights", "one=1,two=1,double=2") as engine:
        streams = [stream(name, infer("bench/a"), bodies, connections=96, headers={"X-ModelMora-Client": name})
                   for name in weights]
        report = run(engine.rest, streams, options.seconds * 2, warmup=1)
    answers = {name: report[name]["answers"] for name in weights}
    goals.extra["shares"] = answers
    for name, weight in weights.items():
        share = answers[name] / sum(answers.values())
        fair = weight / sum(weights.values())
        goals.check(f"share of client {name}, off from {fair * 100:.0f} %", abs(share - fair) / fair * 100, "%", "<=", 5)


PARTS = {
    "two": measure_two,
    "critical": measure_critical,
    "shares": measure_shares,
    "room": _pressure_memory.measure_room,
    "ledger": _pressure_memory.measure_ledger,
    "cancel": _pressure_cancel.measure_cancel,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    unknown = set(options.parts.split(",")) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are: {', '.join(PARTS)}")
    goals = Goals("pressure")
    with tempfile.TemporaryDirectory() as folder:
        for part in options.parts.split(","):
            print(f"\n{part}: {PARTS[part].__doc__}")
            PARTS[part](goals, folder, options)
    return goals.finish()


if __name__ == "__main__":
    sys.exit(main())

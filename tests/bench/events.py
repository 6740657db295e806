#!/usr/bin/env python3
"""What it costs that everything is told: an event of a request by itself, without readers and with some, and inferences a
second while somebody reads all events, against nobody.

usage: events.py [--rounds N] [--seconds S]
"""
import argparse
import contextlib
import json
import statistics
import subprocess
import threading

from _engine import Engine
from _faces_rest import folder_with_bodies, infer
from _goals import Goals
from _load import run
from _places import BUILD, MINILM, make_texts


class Reader:
    """Reads all events for as long as it is entered, and counts their bytes."""

    def __init__(self, engine):
        self.bytes = 0
        self._connection = engine.connection()
        self._thread = threading.Thread(target=self._read)

    def __enter__(self):
        self._connection.send("GET", "/api/v1/events")
        self._connection.socket.recv(1)  # the answer has begun
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._connection.socket.shutdown(2)
        self._thread.join()
        self._connection.close()

    def _read(self):
        while data := self._connection.socket.recv(1 << 20):
            self.bytes += len(data)


def beside_inference(goals, options):
    ratios, speeds = [], []
    with folder_with_bodies(make_texts(12)) as (_, bodies), Engine("--threads", "2") as engine:
        engine.register("bench/told", MINILM)
        engine.load("bench/told")
        for _ in range(options.rounds):
            pair = []
            for reader in (contextlib.nullcontext(), Reader(engine)):
                with reader:
                    pair.append(run(engine.rest, [infer("told", "bench/told", bodies, 64)], options.seconds)["told"])
                if isinstance(reader, Reader) and reader.bytes < 100 * pair[1]["per_second"]:
                    raise SystemExit(f"the reader got {reader.bytes} bytes only: it was not told everything")
            alone, read = (each["per_second"] for each in pair)
            ratios.append(read / alone)
            speeds.append([alone, read])
    goals.extra["beside_inference"] = speeds
    goals.note("inferences a second, 64 clients, nobody reads", statistics.median(each[0] for each in speeds), "/s")
    goals.check("the same while somebody reads all events", statistics.median(ratios) * 100, "%", ">=", 95)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2, help="of each measurement of inferences")
    options = parser.parse_args()
    rounds = []
    for _ in range(options.rounds):
        done = subprocess.run([BUILD / "bin/mm_bench_events"], stdout=subprocess.PIPE, text=True, check=True)
        rounds.append({line["readers"]: line["ns"] for line in map(json.loads, done.stdout.splitlines())})
    goals = Goals("events")
    goals.extra["rounds"] = rounds
    for readers, most in ((0, 20), (1, 5_000), (10, 8_000), (200, 60_000)):
        goals.check(f"an event of a request, {readers} readers", statistics.median(each[readers] for each in rounds), "ns",
                    "<=", most)
    beside_inference(goals, options)
    return goals.finish()


if __name__ == "__main__":
    raise SystemExit(main())

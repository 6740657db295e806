#!/usr/bin/env python3
"""The log of events alone: what telling of a request costs the engine thread, without readers and with some.

usage: events.py [--rounds N]
"""
import argparse
import json
import statistics
import subprocess

from _goals import Goals
from _places import BUILD


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
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
    return goals.finish()


if __name__ == "__main__":
    raise SystemExit(main())

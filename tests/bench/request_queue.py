#!/usr/bin/env python3
"""The request queue alone, with 100,000 requests waiting: operations a second, the time in and out, and the order.

usage: request_queue.py [--rounds N]
"""
import argparse
import json
import statistics
import subprocess
import sys

from _goals import Goals
from _places import BUILD


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    rounds = []
    for _ in range(options.rounds):
        done = subprocess.run([BUILD / "bin/mm_bench_queue"], stdout=subprocess.PIPE, text=True, check=False)
        if not done.stdout:
            sys.exit(f"mm_bench_queue ended with {done.returncode} and said nothing")
        rounds.append(json.loads(done.stdout))
    goals = Goals("request_queue")
    goals.extra["rounds"] = rounds

    def middle(name):
        return statistics.median(each[name] for each in rounds)

    goals.check("operations, 100,000 waiting", middle("operations_per_second") / 1e6, "M/s", ">=", 2)
    goals.check("in, p99", middle("in_p99_ns") / 1e3, "us", "<=", 1)
    goals.check("out, p99", middle("out_p99_ns") / 1e3, "us", "<=", 1)
    goals.check(f"out of order under {rounds[0]['producers']} producers", max(each["out_of_order"] for each in rounds),
                "", "<=", 0)
    return goals.finish()


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""What somebody waits who types a command: from its start to its end, against a running engine with a loaded model.

usage: command_line.py [--runs N]
"""
import argparse
import os
import statistics
import subprocess
import sys
import time

from _engine import MINILM_ID, Engine
from _goals import Goals
from _places import BUILD, MINILM

PROGRAM = str(BUILD / "bin/modelmora")


def milliseconds(runs, environment, *words):
    """How long each of so many runs took."""
    took = []
    for _ in range(runs):
        began = time.perf_counter()
        subprocess.run([PROGRAM, *words], env=environment, stdout=subprocess.DEVNULL, check=True)
        took.append((time.perf_counter() - began) * 1000)
    return sorted(took)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    runs = parser.parse_args().runs
    goals = Goals("command_line")
    with Engine() as engine:
        engine.register(MINILM_ID, MINILM)
        engine.load(MINILM_ID)
        environment = {**os.environ, "MODELMORA_ENGINE": engine.grpc}
        for words in (("status",), ("status", "--json"), ("list",), ("queue",)):
            took = milliseconds(runs, environment, *words)
            goals.check(f"modelmora {' '.join(words)}, median", statistics.median(took), "ms", "<=", 50)
            goals.note(f"modelmora {' '.join(words)}, 95 of 100", took[int(runs * 0.95)], "ms")
        goals.note("modelmora version: the program alone, median", statistics.median(milliseconds(runs, environment, "version")), "ms")
    return goals.finish()


if __name__ == "__main__":
    sys.exit(main())

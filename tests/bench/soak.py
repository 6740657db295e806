#!/usr/bin/env python3
"""A few minutes of everything that wears an engine out, and its figures together: the queue under depth, the engine under
pressure, and many loads and unloads. Shorter than the benchmarks it is made of; the goals are the same.

usage: soak.py [--scale N]     1: about four minutes on a quiet machine
"""
import argparse
import json
import subprocess
import sys

from _places import HERE, RESULTS


def parts(scale):
    return {
        "request_queue": ["--rounds", "1"],
        "pressure": ["--rounds", "1", "--seconds", f"{4 * scale:g}"],
        "serving": ["--requests", "500", "--unloads", f"{20 * scale:.0f}", "--cycles", f"{240 * scale:.0f}"],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1)
    figures, broken = [], []
    for name, arguments in parts(parser.parse_args().scale).items():
        print(f"\n== {name}", flush=True)
        report = RESULTS / f"{name}.json"
        report.unlink(missing_ok=True)
        done = subprocess.run([sys.executable, str(HERE / f"{name}.py"), *arguments], check=False)
        if report.exists():
            figures += [{"benchmark": name, **row} for row in json.loads(report.read_text())["goals"]]
        else:
            broken.append(f"{name} ended with {done.returncode} and without figures")
    print("\n== soak: all figures\n")
    for row in figures:
        goal = f"goal {row['relation']} {row['limit']:g} {'met' if row['met'] else 'MISSED'}" if "limit" in row else ""
        print(f"{row['benchmark']:14} {row['what']:66} {row['value']:10.2f} {row['unit']:5} {goal}")
    for line in broken:
        print(line)
    (RESULTS / "soak.json").write_text(json.dumps({"benchmark": "soak", "figures": figures, "broken": broken}, indent=2) + "\n")
    missed = sum(not row.get("met", True) for row in figures)
    print(f"\n{len(figures) - missed} figures as they should be, {missed} not; {len(broken)} parts broken")
    return 1 if missed or broken else 0


if __name__ == "__main__":
    sys.exit(main())

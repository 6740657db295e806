#!/usr/bin/env python3
"""Embedding in one process, from text to normalised vector, against what users would pick instead, at equal precision.

All programs run on the same texts in the same run and take turns; a round measures each of them once at each point, and
what counts is the median over the rounds of the ratio to the fastest peer of that round. The exit code says whether
ModelMora is at least as fast everywhere.
usage: embed.py [--rounds N] [--seconds S] [--threads N] [--dtype fp32|bf16] [--points 32x12,1x12,32x128]
"""
import argparse
import json
import statistics
import subprocess
import sys

from _places import BUILD, CONVERTED, HERE, MINILM, make_texts

OURS = "modelmora"
PEERS = {"fp32": ["openvino", "onnxruntime", "sentence-transformers"], "bf16": ["openvino", "sentence-transformers"]}
# Smallest cosine between two programs' vectors; torch rounds every step to bf16, which moves its vectors the most.
ALIKE = {"fp32": 0.9999, "bf16": 0.995}


class Program:
    """A process that speaks the line protocol of mm_embed_bench."""

    def __init__(self, name, precision, threads):
        self.name = name
        if name == OURS:
            command = [str(BUILD / "bin" / "mm_embed_bench"), str(MINILM), precision, str(threads)]
        else:
            command = [sys.executable, str(HERE / "_embed_peers.py"), f"{name}:{precision}", str(MINILM),
                       str(CONVERTED), str(threads)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        self.read()

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name} ended with {self.process.wait()} before it answered")
        return json.loads(line)

    def ask(self, **command):
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return self.read()

    def speed(self, texts, batch, seconds):
        return self.ask(texts=texts, batch=batch, seconds=seconds)["texts_per_second"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def likeness(a, b):
    return min(sum(x * y for x, y in zip(u, v)) for u, v in zip(a, b))


def measure(precision, points, options):
    """{point: [{program: texts/s} of every round]}"""
    programs = [Program(name, precision, options.threads) for name in [OURS, *PEERS[precision]]]
    texts = {length: make_texts(length) for _, length in points}
    sample = texts[points[0][1]][:8]
    expected = programs[-1].ask(texts=sample)["vectors"]
    for program in programs:
        close = likeness(program.ask(texts=sample)["vectors"], expected)
        if close < ALIKE[precision]:
            sys.exit(f"{program.name} computes something else: cosine {close:.4f}")
    rounds = {point: [] for point in points}
    for number in range(options.rounds + 1):
        for batch, length in points:
            order = programs[number % len(programs):] + programs[:number % len(programs)]
            seconds = options.seconds if number else options.seconds / 4
            speeds = {p.name: p.speed(texts[length], batch, seconds) for p in order}
            if number:  # the first round only warms up
                rounds[batch, length].append(speeds)
    for program in programs:
        program.close()
    return rounds


def report(precision, rounds):
    """Prints a table; returns the worst median ratio."""
    names = [OURS, *PEERS[precision]]
    print(f"\n### {precision}, texts/s (median of rounds); ratio to the fastest peer of each round\n")
    print("| texts x tokens | " + " | ".join(names) + " | ratio | middle half of the rounds |")
    print("|---" * (len(names) + 3) + "|")
    worst = float("inf")
    for (batch, length), speeds in rounds.items():
        ratios = sorted(s[OURS] / max(v for k, v in s.items() if k != OURS) for s in speeds)
        ratio = statistics.median(ratios)
        worst = min(worst, ratio)
        cells = [f"{statistics.median(s[name] for s in speeds):.0f}" for name in names]
        quarter = len(ratios) // 4
        print(f"| {batch} x {length} | " + " | ".join(cells) +
              f" | {ratio:.2f} | {ratios[quarter]:.2f} to {ratios[-1 - quarter]:.2f} |", flush=True)
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=0.6)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--dtype", choices=list(PEERS), default=None)
    parser.add_argument("--points", default="32x12,1x12,32x128")
    options = parser.parse_args()
    points = [tuple(map(int, point.split("x"))) for point in options.points.split(",")]
    if not (CONVERTED / "model.xml").exists():
        subprocess.run([sys.executable, str(HERE / "_embed_peers.py"), "convert", str(MINILM), str(CONVERTED), "2"],
                       check=True)
    worst = min(report(precision, measure(precision, points, options))
                for precision in ([options.dtype] if options.dtype else PEERS))
    print(f"\nworst ratio {worst:.2f}")
    return 0 if worst >= 1 else 1


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Serving all-MiniLM-L6-v2 over REST, one text of 12 tokens a request, against what users would run instead.

All servers are up for the whole run and take turns: a round measures each of them once with 1, 16 and 64 connections, and
what counts is the median over the rounds of the ratio to the fastest peer of that round. Text Embeddings Inference
is not among them; its figures come from another run on a like machine and are marked so.
usage: rest.py [--rounds N] [--seconds S] [--connections 1,16,64] [--peers NAME,...|none]
"""
import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from _engine import Engine
from _goals import Goals, table
from _load import run, stream
from _places import CONVERTED, DEPS, HERE, MINILM, RESULTS, make_texts
from _rest_peers import all_peers
from embed import Program

OURS = {"ModelMora fp32": {"dtype": "fp32"}, "ModelMora auto": {"dtype": "auto"}}
TOKENS = 12
TEI_ELSEWHERE = {1: 451, 16: 816, 64: 895}  # requests/s of TEI on onnxruntime in another run on such a machine
ALIKE = {"ModelMora auto": 0.9995}
WORKER = "worker alone"


class Server:
    """One column of the table."""

    def __init__(self, name, address, path, body, folder):
        self.name, self.address, self.path = name, address, path
        self.bodies = Path(folder) / f"{name}.jsonl"
        self.bodies.write_text("".join(json.dumps(body(text)) + "\n" for text in make_texts(TOKENS)))

    def measure(self, connections, seconds, rate=0):
        return run(self.address, [stream(self.name, self.path, self.bodies, connections=connections, rate=rate)],
                   seconds)[self.name]


def start_peers(options, folder):
    peers = [] if options.peers == "none" else all_peers(DEPS, MINILM, CONVERTED, 2, 18131)
    peers = [peer for peer in peers if not options.peers or peer.name in options.peers.split(",")]
    if peers and not (CONVERTED / "model.xml").exists():
        subprocess.run([sys.executable, str(HERE / "_embed_peers.py"), "convert", str(MINILM), str(CONVERTED), "2"],
                       check=True)
    for peer in peers:
        peer.start(Path(folder) / f"{peer.name}.log")
    up = []
    for peer in peers:
        if peer.wait("warm"):
            up.append(peer)
        else:
            print(f"{peer.name} does not come up and is left out; the end of its log:")
            print("\n".join((Path(folder) / f"{peer.name}.log").read_text(errors="replace").splitlines()[-15:]))
            peer.stop()
    return up


def start_ours(engine, folder):
    servers = []
    for name, config in OURS.items():
        model_id = "bench/" + config["dtype"]
        engine.register(model_id, MINILM, **config)
        engine.load(model_id)
        servers.append(Server(name, engine.rest, "/api/v1/infer/" + model_id, lambda text: {"input_data": {"text": text}},
                              folder))
    return servers


def cosine(a, b):
    norm = sum(x * x for x in a) ** 0.5 * sum(y * y for y in b) ** 0.5
    return sum(x * y for x, y in zip(a, b)) / norm


def check_alike(engine, servers, peers):
    """Everybody must give the same vectors before speed means anything."""
    texts = make_texts(TOKENS)[:4]
    vectors = {peer.name: [peer.embed(text) for text in texts] for peer in peers}
    with engine.connection() as connection:
        for server in servers:
            vectors[server.name] = [connection.json("POST", server.path, {"input_data": {"text": text}})[0]
                                    ["output_data"]["embedding"] for text in texts]
    reference = next(iter(vectors.values()))
    for name, rows in vectors.items():
        worst = min(map(cosine, rows, reference))
        if worst < ALIKE.get(name, 0.9999):
            sys.exit(f"{name} answers other vectors than {next(iter(vectors))}: cosine {worst:.6f}")


def measure(servers, worker, options):
    """rounds[connections] = one {server: requests/s} for each round; latencies of the last round beside."""
    rounds = {connections: [] for connections in options.points}
    latencies = {}
    texts = make_texts(TOKENS)
    for _ in range(options.rounds):
        for connections in options.points:
            speeds = {}
            for server in servers:
                result = server.measure(connections, options.seconds)
                speeds[server.name] = result["per_second"]
                latencies[server.name, connections] = result
            speeds[WORKER] = worker.speed(texts, 32, options.seconds / 2)
            rounds[connections].append(speeds)
    return rounds, latencies


def print_speeds(rounds, names):
    print("\nrequests a second, median of the rounds\n")
    rows = [[connections] + [statistics.median(speeds[name] for speeds in each) for name in names]
            for connections, each in rounds.items()]
    table(["connections", *names], rows)
    print()


def compare(goals, rounds, peers):
    for connections, each in rounds.items():
        for name, times in (("ModelMora fp32", 1.2), ("ModelMora auto", 1.8)):
            if peers:
                ratio = statistics.median(s[name] / max(s[peer.name] for peer in peers) for s in each)
                goals.check(f"{name} against the fastest peer, {connections} connections", ratio, "x", ">=", times)
            if connections in TEI_ELSEWHERE:
                ratio = statistics.median(s[name] for s in each) / TEI_ELSEWHERE[connections]
                goals.note(f"{name} against TEI of another run, {connections} connections", ratio, f"x, aim {times}")
    if 64 in rounds:
        share = statistics.median(s["ModelMora fp32"] / s[WORKER] for s in rounds[64])
        goals.check("64 connections against the worker alone in batches of 32", share * 100, "%", ">=", 85)


def measure_latency(goals, server, rounds, options):
    """The tail at half load against one request alone."""
    alone = server.measure(1, options.seconds)
    half = statistics.median(s[server.name] for s in rounds[max(rounds)]) / 2
    loaded = server.measure(64, options.seconds * 2, rate=half)
    goals.extra["half_load"] = {"rate": half, "alone": alone, "loaded": loaded}
    print(f"alone p50 {alone['p50_us']:.0f} us, p99 {alone['p99_us']:.0f} us; at {half:.0f} requests/s "
          f"p50 {loaded['p50_us']:.0f} us, p99 {loaded['p99_us']:.0f} us")
    goals.check("p99 at half load against p50 alone", loaded["p99_us"] / alone["p50_us"], "x", "<=", 3)


def measure_overhead(goals, engine, server, requests):
    """What queue and dispatch add to one request alone, as the engine itself accounts for it."""
    body = {"input_data": {"text": make_texts(TOKENS)[0]}}
    added, faces = [], []
    with engine.connection() as connection:
        for _ in range(requests):
            answer, seconds = connection.json("POST", server.path, body)
            times = answer["metadata"]
            added.append((times["queue_ms"] + times["batch_wait_ms"] + times["send_ms"]) * 1e3)
            faces.append(seconds * 1e6 - times["total_time_ms"] * 1e3)
    goals.extra["face_us_p50"] = statistics.median(faces)
    print(f"beside that: HTTP, JSON and the client, p50 {statistics.median(faces):.0f} us")
    goals.check("queue and dispatch, there and back, p50", statistics.median(added), "us", "<=", 150)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--connections", default="1,16,64")
    parser.add_argument("--peers", default="", help="names separated by commas, or none")
    options = parser.parse_args()
    options.points = [int(number) for number in options.connections.split(",")]
    goals = Goals("rest")
    RESULTS.mkdir(parents=True, exist_ok=True)
    peers = []
    with tempfile.TemporaryDirectory() as folder, Engine("--threads", "2") as engine:
        try:
            peers = start_peers(options, folder)
            ours = start_ours(engine, folder)
            check_alike(engine, ours, peers)
            servers = ours + [Server(peer.name, peer.address, peer.path, peer.body, folder) for peer in peers]
            rounds, latencies = measure(servers, Program("modelmora", "fp32", 2), options)
            print_speeds(rounds, [*(server.name for server in servers), WORKER])
            compare(goals, rounds, peers)
            measure_latency(goals, ours[0], rounds, options)
            measure_overhead(goals, engine, ours[0], 1000)
        finally:
            for peer in peers:
                peer.stop()
        goals.extra["rounds"] = rounds
        goals.extra["latencies"] = {f"{name}, {connections}": row for (name, connections), row in latencies.items()}
    return goals.finish()


if __name__ == "__main__":
    sys.exit(main())

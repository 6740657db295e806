#!/usr/bin/env python3
"""What serving costs beside computing: start, load, memory, and the way through REST, engine and worker process.

Each figure has its limit; the exit code says whether all were met. Overhead is measured per request, as the time the
client saw less the time that the worker says it spent on this very request, so that a busy machine cannot flatter it.
usage: serving.py [--build DIR] [--model DIR] [--requests N] [--cycles N]
"""
import argparse
import json
import os
import pathlib
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODEL_ID = "sentence-transformers/all-MiniLM-L6-v2"
TEXT = "a short sentence that becomes about twelve tokens long"


class Connection:
    """One keep-alive connection, as thin as a client can be."""

    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self.host = address
        self.socket = socket.create_connection((host, int(port)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def request(self, method, path, body=None):
        payload = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: {self.host}\r\nContent-Type: application/json\r\n"
        message = f"{head}Content-Length: {len(payload)}\r\n\r\n".encode() + payload
        started = time.perf_counter()
        self.socket.sendall(message)
        status, answer = self.read_response()
        return status, answer, time.perf_counter() - started

    def read_response(self):
        data = b""
        while b"\r\n\r\n" not in data:
            data += self.receive()
        head, _, body = data.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
        while len(body) < int(headers.get("content-length", 0)):
            body += self.receive()
        return int(lines[0].split()[1]), body

    def receive(self):
        data = self.socket.recv(1 << 16)
        if not data:
            sys.exit("the engine closed the connection")
        return data

    def json(self, method, path, body=None, expect=(200, 201, 204)):
        status, answer, seconds = self.request(method, path, body)
        if status not in expect:
            sys.exit(f"{method} {path}: {status} {answer.decode()}")
        return (json.loads(answer) if answer else None), seconds


def resident_mb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


def available_mb():
    with open("/proc/meminfo", encoding="ascii") as memory:
        return next(int(line.split()[1]) for line in memory if line.startswith("MemAvailable")) / 1024


class Engine:
    def __init__(self, build, folder):
        self.data = pathlib.Path(folder)
        flags = ["--data-dir", folder, "--rest", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--threads", "2"]
        announcement = self.data / "engine.json"
        started = time.perf_counter()
        with open(self.data / "engine.log", "wb") as log:
            self.process = subprocess.Popen([build / "bin/modelmora-engine", *flags], stderr=log)
        while not announcement.exists():
            if self.process.poll() is not None:
                sys.exit((self.data / "engine.log").read_text())
            time.sleep(0.001)
        self.start_seconds = time.perf_counter() - started
        self.rest = json.loads(announcement.read_text())["rest"]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)


class Report:
    def __init__(self):
        self.failed = 0

    def line(self, what, value, unit, limit):
        met = value <= limit
        self.failed += not met
        print(f"{what:58} {value:10.2f} {unit:3}  limit {limit:g} {unit}  {'met' if met else 'MISSED'}", flush=True)


def measure_overhead(connection, requests):
    path = "/api/v1/infer/" + MODEL_ID
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
    path = "/api/v1/models/" + MODEL_ID
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
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    parser.add_argument("--model", type=pathlib.Path, default=ROOT / ".deps/models/all-MiniLM-L6-v2")
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--cycles", type=int, default=100)
    options = parser.parse_args()
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(options.build, folder)
        connection = Connection(engine.rest)
        report.line("engine start to ready", engine.start_seconds * 1e3, "ms", 300)
        report.line("engine idle, resident", resident_mb(engine.process.pid), "MB", 60)
        model = {"model_id": MODEL_ID, "task_type": "txt2embed", "source_url": options.model.resolve().as_uri()}
        connection.json("POST", "/api/v1/models", model)
        _, first = connection.json("POST", "/api/v1/infer/" + MODEL_ID, {"input_data": {"text": TEXT}})
        report.line("load to first answer", first * 1e3, "ms", 1500)
        report.line("one short embedding: REST less worker, p50", measure_overhead(connection, options.requests), "us", 300)
        status, _ = connection.json("GET", "/api/v1/status")
        report.line("worker, resident", resident_mb(status["loaded_models"][0]["pid"]), "MB", 300)
        connection.json("POST", f"/api/v1/models/{MODEL_ID}/unload")
        before = resident_mb(engine.process.pid)
        lost = measure_unload(connection, options.cycles)
        report.line(f"system memory not back after an unload, median of {options.cycles}", lost, "MB", 1)
        grown = resident_mb(engine.process.pid) - before
        report.line(f"engine grown over {options.cycles} loads", grown, "MB", 1)
        engine.stop()
    sys.exit(report.failed)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""What it costs to see what happens and to know who asks: inferences a second with metrics, history, traces, keys and audit
against none of them, for a real model and where the worker answers at once, so that nothing hides the engine's own work;
and how long a scrape takes with 100 models.

usage: observe.py [--rounds N] [--seconds S] [--models N]
"""
import argparse
import contextlib
import http.server
import multiprocessing
import statistics
import tempfile
import threading
import time
from pathlib import Path

from _engine import Engine
from _faces_rest import FAKE_WORKER, INSTANT, folder_with_bodies, infer
from _goals import Goals
from _load import run
from _places import MINILM
from tests.integration.access_house import bearer, local_key
from tests.support.plain_models import make_plain_bert
from tests.support.small_models import make_small_bert

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
METRICS = "metrics and history, scraped each second"
KEYS = f"{METRICS}; a key with every request, trace headers, the audit"
EXPORTED = f"{KEYS}; every request's spans exported, the collector on the same processors"
KINDS = {
    "nothing": ("--metrics", "false"),
    METRICS: ("--metrics", "true"),
    KEYS: ("--metrics", "true", "--access", "on"),
    EXPORTED: ("--metrics", "true", "--access", "on", "--otlp-endpoint", "{collector}"),
}


class Sink(http.server.BaseHTTPRequestHandler):
    """A collector that takes everything and looks at nothing."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def serve(port):
    server = http.server.HTTPServer(("127.0.0.1", 0), Sink)
    port.put(server.server_address[1])
    server.serve_forever()


@contextlib.contextmanager
def collector():
    port = multiprocessing.Queue()
    process = multiprocessing.Process(target=serve, args=(port,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{port.get()}"
    finally:
        process.terminate()
        process.join()


@contextlib.contextmanager
def scraped(engine):
    """Somebody scrapes each second."""
    over = threading.Event()

    def scrape():
        with engine.connection() as connection:
            while not over.wait(1):
                connection.request("GET", "/metrics")

    thread = threading.Thread(target=scrape)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextlib.contextmanager
def told(kind, model, worker, url):
    """An engine that tells so much, the model loaded."""
    engine = Engine(*(flag.format(collector=url) for flag in KINDS[kind]), worker=worker)
    if "--access" in KINDS[kind]:
        engine.headers = bearer(local_key(engine.data, "bench", "admin")) | {"traceparent": TRACE}
    with engine:
        engine.register(INSTANT, model)
        engine.load(INSTANT)
        yield engine


def beside_inference(goals, options):
    with folder_with_bodies(["a short text"]) as (folder, bodies), collector() as url:
        instant = make_small_bert(MINILM, folder / "instant")
        for what, model, worker, goal in (("all-MiniLM-L6-v2", MINILM, None, 95),
                                          ("a worker that answers at once", instant, FAKE_WORKER, None)):
            compare(goals, options, what, (model, worker, url), bodies, goal)


def compare(goals, options, what, place, bodies, goal):
    """Each kind against nothing told, in turns, both engines there all the time."""
    def inferences(engine):
        plan = infer("told", INSTANT, bodies, 64) | {"headers": engine.headers}
        return run(engine.rest, [plan], options.seconds)["told"]["per_second"]

    with told("nothing", *place) as off:
        for kind in list(KINDS)[1:]:
            pairs = []
            with told(kind, *place) as on:
                for turn in range(options.rounds):
                    pair = {}
                    for name in ("on", "off") if turn % 2 else ("off", "on"):
                        if name == "on":
                            with scraped(on):
                                pair[name] = inferences(on)
                        else:
                            pair[name] = inferences(off)
                    pairs.append([pair["off"], pair["on"]])
            title = f"{kind}, {what}"
            goals.extra[title] = pairs
            goals.note(f"inferences a second, 64 clients, nothing told, {what}", statistics.median(pair[0] for pair in pairs), "/s")
            share = statistics.median(pair[1] / pair[0] for pair in pairs) * 100
            if goal is None or kind == EXPORTED:
                goals.note(title, share, "%")
            else:
                goals.check(title, share, "%", ">=", goal)


def scrapes(goals, options):
    with tempfile.TemporaryDirectory() as folder, Engine("--minimum-stay", "0", worker=FAKE_WORKER) as engine:
        model = make_plain_bert(MINILM, Path(folder) / "model")
        with engine.connection() as connection:
            for number in range(options.models):
                name = f"bench/model-{number}"
                engine.register(name, model)
                engine.load(name)
                connection.json("POST", f"/api/v1/infer/{name}", {"input_data": {"text": "a"}})
            times = []
            for _ in range(30):
                time.sleep(0.05)
                status, text, seconds = connection.request("GET", "/metrics")
                assert status == 200 and text.count(b"\nmodelmora_requests_failed_total{") == options.models
                times.append(seconds * 1e3)
        goals.extra["scrapes_ms"], goals.extra["scrape_bytes"] = times, len(text)
        goals.note(f"bytes of a scrape, {options.models} models loaded", len(text), "B")
        goals.check(f"a scrape, {options.models} models loaded, median", statistics.median(times), "ms", "<=", 20)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=2, help="of each measurement of inferences")
    parser.add_argument("--models", type=int, default=100)
    options = parser.parse_args()
    goals = Goals("observe")
    scrapes(goals, options)
    beside_inference(goals, options)
    return goals.finish()


if __name__ == "__main__":
    raise SystemExit(main())

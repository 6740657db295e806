#!/usr/bin/env python3
"""What it costs to see what happens: inferences a second with metrics, history and traces against none of them, where the
worker answers at once, so that nothing hides the engine's own work; and how long a scrape takes with 100 models.

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
from _faces_rest import FAKE_WORKER, INSTANT, folder_with_bodies, infer, instant_engine
from _goals import Goals
from _load import run
from _places import MINILM
from tests.support.plain_models import make_plain_bert


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


def beside_inference(goals, options):
    kinds = {"metrics and history, scraped each second": ("--metrics", "true"),
             "these and every request traced and exported": ("--metrics", "true", "--otlp-endpoint")}
    with folder_with_bodies(["a short text"]) as (folder, bodies), collector() as url, contextlib.ExitStack() as stack:
        def engine(name, flags):
            flags = (*flags, url) if flags[-1] == "--otlp-endpoint" else flags
            return stack.enter_context(instant_engine(folder / name, *flags))

        (folder / "off").mkdir()
        off = engine("off", ("--metrics", "false"))
        for number, (kind, flags) in enumerate(kinds.items()):
            (folder / str(number)).mkdir()
            on = engine(str(number), flags)
            pairs = []
            for turn in range(options.rounds):
                pair = {}
                for name in ("on", "off") if turn % 2 else ("off", "on"):
                    measured = on if name == "on" else off
                    with scraped(measured) if name == "on" else contextlib.nullcontext():
                        pair[name] = run(measured.rest, [infer("told", INSTANT, bodies, 64)], options.seconds)["told"]["per_second"]
                pairs.append([pair["off"], pair["on"]])
            goals.extra[kind] = pairs
            goals.note("inferences a second, 64 clients, nothing told", statistics.median(pair[0] for pair in pairs), "/s")
            goals.check(kind, statistics.median(pair[1] / pair[0] for pair in pairs) * 100, "%", ">=", 95)


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

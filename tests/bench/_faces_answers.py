"""faces.py: large answers, and long lists."""
import json
import statistics
import tempfile
import threading
import time
from pathlib import Path

from _engine import Engine
from _places import MINILM, make_texts
from tests.support.small_models import make_small_bert

BATCH, LARGE, MANY = 256, 10_000, 1_000
MODEL = "bench/minilm"


def share(connection, path, body, names):
    """What the answer took, for each of the names by which it is asked, against its time in the worker."""
    ratios = []
    for name in names:
        status, answer, seconds = connection.request("POST", path, body, f"X-Request-Id: {name}\r\n")
        assert status == 200, answer[:500]
        times = connection.json("GET", f"/api/v1/requests/{name}")[0]["metadata"]
        ratios.append(seconds * 1e3 / (times["tokenize_ms"] + times["compute_ms"]))
    return (statistics.median(ratios) - 1) * 100


def batch(goals, options):
    """256 embeddings of 12 tokens: what their client waits beyond what the worker says it spent on them."""
    texts = make_texts(12, BATCH)
    body = {"model": MODEL, "input": texts}
    rounds = 3 * options.rounds
    with Engine("--threads", "2") as engine, engine.connection() as connection:
        engine.register(MODEL, MINILM)
        connection.json("POST", "/v1/embeddings", body)
        for form, limit in (("base64", 10), ("float", 25)):
            names = [f"{form}-{number}" for number in range(rounds)]
            more = share(connection, "/v1/embeddings", {**body, "encoding_format": form}, names)
            goals.check(f"256 embeddings over REST beside the worker's time, {form}", more, "%", "<=", limit)


def register_many(engine, folder, begin, end):
    with engine.connection() as connection:
        for number in range(begin, end):
            connection.json("POST", "/api/v1/models", {"model_id": f"bench/m{number}", "task_type": "txt2embed",
                                                       "source_url": folder.as_uri()})


def listing(goals, options):
    """The list of models, a page of it and with the most that a page holds, where there are 1,000."""
    with tempfile.TemporaryDirectory() as folder, Engine() as engine:
        model = make_small_bert(MINILM, Path(folder) / "model")
        threads = [threading.Thread(target=register_many, args=(engine, model, begin, begin + MANY // 4))
                   for begin in range(0, MANY, MANY // 4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with engine.connection() as connection:
            for query, name in (("", "as it comes"), ("?page_size=100", "100 on a page")):
                took = []
                for _ in range(100):
                    answer, seconds = connection.json("GET", f"/api/v1/models{query}")
                    took.append(seconds * 1e3)
                assert answer["meta"]["total"] == MANY, answer["meta"]
                goals.check(f"GET /api/v1/models with 1,000 models, {name}, p99", sorted(took)[-2], "ms", "<=", 20)


class PeakMemory(threading.Thread):
    """The most that the engine held while it was watched."""

    def __init__(self, engine):
        super().__init__(daemon=True)
        self.engine = engine
        self.begun = self.peak = engine.resident_bytes()
        self.over = threading.Event()

    def run(self):
        while not self.over.wait(0.002):
            self.peak = max(self.peak, self.engine.resident_bytes())

    def grown_mb(self):
        self.over.set()
        self.join()
        return (self.peak - self.begun) / 2**20


def large(goals, options):
    """10,000 texts in one request: all of them come, and the engine never holds more than a part of the answer."""
    texts = make_texts(12, LARGE)
    with Engine("--threads", "2") as engine, engine.connection() as connection:
        engine.register(MODEL, MINILM)
        connection.json("POST", "/v1/embeddings", {"model": MODEL, "input": texts[:4]})
        for path, body in (("/v1/embeddings", {"model": MODEL, "input": texts}),
                           (f"/api/v1/infer/{MODEL}", {"input_data": {"text": texts}, "timeout_seconds": 600})):
            memory = PeakMemory(engine)
            memory.start()
            begun = time.perf_counter()
            status, answer = whole_answer(engine, path, body)
            seconds = time.perf_counter() - begun
            grown = memory.grown_mb()
            parsed = json.loads(answer)
            rows = parsed["data"] if "data" in parsed else parsed["output_data"]["embeddings"]
            assert status == 200 and len(rows) == LARGE
            goals.note(f"{path.split('/')[1]}: 10,000 texts", seconds, "s")
            goals.check(f"{path.split('/')[1]}: engine grown for 10,000 texts, of {len(answer) / 2**20:.0f} MB of answer",
                        grown / (len(answer) / 2**20), "x", "<=", 3)


def whole_answer(engine, path, body):
    import http.client

    client = http.client.HTTPConnection(engine.rest, timeout=600)
    try:
        client.request("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        answer = client.getresponse()
        return answer.status, answer.read()
    finally:
        client.close()

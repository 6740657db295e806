"""Clients of the chaos test: they ask all the time, survive the engine's deaths, and account for every request.

Each request ends in exactly one way: answered right, refused with a reason that chaos explains, cut off by the death of
the engine that its connection led to, or left by the client itself. Anything else is an outrage, kept with its story.
"""
import http.client
import json
import math
import random
import threading
import time
from collections import Counter

# What a killed worker or a stopping engine may be answered with; each with a sentence.
EXPLAINED = {"WORKER_CRASHED", "UNHEALTHY_MODEL", "SERVICE_UNAVAILABLE", "MODEL_LOAD_FAILED", "QUEUE_FULL",
             "INFERENCE_TIMEOUT"}
TEXTS = [f"{number} words that are said in the storm, number {number * 7919 % 1000}" for number in range(40)]


class House:
    """Which engine is up, for everybody: its address while it lives, and which generations have been ended."""

    def __init__(self):
        self.condition = threading.Condition()
        self.address = ""
        self.generation = 0
        self.ending = False

    def opened(self, address):
        with self.condition:
            self.address, self.generation, self.ending = address, self.generation + 1, False
            self.condition.notify_all()

    def about_to_end(self):
        """To be called before the engine is killed, so that nobody is surprised."""
        with self.condition:
            self.ending = True

    def current(self, seconds=60):
        """Address and generation of an engine that is not about to end."""
        with self.condition:
            if not self.condition.wait_for(lambda: self.address and not self.ending, seconds):
                raise TimeoutError("no engine came up again")
            return self.address, self.generation

    def has_ended(self, generation):
        with self.condition:
            return generation < self.generation or self.ending


class Account:
    """What became of all requests."""

    def __init__(self):
        self.lock = threading.Lock()
        self.sent = 0
        self.ends = Counter()
        self.refusals = Counter()
        self.outrages = []

    def begin(self):
        with self.lock:
            self.sent += 1

    def end(self, how, code=None):
        with self.lock:
            self.ends[how] += 1
            if code:
                self.refusals[code] += 1

    def outrage(self, story):
        with self.lock:
            self.ends["outrage"] += 1
            self.outrages.append(story)


def is_alike(found, expected):
    """Whether two vectors point the same way; how requests are batched may change the last bits only."""
    norm = math.sqrt(sum(x * x for x in found) * sum(y * y for y in expected))
    return len(found) == len(expected) and sum(x * y for x, y in zip(found, expected)) > 0.99999 * norm


class Client(threading.Thread):
    """Sends one request after another until told to end. `expected[model][text]` are the right vectors."""

    def __init__(self, name, seed, house, expected, account):
        super().__init__(name=name, daemon=True)
        self.house, self.expected, self.account = house, expected, account
        self.choose = random.Random(seed)
        self.ended = threading.Event()
        self.connection, self.generation, self.count = None, 0, 0

    def run(self):
        try:
            while not self.ended.is_set():
                self._one_request()
        except Exception as error:  # pylint: disable=broad-except
            self.account.outrage(f"{self.name} gave up: {error!r}")
        self._disconnect()

    def _connect(self):
        """False where the engine died between saying its address and being reached."""
        if self.connection and not self.house.has_ended(self.generation):
            return True
        self._disconnect()
        address, self.generation = self.house.current()
        self.connection = http.client.HTTPConnection(address, timeout=100)
        try:
            self.connection.connect()
            return True
        except OSError as error:
            self._disconnect()
            if not self.house.has_ended(self.generation):
                raise ConnectionError(f"{address} refused a connection while it was up: {error!r}") from error
            return False

    def _disconnect(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def _one_request(self):
        if not self._connect():
            return
        model = self.choose.choice(sorted(self.expected))
        texts = self.choose.sample(TEXTS, self.choose.choice([1, 1, 1, 2, 8, 24]))
        self.count += 1
        name = f"{self.name}-{self.count}"
        body = {"input_data": {"text": texts}, "priority": self.choose.choice(["low", "normal", "high", "critical"]),
                "timeout_seconds": 60}
        self.account.begin()
        begun = time.monotonic()
        try:
            self.connection.request("POST", f"/api/v1/infer/{model}", json.dumps(body),
                                    {"Content-Type": "application/json", "X-Request-Id": name,
                                     "X-ModelMora-Client": self.name})
            if self.choose.random() < 0.03:
                self._disconnect()
                return self.account.end("left by the client")
            response = self.connection.getresponse()
            status, answer = response.status, response.read()
        except (OSError, http.client.HTTPException) as error:
            self._disconnect()
            if self.house.has_ended(self.generation):
                return self.account.end("cut off by the engine's end")
            waited = time.monotonic() - begun
            return self.account.outrage(f"{name} to {model} was cut off by a living engine after {waited:.1f} s: {error!r}")
        self._judge(name, model, texts, status, answer)

    def _judge(self, name, model, texts, status, answer):
        try:
            content = json.loads(answer)
        except ValueError:
            return self.account.outrage(f"{name} to {model}: {status} with {answer[:200]!r}")
        if status == 200:
            rows = content["output_data"]["embeddings"]
            right = len(rows) == len(texts) and all(
                is_alike(row, self.expected[model][text]) for row, text in zip(rows, texts))
            if right:
                return self.account.end("answered")
            return self.account.outrage(f"{name} to {model}: wrong vectors for {texts}")
        code = content.get("error_code")
        if code not in EXPLAINED or not content.get("message"):
            return self.account.outrage(f"{name} to {model}: {status} {answer[:500]!r}")
        self.account.end("refused with a reason", code)
        self.ended.wait(0.02)  # a client that is refused does not hammer
        if code == "UNHEALTHY_MODEL" and self.choose.random() < 0.2:
            self._load(model)

    def _load(self, model):
        """What an operator does about a model that was given up."""
        try:
            self.connection.request("POST", f"/api/v1/models/{model}/load")
            self.connection.getresponse().read()
        except (OSError, http.client.HTTPException) as error:
            self._disconnect()
            if not self.house.has_ended(self.generation):
                self.account.outrage(f"a load of {model} was cut off by a living engine: {error!r}")

"""console.py: an engine with everything to show: models, thousands of requests that wait, and events all the time."""
import contextlib
import json
import tempfile
import threading
import time
from pathlib import Path

import grpc

from _engine import Engine
from _faces_rest import FAKE_WORKER
from _places import MINILM
from tests.support.grpc_stubs import stubs
from tests.support.plain_models import make_plain_bert

BUSY = 10  # models whose requests wait: their workers have taken one and do not answer
CYCLED = 20  # models that are loaded, asked and unloaded in turns
CALLS_OF_A_CHANNEL = 500
CLIENTS = ("indexer", "shop", "search", "importer", "nightly")
TOPICS = ("engine", "model", "load", "job", "memory", "device", "audit")
FLAGS = ("--max-waiting", "50000", "--max-waiting-per-model", "50000", "--minimum-stay", "0", "--step-timeout", "86400")


def named(number):
    return f"bench-{number % 7}/model-{number:03}"


@contextlib.contextmanager
def busy_engine(models, waiting, events):
    """The engine, with `waiting` requests that wait and about `events` events a second of those that a console follows."""
    with tempfile.TemporaryDirectory() as folder, Engine(*FLAGS, worker=FAKE_WORKER) as engine:
        api = stubs()
        echo = make_plain_bert(MINILM, Path(folder) / "echo")
        mute = make_plain_bert(MINILM, Path(folder) / "mute")
        (mute / "fake.json").write_text(json.dumps({"run": {"*": {"do": "ignore"}}}))
        for number in range(models):
            engine.register(named(number), mute if number < BUSY else echo, max_batch_size=4)
        load = Load(engine, api, models, waiting, events)
        try:
            load.start()
            yield load
        finally:
            load.stop()


class Load:
    def __init__(self, engine, api, models, waiting, events):
        self.engine, self.api, self.models, self.waiting, self.wanted = engine, api, models, waiting, events
        self.events = 0
        self._over = threading.Event()
        self._pause = 1 / events
        self._futures = []
        self._channels = [grpc.insecure_channel(engine.grpc, [("grpc.use_local_subchannel_pool", 1)])
                          for _ in range(1 + waiting // CALLS_OF_A_CHANNEL)]
        self._stubs = [api.inference_grpc.InferenceServiceStub(channel) for channel in self._channels]
        self._threads = [threading.Thread(target=work, daemon=True)
                         for work in (self._count, self._cycle, self._change, self._renew)]

    def start(self):
        for number in range(BUSY):
            self.engine.load(named(number))
        self._futures = [self._ask(number) for number in range(self.waiting + BUSY)]
        with self.engine.connection() as connection:
            while (seen := connection.json("GET", "/api/v1/queue?limit=1")[0]["total"]) < self.waiting:
                time.sleep(0.2)
                if failed := next((future for future in self._futures if future.done()), None):
                    raise SystemExit(f"{seen} requests wait, and one does not: {failed.exception()}")
        for thread in self._threads:
            thread.start()

    def stop(self):
        self._over.set()
        for thread in self._threads[1:]:
            thread.join(30)
        for channel in self._channels:
            channel.close()

    def _ask(self, number):
        messages = self.api.inference
        request = messages.InferenceRequest(model_id=named(number % BUSY), priority=1 + number % 4,
                                            input_data=messages.InputData(text=f"text {number}"))
        stub = self._stubs[number % len(self._stubs)]
        return stub.Infer.future(request, metadata=[("x-modelmora-client", CLIENTS[number % len(CLIENTS)])])

    def _count(self):
        """Reads what a console reads, and lets the others go faster or slower."""
        stub = self.api.management_grpc.ManagementServiceStub(self._channels[-1])
        began, counted = time.monotonic(), 0
        with contextlib.suppress(grpc.RpcError):
            for _ in stub.WatchEvents(self.api.events.WatchEventsRequest(types=TOPICS)):
                self.events += 1
                counted += 1
                if (spent := time.monotonic() - began) > 2:
                    self._pause = min(1.0, max(0.0005, self._pause * counted / spent / self.wanted))
                    began, counted = time.monotonic(), 0

    def _cycle(self):
        """Two models are loaded, asked and unloaded a second."""
        turn = 0
        with self.engine.connection() as connection:
            while not self._over.wait(0.5):
                turn += 1
                model = named(BUSY + turn % CYCLED)
                connection.json("POST", f"/api/v1/models/{model}/load")
                connection.json("POST", f"/api/v1/infer/{model}", {"input_data": {"text": "a"}})
                connection.json("POST", f"/api/v1/models/{model}/unload")

    def _change(self):
        """Changes of registrations make up for what is missing of the wanted events."""
        turn = 0
        with self.engine.connection() as connection:
            while not self._over.wait(self._pause):
                turn += 1
                model = named(BUSY + CYCLED + turn % (self.models - BUSY - CYCLED))
                connection.json("PATCH", f"/api/v1/models/{model}", {"tags": [f"turn-{turn}"]})

    def _renew(self):
        """Ten a second of those that wait are cancelled by their clients, and new ones come."""
        turn = 0
        while not self._over.wait(0.1):
            place = 400 + 4 * (turn * 7 % (self.waiting // 4 - 100))  # of low priority, and no worker has come to them
            self._futures[place].cancel()
            self._futures[place] = self._ask(place)
            turn += 1

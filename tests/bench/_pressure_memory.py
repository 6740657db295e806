"""Parts of pressure.py: more models than fit, and whether the ledger's predictions hold."""
import random
import sys
import threading
import time
from pathlib import Path

from _engine import Connection, Engine
from _places import MINILM, make_texts
from tests.support.small_models import make_small_bert

MODELS = 20
ROOM = 5


def small(folder, name, **size):
    target = Path(folder) / name
    return target if target.exists() else make_small_bert(MINILM, target, **size)


def ledger_of(connection, device="cpu"):
    ledger = connection.json("GET", "/api/v1/memory")[0]
    return next(each for each in ledger["devices"] if each["device"] == device)


def bytes_of_one(folder):
    """What one instance of the small model takes, as the ledger commits it."""
    model = small(folder, "small")  # takes longer than an idle connection is kept
    with Engine("--threads", "1") as engine, engine.connection() as connection:
        engine.register("bench/one", model)
        engine.load("bench/one")
        entry = ledger_of(connection)["entries"][0]
        return max(int(entry["measured_bytes"]), int(entry["predicted_bytes"]))


class Watch:
    """Reads the ledger all the time, and keeps what was over."""

    def __init__(self, address):
        self.connection = Connection(address)
        self.readings, self.most, self.loaded = 0, 0.0, 0
        self.over = []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._read)
        self.thread.start()

    def _read(self):
        while not self.ended.is_set():
            device = ledger_of(self.connection)
            taken = int(device["reserved_bytes"]) + int(device["committed_bytes"])
            budget = int(device["effective_budget_bytes"])
            self.readings += 1
            self.most = max(self.most, taken / budget)
            self.loaded = max(self.loaded, len(device.get("entries", [])))
            if taken > budget:
                self.over.append(device)
            self.ended.wait(0.01)

    def end(self):
        self.ended.set()
        self.thread.join()
        self.connection.close()


def traffic(address, seed, until, answers):
    """One client that asks the models at random, one request at a time."""
    choose = random.Random(seed)
    text = make_texts(12)[0]
    with Connection(address) as connection:
        while time.monotonic() < until:
            model = f"bench/m{choose.randrange(MODELS)}"
            status, _, seconds = connection.request("POST", f"/api/v1/infer/{model}", {"input_data": {"text": text}})
            answers.append((model, status, seconds))


def measure_room(goals, folder, options):
    """20 copies of a small model in room for 5, under traffic: all are answered, the budget is never passed."""
    one = bytes_of_one(folder)
    budget = int(one * (ROOM + 0.5)) >> 20
    with Engine("--threads", "1", "--memory-budget", f"{budget}MB", "--minimum-stay", "0") as engine:
        for i in range(MODELS):
            engine.register(f"bench/m{i}", small(folder, "small"))
        watch = Watch(engine.rest)
        answers = []
        until = time.monotonic() + options.seconds * 4
        clients = [threading.Thread(target=traffic, args=(engine.rest, seed, until, answers)) for seed in range(8)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        watch.end()
    bad = [answer for answer in answers if answer[1] != 200]
    goals.extra["room"] = {"requests": len(answers), "not_answered": bad[:10], "readings": watch.readings,
                           "budget_mb": budget, "one_mb": one / 2**20}
    print(f"{len(answers)} requests to {len({answer[0] for answer in answers})} models, longest "
          f"{max(answer[2] for answer in answers):.2f} s; {watch.readings} readings of the ledger, at most "
          f"{watch.most * 100:.1f} % of {budget} MB taken by {watch.loaded} instances")
    goals.check("requests not answered with an embedding", len(bad), "", "<=", 0)
    goals.check("readings over the budget", len(watch.over), "", "<=", 0)


def measure_ledger(goals, folder, options):
    """What is predicted for a second load against what is measured then."""
    del options
    models = {"bench/small": small(folder, "small"), "bench/wide": small(folder, "wide", hidden=256, layers=4),
              "bench/minilm": MINILM}
    with Engine("--threads", "2") as engine, engine.connection() as connection:
        for name, where in models.items():
            engine.register(name, where)
            path = f"/api/v1/models/{name}"
            connection.json("POST", path + "/load")
            connection.json("POST", f"/api/v1/infer/{name}", {"input_data": {"text": make_texts(12)}})
            connection.json("POST", path + "/unload")
            planned = connection.json("POST", path + "/plan")[0]
            if not planned["devices"]:
                sys.exit(f"the plan for {name} names no device: {planned}")
            connection.json("POST", path + "/load")
            status = connection.json("GET", path + "/status")[0]
            predicted, measured = int(status["predicted_bytes"]), int(status["measured_bytes"])
            goals.extra.setdefault("ledger", {})[name] = {"predicted": predicted, "measured": measured}
            off = abs(predicted - measured) / measured * 100
            print(f"{name}: predicted {predicted / 2**20:.1f} MB, measured {measured / 2**20:.1f} MB")
            goals.check(f"{name}: predicted off from measured", off, "%", "<=", 5)
            connection.json("POST", path + "/unload")

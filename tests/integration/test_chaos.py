"""Workers and the engine are killed at random under load; afterwards every request must be accounted for, and
every accepted job must have ended.

--chaos-seconds sets how long (two minutes unless said), --chaos-seed which storm it is; a failing run names its seed.
"""
import contextlib
import os
import random
import signal
import time

import pytest

from tests.integration.chaos_clients import TEXTS, Account, Client, House, is_alike
from tests.integration.chaos_jobs import JobClient
from tests.integration.rest_client import call
from tests.support.small_models import make_small_bert

MODELS = 3
CLIENTS = 6


@pytest.fixture(scope="module")
def models(minilm_folder, tmp_path_factory):
    """Three models whose vectors differ, by their id."""
    folder = tmp_path_factory.mktemp("chaos-models")
    return {f"chaos/m{i}": make_small_bert(minilm_folder, folder / f"m{i}", seed=i) for i in range(MODELS)}


class Storm:
    """Ends workers and engines as its seed says, and starts the next engine on the same data folder."""

    def __init__(self, seed, house, start):
        self.choose = random.Random(seed)
        self.house, self.start = house, start
        self.engine = None
        self.workers_seen = set()
        self.deeds = {"worker killed": 0, "worker frozen": 0, "engine killed": 0, "engine stopped": 0}

    def open(self):
        self.engine = self.start()
        self.house.opened(self.engine.rest)

    def blow(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(self.choose.uniform(0.1, 1.2))  # the storm's own rhythm; nothing is waited for here
            assert self.engine.alive(), "the engine ended by itself:\n" + self.engine.log()[-3000:]
            self.workers_seen.update(self.engine.workers())
            lot = self.choose.random()
            if lot < 0.75:
                self._hit_worker(signal.SIGKILL, "worker killed")
            elif lot < 0.80:
                self._hit_worker(signal.SIGSTOP, "worker frozen")  # to be found out by the engine
            else:
                self._end_engine(signal.SIGKILL if lot < 0.95 else signal.SIGTERM)

    def _hit_worker(self, number, deed):
        workers = self.engine.workers()
        if not workers:
            return
        with contextlib.suppress(ProcessLookupError):  # it may go by itself between the two calls
            os.kill(self.choose.choice(workers), number)
            self.deeds[deed] += 1

    def settle(self):
        """The storm is over: what it froze may go on."""
        for worker in self.engine.workers():
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGCONT)

    def _end_engine(self, number):
        self.house.about_to_end()
        mine = self.engine.workers()
        self.workers_seen.update(mine)
        os.kill(self.engine.pid, number)
        status = self.engine.wait()
        assert status == (-number if number == signal.SIGKILL else 0), f"exit status {status}"
        self.engine.wait_until(lambda: not any(map(is_running, mine)), 10)
        self.deeds["engine killed" if number == signal.SIGKILL else "engine stopped"] += 1
        self.open()


def is_running(pid):
    """Whether that process is there and is a worker of ours (the number may have been given to another)."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            name, _, rest = stat.read().partition("(")[2].rpartition(")")
            return name.startswith("modelmora-worke") and rest.split()[0] != "Z"
    except OSError:
        return False


def learn(engine, models):
    """The right vectors, before anything happens."""
    expected = {}
    for model, folder in models.items():
        body = {"model_id": model, "task_type": "txt2embed", "source_url": folder.as_uri(), "config": {"dtype": "fp32"}}
        assert call(engine, "POST", "/api/v1/models", body).status == 201
        answer = call(engine, "POST", f"/api/v1/infer/{model}", {"input_data": {"text": TEXTS}})
        assert answer.status == 200, answer.text
        expected[model] = dict(zip(TEXTS, answer.json["output_data"]["embeddings"]))
    return expected


@pytest.mark.timeout(600)
def test_every_request_is_accounted_for(start_engine, models, tmp_path, request):
    seconds = request.config.getoption("--chaos-seconds")
    seed = request.config.getoption("--chaos-seed")
    house, account = House(), Account()
    storm = Storm(seed, house, lambda: start_engine(data=tmp_path / "data", flags=["--threads", "1"]))
    storm.open()
    expected = learn(storm.engine, models)
    clients = [Client(f"client{i}", seed * 100 + i, house, expected, account) for i in range(CLIENTS)]
    jobs = JobClient(seed, house, expected, account)
    for thread in [*clients, jobs]:
        thread.start()
    storm.blow(seconds)
    storm.settle()
    for thread in [*clients, jobs]:
        thread.ended.set()
    for thread in [*clients, jobs]:
        thread.join(100)
    print(f"seed {seed}: {storm.deeds}; {account.sent} requests: {dict(account.ends)}; {dict(account.refusals)}")
    assert not any(thread.is_alive() for thread in [*clients, jobs]), "a request was never answered"
    assert not account.outrages, f"seed {seed}: {len(account.outrages)}:\n" + "\n".join(account.outrages[:10])
    assert sum(account.ends.values()) == account.sent
    assert account.ends["answered"] > 0
    check_calm(storm, expected, jobs)


def calm_answer(engine, model):
    """Of a worker that serves: the storm's last blows may be found out about only now, each by one request."""
    for _ in range(5):
        answer = call(engine, "POST", f"/api/v1/infer/{model}", {"input_data": {"text": TEXTS}})
        if answer.status == 200:
            return answer
        assert answer.json["error_code"] == "WORKER_CRASHED", answer.text
    raise AssertionError(f"{model} does not come back: {answer.text}")


def check_calm(storm, expected, jobs):
    """After the storm all models serve again, right, and stopping leaves nothing behind."""
    for model, vectors in expected.items():
        assert call(storm.engine, "POST", f"/api/v1/models/{model}/load").status == 200
        answer = calm_answer(storm.engine, model)
        for text, row in zip(TEXTS, answer.json["output_data"]["embeddings"]):
            assert is_alike(row, vectors[text])
    wrong = jobs.check(storm.engine, 100)
    print(f"{len(jobs.accepted)} jobs accepted, {jobs.given_up} given up after deaths of their piece, {len(wrong)} wrong")
    assert not wrong, "\n".join(wrong[:10])
    assert len(jobs.accepted) > jobs.given_up
    storm.workers_seen.update(storm.engine.workers())
    assert storm.engine.stop() == 0
    assert [pid for pid in storm.workers_seen if is_running(pid)] == []

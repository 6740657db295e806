"""The client of the chaos test that submits jobs: what was once accepted must end, with the right result, once."""
import http.client
import json
import random
import threading
import time

from tests.integration.chaos_clients import EXPLAINED, TEXTS, is_alike
from tests.integration.rest_client import call

UNFINISHED = ("queued", "processing")


class JobClient(threading.Thread):
    """Submits one job after another, each under an idempotency key until its acceptance is known."""

    def __init__(self, seed, house, expected, account):
        super().__init__(name="jobs", daemon=True)
        self.house, self.expected, self.account = house, expected, account
        self.choose = random.Random(seed)
        self.ended = threading.Event()
        self.accepted = {}  # job id: (model, texts)
        self.given_up = 0   # a piece that has seen too many deaths is taken for their cause; the storm can do that

    def run(self):
        try:
            number = 0
            while not self.ended.is_set():
                number += 1
                self._submit(f"job-{number}")
                self.ended.wait(self.choose.uniform(0.2, 1.0))
        except Exception as error:  # pylint: disable=broad-except
            self.account.outrage(f"the submitter of jobs gave up: {error!r}")

    def _submit(self, key):
        """Again and again under the same key: an engine that dies over it must not make two jobs of it."""
        model = self.choose.choice(sorted(self.expected))
        texts = self.choose.choices(TEXTS, k=self.choose.choice([1, 10, 400]))
        body = json.dumps({"input_data": {"text": texts}})
        while True:
            address, generation = self.house.current()
            connection = http.client.HTTPConnection(address, timeout=60)
            try:
                connection.request("POST", f"/api/v1/infer/{model}/async", body,
                                   {"Content-Type": "application/json", "Idempotency-Key": key})
                response = connection.getresponse()
                status, answer = response.status, json.loads(response.read())
            except (OSError, http.client.HTTPException) as error:
                if not self.house.has_ended(generation):
                    return self.account.outrage(f"{key} was cut off by a living engine: {error!r}")
                continue
            finally:
                connection.close()
            if status in (200, 202):
                self.accepted[answer["job_id"]] = (model, texts)
                return None
            if answer.get("error_code") not in EXPLAINED:
                return self.account.outrage(f"{key}: {status} {answer}")
            time.sleep(0.05)

    def check(self, engine, seconds):
        """Waits until every accepted job has ended and compares the results; the stories of those that are wrong."""
        deadline = time.monotonic() + seconds
        wrong = []
        for job, (model, texts) in self.accepted.items():
            answer = call(engine, "GET", f"/api/v1/jobs/{job}")
            while answer.status == 200 and answer.json["status"] in UNFINISHED and time.monotonic() < deadline:
                time.sleep(0.05)
                answer = call(engine, "GET", f"/api/v1/jobs/{job}")
            if answer.status == 200 and answer.json["status"] == "failed" and "starts" in json.dumps(answer.json["error"]):
                self.given_up += 1
                continue
            if answer.status != 200 or answer.json["status"] != "completed":
                wrong.append(f"{job}: {answer.status} {answer.text}")
                continue
            rows = call(engine, "GET", f"/api/v1/jobs/{job}/result").json["output_data"]["embeddings"]
            if len(rows) != len(texts) or not all(
                    is_alike(row, self.expected[model][text]) for row, text in zip(rows, texts)):
                wrong.append(f"{job}: a wrong result for {len(texts)} texts")
        return wrong

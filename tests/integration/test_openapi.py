"""The document and the server say the same: every operation, with every example, against the real engine."""
import itertools
import json
import time
from urllib.parse import quote

import pytest

from tests.integration import served_models
from tests.integration.rest_client import call
from tests.support.api_document import ApiDocument, Contradiction, Operation
from tests.support.openapi_source import read_source

NOT_YET = {"downloadModel", "generateLock"}  # described as they will be; today 501
NEVER = ("oipSystemMemory", "oipCudaMemory", "oipGetTrace", "oipSetTrace", "oipGetModelTrace", "oipSetModelTrace", "oipGetLog",
         "oipSetLog")  # described because clients ask for them
STREAMS = {"watchEvents"}
_numbers = itertools.count(1)


def pytest_generate_tests(metafunc):
    """One test per operation, from the source of the document."""
    operations = ApiDocument(read_source()).operations()
    if "operation" in metafunc.fixturenames:
        chosen = [each for each in operations if each.id not in STREAMS]
        metafunc.parametrize("operation", chosen, ids=lambda each: each.id)


@pytest.fixture(scope="module")
def house(engine, minilm_folder, tmp_path_factory):
    folders = served_models.make_folders(minilm_folder, tmp_path_factory.mktemp("models"))
    served_models.register(engine, folders)
    return House(engine, folders)


@pytest.fixture(scope="module")
def document(engine):
    answer = call(engine, "GET", "/api/v1/openapi.json")
    assert answer.status == 200
    return ApiDocument(answer.json)


class House:
    """The engine, and the state that an operation needs before it can succeed."""

    def __init__(self, engine, folders):
        self.engine = engine
        self.folders = folders

    def fresh_model(self) -> str:
        name = f"test/fresh-{next(_numbers)}"
        body = {"model_id": name, "version": "v1.0.0", "task_type": "txt2embed",
                "source_url": self.folders[served_models.EMBEDDER].as_uri(), "config": {"threads": 1}}
        assert call(self.engine, "POST", "/api/v1/models", body).status == 201
        return name

    def loaded_model(self) -> dict:
        name = self.fresh_model()
        assert call(self.engine, "POST", f"/api/v1/models/{name}/load").status == 200
        return {"model_id": name}

    def two_versions(self) -> dict:
        name = self.fresh_model()
        body = {"model_id": name, "version": "v2.0.0", "task_type": "txt2embed",
                "source_url": self.folders[served_models.EMBEDDER].as_uri()}
        assert call(self.engine, "POST", "/api/v1/models", body).status == 201
        return {"model_id": name, "version": "v2.0.0"}

    def job(self) -> dict:
        body = {"input_data": {"text": ["one", "two"]}}
        answer = call(self.engine, "POST", f"/api/v1/infer/{served_models.EMBEDDER}/async", body)
        assert answer.status == 202, answer.text
        return {"job_id": answer.json["job_id"]}

    def cancelled_job(self) -> dict:
        body = {"input_data": {"text": ["one"] * 2000}}
        while True:  # until one did not end before that
            answer = call(self.engine, "POST", f"/api/v1/infer/{served_models.EMBEDDER}/async", body)
            job = {"job_id": answer.json["job_id"]}
            if call(self.engine, "DELETE", f"/api/v1/jobs/{job['job_id']}").json["status"] == "cancelled":
                return job

    def completed_job(self) -> dict:
        job = self.job()
        self.engine.wait_until(
            lambda: call(self.engine, "GET", f"/api/v1/jobs/{job['job_id']}").json["status"] == "completed")
        return job

    def key(self) -> dict:
        name = f"key-{next(_numbers)}"
        assert call(self.engine, "POST", "/api/v1/keys", {"name": name, "role": "user"}).status == 201
        return {"key": name}

    def finished_request(self) -> dict:
        name = f"finished-{next(_numbers)}"
        body = {"input_data": {"text": "one"}}
        answer = call(self.engine, "POST", f"/api/v1/infer/{served_models.EMBEDDER}", body,
                      headers={"X-Request-Id": name})
        assert answer.status == 200, answer.text
        return {"request_id": name}


SCENES = {
    "deleteModel": lambda house: {"model_id": house.fresh_model()},
    "updateModel": lambda house: {"model_id": house.fresh_model()},
    "patchModel": lambda house: {"model_id": house.fresh_model()},
    "deleteVersion": House.two_versions,
    "getVersion": House.two_versions,
    "promoteVersion": House.two_versions,
    "deprecateVersion": House.two_versions,
    "unloadModel": House.loaded_model,
    "evictModel": House.loaded_model,
    "unloadModelWithoutPrefix": House.loaded_model,
    "oipModelReady": House.loaded_model,
    "oipModelReadyOfVersion": lambda house: {**house.loaded_model(), "version": "v1.0.0"},
    "oipUnload": House.loaded_model,
    "getJobStatus": House.job,
    "cancelJob": House.job,
    "retryJob": House.cancelled_job,
    "getJobResult": House.completed_job,
    "getRequest": House.finished_request,
    "revokeKey": House.key,
    "rotateKey": House.key,
}
# A request that has ended can be looked up, and not acted upon any more: what these answer then is described too, and
# test_queue.py has them at work.
TOO_LATE = {"cancelRequest", "holdRequest", "releaseRequest", "setRequestPriority"}
WITHOUT_MODEL = {"teiInfo"}  # of the only model there is, and here are three
FOR_MODEL = {"teiRerankWith": served_models.SCORER, "teiPredictWith": served_models.CLASSIFIER}


def address(operation: Operation, given: dict) -> str:
    path = operation.path
    for name, parameter in operation.of("path").items():
        path = path.replace("{" + name + "}", quote(given.get(name, parameter.get("example", "")), safe=""))
    return path


def adapted(body, house: House, given: dict):
    """An example with this machine's folders, ids that are not taken yet, and the revision that there is."""
    if isinstance(body, dict) and "expected_revision" in body:
        path = f"/api/v1/models/{given['model_id']}@{given['version']}"
        return {**body, "expected_revision": call(house.engine, "GET", path).json["revision"]}
    if isinstance(body, dict) and "source_url" in body:
        return {**body, "source_url": house.folders[served_models.EMBEDDER].as_uri(), "model_id": f"test/example-{next(_numbers)}"}
    if isinstance(body, dict) and "task_type" in body:
        return {**body, "model_id": f"test/example-{next(_numbers)}"}
    return body


def bodies(operation: Operation) -> dict:
    if operation.body is None:
        return {"without": None}
    examples = ApiDocument.examples(operation.body["content"]["application/json"])
    assert examples, f"{operation.id} has a body without an example"
    return examples if operation.body.get("required") else {**examples, "without": None}


def wanted(operation: Operation) -> set[int]:
    if operation.id in NOT_YET or operation.id.startswith(NEVER):
        return {501}
    if operation.id in TOO_LATE:
        return {409}
    if operation.id in WITHOUT_MODEL:
        return {422}
    return {int(status) for status in operation.responses if status.startswith("2")}


def test_what_is_served_is_what_is_written(document):
    assert document.raw == read_source()


def test_every_operation_accepts_its_examples_and_answers_as_described(house, document, operation):
    for name, body in bodies(operation).items():
        given = {"model_id": FOR_MODEL[operation.id]} if operation.id in FOR_MODEL else {}
        given |= house.finished_request() if operation.id in TOO_LATE else {}
        given |= SCENES[operation.id](house) if operation.id in SCENES else {}
        answer = call(house.engine, operation.method, address(operation, given), adapted(body, house, given))
        assert answer.status in wanted(operation), f"{name}: {answer.status} {answer.text[:500]}"
        document.check_answer(operation, answer.status, answer.headers, answer.body)
        assert answer.headers["X-Request-Id"]


def test_every_operation_refuses_what_is_wrong_as_described(house, document, operation):
    path = address(operation, {"model_id": "test/unknown", "file": "unknown"})
    answers = [call(house.engine, operation.method, path + "?nonsense=1"),
               call(house.engine, operation.method, path, headers={"X-Request-Id": "not an id"})]
    if operation.of("path"):
        answers.append(call(house.engine, operation.method, path))
    if operation.body is not None:
        answers += [call(house.engine, operation.method, path, raw=raw) for raw in (b"{", b"[]", b'{"nonsense": 1}')]
        answers.append(call(house.engine, operation.method, path, raw=b"x=1", headers={"Content-Type": "text/plain"}))
        assert {answer.status for answer in answers[-4:]} <= {400, 415, 422}, [answer.text for answer in answers[-4:]]
    for answer in answers:
        assert answer.status < 500 or answer.status == 501, answer.text
        document.check_answer(operation, answer.status, answer.headers, answer.body)


def test_every_example_is_what_its_schema_says(document):
    wrong = []
    for operation in document.operations():
        parts = [("request", operation.body, False)] if operation.body else []
        parts += [(status, answer, True) for status, answer in operation.responses.items()]
        for what, part, strictly in parts:
            for kind, content in part.get("content", {}).items():
                for name, example in ApiDocument.examples(content).items():
                    wrong += [f"{operation.id}, {what}, {kind}, {name}: {problem}"
                              for problem in document.problems(content["schema"], example, strictly)]
    assert wrong == []


def test_every_described_answer_of_success_has_an_example(document):
    bare = [f"{operation.id} {status}" for operation in document.operations()
            for status, answer in operation.responses.items() if status.startswith("2")
            for kind, content in answer.get("content", {}).items()
            if kind == "application/json" and operation.id != "getOpenApi" and not ApiDocument.examples(content)]
    assert bare == []


def test_a_difference_would_be_seen(document):
    """The test's own eyes: a further property, a missing one, another type, another status are all found."""
    operation = next(each for each in document.operations() if each.id == "liveness")
    headers = {"Content-Type": "application/json"}
    document.check_answer(operation, 200, headers, b'{"status": "ok"}')
    for status, kind, body in ((200, "application/json", b'{"status": "ok", "more": 1}'), (200, "application/json", b"{}"),
                               (200, "text/plain", b"ok"), (201, "application/json", b'{"status": "ok"}')):
        with pytest.raises(Contradiction):
            document.check_answer(operation, status, {"Content-Type": kind}, body)


def test_a_warm_up_runs_the_model_as_often_as_asked(house):
    name = house.fresh_model()
    before = time.monotonic()
    answer = call(house.engine, "POST", f"/models/{name}/warmup?samples=3")
    elapsed = (time.monotonic() - before) * 1000
    assert answer.status == 200, answer.text
    assert answer.json["samples"] == 3
    assert 0 < answer.json["fastest_ms"] <= answer.json["mean_ms"] <= answer.json["slowest_ms"]
    assert answer.json["slowest_ms"] <= answer.json["warmup_time_ms"] <= elapsed
    status = call(house.engine, "GET", f"/api/v1/models/{name}/status").json
    assert (status["state"], status["requests_total"]) == ("loaded", 3)
    for samples in ("0", "1001", "many"):
        assert call(house.engine, "POST", f"/models/{name}/warmup?samples={samples}").status == 422


def test_health_tells_everything_at_one_look(house):
    house.loaded_model()
    health = call(house.engine, "GET", "/health").json
    assert health["status"] == "healthy"
    assert health["models"]["count"] == health["workers"]["count"] == len(house.engine.workers())
    assert health["models"]["registered"] >= 3
    assert json.dumps(health["queue"]) == json.dumps({"high_priority": 0, "medium_priority": 0, "low_priority": 0,
                                                      "critical_priority": 0})

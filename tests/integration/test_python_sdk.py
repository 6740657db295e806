"""The Python client against a running engine: over REST and gRPC, blocking and with asyncio, the same values."""
import asyncio
import inspect
import json
import re
import threading

import numpy
import pytest

from tests.support.python_sdk import sdk

MINILM = "sentence-transformers/all-MiniLM-L6-v2"
MODEL = "test/small"
TEXTS = ["The cat sat on the mat.", "Ein Satz auf Deutsch.", "猫がマットの上に座った。", ""]
CLIENTS = ("ModelMoraClient", "AsyncModelMoraClient", "GrpcModelMoraClient", "AsyncGrpcModelMoraClient")


class Blocking:
    """One client, whichever it is, called in the same way: coroutines are run, asynchronous generators are lists."""

    def __init__(self, client):
        self._client = client
        self._loop = asyncio.new_event_loop()

    def __call__(self, work):
        if inspect.isasyncgen(work):
            return self._loop.run_until_complete(_all(work))
        if inspect.isgenerator(work):
            return list(work)
        return self._loop.run_until_complete(work) if inspect.iscoroutine(work) else work

    def __getattr__(self, name):
        return getattr(self._client, name)

    def close(self):
        self(self._client.aclose() if hasattr(self._client, "aclose") else self._client.close())
        self._loop.close()


async def _all(items):
    return [item async for item in items]


def client_of(engine, kind, **options):
    made = getattr(sdk(), kind)
    if kind.startswith("Async"):
        async def make():
            return made(engine.grpc if "Grpc" in kind else engine.url, **options)
        loop = asyncio.new_event_loop()
        client = Blocking(loop.run_until_complete(make()))
        client._loop.close()
        client._loop = loop
        return client
    return Blocking(made(engine.grpc if "Grpc" in kind else engine.url, **options))


@pytest.fixture(params=CLIENTS)
def ask(request, minilm):
    client = client_of(minilm, request.param)
    yield client
    client.close()


@pytest.fixture
def client(minilm):
    with sdk().ModelMoraClient(minilm.url) as one:
        yield one


def test_the_shapes_of_the_specification(ask, small_model):
    model = ask(ask.registry.register_model(model_id=MODEL, task_type="txt2embed", version="v1", path=small_model,
                                            tags=["tiny"], config={"max_length": 64}))
    assert (model.model_id, model.version, model.status, model.current) == (MODEL, "v1", "ready", True)
    assert model.created_at.tzinfo is not None and model.files[0].bytes > 0 and model.config == {"max_length": 64}
    try:
        result = ask(ask.inference.infer(model_id=MODEL, input_data={"text": "Hello world"}, parameters={"normalize": True}))
        assert len(result.output_data.embedding) == 32 and abs(sum(x * x for x in result.output_data.embedding) - 1) < 1e-5
        job = ask(ask.inference.infer_async(model_id=MODEL, input_data={"text": ["a", "b"]}, priority="low"))
        assert job.status in ("queued", "processing", "completed")
        status = ask(ask.jobs.wait(job.job_id, timeout=60))
        assert (status.status, status.inputs_done, status.priority) == ("completed", 2, "low")
        both = ask(ask.jobs.get_result(job.job_id)).output_data.embeddings
        direct = ask(ask.inference.embed(MODEL, ["a", "b"]))
        assert numpy.allclose(both.numpy(), direct.numpy(), atol=1e-6)
        assert job.job_id in [one.job_id for one in ask(ask.jobs.list(status="completed"))]
        assert ask(ask.jobs.cancel(job.job_id)).job_id == job.job_id
        with pytest.raises(sdk().errors.JobNotFound):
            ask(ask.jobs.get_status(job.job_id))
    finally:
        ask(ask.registry.delete_model(MODEL, force=True))


def test_vectors_are_the_engines_to_the_bit(ask, http):
    told = http.post(f"/api/v1/infer/{MINILM}", json={"input_data": {"text": TEXTS}}).json()["output_data"]["embeddings"]
    wanted = numpy.array(told, dtype=numpy.float32)
    vectors = ask(ask.inference.embed(MINILM, TEXTS))
    assert vectors.numpy().tobytes() == wanted.tobytes() and len(vectors) == 4 and vectors.dimension == 384
    assert list(vectors[1]) == wanted[1].tolist() and vectors[-1] == vectors[3]
    streamed = ask(ask.inference.embed_stream(MINILM, TEXTS))
    assert [one.numpy().tobytes() for one in streamed] == [row.tobytes() for row in wanted]
    one = ask(ask.inference.infer(MINILM, {"text": TEXTS[0]})).output_data
    assert one.embedding.numpy().tobytes() == wanted[0].tobytes() and one.embeddings is None


def test_all_clients_read_the_same_of_everything(minilm):
    asked = {
        "registry": [lambda c: c.registry.get_model(MINILM), lambda c: c.registry.list_versions(MINILM),
                     lambda c: c.registry.list_models(task_type="txt2embed", search="mini"),
                     lambda c: c.registry.iterate_models()],
        "lifecycle": [lambda c: c.lifecycle.load(MINILM, pin=True), lambda c: c.lifecycle.unpin(MINILM),
                      lambda c: c.lifecycle.plan(MINILM), lambda c: c.lifecycle.memory()],
        "queue": [lambda c: c.queue.get(limit=1)],
        "settings": [lambda c: c.settings.list("max-waiting"), lambda c: c.settings.list()],
        "system": [lambda c: c.system.ready()],
    }
    clients = [client_of(minilm, kind) for kind in CLIENTS]
    try:
        for subject, questions in asked.items():
            for number, question in enumerate(questions):
                answers = [without_moments(client(question(client))) for client in clients]
                assert all(answer == answers[0] for answer in answers), f"{subject} {number}: {answers}"
        statuses = [client(client.system.status()) for client in clients]
        assert {(s.version, s.pid, s.registered_models, s.loaded_models[0].state) for s in statuses} == {
            (statuses[0].version, minilm.pid, 1, "loaded")}
        assert all(s.memory.total_mb > 0 and s.resources.memory_percent for s in statuses)
    finally:
        for client in clients:
            client.close()


def test_settings_are_changed_all_or_none_and_reset(ask):
    before = ask(ask.settings.list("max-waiting"))[0]
    changed = ask(ask.settings.set({"max-waiting": 777, "idle-unload": 600}))
    assert {one.name: (one.value, one.origin, one.applies_now) for one in changed} == {
        "max-waiting": ("777", "changed", True), "idle-unload": ("600", "changed", True)}
    with pytest.raises(sdk().errors.ValidationFailed) as refused:
        ask(ask.settings.set({"max-waiting": 5, "idle-unload": "long"}))
    assert [problem.field for problem in refused.value.problems] == ["idle-unload"]
    assert ask(ask.settings.list("max-waiting"))[0].value == "777"
    ask(ask.settings.reset("idle-unload"))
    assert ask(ask.settings.reset("max-waiting")) == before
    with pytest.raises(sdk().errors.NotFound):
        ask(ask.settings.reset("max-waitin"))


def without_moments(value):
    """What may differ between two moments is left out of the text."""
    return re.sub(r"(\w+_at|timestamp|\w+_bytes|\w+_mb|expected_ms|explanation)=(datetime.datetime\([^()]*\)|'[^']*'|[^,()]+)",
                  "", repr(value))


def test_errors_have_their_class_code_request_and_hint(ask):
    errors = sdk().errors
    with pytest.raises(errors.ModelNotFound) as missing:
        ask(ask.registry.get_model("sentence-transformers/all-MiniLM-L6"))
    assert missing.value.code == "MODEL_NOT_FOUND" and MINILM in missing.value.hint
    assert isinstance(missing.value, errors.NotFound) and missing.value.retry_after is None
    with pytest.raises(errors.ValidationFailed) as wrong:
        ask(ask.inference.infer(MINILM, {"text": "x"}, timeout_seconds=7000, request_id="named"))
    assert wrong.value.problems[0].field == "timeout_seconds" and "600" in wrong.value.problems[0].message
    assert wrong.value.request_id == "named" and "named" in str(wrong.value)
    with pytest.raises(errors.InvalidRequest) as other:
        ask(ask.inference.rerank(MINILM, "query", ["document"]))
    assert other.value.facts["task_type"] == "txt2embed"


def test_keys_and_names_go_along(minilm):
    for kind in CLIENTS:
        client = client_of(minilm, kind, client_name=f"team-{kind}", api_key="mm_secret")
        client(client.inference.infer(MINILM, {"text": "x"}, request_id=f"of-{kind}"))
        assert client(client.queue.request(f"of-{kind}")).client == f"team-{kind}"
        assert "mm_secret" not in repr(vars(client._client))
        client.close()


def test_a_cancel_ends_the_request_and_raises(minilm):
    errors = sdk().errors
    for kind in ("ModelMoraClient", "GrpcModelMoraClient"):
        with getattr(sdk(), kind)(minilm.grpc if "Grpc" in kind else minilm.url) as client:
            seen: list[Exception] = []

            def ask_much(client=client, kind=kind, seen=seen):
                try:
                    client.inference.infer(MINILM, {"text": ["many words " * 60] * 200}, request_id=f"much-{kind}")
                except errors.ModelMoraError as error:
                    seen.append(error)

            asking = threading.Thread(target=ask_much)
            asking.start()
            minilm.wait_until(lambda c=client, k=kind: state_of(c, f"much-{k}") == "running")
            assert client.queue.cancel(f"much-{kind}").request_id == f"much-{kind}"
            asking.join(60)
            assert isinstance(seen[0], errors.RequestCancelled), seen


def state_of(client, request_id):
    try:
        return client.queue.request(request_id).state
    except sdk().errors.RequestNotFound:
        return None


@pytest.mark.parametrize("kind", ["AsyncModelMoraClient", "AsyncGrpcModelMoraClient"])
def test_a_task_that_is_cancelled_cancels_in_the_engine(minilm, client, kind):
    async def leave():
        async with getattr(sdk(), kind)(minilm.grpc if "Grpc" in kind else minilm.url) as mine:
            task = asyncio.create_task(mine.inference.infer(MINILM, {"text": ["many words " * 60] * 200},
                                                            request_id=f"left-{kind}"))
            while await asyncio.to_thread(state_of, client, f"left-{kind}") != "running":
                await asyncio.sleep(0.005)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(leave())
    minilm.wait_until(lambda: state_of(client, f"left-{kind}") == "cancelled")


@pytest.mark.parametrize("kind", ["GrpcModelMoraClient", "AsyncGrpcModelMoraClient"])
def test_a_stream_keeps_its_order_and_goes_on_after_an_error(minilm, kind):
    wanted = [{"input_data": {"text": f"text {i}"}} for i in range(50)]
    wanted[20] = {"input_data": {"query": "a", "documents": ["b"]}}

    async def requests():
        for request in wanted:
            yield request

    client = client_of(minilm, kind)
    results = client(client.inference.infer_stream(requests() if kind.startswith("Async") else iter(wanted), model_id=MINILM))
    client.close()
    assert len(results) == 50 and isinstance(results[20], sdk().errors.InvalidInput)
    with sdk().ModelMoraClient(minilm.url) as plain:
        vectors = plain.inference.embed(MINILM, [f"text {i}" for i in range(50)]).numpy()
    for i in set(range(50)) - {20}:
        assert numpy.allclose(results[i].output_data.embedding.numpy(), vectors[i], atol=1e-5)


def test_a_large_answer_comes_row_by_row(client):
    texts = [f"number {i}" for i in range(1000)]
    whole = client.inference.embed(MINILM, texts).numpy()
    stream = client.inference.embed_stream(MINILM, texts)
    rows = [next(stream), *stream]
    assert numpy.array_equal(numpy.stack([row.numpy() for row in rows]), whole)


def test_a_result_is_downloaded_to_a_file(client, tmp_path):
    job = client.inference.infer_async(MINILM, {"text": [f"text {i}" for i in range(300)]})
    assert client.jobs.wait(job.job_id, timeout=120).inputs_total == 300
    file = client.jobs.download_result(job.job_id, tmp_path / "result.json")
    told = json.loads(file.read_text())
    assert len(told["output_data"]["embeddings"]) == 300 and list(tmp_path.iterdir()) == [file]
    assert numpy.array_equal(client.jobs.get_result(job.job_id).output_data.embeddings.numpy(),
                             numpy.array(told["output_data"]["embeddings"], dtype=numpy.float32))


def test_the_same_job_twice_is_one(ask):
    jobs = {ask(ask.inference.infer_async(MINILM, {"text": "x"}, idempotency_key="import-1")).job_id for _ in range(2)}
    assert len(jobs) == 1

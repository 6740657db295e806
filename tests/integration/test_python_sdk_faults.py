"""The Python client where things go wrong: engines that restart, are gone, are busy, or answer nonsense."""
import asyncio
import http.server
import json
import threading
import time
from pathlib import Path

import pytest

from tests.support.python_sdk import sdk

MODEL = "test/small"
KINDS = ("ModelMoraClient", "GrpcModelMoraClient")


def client_of(engine, kind, **options):
    return getattr(sdk(), kind)(engine.grpc if "Grpc" in kind else engine.url, **options)


@pytest.fixture
def house(start_engine, small_model, tmp_path):
    """An engine on ports that a second one can take over."""
    engine = start_engine(data=tmp_path / "house")
    with sdk().ModelMoraClient(engine.url) as client:
        client.registry.register_model(MODEL, "txt2embed", "1", path=small_model)
        client.lifecycle.load(MODEL)
    return engine


def successor(start_engine, engine, ready=True):
    return start_engine(data=engine.data, flags=["--rest", engine.rest, "--grpc", engine.grpc], ready=ready)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("end", ["stop", "kill"])
def test_calls_go_on_over_a_restart(house, start_engine, kind, end):
    patient = sdk().RetryPolicy(attempts=40, first_wait=0.05, longest_wait=0.5)
    breaker = sdk().CircuitBreaker(failures=1000)
    answers, problems, over = [], [], threading.Event()
    with client_of(house, kind, retry=patient, circuit_breaker=breaker) as client:
        def ask():
            while not over.is_set():
                try:
                    answers.append((time.monotonic(), len(client.inference.embed(MODEL, ["hello"]))))
                except sdk().ModelMoraError as error:
                    problems.append(error)

        asking = [threading.Thread(target=ask) for _ in range(3)]
        for thread in asking:
            thread.start()
        house.wait_until(lambda: len(answers) > 20)
        house.stop() if end == "stop" else house.kill()
        gone = time.monotonic()
        again = successor(start_engine, house)
        again.wait_until(lambda: sum(at > gone for at, _ in answers) > 20)
        over.set()
        for thread in asking:
            thread.join(60)
        job = client.inference.infer_async(MODEL, {"text": ["a"]})
        assert client.jobs.wait_for_result(job.job_id, timeout=60).output_data.embeddings.dimension == 32
    assert not problems and {rows for _, rows in answers} == {1}


@pytest.mark.parametrize("kind", KINDS)
def test_a_job_is_waited_for_over_a_crash(house, start_engine, kind):
    patient = sdk().RetryPolicy(attempts=40, first_wait=0.05, longest_wait=0.5)
    with client_of(house, kind, retry=patient, circuit_breaker=sdk().CircuitBreaker(failures=1000)) as client:
        job = client.inference.infer_async(MODEL, {"text": [f"text {i} " * 20 for i in range(2000)]})
        house.kill()
        waited = []
        waiting = threading.Thread(target=lambda: waited.append(client.jobs.wait(job.job_id, timeout=100)))
        waiting.start()
        successor(start_engine, house)
        waiting.join(110)
        assert waited and waited[0].status == "completed" and waited[0].inputs_done == 2000


@pytest.mark.parametrize("kind", KINDS)
def test_events_go_on_over_a_restart(house, start_engine, kind):
    patient = sdk().RetryPolicy(attempts=40, first_wait=0.05, longest_wait=0.5)
    with client_of(house, kind, retry=patient) as client, sdk().ModelMoraClient(house.url) as other:
        start = [event.id for event in other.events.watch(follow=False)][-1]
        watch = client.events.watch(types=["model", "engine"], after_id=start)
        other.lifecycle.unload(MODEL)
        seen = [next(watch)]
        house.stop()
        successor(start_engine, house)
        while seen[-1].type != "engine.started":
            seen.append(next(watch))
        watch.close()
        types = [event.type for event in seen]
        assert types.index("model.unloaded") < types.index("engine.stopping") < types.index("engine.started")
        assert "engine.events_lost" not in types
        assert [event.id for event in seen] == sorted({event.id for event in seen})


def test_events_with_asyncio(house):
    async def run():
        async with sdk().AsyncModelMoraClient(house.url) as client:
            start = [event.id async for event in client.events.watch(follow=False)][-1]
            watch = client.events.watch(types=["model"], after_id=start, model_id=MODEL)
            await client.lifecycle.unload(MODEL)
            seen = [await anext(watch), await anext(watch)]
            await watch.aclose()
            return [event.type for event in seen]

    assert asyncio.run(run()) == ["model.draining", "model.unloaded"]


def test_wrong_filters_are_not_asked_again(house):
    for kind in KINDS:
        with client_of(house, kind) as client, pytest.raises(sdk().errors.ValidationFailed):
            next(client.events.watch(types=["modle"]))


@pytest.mark.parametrize("kind", KINDS)
def test_the_breaker_opens_and_closes_again(house, start_engine, kind):
    errors = sdk().errors
    breaker = sdk().CircuitBreaker(failures=3, pause=1.0)
    with client_of(house, kind, retry=sdk().RetryPolicy(attempts=1), circuit_breaker=breaker) as client:
        house.stop()
        for _ in range(3):
            with pytest.raises(errors.Unreachable) as gone:
                client.system.status()
            assert not isinstance(gone.value, errors.CircuitOpen) and not gone.value.maybe_done
        with pytest.raises(errors.CircuitOpen) as opened:
            client.system.status()
        assert 0 < opened.value.retry_after <= 1.0 and breaker.is_open
        again = successor(start_engine, house)
        again.wait_until(lambda: not breaker.is_open)
        # gRPC waits a moment before it connects again, so the first to try may still fail.
        again.wait_until(lambda: answers(client))
        assert client.system.status().pid == again.pid and not breaker.is_open


def answers(client):
    try:
        return client.system.status().pid > 0
    except sdk().errors.Unreachable:
        return False


class Script(http.server.BaseHTTPRequestHandler):
    """Answers in turn what the test wrote down; keeps what was asked."""

    protocol_version = "HTTP/1.1"

    def _answer(self):
        length = int(self.headers.get("Content-Length", 0))
        self.server.asked.append((self.command, self.path, self.headers, self.rfile.read(length)))
        status, headers, body = self.server.script.pop(0)
        if status == 0:  # hangs up without a word
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(headers.get("X-Length", len(body))))
        self.end_headers()
        self.wfile.write(body)
        if "X-Length" in headers:
            self.close_connection = True

    do_GET = do_POST = do_DELETE = do_PATCH = _answer

    def log_message(self, *_):
        pass


@pytest.fixture
def scripted():
    """scripted([(status, headers, body), ...]): a client of a server that answers just that, and what was asked."""
    servers = []

    def start(script, **options):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Script)
        server.script = [(status, headers, body.encode()) for status, headers, body in script]
        server.asked = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        quick = sdk().RetryPolicy(first_wait=0.01)
        return sdk().ModelMoraClient(f"http://127.0.0.1:{server.server_port}", retry=quick, **options), server.asked

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def refusal(code, status, retry_after=None, **more):
    headers = {"Content-Type": "application/json", **({"Retry-After": retry_after} if retry_after is not None else {})}
    return status, headers, json.dumps({"error_code": code, "message": f"It is {code}.", "trace_id": "t", **more})


RESULT = (200, {}, json.dumps({"model_id": "a/b", "output_data": {"scores": [0.5]}, "metadata": {"request_id": "r"}}))
DONE = (200, {}, json.dumps({"model_id": "a/b", "unloaded": True, "freed_mb": 1.5}))


def test_what_is_safe_is_asked_again_under_its_id(scripted):
    client, asked = scripted([refusal("QUEUE_FULL", 429, "0"), (0, {}, ""), refusal("WORKER_CRASHED", 503, "0"),
                              (502, {"Retry-After": "0"}, "<html>"), RESULT])
    assert client.inference.infer("a/b", {"text": "x"}).output_data.scores == [0.5]
    assert len(asked) == 5 and len({headers["X-Request-Id"] for _, _, headers, _ in asked}) == 1


def test_what_may_have_been_done_is_not_asked_again(scripted):
    client, asked = scripted([(0, {}, ""), DONE])
    with pytest.raises(sdk().errors.Unreachable) as lost:
        client.lifecycle.unload("a/b")
    assert lost.value.maybe_done and len(asked) == 1


def test_what_was_refused_for_now_is_asked_again_though_it_changes_things(scripted):
    client, asked = scripted([refusal("SERVICE_UNAVAILABLE", 503, "0"), DONE])
    assert client.lifecycle.unload("a/b").freed_mb == 1.5 and len(asked) == 2


def test_a_registration_has_a_key_and_is_asked_again(scripted):
    client, asked = scripted([(0, {}, ""), (201, {}, json.dumps({"model_id": "a/b", "version": "1", "task_type": "txt2embed"}))])
    assert client.registry.register_model("a/b", "txt2embed", "1").version == "1"
    assert len({headers["Idempotency-Key"] for _, _, headers, _ in asked}) == 1 and len(asked) == 2


def test_refusals_without_a_time_are_final(scripted):
    for code, status in (("MODEL_LOAD_FAILED", 503), ("INSUFFICIENT_MEMORY", 507), ("INFERENCE_FAILED", 500)):
        client, asked = scripted([refusal(code, status, details={"stage": "weights"}), RESULT])
        with pytest.raises(sdk().errors.ApiError) as refused:
            client.inference.infer("a/b", {"text": "x"})
        assert refused.value.code == code and refused.value.facts == {"stage": "weights"} and len(asked) == 1


def test_a_time_that_is_too_long_is_told_instead_of_waited(scripted):
    client, asked = scripted([refusal("RATE_LIMIT_EXCEEDED", 429, "3600"), RESULT])
    with pytest.raises(sdk().errors.RateLimited) as refused:
        client.inference.infer("a/b", {"text": "x"})
    assert refused.value.retry_after == 3600 and "3600 s" in refused.value.hint and len(asked) == 1


def test_nonsense_is_an_error_of_the_client(scripted):
    for body in ("{", "[]", '{"output_data": {"embeddings": ["AAA="]}}', '{"output_data": {"embeddings": ["AACAPw==", ""]}}'):
        client, _ = scripted([(200, {}, body)])
        with pytest.raises(sdk().ModelMoraError, match="cannot be read"):
            client.inference.infer("a/b", {"text": ["x"]})


def test_an_answer_that_breaks_off_is_told(scripted):
    rows = '{"model_id":"a/b","output_data":{"embeddings":["AACAPw==","AACAPw=='
    client, _ = scripted([(200, {"X-Length": "1000"}, rows)])
    stream = client.inference.embed_stream("a/b", ["x", "y", "z"])
    assert next(stream) == [1.0]
    with pytest.raises(sdk().errors.StreamEnded, match="after 1 vectors"):
        next(stream)


def test_a_download_goes_on_where_it_broke_off(scripted, tmp_path):
    whole = json.dumps({"output_data": {"scores": list(range(100))}})
    client, asked = scripted([(200, {"ETag": '"a"', "X-Length": str(len(whole))}, whole[:100]),
                              (206, {"ETag": '"a"'}, whole[100:])])
    file = client.jobs.download_result("j", tmp_path / "result.json")
    assert file.read_text() == whole and asked[1][2]["Range"] == "bytes=100-" and asked[1][2]["If-Range"] == '"a"'
    client, _ = scripted([(200, {"Repr-Digest": "sha-256=:" + "A" * 43 + "=:"}, whole)])
    with pytest.raises(sdk().errors.StreamEnded, match="not the engine's"):
        client.jobs.download_result("j", tmp_path / "other.json")
    assert not Path(tmp_path / "other.json").exists()


def test_the_key_is_sent_and_comes_from_the_environment(scripted, monkeypatch):
    monkeypatch.setenv("MODELMORA_KEY", "mm_environment\n")
    client, asked = scripted([refusal("UNAUTHENTICATED", 401), refusal("PERMISSION_DENIED", 403)])
    with pytest.raises(sdk().errors.AuthenticationFailed):
        client.system.status()
    with pytest.raises(sdk().errors.PermissionDenied):
        client.system.status()
    assert asked[0][2]["Authorization"] == "Bearer mm_environment"
    client, asked = scripted([RESULT], api_key="mm_given", client_name="team-a")
    client.inference.infer("a/b", {"text": "x"})
    assert asked[0][2]["Authorization"] == "Bearer mm_given" and asked[0][2]["X-ModelMora-Client"] == "team-a"


def test_an_engine_that_does_not_answer_in_time(scripted):
    import socket
    silent = socket.create_server(("127.0.0.1", 0))
    address = f"127.0.0.1:{silent.getsockname()[1]}"
    for kind in KINDS:
        client = getattr(sdk(), kind)(f"http://{address}" if kind == "ModelMoraClient" else address, timeout=0.3)
        with client, pytest.raises(sdk().errors.Unreachable):
            client.system.status()
    silent.close()

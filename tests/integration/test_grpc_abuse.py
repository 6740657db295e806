"""What hostile or clumsy gRPC clients send: a precise status, bounded memory, and the others are served."""
import json
import os
import random
import shutil
import socket
import struct
import threading
from pathlib import Path

import grpc
import httpx
import pytest
from tests.support.h2_client import H2Client, message

FAKE = "test/fake"
FAKE_WORKER = Path(os.environ["MM_BUILD"]) / "tests/mm_fake_worker"
INFER = "/modelmora.v1.InferenceService/Infer"
LIVE = "/modelmora.v1.ManagementService/LivenessCheck"
STREAM = "/modelmora.v1.InferenceService/InferStream"
INVALID_ARGUMENT, RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL = 3, 8, 12, 13
MB = 1 << 20


@pytest.fixture(scope="module")
def house(start_module_engine, tmp_path_factory, small_model):
    """An engine whose worker answers at once, with 1,024 numbers for each text."""
    folder = shutil.copytree(small_model, tmp_path_factory.mktemp("models") / "fake")  # as the registry wants it
    (folder / "fake.json").write_text(json.dumps({"dimension": 1024}))
    engine = start_module_engine("--worker", str(FAKE_WORKER))
    answer = httpx.post(engine.url + "/api/v1/models", json={"model_id": FAKE, "task_type": "txt2embed",
                                                              "source_url": folder.as_uri()}, timeout=60)
    assert answer.status_code == 201, answer.text
    return engine


@pytest.fixture
def ask(stubs):
    def make(*texts, **fields):
        batch = stubs.inference.TextBatch(texts=texts or ["a"])
        return stubs.inference.InferenceRequest(
            model_id=FAKE, input_data=stubs.inference.InputData(text_batch=batch),
            embedding_format=stubs.inference.EMBEDDING_FORMAT_BYTES, **fields)

    return make


@pytest.fixture
def served(house, stubs, ask):
    """served(): somebody else is served, and nothing is left in the queue."""
    def check(empty: bool = True):
        with grpc.insecure_channel(house.grpc) as channel:
            stub = stubs.inference_grpc.InferenceServiceStub(channel)
            assert stub.Infer(ask("others"), timeout=30).output_data.embedding_matrix.rows == 1
            while empty and stub.GetQueue(stubs.inference.GetQueueRequest(), timeout=30).total > 0:
                pass  # a test that never ends is the failure

    return check


def status_of(client: H2Client, path: str, data: bytes, **options) -> int | None:
    stream = client.open(path, **options)
    client.send(stream, data, end=True)
    return client.finish(stream)


@pytest.mark.parametrize("payload", [
    b"\xff" * 50,
    b"\x0a\x7fcut off",
    b"\x0a\x02\xc3\x28",  # model_id that is no UTF-8
    struct.pack("B", 0x0b) * 2000,  # groups within groups
], ids=["garbage", "cut", "not-utf-8", "deep"])
@pytest.mark.parametrize("path", [INFER, "/modelmora.v1.ManagementService/LoadModelWithProgress",
                                  "/ModelInference/GenerateBatch", "/modelmora.v1.RegistryService/RegisterModel"])
def test_what_is_no_message_is_called_malformed(house, served, path, payload):
    with H2Client(house.grpc) as client:
        stream = client.open(path)
        client.send(stream, message(payload), end=True)
        assert client.finish(stream) == INVALID_ARGUMENT
        assert "cannot be read as" in client.headers[stream]["grpc-message"].replace("%20", " ")
    served()


def test_a_malformed_message_in_a_stream_is_answered_in_its_place(house, stubs, ask):
    with H2Client(house.grpc) as client:
        stream = client.open(STREAM)
        for payload in (ask("a").SerializeToString(), b"\xff\xff", ask("b").SerializeToString()):
            client.send(stream, message(payload))
        client.send(stream, b"", end=True)
        assert client.finish(stream) == 0
        answers = [stubs.inference.InferenceResponse.FromString(each) for each in client.messages(stream)]
    assert [answer.error.code for answer in answers] == ["", "MALFORMED_REQUEST", ""]


@pytest.mark.parametrize("path", ["/modelmora.v1.InferenceService/NoSuch", "/no.such.Service/Infer", "/", "/%00/x",
                                  "/modelmora.v1.InferenceService/infer"])
def test_unknown_methods_are_unimplemented(house, served, path):
    with H2Client(house.grpc) as client:
        assert status_of(client, path, message(b"")) == UNIMPLEMENTED
        assert status_of(client, LIVE, message(b"")) == 0
    served()


@pytest.mark.parametrize("options", [{"method": "GET"}, {"method": "PUT"}, {"content_type": "application/json"},
                                     {"content_type": ""}], ids=str)
def test_what_is_no_grpc_is_refused(house, served, options):
    with H2Client(house.grpc) as client:
        stream = client.open(INFER, **options)
        try:
            client.send(stream, message(b""), end=True)
            assert client.finish(stream) != 0
        except (ConnectionError, TimeoutError):
            pass  # cut off
    served()


def test_http_1_is_no_grpc(house, served):
    host, port = house.grpc.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=30) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        while client.recv(4096):
            pass
    served()


def test_streams_that_are_half_closed_at_once_just_end(house, served):
    with H2Client(house.grpc) as client:
        stream = client.open(STREAM, end=True)
        assert client.finish(stream) == 0 and client.messages(stream) == []
        assert client.finish(client.open(INFER, end=True)) not in (0, None)  # a call without its message
    served()


def test_what_ends_before_its_length_is_no_message(house, served):
    cut = struct.pack(">BI", 0, 1000) + b"short"
    with H2Client(house.grpc) as client:
        assert status_of(client, INFER, cut) not in (0, None)
        stream = client.open(STREAM)
        client.send(stream, cut, end=True)
        assert client.finish(stream) is not None and client.messages(stream) == []
    served()


def test_messages_of_four_gigabytes_are_not_kept(house, served):
    """gRPC looks at a message's size when it has all of it; until then what all calls together may hold is the bound."""
    before = house.resident_bytes()
    clients = [H2Client(house.grpc, timeout=2) for _ in range(4)]
    streams = [client.open(path) for client, path in zip(clients, (INFER, STREAM) * 2)]
    sent, cut_off = 0, False
    try:
        for client, stream in zip(clients, streams):
            client.send(stream, struct.pack(">BI", 0, 0xFFFFFFFF))
        while not cut_off:
            assert sent < 2048 * MB, "nobody is slowed down"
            for client, stream in zip(clients, streams):
                client.send(stream, bytes(4 * MB))
                sent += 4 * MB
                cut_off = cut_off or client.is_over(stream)
    except OSError:
        pass  # cut off, or no longer read
    finally:
        held = house.resident_bytes() - before
        for client in clients:
            client.socket.close()
    assert held < 768 * MB
    served()


def test_an_encoding_that_is_not_known_is_refused(house, served):
    with H2Client(house.grpc) as client:
        stream = client.open(INFER, headers=[("grpc-encoding", "middle-out")])
        client.send(stream, message(b"\x0a\x00", compressed=1), end=True)
        assert client.finish(stream) in (INVALID_ARGUMENT, UNIMPLEMENTED, INTERNAL)
    served()


@pytest.mark.parametrize("headers", [[("x-big", "x" * 100_000)], [(f"x-{i}", "y" * 50) for i in range(400)]],
                         ids=["long", "many"])
def test_floods_of_metadata_are_refused(house, served, headers):
    before = house.resident_bytes()
    with H2Client(house.grpc) as client:
        assert status_of(client, LIVE, message(b"")) == 0  # and the bounds of the server are agreed on
        try:
            assert status_of(client, INFER, message(b""), headers=headers) in (RESOURCE_EXHAUSTED, None)
        except OSError:
            pass  # cut off
    assert house.resident_bytes() - before < 64 * MB
    served()


def test_leaving_at_every_moment_leaves_nothing_behind(house, stubs, ask, served):
    random.seed(1)
    whole = message(ask("text " * 2000).SerializeToString())
    before = house.resident_bytes()
    for _ in range(10):
        with H2Client(house.grpc) as client:
            for _ in range(40):
                path = random.choice((INFER, STREAM, "/ModelInference/GenerateBatch", "/grpc.health.v1.Health/Watch",
                                      "/modelmora.v1.ManagementService/LoadModelWithProgress"))
                stream = client.open(path)
                moment = random.random()
                if moment > 0.2:
                    client.send(stream, whole[:random.randint(0, len(whole))])
                elif moment > 0.1:
                    client.send(stream, whole, end=True)
                client.cancel(stream)
        # and then the connection is gone as well
    served()
    assert house.resident_bytes() - before < 128 * MB


def test_thousands_of_calls_at_once_are_all_answered(house, stubs, ask):
    with grpc.insecure_channel(house.grpc) as channel:
        stub = stubs.inference_grpc.InferenceServiceStub(channel)
        calls = [stub.Infer.future(ask(f"{i}"), timeout=120) for i in range(3000)]
        assert all(call.result().output_data.embedding_matrix.rows == 1 for call in calls)


def test_who_does_not_read_slows_only_itself(house, stubs, ask, served):
    """Each request is answered with 2 MB, and the client takes 64 KiB of the first; there are 400 of them."""
    texts = ["x"] * 500
    before = house.resident_bytes()
    with H2Client(house.grpc, window=65_535) as slow:
        stream = slow.open(STREAM)
        stop = threading.Event()

        def flood():
            request = message(ask(*texts).SerializeToString())
            try:
                for _ in range(400):
                    if stop.is_set():
                        return
                    slow.send(stream, request)
            except OSError:
                pass  # cut off by the end of the test

        sender = threading.Thread(target=flood)
        sender.start()
        with grpc.insecure_channel(house.grpc) as channel:
            stub = stubs.inference_grpc.InferenceServiceStub(channel)
            for i in range(300):
                assert stub.Infer(ask("quick"), timeout=30).output_data.embedding_matrix.rows == 1
        assert house.resident_bytes() - before < 400 * MB  # of 800 MB of answers
        stop.set()
        slow.socket.shutdown(socket.SHUT_RDWR)
        sender.join()
    served()


def test_a_long_stream_keeps_its_order(house, stubs, ask):
    with grpc.insecure_channel(house.grpc) as channel:
        stub = stubs.inference_grpc.InferenceServiceStub(channel)
        answers = stub.InferStream((ask("x" * (i % 50), request_id=f"r{i}") for i in range(3000)), timeout=120)
        assert [answer.metadata.request_id for answer in answers] == [f"r{i}" for i in range(3000)]

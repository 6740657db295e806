"""What hostile and clumsy clients send to the REST port: a precise answer or a clean end, and the others are served."""
import resource
import socket
import struct
import threading

import pytest

from tests.integration.raw_http import RawClient
from tests.integration.rest_client import call

MEGABYTE = 1 << 20
LIVE = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /api/v1/infer/org/repo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
SMUGGLED = b"GET /health/smuggled HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(autouse=True)
def others_are_served(engine):
    yield
    assert engine.alive()
    assert call(engine, "GET", "/health/live").status == 200


def only_answer(engine, data: bytes):
    """The one answer that the bytes get; the connection must end after it."""
    with RawClient(engine) as client:
        answer = client.send(data).answer()
        assert answer is not None, "no answer came"
        assert client.is_ended(), f"there was more after {answer}"
        return answer


SMUGGLING = {
    "length and chunks": b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
    "chunks and length": b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
    "two lengths": b"Content-Length: 0\r\nContent-Length: 50\r\n",
    "the same length twice": b"Content-Length: 0\r\nContent-Length: 0\r\n",
    "a list of lengths": b"Content-Length: 0, 50\r\n",
    "a negative length": b"Content-Length: -5\r\n",
    "a length with a sign": b"Content-Length: +5\r\n",
    "a length in hexadecimal": b"Content-Length: 0x0\r\n",
    "a length beyond 64 bits": b"Content-Length: 18446744073709551616\r\n",
    "an empty length": b"Content-Length:\r\n",
    "a folded line": b"X-A: 1\r\n  Content-Length: 0\r\n",
    "a folded coding": b"Transfer-Encoding:\r\n chunked\r\n",
    "space before the colon": b"Content-Length : 0\r\n",
    "space before chunks' colon": b"Transfer-Encoding : chunked\r\n",
    "a bare line feed": b"X-A: 1\nContent-Length: 0\r\n",
    "a bare carriage return": b"X-A: 1\rContent-Length: 0\r\n",
    "a NUL in a value": b"X-A: 1\0\r\n",
    "unknown coding": b"Transfer-Encoding: xchunked\r\n",
    "identity": b"Transfer-Encoding: identity\r\n",
    "coding twice in one": b"Transfer-Encoding: chunked, chunked\r\n",
    "coding twice in two": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    "coding after another": b"Transfer-Encoding: gzip, chunked\r\n",
    "quoted coding": b"Transfer-Encoding: \"chunked\"\r\n",
    "vertical tab before the coding": b"Transfer-Encoding: \x0bchunked\r\n",
    "a name with a space": b"Transfer Encoding: chunked\r\n",
    "a name with a bracket": b"Content-Length[]: 0\r\n",
    "an empty name": b": 1\r\n",
    "no colon": b"nonsense\r\n",
    "two hosts": b"Host: y\r\n",
}


@pytest.mark.parametrize("header", SMUGGLING.values(), ids=SMUGGLING.keys())
def test_a_request_whose_end_is_in_doubt_is_refused_with_all_that_follows(engine, header):
    answer = only_answer(engine, POST + header + b"\r\n" + SMUGGLED)
    assert answer.status in (400, 501), answer
    assert answer.json["error_code"] in ("MALFORMED_REQUEST", "NOT_IMPLEMENTED")
    assert answer.json["trace_id"] == answer.headers["x-request-id"]
    assert answer.headers["connection"] == "close"


CHUNKS = {
    "not a number": b"zz\r\n{}\r\n0\r\n\r\n",
    "negative": b"-2\r\n{}\r\n0\r\n\r\n",
    "with a prefix": b"0x2\r\n{}\r\n0\r\n\r\n",
    "empty size": b"\r\n{}\r\n0\r\n\r\n",
    "longer than its size": b"2\r\n{}}\r\n0\r\n\r\n",
    "bare line feeds": b"2\n{}\n0\n\n",
    "size of 2^64": b"10000000000000000\r\n{}\r\n0\r\n\r\n",
    "size of many zeros": b"0" * 5000 + b"2\r\n{}\r\n0\r\n\r\n",
    "endless extension": b"2;" + b"a" * 5000 + b"\r\n{}\r\n0\r\n\r\n",
    "endless trailers": b"2\r\n{}\r\n0\r\n" + b"X: y\r\n" * 5000 + b"\r\n",
    "over the limit": b"7fffffff\r\n",
}


@pytest.mark.parametrize("body", CHUNKS.values(), ids=CHUNKS.keys())
def test_chunks_that_are_not_chunks_are_refused(engine, body):
    answer = only_answer(engine, POST + b"Transfer-Encoding: chunked\r\n\r\n" + body + SMUGGLED)
    assert answer.status in (400, 413, 431), answer


TARGETS = {
    "a double slash": (b"//evil/health", 400),
    "a double slash within": (b"/health//live", 400),
    "dots": (b"/health/../live", 400),
    "one dot": (b"/./health/live", 400),
    "encoded dots": (b"/health/%2e%2E/live", 400),
    "dots behind an encoded slash": (b"/health%2f..%2flive", 400),
    "a NUL": (b"/health/\0live", 400),
    "an encoded NUL": (b"/health/%00live", 400),
    "a backslash": (b"/health\\live", 400),
    "half an escape": (b"/health/%2", 400),
    "no escape": (b"/health/%zz", 400),
    "a fragment": (b"/health/live#x", 400),
    "bytes over 127": ("/health/lïve".encode(), 400),
    "a space": (b"/health/ live", 400),
    "an authority": (b"example.org:443", 400),
    "another scheme": (b"ftp://x/health/live", 400),
    "no authority": (b"http:///health/live", 400),
    "a star": (b"*", 400),
    "nothing": (b"", 400),
    "long": (b"/" + b"a" * 9000, 414),
}


@pytest.mark.parametrize("target, status", TARGETS.values(), ids=TARGETS.keys())
def test_targets_that_two_readers_could_take_for_two_things_are_refused(engine, target, status):
    assert only_answer(engine, b"GET " + target + b" HTTP/1.1\r\nHost: x\r\n\r\n" + SMUGGLED).status == status


def test_the_absolute_form_of_a_target_is_understood(engine):
    with RawClient(engine) as client:
        for target in (b"http://x/health/live", b"HTTPS://x:8000/health/live?"):
            assert client.send(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\n\r\n").answer().status == 200


FIRST_LINES = {
    "one word": (b"BLAH", 400),
    "two words": (b"GET /health/live", 400),
    "lower-case version": (b"GET /health/live http/1.1", 400),
    "HTTP/2 in words": (b"PRI * HTTP/2.0", 505),
    "HTTP/9.9": (b"GET /health/live HTTP/9.9", 505),
    "no HTTP": (b"GET /health/live HTTPX1.1", 400),
    "an unknown method": (b"BREW /health/live HTTP/1.1", 501),
    "CONNECT": (b"CONNECT x:1 HTTP/1.1", 501),
    "TRACE": (b"TRACE / HTTP/1.1", 501),
    "a method that is no word": (b"G(T /health/live HTTP/1.1", 400),
    "two spaces": (b"GET  /health/live HTTP/1.1", 400),
    "a tab": (b"GET\t/health/live HTTP/1.1", 400),
    "every byte": (bytes(range(256)).replace(b"\n", b""), 400),
    "a TLS greeting": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 600, 400),
}


@pytest.mark.parametrize("line, status", FIRST_LINES.values(), ids=FIRST_LINES.keys())
def test_first_lines_that_are_none_are_refused(engine, line, status):
    assert only_answer(engine, line + b"\r\nHost: x\r\n\r\n").status == status


def test_a_missing_host_is_refused(engine):
    assert only_answer(engine, b"GET /health/live HTTP/1.1\r\n\r\n").status == 400


@pytest.mark.parametrize("path, field", [
    ("/api/v1/infer/a/b", ("error_code",)),
    ("/v1/embeddings", ("error", "code")),
    ("/v2/rerank", ("message",)),
    ("/embed", ("error",)),
])
def test_a_refusal_has_the_shape_of_its_dialect(engine, path, field):
    found = only_answer(engine, f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n".encode())
    assert found.status == 413
    body = found.json
    for name in field:
        body = body[name]
    assert body


def test_floods_of_headers_are_refused_and_leave_nothing_behind(engine):
    before = engine.resident_bytes()
    many = b"".join(b"X-%d: y\r\n" % i for i in range(101))
    assert only_answer(engine, b"GET /health/live HTTP/1.1\r\nHost: x\r\n" + many + b"\r\n").status == 431
    long = b"X: " + b"a" * (64 << 10)
    assert only_answer(engine, b"GET /health/live HTTP/1.1\r\nHost: x\r\n" + long + b"\r\n\r\n").status == 431
    with RawClient(engine) as client:
        client.send(b"GET /health/live HTTP/1.1\r\nHost: x\r\nX: " + b"a" * (20 * MEGABYTE))
        answer = client.answer()
        assert answer is None or answer.status == 431  # reset where it went on sending for too long
    assert engine.resident_bytes() < before + 6 * MEGABYTE


def test_a_body_of_100_mb_is_refused_without_being_kept(engine):
    before = engine.resident_bytes()
    for framing in (b"Content-Length: 104857600\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n6400000\r\n"):
        with RawClient(engine) as client:
            client.send(POST + framing)
            block = b"a" * MEGABYTE
            for _ in range(100):
                client.send(block)
            answer = client.answer()
            assert answer is None or answer.status == 413
        with RawClient(engine) as client:  # who looks before it sends hears why
            answer = client.send(POST + framing).answer()
            assert answer.status == 413
            assert answer.json["details"]["limit_bytes"] == 32 * MEGABYTE
    assert engine.resident_bytes() < before + 6 * MEGABYTE


def test_who_waits_for_continue_is_refused_before_sending(engine):
    with RawClient(engine) as client:
        client.send(POST + b"Expect: 100-continue\r\nContent-Length: 104857600\r\n\r\n")
        assert client.answer().status == 413
    assert only_answer(engine, POST + b"Expect: a miracle\r\nContent-Length: 2\r\n\r\n{}").status == 417


def test_idle_connections_keep_nobody_out(start_engine):
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    engine = start_engine(flags=["--max-connections", "1600"])
    before = engine.resident_bytes()
    idle = [RawClient(engine) for _ in range(1500)]
    try:
        for client in idle[::100]:
            client.send(LIVE[:20])  # some begin a request and pause
        assert call(engine, "GET", "/health/live").status == 200
        assert engine.resident_bytes() < before + 96 * MEGABYTE  # 64 KB for each, the buffer of its socket, at most
        for client in idle[1::100]:
            assert client.send(LIVE).answer().status == 200
        crowd = [RawClient(engine) for _ in range(120)]
        told = [client.answer() for client in crowd[-10:]]  # one answer, and no place
        assert all(answer.status == 503 and answer.headers["retry-after"] == "1" for answer in told)
        for client in crowd:
            client.socket.close()
    finally:
        for client in idle:
            client.socket.close()
    engine.wait_until(lambda: call(engine, "GET", "/health/live").status == 200)


def test_a_pipeline_with_garbage_in_it_is_answered_up_to_there(engine):
    with RawClient(engine) as client:
        client.send(LIVE * 3 + b"GARBAGE\r\n\r\n" + LIVE)
        assert [client.answer().status for _ in range(4)] == [200, 200, 200, 400]
        assert client.is_ended()


def test_pipelined_answers_come_in_their_order(engine):
    with RawClient(engine) as client:
        names = [f"order-{i}" for i in range(200)]
        client.send(b"".join(f"GET /health/live HTTP/1.1\r\nHost: x\r\nX-Request-Id: {name}\r\n\r\n".encode() for name in names))
        assert [client.answer().headers["x-request-id"] for _ in names] == names


def test_requests_byte_by_byte_are_understood(engine):
    body = b"4\r\n{\"a\"\r\n3\r\n:1}\r\n0\r\nX-Trailer: 1\r\n\r\n"
    with RawClient(engine) as client:
        client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in LIVE + POST + b"Transfer-Encoding: chunked\r\n\r\n" + body + LIVE:
            client.send(bytes([byte]))
        assert client.answer().status == 200
        assert client.answer().json["error_code"] == "VALIDATION_ERROR"
        assert client.answer().status == 200


def test_head_never_has_a_body(engine):
    with RawClient(engine) as client:
        for path, status in (("/health/live", 200), ("/nowhere", 404), ("/api/v1/models", 200)):
            head = client.send(f"HEAD {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()).answer(head_only=True)
            full = client.send(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()).answer()
            assert head.status == full.status == status
            assert head.headers["content-type"] == full.headers["content-type"]


def test_clients_that_leave_at_any_moment_do_no_harm(engine):
    request = POST + b"Content-Length: 33\r\n\r\n" + b'{"input_data":{"text":"goodbye"}}' + LIVE
    before = engine.resident_bytes()
    for how in ("close", "reset", "half"):
        for size in range(0, len(request) + 1, 3):
            client = RawClient(engine).send(request[:size])
            if how == "reset":
                client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            if how == "half":
                client.socket.shutdown(socket.SHUT_WR)
                assert client.rest() is not None  # it ends, with or without an answer
            client.socket.close()
    for _ in range(300):
        RawClient(engine).send(POST + b"Content-Length: 100000\r\n\r\nhalf").socket.close()
    assert engine.resident_bytes() < before + 32 * MEGABYTE


def test_thousands_of_connections_leave_no_memory_behind(engine):
    def storm():
        for _ in range(500):
            with RawClient(engine) as client:
                assert client.send(LIVE).answer().status == 200

    storm()
    before = engine.resident_bytes()
    threads = [threading.Thread(target=storm) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert engine.resident_bytes() < before + 8 * MEGABYTE


def test_who_reads_nothing_is_not_served_on(engine):
    """Answers that nobody takes are not made: the memory of an endless pipeline stays bounded."""
    before = engine.resident_bytes()
    with RawClient(engine) as client:
        client.socket.settimeout(2)
        sent = 0
        try:
            while sent < 64 * MEGABYTE:
                sent += client.socket.send(LIVE * 500)
        except TimeoutError:
            pass
        assert sent < 64 * MEGABYTE, "the engine took all of it"
        assert engine.resident_bytes() < before + 6 * MEGABYTE
        assert call(engine, "GET", "/health/live").status == 200

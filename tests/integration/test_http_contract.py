"""What HTTP promises of every route, against the running engine: with curl, requests and plain sockets."""
import base64
import gzip
import hashlib
import json
import socket
import subprocess
import zlib

import pytest
import requests

TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture(scope="module")
def house(start_module_engine, small_model):
    """An engine that lets one page in and packs everything, with a small model registered."""
    running = start_module_engine("--cors-origins", "https://app.example", "--compression", "always")
    register(running, "org/small", small_model).raise_for_status()
    return running


def register(engine, name, folder, **headers):
    body = {"model_id": name, "task_type": "txt2embed", "source_url": f"file://{folder}"}
    return requests.post(f"{engine.url}/api/v1/models", json=body, headers=headers, timeout=60)


def curl(*arguments):
    """The head and the body of the answer."""
    done = subprocess.run(["curl", "-sS", "-i", "--max-time", "60", *arguments], capture_output=True, check=True)
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    return int(lines[0].split()[1]), headers, body


def exchange(engine, text):
    """Everything that comes back for these bytes until the server ends the connection."""
    host, port = engine.rest.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(text.encode())
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return received


def test_every_path_tells_its_methods(house):
    for path, method in [("/api/v1/models", "POST"), ("/v1/embeddings", "POST"), ("/embed", "POST"), ("/health/live", "GET"),
                         ("/api/v1/models/org/small", "PUT")]:
        status, headers, body = curl("-X", "OPTIONS", house.url + path)
        assert status == 204 and method in headers["allow"] and not body
        wrong = "POST" if method == "PUT" else "PATCH"
        status, headers, _ = curl("-X", wrong, house.url + path)
        assert status == 405 and method in headers["allow"]


def test_a_page_is_let_in_by_its_origin(house):
    ask = ["-X", "OPTIONS", "-H", "Access-Control-Request-Method: POST", "-H", "Access-Control-Request-Headers: x-stainless-os"]
    status, headers, _ = curl(*ask, "-H", "Origin: https://app.example", house.url + "/v1/embeddings")
    assert status == 204 and headers["access-control-allow-origin"] == "https://app.example"
    assert "POST" in headers["access-control-allow-methods"]
    assert headers["access-control-allow-headers"] == "x-stainless-os"
    _, headers, _ = curl(*ask, "-H", "Origin: https://evil.example", house.url + "/v1/embeddings")
    assert "access-control-allow-origin" not in headers
    _, headers, _ = curl("-H", "Origin: https://app.example", house.url + "/v1/models")
    assert headers["access-control-allow-origin"] == "https://app.example" and "Origin" in headers["vary"]


def test_without_the_setting_no_page_is_let_in(engine):
    status, headers, _ = curl("-H", "Origin: https://app.example", engine.url + "/v1/models")
    assert status == 200 and not [name for name in headers if name.startswith("access-control")]


def test_head_says_what_get_says(house):
    for path in ["/api/v1/models", "/api/v1/models/org/small", "/health/live", "/v1/models"]:
        get = requests.get(house.url + path, headers={"Accept-Encoding": "identity"}, timeout=60)
        head = requests.head(house.url + path, headers={"Accept-Encoding": "identity"}, timeout=60)
        assert head.status_code == 200 and head.content == b""
        for name in ["Content-Length", "Content-Type", "ETag", "Vary"]:
            assert head.headers.get(name) == get.headers.get(name), (path, name)
        assert int(head.headers["Content-Length"]) == len(get.content)


def test_a_model_that_has_not_changed_is_not_sent_again(house):
    url = house.url + "/api/v1/models/org/small"
    first = requests.get(url, headers={"Accept-Encoding": "identity"}, timeout=60)
    packed = requests.get(url, headers={"Accept-Encoding": "gzip"}, timeout=60)
    assert packed.headers["Content-Encoding"] == "gzip" and packed.json() == first.json()
    assert packed.headers["ETag"] != first.headers["ETag"]  # other bytes
    for answer in (first, packed):
        again = requests.get(url, headers={"If-None-Match": answer.headers["ETag"]}, timeout=60)
        assert again.status_code == 304 and not again.content
    listed = requests.get(house.url + "/api/v1/models", timeout=60)
    assert listed.headers["ETag"].startswith('W/"')
    again = requests.get(house.url + "/api/v1/models", headers={"If-None-Match": listed.headers["ETag"]}, timeout=60)
    assert again.status_code == 304


def test_changes_are_made_only_to_what_was_seen(house, small_model):
    register(house, "org/changed", small_model).raise_for_status()
    url = house.url + "/api/v1/models/org/changed"
    seen = requests.get(url, timeout=60).headers["ETag"]
    assert requests.put(url, json={"description": "a"}, headers={"If-Match": seen}, timeout=60).status_code == 200
    stale = requests.put(url, json={"description": "b"}, headers={"If-Match": seen}, timeout=60)
    assert stale.status_code == 412 and stale.json()["error_code"] == "PRECONDITION_FAILED"
    assert stale.json()["details"]["revision"] == 2
    assert requests.get(url, timeout=60).json()["description"] == "a"
    now = stale.json()["details"]["etag"]
    both = requests.put(url, json={"expected_revision": 1}, headers={"If-Match": now}, timeout=60)
    assert both.status_code == 422
    assert requests.delete(url, headers={"If-Match": seen}, timeout=60).status_code == 412
    assert requests.delete(url + "?expected_revision=1", timeout=60).status_code == 409
    assert requests.delete(url, headers={"If-Match": now}, timeout=60).status_code == 204
    # Registered anew it counts from 1 again, and is another all the same.
    register(house, "org/changed", small_model).raise_for_status()
    assert requests.delete(url, headers={"If-Match": seen}, timeout=60).status_code == 412
    assert requests.delete(url, timeout=60).status_code == 204


def test_packed_requests_are_read_and_bounded(house):
    body = json.dumps({"model": "org/small", "input": ["one", "two"]}).encode()
    url = house.url + "/v1/embeddings"
    plain = requests.post(url, data=body, headers={"Content-Type": "application/json"}, timeout=120).json()["data"]
    for coding, packed in [("gzip", gzip.compress(body)), ("deflate", zlib.compress(body))]:
        answer = requests.post(url, data=packed, timeout=60,
                               headers={"Content-Type": "application/json", "Content-Encoding": coding})
        assert answer.status_code == 200 and answer.json()["data"] == plain
    bomb = gzip.compress(b" " * (200 << 20))
    assert len(bomb) < 1 << 20
    answer = requests.post(url, data=bomb, timeout=60,
                           headers={"Content-Type": "application/json", "Content-Encoding": "gzip"})
    assert answer.status_code == 413
    answer = requests.post(url, data=body, headers={"Content-Type": "application/json", "Content-Encoding": "br"}, timeout=60)
    assert answer.status_code == 415 and answer.headers["Accept-Encoding"] == "gzip, deflate"
    cut = requests.post(url, data=gzip.compress(body)[:-3], timeout=60,
                        headers={"Content-Type": "application/json", "Content-Encoding": "gzip"})
    assert cut.status_code == 400 and "too early" in cut.text


def test_what_nobody_takes_is_refused_before_it_is_done(house, small_model):
    refused = register(house, "org/unwanted", small_model, Accept="text/html")
    assert refused.status_code == 406 and refused.json()["error_code"] == "NOT_ACCEPTABLE"
    assert requests.get(house.url + "/api/v1/models/org/unwanted", timeout=60).status_code == 404


def test_a_registration_is_done_once(house, small_model):
    first = register(house, "org/once", small_model, **{"Idempotency-Key": "k"})
    again = register(house, "org/once", small_model, **{"Idempotency-Key": "k"})
    assert first.status_code == again.status_code == 201 and first.json() == again.json()
    assert register(house, "org/once", small_model).status_code == 409
    assert register(house, "org/other", small_model, **{"Idempotency-Key": "k"}).status_code == 422


def test_a_trace_names_the_request(house):
    headers = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    answer = requests.get(house.url + "/api/v1/models/no/such", headers=headers, timeout=60)
    assert answer.json()["trace_id"] == TRACE
    assert answer.headers["traceresponse"].startswith(f"00-{TRACE}-")
    answer = requests.get(house.url + "/api/v1/models/no/such", headers={"traceparent": f"00-{TRACE.upper()}-b7ad6b7169203331-01"},
                          timeout=60)
    assert answer.json()["trace_id"] == answer.headers["X-Request-Id"] and "traceresponse" not in answer.headers


def test_answers_without_a_body_keep_the_connection(house):
    etag = requests.get(house.url + "/api/v1/models", timeout=60).headers["ETag"]
    text = (f"GET /api/v1/models HTTP/1.1\r\nHost: x\r\nIf-None-Match: {etag}\r\n\r\n"
            "HEAD /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
            "OPTIONS /v1/embeddings HTTP/1.1\r\nHost: x\r\n\r\n"
            "GET /api/v1/models HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n"
            "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    answers = exchange(house, text).split(b"HTTP/1.1 ")[1:]
    assert [answer.split()[0] for answer in answers] == [b"304", b"200", b"204", b"406", b"200"]


@pytest.fixture(scope="module")
def result_url(house):
    """The result of a job of 5,000 texts: some megabytes of JSON."""
    texts = [f"text number {i}" for i in range(5000)]
    job = requests.post(house.url + "/api/v1/infer/org/small/async", json={"input_data": {"text": texts}}, timeout=60).json()
    house.wait_until(lambda: requests.get(house.url + job["status_url"], timeout=60).json()["status"] == "completed")
    return house.url + job["result_url"]


def test_a_large_result_comes_whole_and_in_ranges(result_url):
    whole = requests.get(result_url, timeout=120)
    assert whole.status_code == 200 and whole.headers["Accept-Ranges"] == "bytes"
    size = len(whole.content)
    assert size > 1 << 20 and int(whole.headers["Content-Length"]) == size
    assert len(whole.json()["output_data"]["embeddings"]) == 5000
    digest = base64.b64encode(hashlib.sha256(whole.content).digest()).decode()
    assert whole.headers["Repr-Digest"] == f"sha-256=:{digest}:"
    head = requests.head(result_url, timeout=60)
    assert head.headers["Content-Length"] == str(size) and head.headers["ETag"] == whole.headers["ETag"]
    for first, last in [(0, 0), (0, 99), (size // 3, size // 2), (size - 1, size - 1), (size - 5, size + 100)]:
        part = requests.get(result_url, headers={"Range": f"bytes={first}-{last}"}, timeout=60)
        assert part.status_code == 206 and part.content == whole.content[first:last + 1]
        assert part.headers["Content-Range"] == f"bytes {first}-{min(last, size - 1)}/{size}"
    assert requests.get(result_url, headers={"Range": "bytes=-7"}, timeout=60).content == whole.content[-7:]
    behind = requests.get(result_url, headers={"Range": f"bytes={size}-"}, timeout=60)
    assert behind.status_code == 416 and behind.headers["Content-Range"] == f"bytes */{size}"
    assert behind.json()["error_code"] == "RANGE_NOT_SATISFIABLE"
    several = requests.get(result_url, headers={"Range": "bytes=0-1,5-6"}, timeout=60)
    assert several.status_code == 200 and several.content == whole.content
    etag = whole.headers["ETag"]
    assert requests.get(result_url, headers={"Range": "bytes=0-1", "If-Range": etag}, timeout=60).status_code == 206
    assert requests.get(result_url, headers={"Range": "bytes=0-1", "If-Range": '"x"'}, timeout=60).status_code == 200
    assert requests.get(result_url, headers={"If-None-Match": etag}, timeout=60).status_code == 304


def test_curl_resumes_a_download(result_url, tmp_path):
    whole = requests.get(result_url, timeout=60).content
    target = tmp_path / "result.json"
    target.write_bytes(whole[:1000])
    subprocess.run(["curl", "-sS", "--max-time", "60", "-C", "-", "-o", str(target), result_url], check=True)
    assert target.read_bytes() == whole


def test_a_small_result_has_ranges_too(house):
    job = requests.post(house.url + "/api/v1/infer/org/small/async", json={"input_data": {"text": "a"}}, timeout=60).json()
    house.wait_until(lambda: requests.get(house.url + job["status_url"], timeout=60).json()["status"] == "completed")
    url = house.url + job["result_url"]
    whole = requests.get(url, headers={"Accept-Encoding": "identity"}, timeout=60)
    assert "embedding" in whole.json()["output_data"]
    part = requests.get(url, headers={"Range": "bytes=1-10"}, timeout=60)
    assert part.status_code == 206 and part.content == whole.content[1:11]


def test_slow_readers_of_a_large_result_hold_up_nobody(house, result_url):
    host, port = house.rest.rsplit(":", 1)
    path = result_url.removeprefix(house.url)
    readers = [socket.create_connection((host, int(port)), timeout=60) for _ in range(8)]
    for reader in readers:
        reader.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert reader.recv(12) == b"HTTP/1.1 200"
    assert requests.get(house.url + "/health/live", timeout=60).status_code == 200  # the others are served
    sizes = set()
    for reader in readers:
        received = 12
        while chunk := reader.recv(1 << 20):
            received += len(chunk)
        reader.close()
        sizes.add(received)
    assert len(sizes) == 1

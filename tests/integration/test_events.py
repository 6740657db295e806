"""Events: everything that changes, over REST, gRPC and the command line, from the real engine."""
import gzip
import json
import os
import socket
import subprocess
import threading
import time
from pathlib import Path

import grpc
import httpx
import pytest

from tests.integration.event_reader import EventReader

MODEL = "test/small"


def register(engine, folder, model=MODEL):
    answer = httpx.post(f"{engine.url}/api/v1/models", json={"model_id": model, "version": "1", "task_type": "txt2embed",
                                                             "source_url": f"file://{folder}"}, timeout=60)
    assert answer.status_code == 201, answer.text


def post(engine, path, **kwargs):
    answer = httpx.post(f"{engine.url}/api/v1{path}", timeout=120, **kwargs)
    assert answer.status_code < 300, answer.text
    return answer.json()


def embed(engine, text="hello", model=MODEL):
    return post(engine, f"/infer/{model}", json={"input_data": {"text": text}})


def last_id(engine) -> int:
    """The id of the newest event that is remembered."""
    with EventReader(engine, follow="false") as reader:
        return [event.id for event in reader if event.id][-1]


def types(events) -> list[str]:
    return [event.type for event in events]


@pytest.fixture
def house(start_engine, small_model):
    engine = start_engine()
    register(engine, small_model)
    return engine


def test_a_load_and_an_unload_are_told_in_order(house):
    with EventReader(house, types="model,load,memory") as reader:
        assert reader.status == 200
        assert reader.response.headers["Content-Type"].startswith("text/event-stream")
        assert reader.response.headers["Cache-Control"] == "no-store"
        assert reader.response.headers["X-Accel-Buffering"] == "no"
        post(house, f"/models/{MODEL}/load")
        events = reader.until("model.loaded")
        seen = types(events)
        assert seen.index("memory.reserved") < seen.index("model.loaded")
        assert seen.index("model.loading") < seen.index("load.progress") < seen.index("model.loaded")
        progress = [event.data["details"]["percent"] for event in events if event.type == "load.progress"]
        assert progress == sorted(progress) and len(progress) >= 3
        assert all(event.data["model_id"] == f"{MODEL}@1" for event in events)
        assert [event.id for event in events] == sorted({event.id for event in events})
        assert events[-1].data["details"]["pid"] == house.workers()[0]
        post(house, f"/models/{MODEL}/unload")
        seen = types(reader.until("memory.released"))
        assert seen.index("model.draining") < seen.index("memory.releasing") < seen.index("model.unloaded")
        assert reader.retry > 0


def test_a_request_is_told_from_arrival_to_answer_to_whom_it_concerns(house):
    post(house, f"/models/{MODEL}/load")
    with EventReader(house, types="request,queue", client="team-a") as mine, \
            EventReader(house, types="request", request="named") as named:
        for client, identifier in (("team-b", "other"), ("team-a", "named")):
            httpx.post(f"{house.url}/api/v1/infer/{MODEL}", json={"input_data": {"text": "x"}}, timeout=60,
                       headers={"X-ModelMora-Client": client, "X-Request-Id": identifier}).raise_for_status()
        for reader in (mine, named):
            events = reader.until("request.finished")
            assert types(events) == ["request.queued", "request.started", "request.finished"]
            assert {event.data["request_id"] for event in events} == {"named"}
            assert {event.data["client"] for event in events} == {"team-a"}
            assert events[-1].data["details"]["total_ms"] > 0


def test_failures_name_their_reason(house, small_model, tmp_path):
    broken = tmp_path / "broken"
    subprocess.run(["cp", "-r", str(small_model), str(broken)], check=True)
    register(house, broken, "test/broken")
    weights = broken / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:2000])
    with EventReader(house, model="test/broken", types="model") as reader:
        refused = httpx.post(f"{house.url}/api/v1/models/test/broken/load", timeout=60)
        failed = reader.until("model.load_failed")[-1].data
        assert failed["message"] == refused.json()["message"]
        assert failed["details"]["error_code"] == refused.json()["error_code"] == "INVALID_MODEL_FILES"
        assert failed["details"]["stage"] == "files" and failed["details"]["file"] == str(weights)


def test_going_on_loses_nothing_and_repeats_nothing(house):
    start = last_id(house)
    for _ in range(3):
        post(house, f"/models/{MODEL}/load")
        post(house, f"/models/{MODEL}/unload")
    with EventReader(house, last_event_id=start, follow="false", types="model,load,memory") as reader:
        whole = [event.id for event in reader if event.id]
    assert len(whole) > 20
    read, place = [], start
    while len(read) < len(whole):  # two events a connection
        with EventReader(house, last_event_id=place, types="model,load,memory") as reader:
            for _ in range(min(2, len(whole) - len(read))):
                event = next(reader)
                assert event.type != "engine.events_lost"
                read.append(event.id)
            place = reader.last_id
    assert read == whole


def test_going_on_over_a_restart(start_engine, small_model, tmp_path):
    data = tmp_path / "engine"
    first = start_engine(data=data)
    register(first, small_model)
    post(first, f"/models/{MODEL}/load")
    reader = EventReader(first, types="model,load,memory,engine", last_event_id=last_id(first))
    assert first.stop() == 0
    seen = [event for event in reader]
    assert seen[-1].type == "end" and seen[-1].data["error_code"] == "SERVICE_UNAVAILABLE"
    assert seen[-2].type == "engine.stopping"
    second = start_engine(data=data)
    with EventReader(second, types="model,load,memory,engine", last_event_id=reader.last_id) as again:
        events = again.until("engine.started")
        assert "engine.events_lost" not in types(events)
        assert "model.unloaded" in types(events)  # after the stream had ended
        assert min(event.id for event in events) > reader.last_id
        post(second, f"/models/{MODEL}/load")
        assert again.until("model.loaded")[-1].id > events[-1].id
        place = again.last_id
    second.kill()
    third = start_engine(data=data)
    with EventReader(third, types="model", last_event_id=place) as after:
        lost = next(after)
        assert lost.type == "engine.events_lost" and lost.id == place


def test_wrong_filters_are_refused(house):
    with EventReader(house, types="modle,model.loded", since="1") as reader:
        assert reader.status == 422
        fields = {each["field"] for each in reader.body()["validation_errors"]}
        assert fields == {"since"}
    with EventReader(house, types="modle,model.loded") as reader:
        assert reader.status == 422
        assert "model.loaded" in reader.body()["message"]
    with EventReader(house, headers={"Last-Event-ID": "yesterday"}) as reader:
        assert reader.status == 422


def test_head_and_options(house):
    head = httpx.head(f"{house.url}/api/v1/events")
    assert head.status_code == 200 and head.headers["Content-Type"].startswith("text/event-stream")
    assert "GET" in httpx.options(f"{house.url}/api/v1/events").headers["Allow"]
    refused = httpx.post(f"{house.url}/api/v1/events")
    assert refused.status_code == 405 and "GET" in refused.headers["Allow"]


def test_two_hundred_readers_hear_the_same(house):
    readers = [EventReader(house, types="model") for _ in range(200)]
    post(house, f"/models/{MODEL}/load")
    post(house, f"/models/{MODEL}/unload")
    heard = [[(event.id, event.type) for event in reader.until("model.unloaded")] for reader in readers]
    assert all(each == heard[0] for each in heard)
    for reader in readers:
        reader.close()
    embed(house)


def test_readers_have_a_limit(start_engine):
    engine = start_engine(flags=["--max-event-readers", "2"])
    readers = [EventReader(engine) for _ in range(2)]
    assert [reader.status for reader in readers] == [200, 200]
    with EventReader(engine) as refused:
        assert refused.status == 503 and refused.response.headers["Retry-After"]
        assert "max-event-readers" in refused.body()["message"]
    readers[0].close()
    with httpx.Client() as client:  # the place is free when the engine has seen the client leave
        def free():
            with EventReader(engine) as reader:
                return reader.status == 200
        engine.wait_until(free)
        assert client.get(f"{engine.url}/api/v1/health/live").status_code == 200
    readers[1].close()


def test_a_slow_reader_is_dropped_while_others_get_all(start_engine, small_model):
    engine = start_engine(flags=["--max-events-behind", "200"])
    register(engine, small_model)
    post(engine, f"/models/{MODEL}/load")
    host, port = engine.rest.rsplit(":", 1)
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.connect((host, int(port)))
    slow.sendall(b"GET /api/v1/events?types=request HTTP/1.1\r\nHost: x\r\n\r\n")
    quick = EventReader(engine, types="request")
    counted = {"finished": 0, "lost": 0}

    def count():
        for event in quick:
            counted["finished"] += event.type == "request.finished"
            counted["lost"] += event.type in ("engine.events_lost", "end")
            if event.data.get("request_id") == "the-last" and event.type == "request.finished":
                return

    reading = threading.Thread(target=count)
    reading.start()
    sent = 0
    # Until the engine says that it has one reader less: the bytes that a system takes for a reader differ.
    with httpx.Client(base_url=engine.url, timeout=60) as client:
        deadline = time.monotonic() + 240
        name = "x" * 100
        while True:
            for _ in range(200):
                client.post(f"/api/v1/infer/{MODEL}", json={"input_data": {"text": "x"}},
                            headers={"X-ModelMora-Client": name}).raise_for_status()
                sent += 1
            slow.setblocking(False)
            try:
                peeked = slow.recv(1 << 20, socket.MSG_PEEK)
            except BlockingIOError:
                peeked = b"x"
            assert peeked
            if "reader of events was dropped" in engine.log():
                break
            assert time.monotonic() < deadline, "the slow reader was never dropped"
        client.post(f"/api/v1/infer/{MODEL}", json={"input_data": {"text": "x"}},
                    headers={"X-Request-Id": "the-last"}).raise_for_status()
    reading.join(60)
    assert not reading.is_alive()
    assert counted == {"finished": sent + 1, "lost": 0}
    slow.settimeout(60)
    heard = bytearray()
    while piece := slow.recv(1 << 20):
        heard = (heard + piece)[-4096:]
        if b"SLOW_READER" in heard:
            break
    assert b"event: end" in heard and b"SLOW_READER" in heard
    slow.close()
    quick.close()


def test_jobs_are_told(house):
    with EventReader(house, types="job") as reader:
        accepted = post(house, f"/infer/{MODEL}/async", json={"input_data": {"text": ["a"] * 300}})
        events = reader.until("job.completed")
    assert types(events)[0] == "job.accepted"
    assert {event.data["job_id"] for event in events} == {accepted["job_id"]}
    done = [event.data["details"]["percent"] for event in events if event.type == "job.progress"]
    assert done == sorted(done) and done[-1] == 100


def test_what_operators_order_leaves_a_trail(house):
    with EventReader(house, types="audit") as reader:
        httpx.put(f"{house.url}/api/v1/models/{MODEL}/pin", headers={"X-ModelMora-Client": "the-boss"}).raise_for_status()
        event = next(reader)
        assert event.type == "audit.changed"
        assert event.data["client"] == "the-boss" and event.data["model_id"] == MODEL
        assert event.data["details"]["action"] == "model.pin"
        httpx.post(f"{house.url}/api/v1/models/{MODEL}/unload")
        event = next(reader)
        assert event.type == "audit.refused" and event.data["details"]["error_code"] == "MODEL_NOT_LOADED"


def test_the_trail_names_who_asked_whatever_way_the_order_takes(house, small_model, stubs):
    """Large and packed bodies are read on other threads, conditions and warm-ups go on when an answer has come."""
    boss = {"X-ModelMora-Client": "the-boss"}
    json_type = {"Content-Type": "application/json"}
    one = {"model_id": "test/large", "version": "1", "task_type": "txt2embed", "source_url": f"file://{small_model}"}
    with EventReader(house, types="audit") as reader, httpx.Client(base_url=house.url, headers=boss, timeout=60) as client:
        client.post("/api/v1/models", content=json.dumps(one).encode() + b" " * 100_000, headers=json_type).raise_for_status()
        packed = gzip.compress(json.dumps({**one, "version": "2"}).encode() + b" " * 100_000)
        client.post("/api/v1/models", content=packed, headers={**json_type, "Content-Encoding": "gzip"}).raise_for_status()
        tag = client.get("/api/v1/models/test/large").headers["ETag"]
        client.patch("/api/v1/models/test/large", json={"description": "short"},
                     headers={"If-Match": tag}).raise_for_status()
        client.post(f"/api/v1/models/{MODEL}/warmup?samples=1").raise_for_status()
        client.post(f"/v2/repository/models/{MODEL}/unload", json={}).raise_for_status()
        with grpc.insecure_channel(house.grpc) as channel:
            list(stubs.management_grpc.ManagementServiceStub(channel).LoadModelWithProgress(
                stubs.management.LoadModelRequest(model_id=MODEL), metadata=[("x-modelmora-client", "the-boss")]))
        trail = [next(reader) for _ in range(6)]
    assert [(event.data["details"]["action"], event.data.get("client")) for event in trail] == [
        ("model.register", "the-boss"), ("model.register", "the-boss"), ("model.update", "the-boss"),
        ("model.load", "the-boss"), ("model.unload", "the-boss"), ("model.load", "the-boss")]


def test_grpc_hears_the_same(house, stubs):
    with grpc.insecure_channel(house.grpc) as channel:
        watch = stubs.management_grpc.ManagementServiceStub(channel).WatchEvents(
            stubs.events.WatchEventsRequest(types=["model"]), timeout=120)
        watch.initial_metadata()
        with EventReader(house, types="model") as reader:
            post(house, f"/models/{MODEL}/load")
            over_rest = [(event.id, event.type) for event in reader.until("model.loaded")]
        over_grpc = [(event.id, event.type) for event in (next(watch) for _ in over_rest)]
        assert over_grpc == over_rest
        watch.cancel()


def test_the_command_line_shows_them(house):
    program = [str(Path(os.environ["MM_BUILD"]) / "bin" / "modelmora"), "--engine", house.grpc]
    listed = subprocess.run([*program, "events", "--type", "model", "--json"], capture_output=True, text=True, timeout=60,
                            check=True)
    events = [json.loads(line) for line in listed.stdout.splitlines()]
    assert [event["type"] for event in events] == ["model.registered"]
    follow = subprocess.Popen([*program, "events", "--follow", "--type", "model", "--since", str(events[-1]["id"])],
                              stdout=subprocess.PIPE, text=True)
    try:
        post(house, f"/models/{MODEL}/load")
        lines = [follow.stdout.readline() for _ in range(2)]
        assert "model.loading" in lines[0] and "model.loaded" in lines[1]
    finally:
        follow.terminate()
        follow.wait(30)
    wrong = subprocess.run([*program, "events", "--since", "yesterday"], capture_output=True, text=True, timeout=60)
    assert wrong.returncode == 6 and "--since" in wrong.stderr

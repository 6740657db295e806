"""Access control of the real engine: first key, roles, scopes, limits, shares, the audit; and no secret anywhere."""
import concurrent.futures
import json
import os
import sqlite3
import subprocess

import grpc
import openai
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from tests.integration.access_house import AccessHouse, bearer, cli, local_key
from tests.integration.rest_client import call

MODEL = "mine/model"
OTHER = "other/model"


@pytest.fixture(scope="module")
def house(start_module_engine, small_model):
    house = AccessHouse(start_module_engine("--access", "on"))
    for name in (MODEL, OTHER):
        body = {"model_id": name, "task_type": "txt2embed", "source_url": small_model.as_uri()}
        assert house.ask("POST", "/api/v1/models", house.keys["admin"], body).status == 201
    return house


def infer(house, secret, model=MODEL, **more):
    return house.ask("POST", f"/api/v1/infer/{model}", secret, {"input_data": {"text": "one"}, **more})


def audit(house, **query):
    text = "&".join(f"{name}={value}" for name, value in query.items())
    answer = house.ask("GET", f"/api/v1/audit?{text}", house.keys["admin"])
    assert answer.status == 200, answer.text
    return answer.json["records"]


def test_the_health_of_a_model_is_told_to_who_may_know_the_model(house):
    mine = house.make("watcher", "viewer", models=["mine/*"])

    def check(service, secret=None, call="Check"):
        metadata = [("authorization", f"Bearer {secret}")] if secret else None
        with grpc.insecure_channel(house.engine.grpc) as channel:
            stub = health_pb2_grpc.HealthStub(channel)
            request = health_pb2.HealthCheckRequest(service=service)
            if call == "Check":
                return stub.Check(request, metadata=metadata, timeout=30).status
            return next(stub.Watch(request, metadata=metadata, timeout=30)).status

    assert check("") == health_pb2.HealthCheckResponse.SERVING  # of the engine, for probes that have no key
    for call in ("Check", "Watch"):
        assert check(MODEL, mine, call) in (health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING)
        for model, secret, code in ((MODEL, None, "UNAUTHENTICATED"), (OTHER, mine, "PERMISSION_DENIED")):
            with pytest.raises(grpc.RpcError) as refused:
                check(model, secret, call)
            assert refused.value.code().name == code


def test_the_first_key_is_made_without_an_engine_and_another_one_beside_it(start_engine, tmp_path):
    data = tmp_path / "fresh"
    first = local_key(data, "first", "admin")  # the folder is not even there yet
    engine = start_engine(data=data, flags=["--access", "on"])
    assert call(engine, "GET", "/api/v1/identity", headers=bearer(first)).json["name"] == "first"
    second = local_key(data, "second", "viewer")
    engine.wait_until(lambda: call(engine, "GET", "/api/v1/identity", headers=bearer(second)).status == 200)
    cli("keys", "revoke", "first", "--local", "--data-dir", str(data))
    engine.wait_until(lambda: call(engine, "GET", "/api/v1/identity", headers=bearer(first)).status == 401)
    assert cli("audit", "verify", "--local", "--data-dir", str(data), "--json")["intact"]


def test_other_machines_are_let_near_only_with_access_control(start_engine):
    refused = start_engine(flags=["--rest", "0.0.0.0:0"], ready=False)
    assert refused.wait() == 2
    assert "--access on" in refused.log() and "--allow-remote" in refused.log()
    engine = start_engine(flags=["--rest", "0.0.0.0:0", "--access", "on"])
    assert engine.alive()


def test_keys_live_over_every_face(house):
    engine, admin = house.engine, house.keys["admin"]
    made = cli("keys", "create", "app", "--role", "user", "--model", "mine/*", "--expires", "1h", "--json", key=admin,
               engine=engine)
    assert made["key"]["models"] == ["mine/*"] and made["key"]["status"] == "active"
    assert cli("whoami", "--json", key=made["secret"], engine=engine)["name"] == "app"
    rotated = house.ask("POST", "/api/v1/keys/app/rotate", admin).json["secret"]
    assert house.ask("GET", "/api/v1/identity", made["secret"]).status == 401
    assert house.ask("GET", "/api/v1/identity", rotated).json["models"] == ["mine/*"]
    again = house.ask("POST", "/api/v1/keys", admin, {"name": "app", "role": "user"})
    assert again.status == 409 and "rotate" in again.json["message"]
    assert house.ask("DELETE", "/api/v1/keys/app", admin).json["status"] == "revoked"
    refused = house.ask("GET", "/api/v1/identity", rotated)
    assert refused.status == 401 and "revoked" in refused.json["message"]
    assert "app" not in cli("keys", "list", key=admin, engine=engine)
    assert "revoked" in cli("keys", "list", "--all", key=admin, engine=engine)
    assert house.ask("DELETE", "/api/v1/keys/nobody", admin).status == 404


def test_a_key_that_cannot_be_is_refused_with_all_its_faults(house):
    answer = house.ask("POST", "/api/v1/keys", house.keys["admin"],
                       {"name": "a\nb", "role": "king", "limits": {"requests_per_minute": 0}})
    assert answer.status == 422
    assert {fault["field"] for fault in answer.json["validation_errors"]} == {"name", "role", "limits.requests_per_minute"}
    cli("keys", "create", "app", "--role", "king", key=house.keys["admin"], engine=house.engine, code=2)


def test_only_probes_are_open(house):
    for path in ("/health/live", "/health/ready", "/api/v1/health/live", "/v2/health/live"):
        assert house.ask("GET", path).status == 200
    for path in ("/health", "/api/v1/models", "/docs", "/api/v1/openapi.json", "/v1/models", "/info", "/v2"):
        answer = house.ask("GET", path)
        assert answer.status == 401, path
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_official_clients_read_the_refusals(house):
    client = openai.OpenAI(base_url=f"{house.engine.url}/v1", api_key=house.keys["user"], max_retries=0)
    assert len(client.embeddings.create(model=MODEL, input="one").data) == 1
    with pytest.raises(openai.AuthenticationError):
        openai.OpenAI(base_url=f"{house.engine.url}/v1", api_key="wrong", max_retries=0).models.list()
    with pytest.raises(openai.PermissionDeniedError):
        openai.OpenAI(base_url=f"{house.engine.url}/v1", api_key=house.keys["viewer"],
                      max_retries=0).embeddings.create(model=MODEL, input="one")


def test_a_scope_holds_in_every_dialect_and_in_grpc(house, stubs):
    secret = house.make("scoped", models=["mine/*"])
    body = {"input_data": {"text": "one"}}
    assert infer(house, secret).status == 200
    refused = infer(house, secret, OTHER)
    assert refused.status == 403 and refused.json["details"]["models"] == ["mine/*"]
    for path, request in ((f"/api/v1/infer/{OTHER}/async", body), (f"/tei/{OTHER}/embed", {"inputs": "one"}),
                          ("/v1/embeddings", {"model": OTHER, "input": "one"}),
                          (f"/v2/models/{OTHER}/infer",
                           {"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": ["one"]}]})):
        assert house.ask("POST", path, secret, request).status == 403, path
    for path in (f"/api/v1/models/{OTHER}", f"/v1/models/{OTHER}", f"/v2/models/{OTHER}", f"/api/v1/models/{OTHER}/status"):
        assert house.ask("GET", path, secret).status == 403, path
    assert [model["id"] for model in house.ask("GET", "/v1/models", secret).json["data"]] == [MODEL]
    infer(house, house.keys["user"], OTHER)  # and now there is a request of it, and it has been loaded
    for path in ("/api/v1/models", "/api/v1/status", "/api/v1/memory", "/api/v1/queue", "/api/v1/requests",
                 "/api/v1/events?follow=false"):
        assert OTHER in house.ask("GET", path, house.keys["admin"]).text, path
        assert OTHER not in house.ask("GET", path, secret).text, path
    assert house.ask("GET", "/metrics", secret).status == 403
    with grpc.insecure_channel(house.engine.grpc) as channel:
        stub = stubs.inference_grpc.InferenceServiceStub(channel)
        metadata = [("authorization", f"Bearer {secret}")]

        def ask(model):
            return stubs.inference.InferenceRequest(model_id=model, input_data=stubs.inference.InputData(text="one"))

        assert stub.Infer(ask(MODEL), metadata=metadata, timeout=60).model_id
        with pytest.raises(grpc.RpcError) as refused:
            stub.Infer(ask(OTHER), metadata=metadata, timeout=60)
        assert refused.value.code() == grpc.StatusCode.PERMISSION_DENIED
        answers = list(stub.InferStream(iter([ask(MODEL), ask(OTHER)]), metadata=metadata, timeout=60))
        assert [answer.error.code for answer in answers] == ["", "PERMISSION_DENIED"]


def test_limits_of_requests_and_compute_are_enforced(house):
    few = house.make("few", limits={"requests_per_minute": 3})
    assert [infer(house, few).status for _ in range(4)] == [200, 200, 200, 429]
    refused = infer(house, few)
    assert 1 <= int(refused.headers["Retry-After"]) <= 20
    assert refused.json["details"]["limit"] == "requests_per_minute"
    little = house.make("little", limits={"compute_seconds_per_day": 0.0001})
    assert infer(house, little).status == 200  # what it takes is known only then
    assert infer(house, little).json["details"]["limit"] == "compute_seconds_per_day"
    assert house.ask("GET", "/api/v1/models", little).status == 200  # looking takes no compute


def test_what_is_used_of_a_days_quota_outlives_the_engine(start_engine, tmp_path, small_model):
    engine = start_engine(data=tmp_path / "data", flags=["--access", "on"])
    mine = AccessHouse(engine)
    body = {"model_id": MODEL, "task_type": "txt2embed", "source_url": small_model.as_uri()}
    assert mine.ask("POST", "/api/v1/models", mine.keys["admin"], body).status == 201
    quota = {"compute_seconds_per_day": 0.0001}
    secrets = {name: mine.make(name, limits=quota) for name in ("written", "at-the-end")}
    assert infer(mine, secrets["written"]).status == 200

    def kept():
        with sqlite3.connect(f"file:{engine.data}/modelmora.db?mode=ro", uri=True) as database:
            return [name for name, in database.execute("SELECT name FROM access_quota_use")]

    engine.wait_until(lambda: "written" in kept())
    engine.kill()
    mine.engine = engine = start_engine(data=tmp_path / "data", flags=["--access", "on"])
    refused = infer(mine, secrets["written"])
    assert refused.status == 429 and refused.json["details"]["limit"] == "compute_seconds_per_day"
    assert infer(mine, secrets["at-the-end"]).status == 200
    assert engine.stop() == 0
    mine.engine = start_engine(data=tmp_path / "data", flags=["--access", "on"])
    assert [infer(mine, secret).status for secret in secrets.values()] == [429, 429]


def test_a_plan_does_not_name_models_that_the_key_may_not_know(start_engine, tmp_path, small_model):
    mine = AccessHouse(start_engine(data=tmp_path / "data", flags=["--access", "on", "--max-loaded-models", "1"]))
    for name in (MODEL, OTHER):
        body = {"model_id": name, "task_type": "txt2embed", "source_url": small_model.as_uri()}
        assert mine.ask("POST", "/api/v1/models", mine.keys["admin"], body).status == 201
    assert mine.ask("POST", f"/api/v1/models/{OTHER}/load", mine.keys["operator"]).status == 200
    secret = mine.make("scoped", "operator", models=["mine/*"])
    plan = mine.ask("GET", f"/api/v1/models/{MODEL}/plan", secret)
    assert plan.json["possible"] and plan.json["evictions"] == []
    assert plan.json["other_evictions"] == 1 and plan.json["other_evictions_bytes"] > 0
    refused = mine.ask("POST", f"/api/v1/models/{MODEL}/load", secret)
    assert refused.status == 507 and refused.json["details"]["others"] == 1 and "evict another model" in refused.json["message"]
    assert OTHER not in plan.text + refused.text
    assert [each["model_id"] for each in
            mine.ask("GET", f"/api/v1/models/{MODEL}/plan", mine.keys["viewer"]).json["evictions"]] == [OTHER]
    assert mine.ask("POST", f"/api/v1/models/{MODEL}/load?force=true", secret).status == 200


def test_priorities_are_capped_and_shares_go_by_the_key(house):
    low = house.make("low", max_priority="low")
    assert infer(house, low, priority="high").status == 403
    answer = house.ask("POST", f"/api/v1/infer/{MODEL}", low, {"input_data": {"text": "one"}},
                       {"X-Request-Id": "capped", "X-ModelMora-Client": "somebody-else"})
    assert answer.status == 200
    entry = house.ask("GET", "/api/v1/requests/capped", house.keys["viewer"]).json
    assert entry["client"] == "low" and entry["priority"] == "low"


def test_jobs_belong_to_who_submitted_them(house):
    mine, others = house.make("mine"), house.make("others")
    job = house.ask("POST", f"/api/v1/infer/{MODEL}/async", mine, {"input_data": {"text": "one"}}).json["job_id"]
    house.engine.wait_until(lambda: house.ask("GET", f"/api/v1/jobs/{job}", mine).json["status"] == "completed")
    for secret, status in ((mine, 200), (others, 404), (house.keys["operator"], 200)):
        assert house.ask("GET", f"/api/v1/jobs/{job}/result", secret).status == status
    assert [each["job_id"] for each in house.ask("GET", "/api/v1/jobs", mine).json["data"]] == [job]
    assert house.ask("GET", "/api/v1/jobs?client=mine", others).json["data"] == []
    assert house.ask("DELETE", f"/api/v1/jobs/{job}", others).status == 404


def test_changes_and_refusals_are_recorded(house):
    house.ask("POST", f"/api/v1/models/{MODEL}/load", house.keys["operator"])
    house.ask("DELETE", f"/api/v1/models/{MODEL}", house.keys["viewer"])
    house.ask("GET", "/api/v1/models", "mm_" + "A" * 43)
    load = audit(house, action="model.load", client="operator-key")[0]
    assert (load["outcome"], load["role"], load["kind"], load["target"]) == ("done", "operator", "key", MODEL)
    refused = audit(house, action="model.delete", outcome="refused")[0]
    assert (refused["client"], refused["error_code"]) == ("viewer-key", "PERMISSION_DENIED")
    assert audit(house, outcome="refused", client="127.0.0.1")[0]["error_code"] == "UNAUTHENTICATED"
    found = house.ask("GET", "/api/v1/audit/verification", house.keys["admin"]).json
    assert found["intact"] and found["records"] == audit(house, limit=1)[0]["number"]
    assert "model.load" in cli("audit", "list", key=house.keys["admin"], engine=house.engine)
    cli("audit", "list", key=house.keys["operator"], engine=house.engine, code=10)


def test_a_broken_chain_is_found_and_told(start_engine, tmp_path):
    data = tmp_path / "house"
    engine = start_engine(data=data, flags=["--access", "on"])
    AccessHouse(engine)
    assert engine.stop() == 0
    with sqlite3.connect(data / "modelmora.db") as database:
        database.execute("DROP TRIGGER audit_record_holds")
        database.execute("UPDATE audit_record SET client = 'nobody' WHERE number = 3")
    engine = start_engine(data=data, flags=["--access", "on"])
    engine.wait_until(lambda: "tampered" in engine.log())
    admin = local_key(data, "later", "admin")
    engine.wait_until(lambda: call(engine, "GET", "/health", headers=bearer(admin)).status == 200)
    health = call(engine, "GET", "/health", headers=bearer(admin)).json
    assert health["status"] == "degraded" and not health["audit"]["intact"]
    assert cli("audit", "verify", "--json", key=admin, engine=engine, code=1)["broken_at"] == 3


def test_no_secret_is_told_to_anybody(house):
    """Logs, events, errors, the audit and the arguments of processes, after all that happened here."""
    secret = house.make("quiet")
    junk = "mm_" + "s3cret-" * 6 + "x"
    for headers in (bearer(junk), {"X-API-Key": junk}, {"Authorization": f"Basic {junk}"}, bearer(f"{junk}.{junk}.{junk}")):
        assert junk not in call(house.engine, "GET", "/api/v1/models", headers=headers).text
    assert junk not in house.ask("GET", f"/api/v1/models?api_key={junk}", secret).text
    assert secret not in house.ask("GET", f"/api/v1/models?token={secret}", house.keys["admin"]).text
    events = subprocess.run([f"{os.environ['MM_BUILD']}/bin/modelmora", "events", "--json", "--engine", house.engine.grpc],
                            capture_output=True, text=True, timeout=60, check=True,
                            env={**os.environ, "MODELMORA_KEY": house.keys["admin"]}).stdout
    told = [house.engine.log(), events, json.dumps(audit(house, limit=1000)), json.dumps(
        house.ask("GET", "/api/v1/keys?all=true", house.keys["admin"]).json)]
    told += [open(f"/proc/{task}/cmdline").read() for task in (house.engine.pid, *house.engine.workers())]
    for text in told:
        assert "s3cret" not in text
        for known in (secret, *house.keys.values()):
            assert known not in text and known[12:] not in text


def test_many_callers_at_once_get_what_is_theirs(house):
    keys = [house.make(f"crowd-{number}", limits={"requests_per_minute": 5}) for number in range(4)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda number: (number % 4, infer(house, keys[number % 4]).status), range(40)))
    for number in range(4):
        mine = [status for key, status in statuses if key == number]
        assert mine.count(200) in (5, 6) and set(mine) == {200, 429}


def test_names_cannot_forge_lines(house):
    before = house.engine.log().count("\n")
    answer = call(house.engine, "GET", "/api/v1/keys/%0a2026%20forged%1b%5b31m", headers=bearer(house.keys["admin"]))
    assert answer.status == 405
    answer = call(house.engine, "DELETE", "/api/v1/keys/%0aforged%1b%5b31m", headers=bearer(house.keys["admin"]))
    assert answer.status == 404
    record = audit(house, action="key.revoke", outcome="failed")[0]
    assert record["target"].startswith("\\x0aforged") and "\n" not in record["message"]
    assert "\x1b" not in house.engine.log() and house.engine.log().count("\n") >= before

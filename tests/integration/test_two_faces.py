"""Every call of the gRPC services beside its REST route, on one engine: the same facts, and the same errors."""
import json
import math

import grpc
import pytest
from google.protobuf.json_format import MessageToDict

from tests.integration.rest_client import call

MODEL = "sentence-transformers/all-MiniLM-L6-v2"
API = "/api/v1"
# What is another at each look.
MOVING = {"uptime_seconds", "used_mb", "available_mb", "threshold_mb", "engine_memory_mb", "memory_usage_mb", "free_bytes",
          "effective_budget_bytes", "system_available_bytes", "other_programs_bytes", "budget_bytes", "last_check_at"}
# Lists have other names in REST, and in some places more is told there, or in another way.
REST_NAMES = {"models": "data", "versions": "data", "jobs": "data", "pagination": "meta"}


def same(ours, theirs):
    """A leaf of a message as JSON, and what REST says in its place."""
    if isinstance(theirs, bool) or isinstance(ours, bool):
        return ours == theirs
    if isinstance(theirs, (int, float)):
        return math.isclose(float(ours), theirs, rel_tol=1e-9)
    if ours == theirs:
        return True
    if isinstance(theirs, str) and theirs.endswith("Z"):  # REST says milliseconds
        return ours[:23].rstrip("Z0.") == theirs[:23].rstrip("Z0.")
    return isinstance(theirs, str) and str(ours).lower().endswith("_" + theirs)  # an enum's name


def differences(message, answer, path=""):
    """Everything that the message says must stand in REST's answer, and be the same."""
    if isinstance(message, dict):
        for name, value in message.items():
            if name in MOVING:
                continue
            where = REST_NAMES.get(name, name) if name not in answer else name
            if where in answer:
                yield from differences(value, answer[where], f"{path}.{name}")
            elif value not in ({}, []):
                yield f"{path}.{name} is not in REST's answer"
    elif isinstance(message, list):
        if len(message) != len(answer):
            yield f"{path} has {len(message)} and {len(answer)} entries"
        for i, pair in enumerate(zip(message, answer)):
            yield from differences(*pair, f"{path}[{i}]")
    elif not same(message, answer):
        yield f"{path} is {message!r} over gRPC and {answer!r} over REST"


def facts(message):
    return MessageToDict(message, preserving_proto_field_name=True)


@pytest.fixture(scope="module")
def faces(minilm, stubs):
    """faces(rpc, **fields) calls it by its name, whichever service has it."""
    assert call(minilm, "POST", f"{API}/models/{MODEL}/load").status == 200
    with grpc.insecure_channel(minilm.grpc) as channel:
        services = [(stubs.registry, stubs.registry_grpc.RegistryServiceStub(channel)),
                    (stubs.management, stubs.management_grpc.ManagementServiceStub(channel)),
                    (stubs.inference, stubs.inference_grpc.InferenceServiceStub(channel)),
                    (stubs.jobs, stubs.jobs_grpc.JobServiceStub(channel)),
                    (stubs.memory, stubs.memory_grpc.MemoryServiceStub(channel))]

        def run(rpc, **fields):
            for module, stub in services:
                for service in module.DESCRIPTOR.services_by_name.values():
                    if rpc in service.methods_by_name:
                        request = getattr(module, service.methods_by_name[rpc].input_type.name)(**fields)
                        return getattr(stub, rpc)(request, timeout=60)
            raise AssertionError(f"no service has {rpc}")

        yield run


def fields_of(stubs, **fields):
    return stubs.inference.InferenceRequest(model_id=MODEL, input_data=stubs.inference.InputData(text="a text"), **fields)


LOOKS = [
    ("ListModels", "/models", {}),
    ("GetModel", f"/models/{MODEL}", {"model_id": MODEL}),
    ("ListVersions", f"/models/{MODEL}/versions", {"model_id": MODEL}),
    ("GetModelStatus", f"/models/{MODEL}/status", {"model_id": MODEL}),
    ("PlanLoad", f"/models/{MODEL}/plan", {"model_id": MODEL}),
    ("GetMemory", "/memory", {}),
    ("GetEvictionOrder", "/memory/evictions", {}),
    ("ReadinessCheck", "/health/ready", {}),
    ("GetQueue", "/queue", {}),
    ("ListJobs", "/jobs", {}),
]


@pytest.mark.parametrize(("rpc", "route", "fields"), LOOKS, ids=[rpc for rpc, *_ in LOOKS])
def test_what_is_looked_at_is_the_same(minilm, faces, rpc, route, fields):
    answer = call(minilm, "GET", API + route)
    assert answer.status == 200
    found = facts(faces(rpc, **fields))
    assert found and list(differences(found, answer.json)) == []


def test_status_and_health_name_the_same_models(minilm, faces):
    status, told = faces("GetSystemStatus"), call(minilm, "GET", f"{API}/status").json
    assert list(differences(facts(status.loaded_models[0]), told["loaded_models"][0])) == []
    assert (status.version, status.registered_models, status.pid) == (told["version"], told["registered_models"], told["pid"])
    health, said = faces("GetModelHealth"), call(minilm, "GET", f"{API}/health/models").json
    assert (health.healthy_count, health.unhealthy_count) == (said["healthy_count"], said["unhealthy_count"]) == (1, 0)
    assert [model.model_id for model in health.models] == [model["model_id"] for model in said["models"]]
    assert faces("LivenessCheck").status == "alive" and call(minilm, "GET", f"{API}/health/live").status == 200


def test_inferences_and_what_is_remembered_of_them(minilm, faces, stubs):
    ours = faces("Infer", model_id=MODEL, input_data=stubs.inference.InputData(text="a text"), request_id="over-grpc")
    theirs = call(minilm, "POST", f"{API}/infer/{MODEL}", {"input_data": {"text": "a text"}}).json
    vector = theirs["output_data"]["embedding"]
    assert list(ours.output_data.embedding.values) == pytest.approx(vector, rel=1e-6)
    assert list(differences(facts(faces("GetRequest", request_id="over-grpc")),
                            call(minilm, "GET", f"{API}/requests/over-grpc").json)) == []


def test_a_job_of_one_face_is_the_others_too(minilm, faces, stubs):
    job = faces("InferAsync", model_id=MODEL, input_data=stubs.inference.InputData(text="a text")).job_id
    ended = (stubs.common.JOB_STATUS_COMPLETED, stubs.common.JOB_STATUS_FAILED)
    while faces("GetJobStatus", job_id=job).status not in ended:
        pass  # a test that never ends is the failure
    assert list(differences(facts(faces("GetJobStatus", job_id=job)), call(minilm, "GET", f"{API}/jobs/{job}").json)) == []
    result = call(minilm, "GET", f"{API}/jobs/{job}/result").json
    assert list(faces("GetJobResult", job_id=job).output_data.embedding.values) == pytest.approx(
        result["output_data"]["embedding"], rel=1e-6)
    assert call(minilm, "DELETE", f"{API}/jobs/{job}").status in (200, 204)
    with pytest.raises(grpc.RpcError) as gone:
        faces("CancelJob", job_id=job)
    assert gone.value.code() == grpc.StatusCode.NOT_FOUND


def test_what_one_face_changes_the_other_shows(minilm, faces, stubs, small_model):
    route = f"{API}/models/two/faces"
    shown = lambda: call(minilm, "GET", route).json  # noqa: E731
    for version in ("1.0.0", "2.0.0"):
        made = faces("RegisterModel", model_id="two/faces", version=version, source_url=small_model.as_uri(),
                     task_type=stubs.common.TASK_TYPE_TXT2EMBED)
        assert list(differences(facts(made), call(minilm, "GET", f"{route}/versions").json["data"][-1])) == [] or version == "2.0.0"
    faces("PromoteVersion", model_id="two/faces", version="1.0.0")
    assert shown()["version"] == "1.0.0"
    assert call(minilm, "POST", f"{route}/versions/2.0.0/deprecate").status == 200
    assert {each.version: each.deprecated for each in faces("ListVersions", model_id="two/faces").versions} == {
        "1.0.0": False, "2.0.0": True}
    faces("UpdateModel", model_id="two/faces", description="said over gRPC")
    assert shown()["description"] == "said over gRPC"
    faces("LoadModel", model_id="two/faces")
    assert call(minilm, "GET", f"{route}/status").json["state"] == "loaded"
    faces("SetPinned", model_id="two/faces", pinned=True)
    assert call(minilm, "GET", f"{route}/status").json["pinned"]
    assert call(minilm, "POST", f"{route}/unload").status == 200
    with pytest.raises(grpc.RpcError) as unloaded:
        faces("UnloadModel", model_id="two/faces")
    assert "MODEL_NOT_LOADED" in dict(unloaded.value.trailing_metadata())["modelmora-error-bin"].decode(errors="replace")
    faces("DeleteVersion", model_id="two/faces", version="2.0.0")
    faces("DeleteModel", model_id="two/faces")
    assert call(minilm, "GET", route).status == 404


@pytest.mark.parametrize(("device", "found"), [("auto", 1), ("cuda", 0)])
def test_both_list_the_models_of_a_device(minilm, faces, cli, device, found):
    for total in (faces("ListModels", device=device).pagination.total,
                  call(minilm, "GET", f"{API}/models?device={device}").json["meta"]["total"],
                  len(json.loads(cli("list", "--device", device, "--json").stdout)["models"])):
        assert total == found


def test_a_device_that_is_none_is_refused_alike(minilm, faces):
    with pytest.raises(grpc.RpcError) as refused:
        faces("ListModels", device="toaster")
    answer = call(minilm, "GET", f"{API}/models?device=toaster")
    assert (refused.value.code(), answer.status) == (grpc.StatusCode.INVALID_ARGUMENT, 422)
    assert "cuda:0" in refused.value.details() and "cuda:0" in answer.text


def test_all_warm_a_model_up(minilm, faces, cli):
    ours = facts(faces("WarmUpModel", model_id=MODEL, samples=3))
    theirs = call(minilm, "POST", f"{API}/models/{MODEL}/warmup?samples=3").json
    assert ours.keys() == theirs.keys() and ours["samples"] == theirs["samples"] == 3
    done = cli("warmup", MODEL, "--samples", "2", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["samples"] == 2
    for told in (ours, theirs, json.loads(done.stdout)):
        assert 0 < told["fastest_ms"] <= told["mean_ms"] <= told["slowest_ms"] <= told["warmup_time_ms"]
    with pytest.raises(grpc.RpcError) as refused:
        faces("WarmUpModel", model_id=MODEL, samples=1001)
    assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT


ERRORS = [
    ("GetModel", "GET", "/models/no/such", {"model_id": "no/such"}),
    ("GetModelStatus", "GET", "/models/no/such/status", {"model_id": "no/such"}),
    ("PlanLoad", "GET", "/models/no/such/plan", {"model_id": "no/such"}),
    ("LoadModel", "POST", "/models/no/such/load", {"model_id": "no/such"}),
    ("WarmUpModel", "POST", "/models/no/such/warmup", {"model_id": "no/such"}),
    ("UnloadModel", "POST", "/models/no/such/unload", {"model_id": "no/such"}),
    ("SetPinned", "PUT", "/models/no/such/pin", {"model_id": "no/such", "pinned": True}),
    ("DeleteModel", "DELETE", "/models/no/such", {"model_id": "no/such"}),
    ("ListVersions", "GET", "/models/no/such/versions", {"model_id": "no/such"}),
    ("PromoteVersion", "POST", f"/models/{MODEL}/versions/9/promote", {"model_id": MODEL, "version": "9"}),
    ("DeprecateVersion", "POST", f"/models/{MODEL}/versions/main/deprecate", {"model_id": MODEL, "version": "main"}),
    ("DeleteVersion", "DELETE", f"/models/{MODEL}/versions/main", {"model_id": MODEL, "version": "main"}),
    ("GetRequest", "GET", "/requests/no-such", {"request_id": "no-such"}),
    ("CancelRequest", "POST", "/requests/no-such/cancel", {"request_id": "no-such"}),
    ("HoldRequest", "POST", "/requests/no-such/hold", {"request_id": "no-such"}),
    ("ReleaseRequest", "POST", "/requests/no-such/release", {"request_id": "no-such"}),
    ("SetRequestPriority", "POST", "/requests/no-such/priority?priority=high", {"request_id": "no-such", "priority": 2}),
    ("GetJobStatus", "GET", "/jobs/no-such", {"job_id": "no-such"}),
    ("GetJobResult", "GET", "/jobs/no-such/result", {"job_id": "no-such"}),
    ("CancelJob", "DELETE", "/jobs/no-such", {"job_id": "no-such"}),
    ("RetryJob", "POST", "/jobs/no-such/retry", {"job_id": "no-such"}),
    ("Infer", "POST", "/infer/no/such", {"model_id": "no/such"}),
    ("InferAsync", "POST", "/infer/no/such/async", {"model_id": "no/such"}),
    ("DownloadModel", "POST", "/models/no/such/download", {"model_id": "no/such"}),
    ("GenerateLock", "POST", "/models/lock", {}),
]


@pytest.mark.parametrize(("rpc", "method", "route", "fields"), ERRORS, ids=[rpc for rpc, *_ in ERRORS])
def test_what_is_refused_is_refused_alike(minilm, faces, stubs, rpc, method, route, fields):
    body = {"input_data": {"text": "a"}} if "/infer/" in route else {"priority": "high"} if "priority" in route else None
    if body and "input_data" in body:
        fields = {**fields, "input_data": stubs.inference.InputData(text="a")}
    answer = call(minilm, method, API + route.split("?")[0], body)
    with pytest.raises(grpc.RpcError) as refused:
        faces(rpc, **fields)
    own = stubs.common.Error.FromString(dict(refused.value.trailing_metadata())["modelmora-error-bin"])
    assert own.code == answer.json["error_code"], answer.text
    if own.code != "NOT_IMPLEMENTED":  # which names the other calls of its own face
        assert own.message == answer.json["message"]


def test_no_call_is_left_out(stubs):
    """Whoever adds one compares it here, or says where else it is."""
    elsewhere = {"InferStream", "LoadModelWithProgress", "WatchEvents"}  # streams, in tests of their own
    here = {rpc for rpc, *_ in LOOKS} | {rpc for rpc, *_ in ERRORS} | {
        "GetSystemStatus", "GetModelHealth", "LivenessCheck", "RegisterModel", "UpdateModel"}
    there = {name for module in (stubs.registry, stubs.management, stubs.inference, stubs.jobs,
                           stubs.memory)
             for service in module.DESCRIPTOR.services_by_name.values() for name in service.methods_by_name}
    assert there == here | elsewhere

"""What clients of the Open Inference Protocol get wrong, over REST and gRPC: each is told precisely."""
import json

import numpy as np
import pytest
import requests
import tritonclient.grpc as triton_grpc
from tests.integration.rest_client import call
from tritonclient.utils import InferenceServerException, serialize_byte_tensor

MODEL = "sentence-transformers/all-MiniLM-L6-v2"
TEXTS = ["The cat sat on the mat.", "Ein Satz mit Umlauten: äöü", "", "cat " * 300]


@pytest.fixture
def grpc(minilm):
    with triton_grpc.InferenceServerClient(minilm.grpc) as client:
        yield client


def text_input(texts, shape=None):
    array = np.array([text.encode() for text in texts], dtype=np.object_).reshape(shape or [len(texts)])
    tensor = triton_grpc.InferInput("text", list(array.shape), "BYTES")
    tensor.set_data_from_numpy(array)
    return tensor


def rest_infer(engine, body, path=f"/v2/models/{MODEL}/infer", headers=None, raw=b""):
    text = json.dumps(body).encode()
    sent = {"Inference-Header-Content-Length": str(len(text))} if raw else {}
    return call(engine, "POST", path, raw=text + raw, headers={**sent, **(headers or {})})


def said(call_it) -> str:
    with pytest.raises(InferenceServerException) as failed:
        call_it()
    return failed.value.message()


def tensor_of(**changes):
    return {"name": "text", "datatype": "BYTES", "shape": [1], "data": ["a"], **changes}


WRONG_BODIES = [
    ({}, "inputs"),
    ([], "expected an object"),
    ({"inputs": []}, "wants either text, or input_ids"),
    ({"inputs": [tensor_of(name="txt")]}, "unexpected inference input 'txt'"),
    ({"inputs": [tensor_of(datatype="FP32")]}, "takes BYTES for it"),
    ({"inputs": [tensor_of(shape=[2])]}, "holds 1 element, but its shape [2] means 2"),
    ({"inputs": [tensor_of(shape=[1, 2])]}, "must be [n] or [n,1]"),
    ({"inputs": [tensor_of(data=[7])]}, "not of its datatype BYTES"),
    ({"inputs": [tensor_of(data=["a", 7])]}, "inputs[0].data[1]"),
    ({"inputs": [tensor_of(data=None)]}, "has no data"),
    ({"inputs": [tensor_of(parameters={"shared_memory_region": "x"})]}, "shared memory"),
    ({"inputs": [tensor_of()], "outputs": [{"name": "vector"}]}, "unexpected inference output 'vector'"),
    ({"inputs": [tensor_of()], "parameters": {"priority": 9}}, "'priority' must be 1 (critical)"),
    ({"inputs": [tensor_of()], "parameters": {"sequence_id": 1}}, "'sequence_id' cannot be honoured"),
    ({"inputs": [tensor_of()], "parameters": {"normalise": True}}, "normalise"),
    ({"inputs": [tensor_of(data=None, parameters={"binary_data_size": 5})]}, "only 0 bytes are left"),
]


@pytest.mark.parametrize(("body", "says"), WRONG_BODIES, ids=[says for _, says in WRONG_BODIES])
def test_wrong_bodies_are_refused_in_the_protocols_shape(minilm, body, says):
    answer = rest_infer(minilm, body)
    assert answer.status == 400, answer.text
    assert list(answer.json) == ["error"] and says in answer.json["error"]


def test_the_bytes_behind_the_json_are_checked(minilm):
    def tensor(size):
        return {"inputs": [{"name": "text", "datatype": "BYTES", "shape": [4], "parameters": {"binary_data_size": size}}]}

    raw = serialize_byte_tensor(np.array([text.encode() for text in TEXTS], dtype=np.object_)).item()
    good = rest_infer(minilm, tensor(len(raw)), raw=raw)
    assert good.status == 200
    assert good.json["outputs"][0]["shape"] == [4, 384]
    for body, bytes_behind, says in (
            (tensor(len(raw) + 1), raw, "bytes are left behind the JSON"),
            (tensor(len(raw)), raw + b"x", "1 bytes behind the JSON belong to no tensor"),
            (tensor(len(raw) - 1), raw[:-1], "is cut off"),
            (tensor(-1), raw, "no whole number"),
            (tensor(8), b"\x04\0\0\0\xff\xff\xff\xff", "not UTF-8 in element 0 at byte 0"),
    ):
        answer = rest_infer(minilm, body, raw=bytes_behind)
        assert answer.status == 400 and says in answer.json["error"], answer.text
    for length in ("x", "-1", "999999999", "1e3"):
        answer = rest_infer(minilm, tensor(0), headers={"Inference-Header-Content-Length": length})
        assert answer.status == 400 and "Inference-Header-Content-Length" in answer.json["error"], answer.text


@pytest.mark.parametrize(("method", "path", "status", "says"), [
    ("GET", "/v2/models/no/where", 404, "no/where"),
    ("GET", f"/v2/models/{MODEL}/versions/9.9", 404, "9.9"),
    ("POST", "/v2/models/no/where/infer", 404, "no/where"),
    ("GET", "/v2/models/no/where/ready", 404, "no/where"),
    ("POST", "/v2/repository/models/no/where/load", 404, "no/where"),
    ("GET", "/v2/nothing", 404, "/v2/nothing"),
    ("PUT", f"/v2/models/{MODEL}/infer", 405, "PUT"),
    ("GET", "/v2/systemsharedmemory/status", 501, "not supported"),
    ("POST", "/v2/cudasharedmemory/region/x/register", 501, "not supported"),
    ("GET", "/v2/trace/setting", 501, "when the engine starts"),
    ("POST", "/v2/logging", 501, "when the engine starts"),
])
def test_what_is_not_there_is_said(minilm, method, path, status, says):
    body = {"inputs": [tensor_of()]} if path.endswith("/infer") else {}
    answer = call(minilm, method, path, None if method == "GET" else body)
    assert answer.status == status, answer.text
    assert says in answer.json["error"]


def test_every_spelling_of_a_models_path_is_found(minilm):
    version = call(minilm, "GET", f"/v2/models/{MODEL}").json["versions"][0]
    encoded = MODEL.replace("/", "%2F")
    for path in (MODEL, encoded, f"{MODEL}/versions/{version}", f"{encoded}/versions/{version}", f"{MODEL}@{version}"):
        assert call(minilm, "GET", f"/v2/models/{path}").json["name"] == MODEL
        answer = rest_infer(minilm, {"inputs": [tensor_of()]}, f"/v2/models/{path}/infer")
        assert answer.status == 200, answer.text
        assert answer.json["model_version"] == version


def test_other_content_types_are_refused(minilm):
    body = json.dumps({"inputs": [tensor_of()]})
    url = f"{minilm.url}/v2/models/{MODEL}/infer"
    assert requests.post(url, body, headers={"Content-Type": "text/csv"}, timeout=60).status_code == 415
    assert requests.post(url, body, headers={"Content-Type": "application/octet-stream"}, timeout=60).status_code == 200


def test_rerank_keeps_its_place_under_v2(minilm):
    answer = call(minilm, "POST", "/v2/rerank", {"model": MODEL, "query": "a", "documents": ["b"]})
    assert answer.status == 422 and "detail" in answer.json, answer.text


def test_grpc_says_what_is_wrong(grpc):
    def with_text(**options):
        return lambda: grpc.infer(MODEL, [text_input(TEXTS, **options)])

    assert "no/where" in said(lambda: grpc.infer("no/where", [text_input(TEXTS)]))
    assert "must be [n] or [n,1]" in said(with_text(shape=[2, 2]))
    assert "9.9" in said(lambda: grpc.infer(MODEL, [text_input(TEXTS)], model_version="9.9"))
    assert "'sequence_id' cannot" in said(lambda: grpc.infer(MODEL, [text_input(TEXTS)], sequence_id=4))
    assert "not supported" in said(lambda: grpc.get_system_shared_memory_status())
    assert "when the engine starts" in said(lambda: grpc.get_log_settings())
    with pytest.raises(InferenceServerException) as failed:
        grpc.get_trace_settings()
    assert failed.value.status() == "StatusCode.UNIMPLEMENTED"


def test_grpc_refuses_damaged_and_oversize_messages(minilm):
    import grpc as grpc_library
    from tritonclient.grpc import service_pb2

    with grpc_library.insecure_channel(minilm.grpc, [("grpc.max_send_message_length", -1)]) as channel:
        infer = channel.unary_unary("/inference.GRPCInferenceService/ModelInfer")
        with pytest.raises(grpc_library.RpcError) as damaged:
            infer(b"\xff\xff\xff\xff", timeout=60)
        assert damaged.value.code() == grpc_library.StatusCode.INVALID_ARGUMENT
        assert "inference.ModelInferRequest" in damaged.value.details()
        request = service_pb2.ModelInferRequest(model_name=MODEL, raw_input_contents=[bytes(65 << 20)])
        with pytest.raises(grpc_library.RpcError) as oversize:
            infer(request.SerializeToString(), timeout=60)
        assert oversize.value.code() == grpc_library.StatusCode.RESOURCE_EXHAUSTED
        stream = channel.stream_stream("/inference.GRPCInferenceService/ModelStreamInfer",
                                       response_deserializer=service_pb2.ModelStreamInferResponse.FromString)
        answers = list(stream(iter([b"\xff\xff", service_pb2.ModelInferRequest(id="2").SerializeToString()]), timeout=60))
        assert "cannot be read" in answers[0].error_message
        assert answers[1].error_message and answers[1].infer_response.id == "2"


def test_health_and_reflection_know_the_service(minilm):
    import grpc as grpc_library
    from google.protobuf import descriptor_pool
    from grpc_health.v1 import health_pb2, health_pb2_grpc
    from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

    name = "inference.GRPCInferenceService"
    with grpc_library.insecure_channel(minilm.grpc) as channel:
        health = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(service=name), timeout=60)
        assert health.status == health_pb2.HealthCheckResponse.SERVING
        database = ProtoReflectionDescriptorDatabase(channel)
        assert name in database.get_services()
        ours = descriptor_pool.DescriptorPool(database).FindServiceByName(name)
    from tritonclient.grpc import service_pb2
    theirs = service_pb2.DESCRIPTOR.services_by_name["GRPCInferenceService"]
    for method in theirs.methods:
        mine = ours.methods_by_name[method.name]
        for side in ("input_type", "output_type"):
            wanted, found = getattr(method, side), getattr(mine, side)
            assert [(f.name, f.number, f.type) for f in wanted.fields] == [(f.name, f.number, f.type) for f in found.fields]

"""ModelInference, the service that MiraVeja's other services call: the published messages, and what was added."""
import grpc
import numpy
import pytest

MINILM = "sentence-transformers/all-MiniLM-L6-v2"
# As the service was published, without anything that was added since.
PUBLISHED = '''
syntax = "proto3";
package published;
message EmbeddingRequest {
  string request_id = 1; bytes image_data = 2; string model_name = 3; map<string, string> options = 4;
}
message EmbeddingResponse {
  string request_id = 1; repeated float vector = 2; string model_name = 3; int32 dimension = 4;
  int64 inference_time_ms = 5;
}
'''


@pytest.fixture
def stub(channel, stubs):
    return stubs.miraveja_grpc.ModelInferenceStub(channel)


@pytest.fixture
def vector(channel, stubs):
    """vector(text): the embedding by our own service, as float32."""
    native = stubs.inference_grpc.InferenceServiceStub(channel)

    def make(text, **parameters):
        request = stubs.inference.InferenceRequest(model_id=MINILM, input_data=stubs.inference.InputData(text=text))
        request.parameters.update(parameters)
        return numpy.array(native.Infer(request, timeout=60).output_data.embedding.values, dtype=numpy.float32)

    return make


def ask(stubs, text="a text", **fields):
    return stubs.miraveja.EmbeddingRequest(model_name=MINILM, text=text, **fields)


def refusal(call, request) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as refused:
        call(request, timeout=60)
    return refused.value


def test_an_embedding_is_the_same_as_everywhere(stub, stubs, vector):
    answer = stub.GenerateEmbedding(ask(stubs, request_id="mine"), timeout=60)
    assert (answer.request_id, answer.model_name, answer.dimension) == ("mine", MINILM, 384)
    assert numpy.array(answer.vector, dtype=numpy.float32).tobytes() == vector("a text").tobytes()
    assert answer.inference_time_ms >= 0


def test_a_client_of_the_published_messages_is_served(channel, tmp_path, vector):
    import importlib
    import sys

    from grpc_tools import protoc

    (tmp_path / "published.proto").write_text(PUBLISHED)
    assert protoc.main(["protoc", f"-I{tmp_path}", f"--python_out={tmp_path}", "published.proto"]) == 0
    sys.path.insert(0, str(tmp_path))
    messages = importlib.import_module("published_pb2")
    call = channel.unary_unary("/ModelInference/GenerateEmbedding",
                               request_serializer=messages.EmbeddingRequest.SerializeToString,
                               response_deserializer=messages.EmbeddingResponse.FromString)
    answer = call(messages.EmbeddingRequest(request_id="r", model_name=MINILM, options={"text": "a text"}), timeout=60)
    assert numpy.array(answer.vector, dtype=numpy.float32).tobytes() == vector("a text").tobytes()


def test_options_are_the_models_parameters(stub, stubs, vector):
    options = {"dimensions": "5", "normalize": "false", "priority": "high", "timeout_seconds": "20"}
    answer = stub.GenerateEmbedding(ask(stubs, options=options), timeout=60)
    expected = vector("a text", dimensions=5, normalize=False)
    assert numpy.array(answer.vector, dtype=numpy.float32).tobytes() == expected.tobytes()


@pytest.mark.parametrize(("change", "field", "words"), [
    ({"options": {"dimension": "5"}}, "options.dimension", "dimensions"),
    ({"options": {"dimensions": "five"}}, "options.dimensions", "'five'"),
    ({"options": {"normalize": "yes"}}, "options.normalize", "true or false"),
    ({"options": {"priority": "soon"}}, "options.priority", "critical"),
    ({"options": {"text": "two"}}, "text", "not several"),
    ({"text": ""}, "text", "missing"),
    ({"model_name": ""}, "model_name", "missing"),
    ({"image_data": b"\xff\xd8", "text": ""}, "image", "does txt2embed"),
])
def test_what_is_wrong_is_said_precisely(stub, stubs, change, field, words):
    request = stubs.miraveja.EmbeddingRequest(**{"model_name": MINILM, "text": "x", **change})
    error = refusal(stub.GenerateEmbedding, request)
    assert error.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert field in error.details() and words in error.details(), error.details()


def test_a_batch_answers_in_order_and_a_wrong_one_in_its_place(stub, stubs, vector):
    requests = [ask(stubs, f"text {i}", request_id=f"r{i}") for i in range(200)]
    requests[7].options["dimensions"] = "no"
    requests[9].model_name = "no/such"
    answers = list(stub.GenerateBatch(stubs.miraveja.BatchRequest(requests=requests), timeout=120))
    assert [answer.request_id for answer in answers] == [f"r{i}" for i in range(200)]
    failed = {i: answer.error.code for i, answer in enumerate(answers) if answer.HasField("error")}
    assert failed == {7: "VALIDATION_ERROR", 9: "MODEL_NOT_FOUND"}
    assert all(answer.dimension == 384 for i, answer in enumerate(answers) if i not in failed)
    assert numpy.abs(numpy.array(answers[150].vector) - vector("text 150")).max() < 1e-2


def test_an_empty_batch_is_refused(stub, stubs):
    with pytest.raises(grpc.RpcError) as refused:
        list(stub.GenerateBatch(stubs.miraveja.BatchRequest(), timeout=60))
    assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT and "requests" in refused.value.details()


def test_leaving_a_batch_cancels_what_is_under_way(channel, stub, stubs):
    native = stubs.inference_grpc.InferenceServiceStub(channel)
    long = "word " * 400
    requests = [ask(stubs, f"{i} {long}", request_id=f"left-{i}") for i in range(3000)]
    stream = stub.GenerateBatch(stubs.miraveja.BatchRequest(requests=requests), timeout=120)
    next(stream)
    stream.cancel()
    while native.GetQueue(stubs.inference.GetQueueRequest(model_id=MINILM), timeout=30).total > 0:
        pass  # a test that never ends is the failure
    with pytest.raises(grpc.RpcError) as never:
        native.GetRequest(stubs.inference.GetRequestRequest(request_id="left-2999"), timeout=30)
    assert never.value.code() == grpc.StatusCode.NOT_FOUND


def test_a_stream_tells_where_the_request_stands(stub, stubs):
    states = list(stub.GenerateEmbeddingStream(ask(stubs, request_id="told"), timeout=60))
    assert states[0].state == stubs.miraveja.InferenceStatus.STATE_ACCEPTED
    assert states[-1].state == stubs.miraveja.InferenceStatus.STATE_COMPLETED
    assert {state.request_id for state in states} == {"told"}
    assert states[-1].result.dimension == 384 and not any(state.HasField("result") for state in states[:-1])


def test_a_stream_that_fails_tells_why(stub, stubs):
    request = ask(stubs)
    request.model_name = "no/such"
    seen = []
    with pytest.raises(grpc.RpcError) as failed:
        for state in stub.GenerateEmbeddingStream(request, timeout=60):
            seen.append(state)
    assert failed.value.code() == grpc.StatusCode.NOT_FOUND
    assert seen[-1].state == stubs.miraveja.InferenceStatus.STATE_FAILED and seen[-1].error.code == "MODEL_NOT_FOUND"

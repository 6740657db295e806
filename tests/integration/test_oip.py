"""The Open Inference Protocol over REST and gRPC, through the clients that its users have."""
import asyncio
import queue

import numpy as np
import pytest
import tritonclient.grpc as triton_grpc
import tritonclient.grpc.aio as triton_grpc_aio
import tritonclient.http as triton_http
import tritonclient.http.aio as triton_http_aio
from tests.integration.rest_client import call
from tritonclient.utils import InferenceServerException

MODEL = "sentence-transformers/all-MiniLM-L6-v2"
TEXTS = ["The cat sat on the mat.", "Ein Satz mit Umlauten: äöü", "", "cat " * 300]


@pytest.fixture(scope="module")
def native(minilm):
    """What the native route gives for the same texts, as it travels: the numbers to be met bit for bit."""
    answer = call(minilm, "POST", f"/api/v1/infer/{MODEL}", {"input_data": {"text": TEXTS}})
    assert answer.status == 200, answer.text
    output = answer.json["output_data"]
    return np.array(output.get("embeddings", output.get("embedding")), dtype=np.float32)


@pytest.fixture
def http(minilm):
    with triton_http.InferenceServerClient(minilm.rest, concurrency=4) as client:
        yield client


@pytest.fixture
def grpc(minilm):
    with triton_grpc.InferenceServerClient(minilm.grpc) as client:
        yield client


def text_input(module, texts=TEXTS, shape=None, **options):
    array = np.array([text.encode() for text in texts], dtype=np.object_).reshape(shape or [len(texts)])
    tensor = module.InferInput("text", list(array.shape), "BYTES")
    tensor.set_data_from_numpy(array, **options)
    return tensor


# --- servers and models ----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("face", ["http", "grpc"])
def test_a_client_finds_the_server_and_what_the_model_takes(request, face):
    client = request.getfixturevalue(face)
    options = {} if face == "http" else {"as_json": True}
    assert client.is_server_live() and client.is_server_ready()
    server = client.get_server_metadata(**options)
    assert server["name"] == "modelmora" and "binary_tensor_data" in server["extensions"]
    client.load_model(MODEL)
    assert client.is_model_ready(MODEL)
    model = client.get_model_metadata(MODEL, **options)
    assert model["name"] == MODEL and len(model["versions"]) == 1
    assert [tensor["name"] for tensor in model["inputs"]] == ["text", "input_ids", "attention_mask"]
    shape = [int(size) for size in model["outputs"][0]["shape"]]
    assert (model["outputs"][0]["name"], model["outputs"][0]["datatype"], shape) == ("embedding", "FP32", [-1, 384])
    config = client.get_model_config(MODEL, **options)
    config = config.get("config", config)
    assert config["input"][0]["data_type"] == "TYPE_STRING"
    assert config["output"][0]["name"] == "embedding"
    assert client.is_model_ready(MODEL, model["versions"][0])
    assert client.get_model_metadata(MODEL, model["versions"][0], **options)["name"] == MODEL


@pytest.mark.parametrize("face", ["http", "grpc"])
def test_the_repository_shows_loads_and_unloads(request, face):
    client = request.getfixturevalue(face)

    def state():
        index = client.get_model_repository_index()
        entries = index if face == "http" else [{"name": model.name, "state": model.state} for model in index.models]
        return {entry["name"]: entry["state"] for entry in entries}[MODEL]

    client.load_model(MODEL)
    assert state() == "READY"
    client.unload_model(MODEL)
    assert state() == "UNAVAILABLE" and not client.is_model_ready(MODEL)
    with pytest.raises(InferenceServerException, match="registered configuration"):
        client.load_model(MODEL, config="{}")
    client.load_model(MODEL)
    assert state() == "READY"


@pytest.mark.parametrize("face", ["http", "grpc"])
def test_statistics_count_what_was_inferred(request, minilm, face):
    client = request.getfixturevalue(face)

    def inferences():
        if face == "http":
            return client.get_inference_statistics(MODEL)["model_stats"][0]["inference_count"]
        return client.get_inference_statistics(MODEL).model_stats[0].inference_count

    call(minilm, "POST", f"/api/v1/infer/{MODEL}", {"input_data": {"text": "a"}})
    before = inferences()
    call(minilm, "POST", f"/api/v1/infer/{MODEL}", {"input_data": {"text": ["a", "b", "c"]}})
    assert inferences() == before + 3


# --- inference -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("binary_in", [True, False])
@pytest.mark.parametrize("binary_out", [True, False])
@pytest.mark.parametrize("shape", [[4], [4, 1]])
def test_rest_gives_the_native_vectors(http, native, binary_in, binary_out, shape):
    tensor = text_input(triton_http, shape=shape, binary_data=binary_in)
    wanted = [triton_http.InferRequestedOutput("embedding", binary_data=binary_out)]
    result = http.infer(MODEL, [tensor], outputs=wanted, request_id="mine")
    assert np.array_equal(result.as_numpy("embedding"), native)
    assert result.get_response()["id"] == "mine" and result.get_response()["model_name"] == MODEL
    assert ("data" in result.get_output("embedding")) != binary_out


def test_rest_gives_everything_in_binary_where_nothing_is_named(http, native):
    result = http.infer(MODEL, [text_input(triton_http)])
    assert np.array_equal(result.as_numpy("embedding"), native)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_compressed_answers_are_read(http, native, coding):
    result = http.infer(MODEL, [text_input(triton_http)], response_compression_algorithm=coding)
    assert np.array_equal(result.as_numpy("embedding"), native)


def test_rest_runs_many_at_once(http, native):
    running = [http.async_infer(MODEL, [text_input(triton_http)], request_id=str(i)) for i in range(8)]
    for number, each in enumerate(running):
        result = each.get_result()
        # Batches of other requests' texts differ in the last bits.
        assert np.allclose(result.as_numpy("embedding"), native, atol=1e-5)
        assert result.get_response()["id"] == str(number)


def test_grpc_gives_the_native_vectors(grpc, native):
    for shape in ([4], [4, 1]):
        wanted = [triton_grpc.InferRequestedOutput("embedding")]
        result = grpc.infer(MODEL, [text_input(triton_grpc, shape=shape)], outputs=wanted, request_id="mine",
                            timeout=5_000_000, priority=1)
        assert np.array_equal(result.as_numpy("embedding"), native)
        assert (result.get_response().id, result.get_response().model_name) == ("mine", MODEL)


def test_grpc_takes_typed_contents(minilm, native):
    import grpc as grpc_library
    from tritonclient.grpc import service_pb2, service_pb2_grpc

    request = service_pb2.ModelInferRequest(model_name=MODEL)
    tensor = request.inputs.add(name="text", datatype="BYTES", shape=[len(TEXTS)])
    tensor.contents.bytes_contents.extend(text.encode() for text in TEXTS)
    with grpc_library.insecure_channel(minilm.grpc) as channel:
        response = service_pb2_grpc.GRPCInferenceServiceStub(channel).ModelInfer(request, timeout=60)
    assert np.array_equal(np.frombuffer(response.raw_output_contents[0], "<f4").reshape(4, 384), native)


def test_token_ids_give_the_vectors_of_their_texts(http, grpc, minilm_folder, native):
    from transformers import AutoTokenizer

    encoded = AutoTokenizer.from_pretrained(minilm_folder)(TEXTS[:2], padding=True, return_tensors="np")
    for module, client in ((triton_http, http), (triton_grpc, grpc)):
        tensors = []
        for name in ("input_ids", "attention_mask"):
            tensor = module.InferInput(name, list(encoded[name].shape), "INT64")
            tensor.set_data_from_numpy(encoded[name].astype(np.int64))
            tensors.append(tensor)
        assert np.allclose(client.infer(MODEL, tensors).as_numpy("embedding"), native[:2], atol=1e-5)


def test_the_asyncio_clients_work(minilm, native):
    async def both():
        async with triton_http_aio.InferenceServerClient(minilm.rest) as rest:
            over_rest = await rest.infer(MODEL, [text_input(triton_http)])
        async with triton_grpc_aio.InferenceServerClient(minilm.grpc) as rpc:
            over_grpc = await rpc.infer(MODEL, [text_input(triton_grpc)])
        return over_rest.as_numpy("embedding"), over_grpc.as_numpy("embedding")

    for vectors in asyncio.run(both()):
        assert np.array_equal(vectors, native)


def test_a_stream_answers_in_order_and_survives_what_is_wrong(grpc, native):
    answers = queue.Queue()
    grpc.start_stream(lambda result, error: answers.put((result, error)))
    for number in range(20):
        tensor = text_input(triton_grpc, TEXTS[:1 + number % 3])
        outputs = [triton_grpc.InferRequestedOutput("nothing")] if number == 7 else None
        grpc.async_stream_infer(MODEL, [tensor], outputs=outputs, request_id=f"number {number}",
                                enable_empty_final_response=True)
    for number in range(20):
        result, error = answers.get(timeout=60)
        if number == 7:
            assert "unexpected inference output 'nothing'" in error.message()
            continue
        assert error is None
        assert result.get_response().id == f"number {number}"
        assert result.get_response().parameters["triton_final_response"].bool_param
        assert np.allclose(result.as_numpy("embedding"), native[:1 + number % 3], atol=1e-5)
    grpc.stop_stream()
    assert answers.empty()


def test_models_that_score_and_classify(engine, tmp_path_factory):
    import sys
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "parity"))
    from small_classifiers import make_classifier

    made = tmp_path_factory.mktemp("classifiers")
    labels = ["negative", "neutral", "positive"]
    for name, task, folder in (("test/scorer", "txtpair2score", make_classifier(made / "scorer", "bert")),
                               ("test/classifier", "txt2class", make_classifier(made / "classifier", "roberta", labels))):
        body = {"model_id": name, "task_type": task, "source_url": folder.as_uri(), "config": {"dtype": "fp32"}}
        assert call(engine, "POST", "/api/v1/models", body).status == 201

    def tensor(module, name, array):
        made_of = np.array(array, dtype=np.object_)
        one = module.InferInput(name, list(made_of.shape), "BYTES")
        one.set_data_from_numpy(made_of)
        return one

    body = {"input_data": {"query": "a cat", "documents": TEXTS[:2]}}
    wanted = call(engine, "POST", "/api/v1/infer/test/scorer", body).json["output_data"]["scores"]
    with triton_http.InferenceServerClient(engine.rest) as rest, triton_grpc.InferenceServerClient(engine.grpc) as rpc:
        for module, client in ((triton_http, rest), (triton_grpc, rpc)):
            ranked = client.infer("test/scorer", [tensor(module, "query", ["a cat"]),
                                                  tensor(module, "documents", TEXTS[:2])])
            assert np.array_equal(ranked.as_numpy("score"), np.array(wanted, np.float32))
            pairs = client.infer("test/scorer", [tensor(module, "pairs", [["a cat", text] for text in TEXTS[:2]])])
            assert np.allclose(pairs.as_numpy("score"), wanted, atol=1e-5)
            classes = client.infer("test/classifier", [tensor(module, "text", TEXTS[:2])])
            assert classes.as_numpy("label").shape == classes.as_numpy("score").shape == (2, 3)
            assert sorted(label.decode() for label in classes.as_numpy("label")[0]) == labels
            assert np.allclose(classes.as_numpy("score").sum(axis=1), 1, atol=1e-5)
            best = client.infer("test/classifier", [tensor(module, "text", TEXTS[:2])], parameters={"top_k": 1})
            assert best.as_numpy("label").tolist() == classes.as_numpy("label")[:, :1].tolist()

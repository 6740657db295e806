"""Vectors as raw bytes: the same numbers as the lists, to the bit, through every way out of the engine."""
import base64

import numpy
import pytest

MINILM = "sentence-transformers/all-MiniLM-L6-v2"
TEXTS = ["The cat sat on the mat.", "Ein Satz auf Deutsch.", "猫がマットの上に座った。", ""]


def read_matrix(matrix) -> numpy.ndarray:
    """What a client writes to read an EmbeddingMatrix."""
    return numpy.frombuffer(matrix.data, dtype="<f4").reshape(matrix.rows, matrix.dimension)


def ask(stubs, raw: bool, **fields):
    form = stubs.inference.EMBEDDING_FORMAT_BYTES if raw else stubs.inference.EMBEDDING_FORMAT_FLOATS
    return stubs.inference.InferenceRequest(
        model_id=MINILM, embedding_format=form,
        input_data=stubs.inference.InputData(text_batch=stubs.inference.TextBatch(texts=TEXTS)), **fields)


@pytest.fixture
def stub(channel, stubs):
    return stubs.inference_grpc.InferenceServiceStub(channel)


def lists(answer) -> numpy.ndarray:
    return numpy.array([e.values for e in answer.output_data.embedding_batch.embeddings], dtype=numpy.float32)


def test_bytes_and_lists_are_the_same_to_the_bit(stub, stubs, http):
    floats = lists(stub.Infer(ask(stubs, False), timeout=60))
    matrix = stub.Infer(ask(stubs, True), timeout=60).output_data.embedding_matrix
    assert (matrix.rows, matrix.dimension) == (4, 384)
    raw = read_matrix(matrix)
    assert raw.tobytes() == floats.tobytes()
    json = http.post(f"/api/v1/infer/{MINILM}", json={"input_data": {"text": TEXTS}}).json()
    assert numpy.array(json["output_data"]["embeddings"], dtype=numpy.float32).tobytes() == raw.tobytes()


def test_base64_over_rest_is_the_same_to_the_bit(http):
    def vectors(texts, form):
        body = {"input_data": {"text": texts}, "embedding_format": form}
        answer = http.post(f"/api/v1/infer/{MINILM}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["output_data"]

    for texts in (TEXTS, [f"number {i}" for i in range(1000)]):  # as a whole, and in pieces
        floats = numpy.array(vectors(texts, "floats")["embeddings"], dtype="<f4")
        packed = b"".join(map(base64.b64decode, vectors(texts, "base64")["embeddings"]))
        assert packed == floats.tobytes()
    one = base64.b64decode(vectors(TEXTS[0], "base64")["embedding"])
    assert one == numpy.array(vectors(TEXTS[0], "floats")["embedding"], dtype="<f4").tobytes()


def test_one_text_is_a_matrix_of_one_row(stub, stubs, http):
    request = ask(stubs, True)
    request.input_data.text = TEXTS[0]
    request.parameters.update({"dimensions": 7})
    matrix = stub.Infer(request, timeout=60).output_data.embedding_matrix
    assert (matrix.rows, matrix.dimension, len(matrix.data)) == (1, 7, 28)
    one = http.post(f"/api/v1/infer/{MINILM}", json={"input_data": {"text": TEXTS[0]}, "parameters": {"dimensions": 7}})
    assert numpy.array(one.json()["output_data"]["embedding"], dtype=numpy.float32).tobytes() == matrix.data


def test_streams_may_mix_the_forms(stub, stubs):
    answers = list(stub.InferStream(iter([ask(stubs, True), ask(stubs, False), ask(stubs, True)]), timeout=60))
    assert [a.output_data.WhichOneof("data") for a in answers] == ["embedding_matrix", "embedding_batch", "embedding_matrix"]
    assert read_matrix(answers[0].output_data.embedding_matrix).tobytes() == lists(answers[1]).tobytes()


def test_a_jobs_result_is_one_matrix_of_all_its_pieces(stub, stubs, http):
    request = ask(stubs, True)
    request.input_data.text_batch.texts[:] = [f"text number {i}" for i in range(300)]
    job = stub.InferAsync(request, timeout=30).job_id
    state = stub.GetJobStatus(stubs.inference.GetJobStatusRequest(job_id=job), timeout=30)
    while state.status in (stubs.common.JOB_STATUS_QUEUED, stubs.common.JOB_STATUS_PROCESSING):
        state = stub.GetJobStatus(stubs.inference.GetJobStatusRequest(job_id=job), timeout=30)
    assert state.status == stubs.common.JOB_STATUS_COMPLETED, state
    matrix = stub.GetJobResult(stubs.inference.GetJobResultRequest(job_id=job), timeout=30).output_data.embedding_matrix
    rows = read_matrix(matrix)
    assert rows.shape == (300, 384)
    request.embedding_format = stubs.inference.EMBEDDING_FORMAT_FLOATS
    assert numpy.abs(rows - lists(stub.Infer(request, timeout=60))).max() < 1e-2  # other batches round otherwise
    json = http.get(f"/api/v1/jobs/{job}/result").json()
    assert numpy.array(json["output_data"]["embeddings"], dtype=numpy.float32).tobytes() == rows.tobytes()


def test_a_form_that_is_not_known_is_refused(stub, stubs):
    import grpc

    request = ask(stubs, True)
    request.embedding_format = 7
    for call in (stub.Infer, stub.InferAsync):
        with pytest.raises(grpc.RpcError) as refused:
            call(request, timeout=30)
        assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
        assert "embedding_format" in refused.value.details() and "7" in refused.value.details()

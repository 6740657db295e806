"""OpenAI's own client, as its users write it: every shape of input and answer, its errors, its retries, its async half."""
import asyncio
import base64
import struct

import openai
import pytest
from tests.integration.rest_client import call

MINILM = "sentence-transformers/all-MiniLM-L6-v2"
TEXTS = ["The cat sat on the mat.", "Ein Satz auf Deutsch.", "猫がマットの上に座った。"]


@pytest.fixture(scope="module")
def client(minilm):
    with openai.OpenAI(base_url=f"{minilm.url}/v1", api_key="none", max_retries=0, organization="org-1",
                       project="proj-1") as made:
        yield made


@pytest.fixture(scope="module")
def tokens(minilm_folder):
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(minilm_folder / "tokenizer.json"))
    tokenizer.no_padding()
    return [tokenizer.encode(text).ids for text in TEXTS]


@pytest.fixture(scope="module")
def reference(minilm_folder):
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(minilm_folder), device="cpu").encode(TEXTS).tolist()


def vectors(answer):
    assert [item.index for item in answer.data] == list(range(len(answer.data)))
    return [item.embedding for item in answer.data]


def alike(found, wanted):
    return len(found) == len(wanted) and all(
        row == pytest.approx(other, abs=2e-2) for row, other in zip(found, wanted))


def test_every_shape_of_input_gives_the_reference(client, tokens, reference):
    create = lambda given, **more: vectors(client.embeddings.create(model=MINILM, input=given, **more))
    assert alike(create(TEXTS[0]), reference[:1])
    assert alike(create(TEXTS), reference)
    assert alike(create(tuple(TEXTS)), reference)
    assert alike(create(tokens[0]), reference[:1])
    assert alike(create(tokens), reference)
    assert alike(create(TEXTS, user="somebody"), reference)


def test_numbers_and_base64_are_the_same_bits(client):
    plain = vectors(client.embeddings.create(model=MINILM, input=TEXTS, encoding_format="float"))
    packed = vectors(client.embeddings.create(model=MINILM, input=TEXTS, encoding_format="base64"))
    unpacked = [list(struct.unpack(f"<{len(row)}f", struct.pack(f"<{len(row)}f", *row))) for row in plain]
    for text, row in zip(packed, unpacked):
        data = base64.b64decode(text, validate=True)
        assert list(struct.unpack(f"<{len(data) // 4}f", data)) == row


def test_fewer_dimensions_are_the_first_ones_normalised(client):
    whole, = vectors(client.embeddings.create(model=MINILM, input=TEXTS[0]))
    short, = vectors(client.embeddings.create(model=MINILM, input=TEXTS[0], dimensions=32))
    norm = sum(value * value for value in whole[:32]) ** 0.5
    assert short == pytest.approx([value / norm for value in whole[:32]], abs=1e-5)


def test_usage_counts_the_tokens(client, tokens):
    answer = client.embeddings.create(model=MINILM, input=TEXTS)
    assert answer.usage.prompt_tokens == answer.usage.total_tokens == sum(map(len, tokens))
    assert answer.model == MINILM and answer.object == "list"


def test_models_are_listed_and_found_by_ids_with_a_slash(client, minilm):
    listed = [model for model in client.models.list() if model.id == MINILM]
    assert listed[0].object == "model" and listed[0].owned_by == "sentence-transformers" and listed[0].created > 0
    assert client.models.retrieve(MINILM) == listed[0]  # sent as %2F
    assert call(minilm, "GET", f"/v1/models/{MINILM}").json["id"] == MINILM


def test_errors_raise_the_clients_own_exceptions(client):
    with pytest.raises(openai.NotFoundError) as unknown:
        client.embeddings.create(model="nobody/nothing", input="x")
    assert unknown.value.code == "model_not_found" and unknown.value.param == "model"
    assert unknown.value.type == "invalid_request_error"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("nobody/nothing")
    with pytest.raises(openai.BadRequestError) as empty:
        client.embeddings.create(model=MINILM, input=["fine", ""])
    assert empty.value.param == "input[1]" and empty.value.code == "validation_error"
    with pytest.raises(openai.BadRequestError) as many:
        client.embeddings.create(model=MINILM, input="x", dimensions=100_000)
    assert "384" in many.value.message
    with pytest.raises(openai.BadRequestError) as token:
        client.embeddings.create(model=MINILM, input=[1, 2, 10_000_000])
    assert "10000000" in token.value.message
    with pytest.raises(openai.BadRequestError) as more:
        client.embeddings.create(model=MINILM, input="x", extra_body={"dimension": 3})
    assert "dimensions" in more.value.message
    with pytest.raises(openai.APIStatusError) as delete:
        client.models.delete(MINILM)
    assert delete.value.status_code == 405 and "DELETE is not possible" in delete.value.message
    assert delete.value.response.headers["allow"] == "GET, HEAD, OPTIONS"
    with pytest.raises(openai.NotFoundError) as other:
        client.chat.completions.create(model=MINILM, messages=[{"role": "user", "content": "hello"}])
    assert "/v1/chat/completions" in other.value.message and other.value.type == "invalid_request_error"


def test_the_async_client_gets_many_answers_at_once(minilm, reference):
    async def ask():
        async with openai.AsyncOpenAI(base_url=f"{minilm.url}/v1", api_key="none", max_retries=0) as client:
            return await asyncio.gather(*(client.embeddings.create(model=MINILM, input=TEXTS) for _ in range(32)))

    assert all(alike(vectors(answer), reference) for answer in asyncio.run(ask()))


def test_raw_and_streamed_responses_are_read(client):
    raw = client.embeddings.with_raw_response.create(model=MINILM, input=TEXTS[0])
    assert raw.headers["x-request-id"] and len(raw.parse().data) == 1
    with client.embeddings.with_streaming_response.create(model=MINILM, input=TEXTS[0]) as streamed:
        assert len(streamed.parse().data) == 1


def test_clients_that_name_the_model_in_the_path_are_served(minilm, reference):
    answer = call(minilm, "POST", f"/v1/engines/{MINILM}/embeddings", {"input": TEXTS[0]})
    assert answer.status == 200 and answer.json["model"] == MINILM, answer.text
    with openai.AzureOpenAI(azure_endpoint=minilm.url, api_key="none", api_version="2024-02-01",
                            azure_deployment=MINILM, max_retries=0) as client:
        assert alike(vectors(client.embeddings.create(model=MINILM, input=TEXTS)), reference)


def test_a_refused_request_comes_back_when_it_is_told_to(start_engine, definitions):
    """The queue has room for one; the client waits as Retry-After says and then has its answer."""
    flags, environment = definitions
    engine = start_engine(flags=(*flags, "--max-waiting", "1"), environment=environment)

    async def ask():
        async with openai.AsyncOpenAI(base_url=f"{engine.url}/v1", api_key="none", max_retries=100) as client:
            create = client.embeddings.with_raw_response.create
            return await asyncio.gather(*(create(model=MINILM, input=["many words " * 200] * 16) for _ in range(2)))

    answers = asyncio.run(ask())
    assert all(len(answer.parse().data) == 16 for answer in answers)
    assert max(answer.retries_taken for answer in answers) >= 1

"""Reranking and classifying by the clients that people have: Cohere's, Jina's shape, Hugging Face's inference client."""
import sys
from pathlib import Path

import cohere
import numpy
import pytest
import requests
from huggingface_hub import InferenceClient
from tests.integration.rest_client import call

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "parity"))

QUERY = "Where did the cat sit?"
DOCUMENTS = ["The cat sat on the mat.", "Ein Satz auf Deutsch.", "cat " * 200, "Nobody knows."]
LABELS = ["negative", "neutral", "positive"]
SCORER, CLASSIFIER, EMBEDDER = "test/scorer", "test/classifier", "test/embedder"


@pytest.fixture(scope="module")
def folders(tmp_path_factory, small_model):
    from small_classifiers import make_classifier

    made = tmp_path_factory.mktemp("classifiers")
    return {SCORER: make_classifier(made / "scorer", "bert"),
            CLASSIFIER: make_classifier(made / "classifier", "roberta", LABELS), EMBEDDER: small_model}


@pytest.fixture(scope="module")
def models(engine, folders):
    for name, task in ((SCORER, "txtpair2score"), (CLASSIFIER, "txt2class"), (EMBEDDER, "txt2embed")):
        body = {"model_id": name, "task_type": task, "source_url": folders[name].as_uri(), "config": {"dtype": "fp32"}}
        answer = call(engine, "POST", "/api/v1/models", body)
        assert answer.status == 201, answer.text
    return engine


@pytest.fixture(scope="module")
def scores(folders):
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(str(folders[SCORER]), device="cpu")
    return lambda documents: [float(score) for score in model.predict([(QUERY, text) for text in documents])]


@pytest.fixture(scope="module")
def classes(folders):
    from transformers import pipeline

    pipe = pipeline("text-classification", model=str(folders[CLASSIFIER]), device="cpu", top_k=None)
    return lambda text: {entry["label"]: entry["score"] for entry in pipe([text])[0]}


def check_ranking(results, scores, documents, count):
    wanted = scores(documents)
    order = sorted(range(len(documents)), key=lambda index: -wanted[index])[:count]
    assert [result.index for result in results] == order
    assert [result.relevance_score for result in results] == pytest.approx([wanted[i] for i in order], abs=1e-4)


def test_coheres_client_ranks(models, scores):
    client = cohere.ClientV2(api_key="none", base_url=models.url)
    answer = client.rerank(model=SCORER, query=QUERY, documents=DOCUMENTS, top_n=3, max_tokens_per_doc=4096)
    check_ranking(answer.results, scores, DOCUMENTS, 3)
    assert answer.id and answer.meta.api_version.version == "2"


def test_coheres_first_client_ranks_objects_by_the_fields_it_names(models, scores):
    client = cohere.Client(api_key="none", base_url=models.url)
    answer = client.rerank(model=SCORER, query=QUERY, documents=DOCUMENTS, return_documents=True)
    check_ranking(answer.results, scores, DOCUMENTS, len(DOCUMENTS))
    assert answer.results[0].document.text == DOCUMENTS[answer.results[0].index]
    objects = [{"title": text.upper(), "text": text} for text in DOCUMENTS]
    check_ranking(client.rerank(model=SCORER, query=QUERY, documents=objects).results, scores, DOCUMENTS, 4)
    named = client.rerank(model=SCORER, query=QUERY, documents=objects, rank_fields=["title", "text"],
                          max_chunks_per_doc=1)
    check_ranking(named.results, scores, [f"{text.upper()}\n{text}" for text in DOCUMENTS], 4)


def test_coheres_client_raises_its_own_exceptions(models):
    client = cohere.ClientV2(api_key="none", base_url=models.url)
    with pytest.raises(cohere.NotFoundError) as unknown:
        client.rerank(model="nobody/nothing", query=QUERY, documents=DOCUMENTS)
    assert "nobody/nothing" in unknown.value.body["message"]
    with pytest.raises(cohere.UnprocessableEntityError) as empty:
        client.rerank(model=SCORER, query=QUERY, documents=[])
    assert "documents" in empty.value.body["message"]
    with pytest.raises(cohere.UnprocessableEntityError) as wrong:
        client.rerank(model=EMBEDDER, query=QUERY, documents=DOCUMENTS)
    assert "txt2embed" in wrong.value.body["message"]


def test_jinas_shape_is_served(models, scores):
    body = {"model": SCORER, "query": QUERY, "top_n": 2, "return_documents": False,
            "documents": [{"text": text} for text in DOCUMENTS]}
    answer = requests.post(f"{models.url}/v1/rerank", json=body, headers={"Authorization": "Bearer none"}, timeout=60)
    assert answer.status_code == 200, answer.text
    wanted = scores(DOCUMENTS)
    results = answer.json()["results"]
    assert [result["index"] for result in results] == sorted(range(4), key=lambda index: -wanted[index])[:2]
    assert all("document" not in result for result in results)
    assert answer.json()["usage"]["total_tokens"] > 0
    missing = {**body, "documents": [{"text": "fine"}, {"title": "no text"}]}
    refused = requests.post(f"{models.url}/v1/rerank", json=missing, timeout=60)
    assert refused.status_code == 422 and "documents[1].text" in refused.json()["message"], refused.text


@pytest.mark.parametrize("path", ["", "/embed"])
def test_the_inference_client_embeds(models, folders, path):
    from sentence_transformers import SentenceTransformer

    wanted = SentenceTransformer(str(folders[EMBEDDER]), device="cpu").encode(DOCUMENTS, normalize_embeddings=True)
    client = InferenceClient(model=f"{models.url}/tei/{EMBEDDER}{path}", token="none")
    for text, vector in zip(DOCUMENTS, wanted):
        found = client.feature_extraction(text, normalize=True, truncate=True, truncation_direction="right")
        assert found.dtype == numpy.float32
        numpy.testing.assert_allclose(found, [vector], atol=1e-4)


def test_the_inference_client_classifies(models, classes):
    client = InferenceClient(model=f"{models.url}/tei/{CLASSIFIER}", token="none")
    found = client.text_classification(DOCUMENTS[0])
    assert {entry.label: entry.score for entry in found} == pytest.approx(classes(DOCUMENTS[0]), abs=1e-4)
    best, = client.text_classification(DOCUMENTS[0], top_k=1)
    assert best.label == found[0].label
    raw = client.text_classification(DOCUMENTS[0], function_to_apply="none")
    assert sum(entry.score for entry in raw) != pytest.approx(1)


def test_a_models_own_address_ranks_too_and_refuses_what_it_cannot_do(models, scores):
    ranked = call(models, "POST", f"/tei/{SCORER}", {"query": QUERY, "texts": DOCUMENTS, "return_text": True})
    assert ranked.status == 200, ranked.text
    assert {entry["index"]: entry["score"] for entry in ranked.json} == pytest.approx(
        dict(enumerate(scores(DOCUMENTS))), abs=1e-4)
    assert all(entry["text"] == DOCUMENTS[entry["index"]] for entry in ranked.json)
    unknown = call(models, "POST", "/tei/nobody/nothing", {"inputs": "x"})
    assert unknown.status == 404 and unknown.json["error_type"] == "validation", unknown.text
    wrong = call(models, "POST", f"/tei/{CLASSIFIER}", {"inputs": "x", "parameters": {"top_n": 3}})
    assert wrong.status == 422 and "parameters.top_n" in wrong.json["error"] and "top_k" in wrong.json["error"]

"""Scores and labels through every face: a cross-encoder and a classifier of random weights, registered and asked."""
import sys
from pathlib import Path

import pytest
from tests.integration.rest_client import call

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "parity"))

QUERY = "Where did the cat sit?"
DOCUMENTS = ["The cat sat on the mat.", "Ein Satz auf Deutsch.", "", "cat " * 200]
LABELS = ["negative", "neutral", "positive"]
SCORER, CLASSIFIER = "test/scorer", "test/classifier"


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    from small_classifiers import make_classifier

    made = tmp_path_factory.mktemp("classifiers")
    return {SCORER: make_classifier(made / "scorer", "bert"),
            CLASSIFIER: make_classifier(made / "classifier", "roberta", LABELS)}


@pytest.fixture(scope="module")
def models(engine, folders):
    for name, task in ((SCORER, "txtpair2score"), (CLASSIFIER, "txt2class")):
        body = {"model_id": name, "task_type": task, "source_url": folders[name].as_uri(), "config": {"dtype": "fp32"}}
        answer = call(engine, "POST", "/api/v1/models", body)
        assert answer.status == 201, answer.text
    return engine


@pytest.fixture(scope="module")
def reference(folders):
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(str(folders[SCORER]), device="cpu")
    return [float(score) for score in model.predict([(QUERY, document) for document in DOCUMENTS])]


def infer(engine, model, body):
    answer = call(engine, "POST", f"/api/v1/infer/{model}", body)
    assert answer.status == 200, answer.text
    return answer.json["output_data"]


def test_the_native_route_scores_a_query_and_pairs(models, reference):
    ranked = infer(models, SCORER, {"input_data": {"query": QUERY, "documents": DOCUMENTS}})
    assert ranked["scores"] == pytest.approx(reference, abs=1e-4)
    pairs = infer(models, SCORER, {"input_data": {"text_pairs": [[QUERY, document] for document in DOCUMENTS]}})
    assert pairs["scores"] == pytest.approx(reference, abs=1e-4)


def test_the_native_route_classifies(models, folders):
    from transformers import pipeline

    pipe = pipeline("text-classification", model=str(folders[CLASSIFIER]), device="cpu", top_k=None)
    wanted = pipe(DOCUMENTS[:2])
    found = infer(models, CLASSIFIER, {"input_data": {"text": DOCUMENTS[:2]}})["classifications"]
    for ours, theirs in zip(found, wanted):
        assert [entry["label"] for entry in ours] == [entry["label"] for entry in theirs]
        assert [entry["score"] for entry in ours] == pytest.approx([entry["score"] for entry in theirs], abs=1e-4)
    best = infer(models, CLASSIFIER, {"input_data": {"text": DOCUMENTS[0]}, "parameters": {"top_k": 1}})
    assert best["classifications"] == [found[0][:1]]


@pytest.mark.parametrize("path", ["/v1/rerank", "/v2/rerank"])
def test_rerank_gives_the_best_documents(models, reference, path):
    answer = call(models, "POST", path, {"model": SCORER, "query": QUERY, "documents": DOCUMENTS, "top_n": 2})
    assert answer.status == 200, answer.text
    order = sorted(range(len(DOCUMENTS)), key=lambda index: -reference[index])[:2]
    assert [result["index"] for result in answer.json["results"]] == order
    found = [result["relevance_score"] for result in answer.json["results"]]
    assert found == pytest.approx([reference[index] for index in order], abs=1e-4)


def test_the_dialect_without_model_names_finds_the_only_one(models, reference):
    ranked = call(models, "POST", "/rerank", {"query": QUERY, "texts": DOCUMENTS})
    assert ranked.status == 200, ranked.text
    assert {entry["index"]: entry["score"] for entry in ranked.json} == pytest.approx(
        dict(enumerate(reference)), abs=1e-4)
    predicted = call(models, "POST", "/predict", {"inputs": DOCUMENTS[0]})
    assert sorted(entry["label"] for entry in predicted.json) == LABELS
    info = call(models, "GET", f"/tei/{CLASSIFIER}/info").json
    assert info["model_type"]["classifier"]["id2label"] == {str(i): label for i, label in enumerate(LABELS)}
    assert info["max_input_length"] == 40


def test_the_wrong_input_is_refused_with_what_is_wanted(models):
    answer = call(models, "POST", f"/api/v1/infer/{SCORER}", {"input_data": {"text": "a"}})
    assert answer.status == 422 and "a query with its documents, or text_pairs" in answer.text, answer.text


def test_grpc_carries_pairs_and_labels(models, stubs):
    import grpc

    request = stubs.inference.InferenceRequest(model_id=CLASSIFIER)
    request.input_data.text_pairs.pairs.add(first="a cat", second="a mat")
    with grpc.insecure_channel(models.grpc) as channel:
        answer = stubs.inference_grpc.InferenceServiceStub(channel).Infer(request, timeout=60)
    assert not answer.HasField("error"), answer.error
    assert len(answer.output_data.classification_batch.classifications[0].labels) == len(LABELS)

"""The real worker against transformers and sentence-transformers: classifiers and cross-encoders of every family."""

import json
import shutil

import numpy
import pytest
import small_classifiers
import texts

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
sentence_transformers = pytest.importorskip("sentence_transformers")

VARIED = texts.varied_texts()
LABELS = ["negative", "neutral", "positive"]
LONG = "the cat sat on the mat and looked at the dog " * 20
PAIRS = [*zip(VARIED[:40], VARIED[400:440]), ("cat", LONG), (LONG, "cat"), (LONG, LONG + "again"), (LONG + "again", LONG),
         ("", ""), ("", LONG), ("a " * 18, "b " * 18), ("a " * 19, "b " * 18)]


@pytest.fixture(scope="module", params=small_classifiers.FAMILIES)
def scorer(request, tmp_path_factory):
    return small_classifiers.make_classifier(tmp_path_factory.mktemp("scorer"), request.param)


@pytest.fixture(scope="module", params=small_classifiers.FAMILIES)
def classifier(request, tmp_path_factory):
    return small_classifiers.make_classifier(tmp_path_factory.mktemp("classifier"), request.param, LABELS)


@pytest.fixture(scope="module")
def bert(tmp_path_factory):
    return small_classifiers.make_classifier(tmp_path_factory.mktemp("bert"), "bert", LABELS)


@pytest.fixture
def start(start_worker):
    import worker_client

    tasks = {"class": worker_client.common.TASK_TYPE_TXT2CLASS, "score": worker_client.common.TASK_TYPE_TXTPAIR2SCORE}
    return lambda folder, task, **config: start_worker(folder, task=tasks[task], **{"dtype": "fp32", **config})


def logits(folder, firsts, seconds=None):
    """One at a time and without padding, cut as transformers cuts."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder).eval()
    rows = []
    with torch.no_grad():
        for i, first in enumerate(firsts):
            second = None if seconds is None else [seconds[i]]
            encoded = tokenizer([first], second, truncation=True, max_length=small_classifiers.MAX_LENGTH,
                                return_tensors="pt")
            rows.append(model(**encoded).logits[0].numpy())
    return numpy.stack(rows)


def scores(worker, pairs, **parameters):
    return numpy.asarray(worker.score(pairs, **parameters), numpy.float32)


def by_label(found, labels):
    """A row of numbers in the order of `labels` for each input."""
    return numpy.asarray([[dict(row)[label] for label in labels] for row in found], numpy.float32)


def distance(found, wanted):
    assert found.shape == wanted.shape
    return float(numpy.abs(found - wanted).max() / numpy.abs(wanted).max())


def test_pairs_get_the_reference_scores(start, scorer):
    wanted = logits(scorer, *zip(*PAIRS))[:, 0]
    assert wanted.std() > 0.1
    worker = start(scorer, "score")
    assert list(worker.loaded.labels) == ["relevant"]
    assert distance(scores(worker, PAIRS, raw_scores=True), wanted) < 1e-4
    sigmoid = 1 / (1 + numpy.exp(-wanted))
    assert distance(scores(worker, PAIRS), sigmoid) < 1e-4


def test_pairs_stay_close_in_bf16(start, scorer):
    wanted = logits(scorer, *zip(*PAIRS))[:, 0]
    found = scores(start(scorer, "score", dtype="bf16"), PAIRS, raw_scores=True)
    assert distance(found, wanted) < 0.1
    assert numpy.corrcoef(found, wanted)[0, 1] > 0.99


def test_one_pair_at_a_time_is_the_same_as_together(start, scorer):
    worker = start(scorer, "score")
    together = scores(worker, PAIRS[:20], raw_scores=True)
    alone = numpy.concatenate([scores(worker, [pair], raw_scores=True) for pair in PAIRS[:20]])
    assert distance(alone, together) < 1e-5


def test_a_query_with_documents_is_its_pairs(start, scorer):
    worker = start(scorer, "score")
    documents = VARIED[:50] + [LONG]
    pairs = scores(worker, [(VARIED[0], document) for document in documents])
    assert distance(numpy.asarray(worker.rank(VARIED[0], documents), numpy.float32), pairs) < 1e-5


def test_a_cross_encoder_as_its_library_saves_it(start, scorer, tmp_path):
    model = sentence_transformers.CrossEncoder(str(scorer), device="cpu")
    model.save_pretrained(str(tmp_path / "m"))
    assert distance(scores(start(tmp_path / "m", "score"), PAIRS), model.predict(PAIRS)) < 1e-4


@pytest.mark.parametrize("spelling", ["newest", "newer", "older"])
def test_the_activation_in_every_spelling(start, tmp_path, spelling):
    folder = small_classifiers.make_classifier(tmp_path / "m", "bert")
    model = sentence_transformers.CrossEncoder(str(folder), device="cpu", activation_fn=torch.nn.Identity())
    name = "torch.nn.modules.linear.Identity"
    if spelling == "newest":
        model.save_pretrained(str(folder))
    else:
        config = json.loads((folder / "config.json").read_text())
        more = {"sentence_transformers": {"activation_fn": name}} if spelling == "newer" else \
            {"sbert_ce_default_activation_function": name}
        (folder / "config.json").write_text(json.dumps({**config, **more}))
    reloaded = sentence_transformers.CrossEncoder(str(folder), device="cpu")
    assert isinstance(reloaded.activation_fn, torch.nn.Identity)
    assert distance(scores(start(folder, "score"), PAIRS), reloaded.predict(PAIRS)) < 1e-4


def test_a_cross_encoder_of_several_labels(start, bert):
    model = sentence_transformers.CrossEncoder(str(bert), device="cpu")
    found = start(bert, "score").classify_pairs(PAIRS)
    assert distance(by_label(found, LABELS), model.predict(PAIRS)) < 1e-4


def test_texts_get_the_reference_labels(start, classifier):
    pipe = transformers.pipeline("text-classification", model=str(classifier), device="cpu", top_k=None)
    inputs = [text for text in VARIED[:60] if text] + [LONG]
    wanted = pipe(inputs, truncation=True)
    found = start(classifier, "class").classify(inputs)
    for ours, theirs in zip(found, wanted):
        numpy.testing.assert_allclose([score for _, score in ours], [row["score"] for row in theirs], atol=1e-4)
        best = [row["score"] for row in theirs]
        if best[0] - best[1] > 1e-3:
            assert ours[0][0] == theirs[0]["label"]
    raw = by_label(start(classifier, "class").classify(inputs, raw_scores=True), LABELS)
    assert distance(raw, logits(classifier, inputs)) < 1e-4


def test_labels_stay_close_in_bf16(start, classifier):
    inputs = VARIED[:60]
    found = by_label(start(classifier, "class", dtype="bf16").classify(inputs, raw_scores=True), LABELS)
    assert distance(found, logits(classifier, inputs)) < 0.1


def test_pairs_get_labels_too(start, bert):
    pipe = transformers.pipeline("text-classification", model=str(bert), device="cpu", top_k=None)
    wanted = [pipe({"text": a, "text_pair": b}, truncation=True) for a, b in PAIRS if b]
    found = start(bert, "class").classify_pairs([pair for pair in PAIRS if pair[1]])
    theirs = [[(row["label"], row["score"]) for row in rows] for rows in wanted]
    assert distance(by_label(found, LABELS), by_label(theirs, LABELS)) < 1e-4


@pytest.mark.parametrize("problem", ["multi_label_classification", "regression"])
def test_the_problem_type_chooses_the_function(start, tmp_path, problem):
    folder = small_classifiers.make_classifier(tmp_path / "m", "bert", LABELS, problem_type=problem)
    pipe = transformers.pipeline("text-classification", model=str(folder), device="cpu", top_k=None)
    wanted = [[(row["label"], row["score"]) for row in rows] for rows in pipe(VARIED[:9], truncation=True)]
    found = start(folder, "class").classify(VARIED[:9])
    assert distance(by_label(found, LABELS), by_label(wanted, LABELS)) < 1e-4


def test_the_best_labels_alone(start, bert):
    worker = start(bert, "class")
    everything, best = worker.classify(VARIED[:9]), worker.classify(VARIED[:9], top_k=1)
    assert best == [rows[:1] for rows in everything]


def test_an_encoder_without_a_head_is_refused(start, bert, tmp_path):
    import worker_client

    shutil.copytree(bert, tmp_path / "m")
    transformers.AutoModel.from_pretrained(bert, add_pooling_layer=False).save_pretrained(tmp_path / "m")
    with pytest.raises(worker_client.WorkerError, match="no classification head: the tensor 'pooler.dense.weight'"):
        start(tmp_path / "m", "class")


def test_labels_that_the_weights_do_not_have_are_refused(start, bert, tmp_path):
    import worker_client

    shutil.copytree(bert, tmp_path / "m")
    config = json.loads((bert / "config.json").read_text())
    (tmp_path / "m" / "config.json").write_text(json.dumps({**config, "id2label": {"0": "a", "1": "b"}}))
    with pytest.raises(worker_client.WorkerError, match=r"classifier.weight.*\[3, 48\].*\[2, 48\]"):
        start(tmp_path / "m", "class")


def test_a_length_without_room_for_a_pair_is_refused(start, bert):
    import worker_client

    with pytest.raises(worker_client.WorkerError, match="no room for a pair"):
        start(bert, "score", max_length=3)
    assert start(bert, "score", max_length=4).classify_pairs([("cat", "mat")])

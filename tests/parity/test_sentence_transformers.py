"""The real worker against sentence-transformers: the real MiniLM, and small random models with every module."""

import json
import pathlib

import numpy
import pytest
import texts

torch = pytest.importorskip("torch")
sentence_transformers = pytest.importorskip("sentence_transformers")

VARIED = texts.varied_texts()
POOLING_MODES = ["cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"]


def cosines(ours, theirs):
    ours, theirs = numpy.asarray(ours, numpy.float64), numpy.asarray(theirs, numpy.float64)
    assert ours.shape == theirs.shape
    return (ours * theirs).sum(1) / (numpy.linalg.norm(ours, axis=1) * numpy.linalg.norm(theirs, axis=1))


def reference(path):
    model = sentence_transformers.SentenceTransformer(str(path), device="cpu")
    # The packaged tokenizer asks for a fixed padding and a truncation of its own; max_seq_length wins.
    model.tokenizer.backend_tokenizer.no_padding()
    return model


@pytest.fixture(scope="module")
def minilm_reference(minilm):
    return reference(minilm).encode(VARIED, batch_size=32)


@pytest.mark.parametrize("dtype, least", [("fp32", 0.999999), ("bf16", 0.9995)])
def test_minilm_gives_the_reference_embeddings(start_worker, minilm, minilm_reference, dtype, least):
    worker = start_worker(minilm, dtype=dtype)
    assert worker.loaded.max_sequence_length == 256
    found = cosines(worker.embed(VARIED), minilm_reference)
    worst = int(found.argmin())
    assert found[worst] >= least, f"text {worst} {VARIED[worst][:80]!r}: cosine {found[worst]}"


def test_one_at_a_time_is_the_same_as_together(start_worker, minilm):
    worker = start_worker(minilm, dtype="fp32")
    some = VARIED[:40]
    together = worker.embed(some)
    alone = [worker.embed(text) for text in some]
    assert cosines(alone, together).min() >= 0.999999


def make_transformer(folder, max_length=32, **config):
    """A random BERT of a few thousand parameters with a WordPiece tokenizer of letters and syllables."""
    import tokenizers
    import transformers

    torch.manual_seed(7)
    letters = "abcdefghijklmnopqrstuvwxyz0123456789.,!?'"
    words = ["the", "cat", "sat", "on", "mat", "query", "passage", "##s", "##ing", ":"]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *("##" + letter for letter in letters), *words]
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n")
    backend = tokenizers.BertWordPieceTokenizer(str(folder / "vocab.txt"), lowercase=True)
    tokenizer = transformers.BertTokenizerFast(tokenizer_object=backend._tokenizer, model_max_length=max_length)
    tokenizer.save_pretrained(folder)
    shape = {
        "vocab_size": len(vocabulary), "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4,
        "intermediate_size": 64, "max_position_embeddings": 64, **config,
    }
    model = transformers.BertModel(transformers.BertConfig(**shape), add_pooling_layer=False).eval()
    # Larger than the initial weights, so that the modes differ visibly.
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.2)
    model.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def transformer(tmp_path_factory):
    return make_transformer(tmp_path_factory.mktemp("transformer"))


def save_model(folder, transformer, *, pooling, more=(), **model_arguments):
    from sentence_transformers import models

    parts = [models.Transformer(str(transformer), max_seq_length=32), pooling, *more]
    model = sentence_transformers.SentenceTransformer(modules=parts, device="cpu", **model_arguments)
    model.save(str(folder))
    return model


def pooled(modes, **arguments):
    from sentence_transformers import models

    return models.Pooling(32, pooling_mode=modes, **arguments)


SHORT = ["the cat sat on the mat.", "cats", "", "query: is it?", "a b c d e f g h i j k l m n o p q r s t u v w x y z " * 3]


def compare(worker, model, inputs=SHORT, tolerance=1e-4, parameters=None, **encode):
    ours = numpy.asarray(worker.embed(inputs, **(parameters or {})), numpy.float32)
    theirs = model.encode(inputs, **encode)
    assert ours.shape == theirs.shape
    numpy.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("mode", POOLING_MODES)
def test_every_pooling_mode(start_worker, transformer, tmp_path, mode):
    model = save_model(tmp_path / "m", transformer, pooling=pooled(mode))
    compare(start_worker(tmp_path / "m", dtype="fp32"), model)


def test_several_pooling_modes_are_joined(start_worker, transformer, tmp_path):
    model = save_model(tmp_path / "m", transformer, pooling=pooled(("cls", "mean", "max")))
    worker = start_worker(tmp_path / "m", dtype="fp32")
    assert worker.loaded.embedding_dimension == 96
    compare(worker, model)


def test_the_older_spelling_of_pooling(start_worker, transformer, tmp_path):
    model = save_model(tmp_path / "m", transformer, pooling=pooled(("max", "lasttoken")))
    (tmp_path / "m" / "1_Pooling" / "config.json").write_text(json.dumps({
        "word_embedding_dimension": 32, "pooling_mode_cls_token": False, "pooling_mode_mean_tokens": False,
        "pooling_mode_max_tokens": True, "pooling_mode_lasttoken": True,
    }))
    compare(start_worker(tmp_path / "m", dtype="fp32"), model)


@pytest.mark.parametrize("activation", ["Tanh", "Identity", "ReLU", "GELU", "Sigmoid"])
@pytest.mark.parametrize("bias", [True, False])
def test_dense_and_normalize(start_worker, transformer, tmp_path, activation, bias):
    from sentence_transformers import models

    dense = models.Dense(32, 12, bias=bias, activation_function=getattr(torch.nn, activation)())
    model = save_model(tmp_path / "m", transformer, pooling=pooled("mean"), more=[dense, models.Normalize()])
    compare(start_worker(tmp_path / "m", dtype="fp32"), model)


@pytest.mark.parametrize("mode", POOLING_MODES)
def test_prompts_that_pooling_leaves_out(start_worker, transformer, tmp_path, mode):
    prompts = {"query": "query: ", "document": "passage: "}
    model = save_model(tmp_path / "m", transformer, pooling=pooled(mode, include_prompt=False), prompts=prompts)
    worker = start_worker(tmp_path / "m", dtype="fp32")
    inputs = [text for text in SHORT if text]
    compare(worker, model, inputs, parameters={"prompt_name": "query"}, prompt_name="query")
    compare(worker, model, inputs, parameters={"prompt": "the cat "}, prompt="the cat ")
    compare(worker, model, inputs)


def test_the_default_prompt(start_worker, transformer, tmp_path):
    model = save_model(tmp_path / "m", transformer, pooling=pooled("mean"),
                       prompts={"query": "query: "}, default_prompt_name="query")
    compare(start_worker(tmp_path / "m", dtype="fp32"), model)


def test_a_plain_transformer_folder_means_mean_pooling(start_worker, transformer):
    worker = start_worker(transformer, dtype="fp32")
    assert worker.loaded.max_sequence_length == 32
    compare(worker, reference(transformer))


def test_lower_casing_is_added_where_it_is_asked(start_worker, transformer, tmp_path):
    save_model(tmp_path / "m", transformer, pooling=pooled("mean"))
    tokenizer = json.loads((tmp_path / "m" / "tokenizer.json").read_text())
    tokenizer["normalizer"]["lowercase"] = False
    (tmp_path / "m" / "tokenizer.json").write_text(json.dumps(tokenizer))
    settings = json.loads((tmp_path / "m" / "sentence_bert_config.json").read_text())
    (tmp_path / "m" / "sentence_bert_config.json").write_text(json.dumps({**settings, "do_lower_case": True}))
    worker = start_worker(tmp_path / "m", dtype="fp32")
    assert cosines(worker.embed(["THE CAT SAT"]), worker.embed(["the cat sat"])).min() > 0.999999


def test_dimensions_are_cut_and_normalised(start_worker, minilm, minilm_reference):
    worker = start_worker(minilm, dtype="fp32")
    ours = numpy.asarray(worker.embed(VARIED[:30], dimensions=128))
    theirs = minilm_reference[:30, :128]
    theirs = theirs / numpy.linalg.norm(theirs, axis=1, keepdims=True)
    numpy.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_sharded_and_half_precision_weights(start_worker, transformer, tmp_path):
    import shutil

    import transformers

    for dtype in (torch.float16, torch.bfloat16, torch.float64):
        folder = tmp_path / str(dtype)
        shutil.copytree(transformer, folder)
        (folder / "model.safetensors").unlink()
        model = transformers.BertModel.from_pretrained(transformer, add_pooling_layer=False).to(dtype)
        model.save_pretrained(folder, max_shard_size="20KB")
        assert (folder / "model.safetensors.index.json").exists()
        model.float().save_pretrained(tmp_path / "again" / str(dtype))
        whole = tmp_path / "again" / str(dtype)
        for name in ("tokenizer.json", "tokenizer_config.json"):
            shutil.copy(transformer / name, whole)
        compare(start_worker(folder, dtype="fp32"), reference(whole))

"""BERT models of random weights, written with NumPy alone: for tests that need some model quickly and compare no numbers."""
import json
import shutil
from pathlib import Path

import numpy
from safetensors.numpy import save_file

HIDDEN, LAYERS, HEADS, INNER = 32, 2, 2, 64
_LEFT_OUT = shutil.ignore_patterns("*.safetensors", "data_config.json", ".stamp")
_FOR_EMBEDDING = ("modules.json", "config_sentence_transformers.json", "sentence_bert_config.json")


def _weights(config: dict, prefix: str) -> dict[str, numpy.ndarray]:
    random = numpy.random.default_rng(1)
    weights = {}

    def dense(name: str, rows: int, columns: int) -> None:
        weights[f"{name}.weight"] = random.normal(0, 0.05, (rows, columns)).astype(numpy.float32)
        weights[f"{name}.bias"] = numpy.zeros(rows, numpy.float32)

    def norm(name: str) -> None:
        weights[f"{name}.weight"] = numpy.ones(HIDDEN, numpy.float32)
        weights[f"{name}.bias"] = numpy.zeros(HIDDEN, numpy.float32)

    for table, rows in (("word", config["vocab_size"]), ("position", config["max_position_embeddings"]),
                        ("token_type", config["type_vocab_size"])):
        weights[f"{prefix}embeddings.{table}_embeddings.weight"] = random.normal(0, 0.05, (rows, HIDDEN)).astype(numpy.float32)
    norm(f"{prefix}embeddings.LayerNorm")
    for number in range(LAYERS):
        layer = f"{prefix}encoder.layer.{number}"
        for part in ("query", "key", "value"):
            dense(f"{layer}.attention.self.{part}", HIDDEN, HIDDEN)
        dense(f"{layer}.attention.output.dense", HIDDEN, HIDDEN)
        norm(f"{layer}.attention.output.LayerNorm")
        dense(f"{layer}.intermediate.dense", INNER, HIDDEN)
        dense(f"{layer}.output.dense", HIDDEN, INNER)
        norm(f"{layer}.output.LayerNorm")
    dense(f"{prefix}pooler.dense", HIDDEN, HIDDEN)
    return weights


def make_plain_bert(minilm: Path, folder: Path, labels: list[str] | None = None) -> Path:
    """A sentence embedder; with labels a classifier, and with a single one a cross-encoder. `minilm` lends its tokenizer."""
    shutil.copytree(minilm, folder, ignore=_LEFT_OUT)
    config = json.loads((folder / "config.json").read_text())
    config |= {"hidden_size": HIDDEN, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS, "intermediate_size": INNER}
    weights = _weights(config, "bert." if labels else "")
    if labels:
        config |= {"architectures": ["BertForSequenceClassification"], "num_labels": len(labels),
                   "id2label": {str(i): label for i, label in enumerate(labels)},
                   "label2id": {label: i for i, label in enumerate(labels)}}
        weights["classifier.weight"] = numpy.random.default_rng(2).normal(0, 0.5, (len(labels), HIDDEN)).astype(numpy.float32)
        weights["classifier.bias"] = numpy.zeros(len(labels), numpy.float32)
        for name in _FOR_EMBEDDING:
            (folder / name).unlink(missing_ok=True)
        shutil.rmtree(folder / "1_Pooling")
    else:
        pooling = folder / "1_Pooling" / "config.json"
        pooling.write_text(json.dumps({**json.loads(pooling.read_text()), "word_embedding_dimension": HIDDEN}))
    (folder / "config.json").write_text(json.dumps(config))
    save_file(weights, folder / "model.safetensors")
    return folder

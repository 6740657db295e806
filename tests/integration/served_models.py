"""Small models of random weights under the names that the examples of docs/openapi.yaml use."""
from pathlib import Path

from tests.integration.rest_client import call
from tests.support.plain_models import make_plain_bert

EMBEDDER = "sentence-transformers/all-MiniLM-L6-v2"
SCORER = "cross-encoder/ms-marco-MiniLM-L6-v2"
CLASSIFIER = "org/sentiment"


def make_folders(minilm: Path, folder: Path) -> dict[str, Path]:
    return {EMBEDDER: make_plain_bert(minilm, folder / "embedder"),
            SCORER: make_plain_bert(minilm, folder / "scorer", ["score"]),
            CLASSIFIER: make_plain_bert(minilm, folder / "classifier", ["negative", "positive"])}


def register(engine, folders: dict[str, Path], version: str = "v2.2.2") -> None:
    tasks = {EMBEDDER: "txt2embed", SCORER: "txtpair2score", CLASSIFIER: "txt2class"}
    for name, folder in folders.items():
        answer = call(engine, "POST", "/api/v1/models", {
            "model_id": name, "version": version, "task_type": tasks[name], "source_url": folder.as_uri(),
            "config": {"dtype": "fp32", "threads": 1}})
        assert answer.status == 201, answer.text

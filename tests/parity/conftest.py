"""What the parity tests share: the built worker, and small random models made on the spot."""

import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "parity")]

MINILM = ROOT / ".deps" / "models" / "all-MiniLM-L6-v2"


@pytest.fixture(scope="session")
def minilm():
    if not (MINILM / "model.safetensors").exists():
        pytest.fail(f"{MINILM} is missing. Run: ./dev setup")
    return MINILM


@pytest.fixture
def start_worker():
    """Starts workers that end with the test."""
    import worker_client

    started = []

    def start(path, **config):
        worker = worker_client.Worker()
        started.append(worker)
        worker.loaded = worker.load(path, **config)
        return worker

    yield start
    for worker in started:
        worker.close()

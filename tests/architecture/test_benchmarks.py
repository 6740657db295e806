"""No test runs the benchmarks: each is at least read with all that it imports, so that none breaks unseen."""
import importlib
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[1] / "bench"


@pytest.mark.parametrize("name", sorted(each.stem for each in BENCH.glob("*.py")))
def test_what_a_benchmark_imports_is_there(name, monkeypatch):
    monkeypatch.syspath_prepend(str(BENCH))
    importlib.import_module(name)

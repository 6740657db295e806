"""The Python client as a package: its wheel, its types, its rules, its examples and its page."""
import ast
import os
import re
import subprocess
import sys

import pytest

from tests.support.python_sdk import ROOT, sdk, unpacked

EXAMPLES = sorted((ROOT / "clients/python/examples").glob("*.py"))


def test_it_and_its_examples_are_clean_under_mypy_strict():
    """The examples import all of it, and what they import is checked with them."""
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--warn-unreachable", "--cache-dir", str(ROOT / "build/.mypy_cache"),
         "--scripts-are-modules", "--verbose", *map(str, EXAMPLES)], env={**os.environ, "MYPYPATH": str(unpacked())}, text=True,
        capture_output=True, timeout=170, check=False)
    assert checked.returncode == 0, checked.stdout
    for module in (unpacked() / "modelmora_client").rglob("*.py"):
        assert str(module) in checked.stderr, f"{module} was not looked at"


def test_the_wheel_holds_what_it_should():
    site = unpacked()
    for path in ("modelmora_client/py.typed", "modelmora_client/_sync/client.py", "modelmora/v1/inference_pb2.py",
                 "modelmora/v1/inference_pb2.pyi", "modelmora/v1/inference_pb2_grpc.py", "modelmora/py.typed"):
        assert (site / path).exists(), path
    sync = "".join(path.read_text() for path in (site / "modelmora_client/_sync").glob("*.py"))
    assert not re.search(r"\b(async|await|asyncio|aclose|\w*Async\w*)\b", sync)
    metadata = next(site.glob("*.dist-info/METADATA")).read_text()
    assert "Requires-Python: >=3.9" in metadata and "Provides-Extra: grpc" in metadata
    version = re.search(r"project\(ModelMora VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text())[1]
    assert f"Version: {version}\n" in metadata and sdk().__version__ == version


def test_it_is_written_for_python_3_9():
    for path in (unpacked() / "modelmora_client").rglob("*.py"):
        text = path.read_text()
        ast.parse(text, str(path), feature_version=(3, 9))
        # Evaluated at run time, these need 3.10; in comments of types they would pass unseen.
        assert "from __future__ import annotations" in text or not re.search(r"\w \| (None|str|int)\b", text), path


def test_without_grpcio_the_client_of_rest_works():
    script = ("import sys; sys.modules['grpc'] = None; sys.modules['numpy'] = None\n"
              "import modelmora_client as m\nfrom modelmora_client.types import Vector\n"
              "assert list(Vector(b'\\0\\0\\x80?')) == [1.0]\n"
              "for ask in (lambda: m.GrpcModelMoraClient, Vector(b'').numpy):\n"
              "    try: ask()\n    except ImportError as e: print(e)\n")
    told = subprocess.run([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": str(unpacked())}, text=True,
                          capture_output=True, timeout=60, check=True).stdout
    assert "modelmora-client[grpc]" in told and "modelmora-client[numpy]" in told


def test_every_code_of_the_engine_has_its_class():
    errors = sdk().errors
    rows = re.findall(r"^\| `([A-Z_]+)` \| (\d+) \|", (ROOT / "docs/operations.md").read_text(), re.M)
    assert len(rows) > 40
    for code, status in rows:
        by_code, by_status = errors.error_class(code, None), errors.error_class("", int(status))
        # Over gRPC there is no status: the code alone has to tell as much.
        assert issubclass(by_code, by_status) or issubclass(by_status, by_code), f"{code}: {by_code} or {by_status}"


def test_waits_grow_and_keep_what_the_engine_asks_for():
    from_engine, Repeat = sdk().errors.Overloaded, sdk().retry.Repeat
    policy = sdk().RetryPolicy(attempts=5, first_wait=0.5, longest_wait=2.0)
    busy = from_engine("busy", code="QUEUE_FULL", retry_after=3.0)
    waits = [policy.wait_before(attempt, busy, Repeat.UNSENT, chance=lambda: 1.0) for attempt in range(1, 6)]
    assert waits == [3.5, 4.0, 5.0, 5.0, None]
    assert policy.wait_before(1, busy, Repeat.UNSENT, chance=lambda: 0.0) == 3.0


def test_the_breaker_lets_one_try():
    Breaker, errors = sdk().CircuitBreaker, sdk().errors
    now = [100.0]
    breaker = Breaker(failures=2, pause=5.0, clock=lambda: now[0])
    gone = errors.Unreachable("gone")
    breaker.after_call(gone)
    breaker.after_call(errors.ModelNotFound("x"))  # an answer: the engine is there
    breaker.after_call(gone)
    breaker.before_call()
    breaker.after_call(gone)
    with pytest.raises(errors.CircuitOpen):
        breaker.before_call()
    now[0] += 5.0
    breaker.before_call()
    with pytest.raises(errors.CircuitOpen):
        breaker.before_call()
    breaker.after_call(errors.WorkerCrashed("one model's fault", code="WORKER_CRASHED"))
    breaker.before_call()
    assert not breaker.is_open


def test_addresses():
    options = sdk().options
    assert options.base_url_of("box:8000/") == "http://box:8000"
    for wrong in ("ftp://box", "http://", "http://me:secret@box:8000", "http://box/?key=x"):
        with pytest.raises(ValueError):
            options.base_url_of(wrong)
    assert options.target_of("box") == "box:50051" and options.target_of("grpc://box:7") == "box:7"
    with pytest.raises(ValueError):
        options.key_of("a\nb")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_examples_run(example, minilm):
    environment = {**os.environ, "PYTHONPATH": str(unpacked()), "MODELMORA_URL": minilm.url, "MODELMORA_ENGINE": minilm.grpc}
    done = subprocess.run([sys.executable, str(example)], env=environment, text=True, capture_output=True, timeout=120,
                          check=False)
    assert done.returncode == 0 and done.stdout, done.stdout + done.stderr


def test_the_code_of_the_page_runs(minilm, tmp_path):
    """Each block of docs/python.md, in the order of the page, as one program."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs/python.md").read_text(), re.S)
    assert len(blocks) >= 5
    environment = {**os.environ, "PYTHONPATH": str(unpacked()), "MODELMORA_URL": minilm.url, "MODELMORA_ENGINE": minilm.grpc}
    done = subprocess.run([sys.executable, "-c", "\n".join(blocks)], env=environment, text=True, capture_output=True,
                          timeout=120, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr

"""Fixtures of the integration tests: the real programs of the build under test, on free ports, with real clients."""
import os
import subprocess
from pathlib import Path

import grpc
import httpx
import pytest

from tests.support.engine_process import EngineProcess
from tests.support.grpc_stubs import generate

ROOT = Path(__file__).resolve().parents[2]
MINILM = "sentence-transformers/all-MiniLM-L6-v2"
_engines: list[EngineProcess] = []


def _program(name: str) -> Path:
    path = Path(os.environ.get("MM_BUILD", ROOT / "build")) / "bin" / name
    if not path.exists():
        pytest.fail(f"{path} is not built; run ./dev build", pytrace=False)
    return path


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A failing test shows the end of the log of every engine that was there."""
    report = yield
    if report.failed:
        for engine in _engines:
            report.sections.append((f"log of {engine.data_dir.name}", "\n".join(engine.log.splitlines()[-60:])))
    return report


@pytest.fixture(scope="session")
def minilm_folder() -> Path:
    folder = Path(os.environ.get("MM_DEPS", ROOT / ".deps")) / "models" / "all-MiniLM-L6-v2"
    if not (folder / "model.safetensors").exists():
        pytest.fail(f"{folder} is not there; run ./dev setup", pytrace=False)
    return folder


@pytest.fixture(scope="session")
def definitions(minilm_folder) -> tuple[list[str], dict[str, str]]:
    """Flags and environment with which an engine registers all-MiniLM-L6-v2 at start."""
    return ["--definitions", str(ROOT / "resources/definitions")], {"MODELMORA_MODELS": str(minilm_folder.parent)}


def _engine(folder: Path, flags: tuple[str, ...], environment: dict | None) -> EngineProcess:
    engine = EngineProcess(_program("modelmora-engine"), folder, flags, environment)
    _engines.append(engine)
    return engine


def _close(engines: list[EngineProcess]) -> None:
    statuses = [(engine, engine.stop()) for engine in engines]
    for engine in engines:
        _engines.remove(engine)
    wrong = [f"{engine.data_dir.name}: exit status {status}\n{engine.log}" for engine, status in statuses if status != 0]
    assert not wrong, "an engine did not stop cleanly: " + "\n".join(wrong)


@pytest.fixture
def start_engine(tmp_path):
    """start_engine(*flags, environment={}, data_dir=None, ready=True): engines of one test, stopped after it.

    A test that ends an engine itself in another way than SIGTERM takes it from the list: start_engine.forget(engine).
    """
    mine: list[EngineProcess] = []

    def start(*flags: str, environment: dict | None = None, data_dir: Path | None = None, ready: bool = True):
        engine = _engine(data_dir or tmp_path / f"engine-{len(mine) + 1}", flags, environment)
        mine.append(engine)
        return engine.start() if ready else engine.launch() or engine

    def forget(engine: EngineProcess) -> None:
        engine.kill()
        mine.remove(engine)
        _engines.remove(engine)

    start.forget = forget
    yield start
    _close(mine)


@pytest.fixture(scope="module")
def engine(tmp_path_factory, definitions):
    """One engine for the tests of a module, with all-MiniLM-L6-v2 registered."""
    flags, environment = definitions
    running = _engine(tmp_path_factory.mktemp("house") / "engine", tuple(flags), environment).start()
    yield running
    _close([running])


@pytest.fixture
def http(engine):
    with httpx.Client(base_url=engine.url, timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def stubs(tmp_path_factory):
    return generate(ROOT / "protos", tmp_path_factory.mktemp("stubs"))


@pytest.fixture
def channel(engine):
    with grpc.insecure_channel(engine.grpc) as open_channel:
        yield open_channel


@pytest.fixture
def cli(engine):
    """cli("list", "--json"): the command line against the engine; the completed process with text output."""
    program = _program("modelmora")

    def run(*arguments: str, seconds: float = 60) -> subprocess.CompletedProcess:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("MODELMORA_")}
        environment["MODELMORA_ENGINE"] = engine.grpc
        return subprocess.run([str(program), *arguments], capture_output=True, text=True, timeout=seconds,
                              env=environment, stdin=subprocess.DEVNULL, check=False)

    return run

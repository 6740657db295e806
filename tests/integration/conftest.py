"""Fixtures of the integration tests: the real programs of the build under test, on free ports, with real clients."""
import os
import subprocess
from pathlib import Path

import grpc
import httpx
import pytest

from tests.support.engine_process import EngineProcess
from tests.support.grpc_stubs import stubs as generated_stubs
from tests.support.small_models import make_small_bert

ROOT = Path(__file__).resolve().parents[2]
os.environ.setdefault("MM_BUILD", str(ROOT / "build"))
_engines: list[EngineProcess] = []


def pytest_addoption(parser):
    group = parser.getgroup("chaos")
    group.addoption("--chaos-seconds", type=float, default=120, help="how long the chaos test kills workers and engines")
    group.addoption("--chaos-seed", type=int, default=1, help="which storm it is")
    parser.getgroup("api").addoption("--api-examples", type=int, default=6,
                                     help="how many requests of each kind are made for an operation of the REST API")


def _program(name: str) -> Path:
    path = Path(os.environ["MM_BUILD"]) / "bin" / name
    if not path.exists():
        pytest.fail(f"{path} is not built; run ./dev build", pytrace=False)
    return path


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A failing test shows the end of the log of every engine that was there."""
    report = yield
    if report.failed:
        for engine in _engines:
            report.sections.append((f"log of {engine.data.name}", "\n".join(engine.log().splitlines()[-60:])))
    return report


@pytest.fixture(scope="session")
def minilm_folder() -> Path:
    folder = Path(os.environ.get("MM_DEPS", ROOT / ".deps")) / "models" / "all-MiniLM-L6-v2"
    if not (folder / "model.safetensors").exists():
        pytest.fail(f"{folder} is not there; run ./dev setup", pytrace=False)
    return folder


@pytest.fixture(scope="session")
def small_model(minilm_folder, tmp_path_factory) -> Path:
    """A BERT of random weights and 32 dimensions: quick to load and to copy."""
    return make_small_bert(minilm_folder, tmp_path_factory.mktemp("models") / "small")


@pytest.fixture(scope="session")
def definitions(minilm_folder) -> tuple[list[str], dict[str, str]]:
    """Flags and environment with which an engine registers all-MiniLM-L6-v2 at start."""
    return ["--definitions", str(ROOT / "resources/definitions")], {"MODELMORA_MODELS": str(minilm_folder.parent)}


def _engine(folder: Path, flags: tuple[str, ...], environment: dict | None) -> EngineProcess:
    engine = EngineProcess(_program("modelmora-engine"), folder, flags, environment)
    _engines.append(engine)
    return engine


def _close(engines: list[EngineProcess]) -> None:
    """Stops what still runs; an engine that a test has ended itself is that test's matter."""
    running = [engine for engine in engines if engine.alive()]
    statuses = [(engine, engine.stop()) for engine in running]
    for engine in engines:
        _engines.remove(engine)
    wrong = [f"{engine.data}: exit status {status}\n{engine.log()}" for engine, status in statuses if status != 0]
    assert not wrong, "an engine did not stop cleanly: " + "\n".join(wrong)


@pytest.fixture
def start_engine(tmp_path):
    """start_engine(data=FOLDER, flags=[...], environment={...}, ready=True): engines of one test, stopped after it."""
    mine: list[EngineProcess] = []

    def start(*, data: Path | None = None, flags=(), environment: dict | None = None, ready: bool = True):
        engine = _engine(data or tmp_path / f"engine-{len(mine) + 1}", tuple(flags), environment)
        mine.append(engine)
        engine.launch()
        return engine.wait_ready() if ready else engine

    yield start
    _close(mine)


@pytest.fixture(scope="module")
def start_module_engine(tmp_path_factory):
    """start_module_engine(FLAG, ...): engines for the tests of a module, stopped after them."""
    mine: list[EngineProcess] = []

    def start(*flags: str) -> EngineProcess:
        mine.append(_engine(tmp_path_factory.mktemp("house") / "engine", flags, None))
        return mine[-1].start()

    yield start
    _close(mine)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """One engine for the tests of a module, with nothing registered."""
    running = _engine(tmp_path_factory.mktemp("house") / "engine", (), None).start()
    yield running
    _close([running])


@pytest.fixture(scope="module")
def minilm(tmp_path_factory, definitions):
    """One engine for the tests of a module, with all-MiniLM-L6-v2 registered and not yet loaded."""
    flags, environment = definitions
    running = _engine(tmp_path_factory.mktemp("house") / "minilm", tuple(flags), environment).start()
    yield running
    _close([running])


@pytest.fixture
def http(minilm):
    with httpx.Client(base_url=minilm.url, timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def stubs():
    return generated_stubs()


@pytest.fixture
def channel(minilm):
    with grpc.insecure_channel(minilm.grpc) as open_channel:
        yield open_channel


@pytest.fixture
def cli(minilm):
    """cli("list", "--json"): the command line against the engine; the completed process with text output."""
    program = _program("modelmora")

    def run(*arguments: str, seconds: float = 60) -> subprocess.CompletedProcess:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("MODELMORA_")}
        environment["MODELMORA_ENGINE"] = minilm.grpc
        return subprocess.run([str(program), *arguments], capture_output=True, text=True, timeout=seconds,
                              env=environment, stdin=subprocess.DEVNULL, check=False)

    return run

"""The Python client as its users have it: the wheel, built from this repository and unpacked for one run."""
import functools
import importlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from atexit import register
from pathlib import Path

from tests.support.grpc_stubs import stubs

ROOT = Path(__file__).resolve().parents[2]


def build_wheel(folder: Path) -> Path:
    made = subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], text=True,
                          cwd=ROOT / "clients/python", capture_output=True, timeout=120, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    return next(folder.glob("*.whl"))


@functools.lru_cache(maxsize=None)
def unpacked() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="modelmora-sdk-"))
    register(shutil.rmtree, folder, ignore_errors=True)
    with zipfile.ZipFile(build_wheel(folder)) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


@functools.lru_cache(maxsize=None)
def sdk():
    """The module modelmora_client, from the wheel."""
    stubs()  # the same messages, found in the same place whichever test comes first
    sys.path.append(str(unpacked()))
    return importlib.import_module("modelmora_client")

"""What the wheel holds beyond src/: the blocking half of the client, and the messages of the gRPC API.

The half in `_async/` is written by hand; `_sync/` is the same text with the words of asyncio taken out. The messages come
from protos/ of this repository.
"""
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).resolve().parent
PROTOS = HERE.parents[1] / "protos"
SOURCE = HERE / "src/modelmora_client/_async"

# The first that fits is taken; whole words only.
_WORDS = {
    "AsyncIterator": "Iterator",
    "AsyncIterable": "Iterable",
    "AsyncGenerator": "Generator",
    "AsyncModelMoraClient": "ModelMoraClient",
    "AsyncGrpcModelMoraClient": "GrpcModelMoraClient",
    "AsyncClient": "Client",
    "StopAsyncIteration": "StopIteration",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "__anext__": "__next__",
    "aclose": "close",
    "aiter_bytes": "iter_bytes",
    "aiter_lines": "iter_lines",
    "aread": "read",
    "asynccontextmanager": "contextmanager",
    "_async": "_sync",
}
_PHRASES = (
    (r"\basync (def|with|for)\b", r"\1"),
    (r"\bawait ", ""),
    (r"\bgrpc\.aio\b", "grpc"),
    (r"\basyncio\.sleep\b", "time.sleep"),
    (r"^import asyncio$", "import time"),
    (r"\b(" + "|".join(_WORDS) + r")\b", lambda found: _WORDS[found[1]]),
)
# `# only async` and `# only sync: TEXT` at the end of a line: the line is left out, or is TEXT instead.
_ONLY = re.compile(r"^(\s*).*  # only sync: (.*)$")


def blocking(text: str) -> str:
    """The same module without asyncio."""
    lines = []
    for line in text.splitlines():
        if line.endswith("# only async"):
            continue
        if replaced := _ONLY.match(line):
            lines.append(replaced[1] + replaced[2])
            continue
        for pattern, by in _PHRASES:
            line = re.sub(pattern, by, line)
        lines.append(line)
    return "\n".join(lines) + "\n"


def write_blocking(folder: Path) -> None:
    folder.mkdir(parents=True)
    for source in sorted(SOURCE.glob("*.py")):
        text = blocking(source.read_text(encoding="utf-8"))
        (folder / source.name).write_text("# Made from _async when this package was built.\n" + text, encoding="utf-8")


def write_messages(folder: Path) -> None:
    import grpc_tools
    from grpc_tools import protoc

    folder.mkdir(parents=True)
    well_known = Path(grpc_tools.__file__).parent / "_proto"
    files = sorted(str(path.relative_to(PROTOS)) for path in (PROTOS / "modelmora/v1").glob("*.proto"))
    out = [f"--{kind}_out={folder}" for kind in ("python", "pyi", "grpc_python")]
    if protoc.main(["protoc", f"-I{PROTOS}", f"-I{well_known}", *out, *files]) != 0:
        raise RuntimeError("protoc could not compile the messages; its words are above")
    for stub in (folder / "modelmora/v1").glob("*.pyi"):  # what protoc writes is not strict enough for mypy --strict
        text = stub.read_text(encoding="utf-8").replace(", _Mapping]", ", _Mapping[str, _Any]]")
        stub.write_text("from typing import Any as _Any\n" + text, encoding="utf-8")
    for made in (folder / "modelmora", folder / "modelmora/v1"):
        (made / "__init__.py").write_text("", encoding="utf-8")
    (folder / "modelmora/py.typed").write_text("", encoding="utf-8")


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        self._made = Path(tempfile.mkdtemp(prefix="modelmora-client-"))
        write_blocking(self._made / "_sync")
        write_messages(self._made / "messages")
        build_data["force_include"] = {
            str(self._made / "_sync"): "modelmora_client/_sync",
            str(self._made / "messages/modelmora"): "modelmora",
        }

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        shutil.rmtree(self._made, ignore_errors=True)

"""The source files of the project and what they include."""
import re
from dataclasses import dataclass, field
from pathlib import Path

TOPS = ("engine", "worker", "cli", "gui", "protos", "tests", "resources", ".ci")
CPP = {".cpp", ".h"}
COUNTED = CPP | {".py", ".sh", ".proto", ".cmake", ".rs", ".ts", ".css", ".sql"}
_SKIPPED_FOLDERS = {"__pycache__", "node_modules", "target", ".pytest_cache", "translations"}  # Qt's .ts is XML
_INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


@dataclass(frozen=True)
class Include:
    path: str
    line: int
    quoted: bool


@dataclass
class Source:
    path: str  # from the repository root, with /
    text: str
    includes: list[Include] = field(default_factory=list)

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def is_cpp(self) -> bool:
        return Path(self.path).suffix in CPP

    @property
    def lines(self) -> int:
        return self.text.count("\n") + (not self.text.endswith("\n"))


@dataclass(frozen=True, order=True)
class Violation:
    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def includes_of(text: str) -> list[Include]:
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if match := _INCLUDE.match(line):
            found.append(Include(match[1] or match[2], number, match[1] is not None))
    return found


def read_sources(root: Path) -> list[Source]:
    paths = [path for path in root.iterdir() if path.is_file() and path.name in ("dev", "CMakeLists.txt")]
    for top in TOPS:
        paths += (path for path in (root / top).rglob("*") if path.is_file())
    sources = []
    for path in sorted(paths):
        relative = path.relative_to(root)
        if _SKIPPED_FOLDERS & set(relative.parts):
            continue
        if path.suffix in COUNTED or path.name in ("dev", "run", "CMakeLists.txt"):
            text = path.read_text(encoding="utf-8")
            includes = includes_of(text) if path.suffix in CPP else []
            sources.append(Source(relative.as_posix(), text, includes))
    return sources

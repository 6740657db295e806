#!/usr/bin/env python3
"""Run clang-tidy over the product's translation units (not its tests), and remember which are clean.

A unit is looked at again only when it, a project header it includes, its compile command or .clang-tidy has changed;
what was clean is kept by content in the cache folder, so that another clone need not look again.
usage: clang_tidy.py --build DIR --cache DIR [--jobs N] [FILE ...]
"""
import argparse
import hashlib
import json
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
_UNKNOWN_TO_CLANG = re.compile(r"^(-Winvalid-pch|-fpch-preprocess|-fuse-ld=.*|-fno-sanitize-recover=.*)$")


def without_pch(command: list[str]) -> list[str]:
    """The compile command without g++'s precompiled header, which clang cannot read, and without the launcher."""
    kept, arguments = [], iter(command)
    for argument in arguments:
        if argument.endswith("ccache"):
            continue
        if argument == "-include":
            header = next(arguments)
            if "cmake_pch" not in header:
                kept += [argument, header]
        elif not _UNKNOWN_TO_CLANG.match(argument):
            kept.append(argument)
    return kept


def project_units(build: Path) -> list[dict]:
    units = []
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = Path(entry["file"])
        if not path.is_relative_to(ROOT) or path.is_relative_to(build) or path.suffix != ".cpp":
            continue
        if path.is_relative_to(ROOT / "tests"):
            continue
        command = without_pch(shlex.split(entry["command"]))
        units.append({"directory": entry["directory"], "file": str(path), "arguments": command})
    return units


@lru_cache(maxsize=None)
def project_closure(path: Path) -> frozenset[Path]:
    """The file and every project file it includes, directly or not."""
    seen, waiting = {path}, [path]
    while waiting:
        text = waiting.pop().read_text(errors="replace")
        for name in _INCLUDE.findall(text):
            header = ROOT / name
            if header.is_file() and header not in seen:
                seen.add(header)
                waiting.append(header)
    return frozenset(seen)


def key_of(unit: dict, rules: bytes) -> str:
    digest = hashlib.sha256(rules)
    digest.update(" ".join(unit["arguments"]).replace(str(ROOT), "").encode())
    for path in sorted(project_closure(Path(unit["file"]))):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def look_at(unit: dict, database: Path) -> tuple[bool, str]:
    command = ["clang-tidy", "--quiet", "-p", str(database), "--extra-arg=-Wno-unknown-warning-option",
               "--extra-arg=-Wno-error", unit["file"]]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    # Warnings of system headers are counted on stderr, never shown; real trouble (a file that does not parse) is.
    noise = re.compile(r"^(\d+ warnings?.*generated\.|Suppressed|Use -header-filter).*$\n?", re.MULTILINE)
    return answer.returncode == 0, answer.stdout + noise.sub("", answer.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, type=Path)
    parser.add_argument("--cache", required=True, type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("files", nargs="*", type=Path)
    arguments = parser.parse_args()

    units = project_units(arguments.build.resolve())
    if arguments.files:
        chosen = {str(path.resolve()) for path in arguments.files}
        units = [unit for unit in units if unit["file"] in chosen]
    database = arguments.build.resolve() / "clang-tidy"
    database.mkdir(exist_ok=True)
    (database / "compile_commands.json").write_text(json.dumps(units))
    arguments.cache.mkdir(parents=True, exist_ok=True)

    rules = (ROOT / ".clang-tidy").read_bytes()
    todo = [(unit, arguments.cache / key_of(unit, rules)) for unit in units]
    todo = [(unit, mark) for unit, mark in todo if not mark.exists()]
    print(f"{len(units)} files, {len(todo)} to look at", flush=True)
    unclean = []
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for (unit, mark), (clean, output) in zip(todo, pool.map(lambda job: look_at(job[0], database), todo)):
            name = Path(unit["file"]).relative_to(ROOT)
            if clean:
                mark.touch()
            else:
                unclean.append(name)
                print(f"--- {name}\n{output}", flush=True)
    for name in unclean:
        print(f"not clean: {name}")
    sys.exit(1 if unclean else 0)


if __name__ == "__main__":
    main()

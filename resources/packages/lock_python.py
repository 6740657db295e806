#!/usr/bin/env python3
"""Pin a list of Python packages with everything they need: one version and one SHA-256 each.

The result fits this project's one platform (CPython 3.11, x86-64 Linux) and leaves out what is provided otherwise:
torch itself (the cached wheel is installed) and its CUDA packages (stub libraries take their place).
usage: lock_python.py --pip PIP [--on-top-of LOCKED.txt] WANTED.in [WANTED.in ...] > LOCKED.txt
"""
import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

_PROVIDED = re.compile(r"^(torch|triton|nvidia-.*|cuda-.*)$")


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def resolve(pip: str, wanted: list[Path], constraints: Path | None) -> list[dict]:
    command = [pip, "install", "--dry-run", "--ignore-installed", "--quiet", "--only-binary", ":all:", "--report", "-"]
    if constraints:
        versions = "".join(line.split(" --hash")[0] + "\n" for line in constraints.read_text().splitlines())
        plain = constraints.with_suffix(".constraints")
        plain.write_text(versions)
        command += ["--constraint", str(plain)]
    for path in wanted:
        command += ["--requirement", str(path)]
    try:
        answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    finally:
        if constraints:
            plain.unlink()
    return json.loads(answer.stdout)["install"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pip", required=True)
    parser.add_argument("--on-top-of", type=Path)
    parser.add_argument("wanted", nargs="+", type=Path)
    arguments = parser.parse_args()

    already = arguments.on_top_of.read_text() if arguments.on_top_of else ""
    lines = []
    for item in resolve(arguments.pip, arguments.wanted, arguments.on_top_of):
        name = normalised(item["metadata"]["name"])
        sha256 = item["download_info"]["archive_info"]["hashes"]["sha256"]
        line = f"{name}=={item['metadata']['version']} --hash=sha256:{sha256}"
        if not _PROVIDED.match(name) and line not in already:
            lines.append(line)
    print(f"# Made by resources/packages/lock_python.py from {', '.join(p.name for p in arguments.wanted)}; not by hand.")
    print("\n".join(sorted(lines)))


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"error: pip could not resolve the packages (exit status {error.returncode})")

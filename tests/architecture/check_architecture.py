#!/usr/bin/env python3
"""Check how the source tree is built: include directions, cycles, sizes. Prints what is wrong and where, then a report.

usage: check_architecture.py [ROOT]     exit status 1 where a rule is broken
"""
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median

from function_sizes import functions_of
from include_rules import check_cycles, check_direction
from sources import Source, Violation, read_sources

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
MAX_FOLDER_UNITS = 12  # a unit is a header, a source file, or the pair of both
_PRODUCT = ("engine/", "worker/", "cli/", "gui/")


def check_file_sizes(sources: list[Source]) -> list[Violation]:
    return [Violation(s.path, s.lines, f"{s.lines} lines; a file has at most {MAX_FILE_LINES}: split it by meaning")
            for s in sources if s.lines > MAX_FILE_LINES]


def is_test_table(source: Source, function: str) -> bool:
    """The rows of a data-driven Qt test: a table, however long."""
    return source.path.startswith("tests/") and function.endswith("_data")


def check_function_sizes(sources: list[Source]) -> list[Violation]:
    return [Violation(s.path, f.line, f"{f.name} has {f.length} lines; a function has at most {MAX_FUNCTION_LINES}")
            for s in sources for f in functions_of(s.path, s.text)
            if f.length > MAX_FUNCTION_LINES and not is_test_table(s, f.name)]


def folder_units(sources: list[Source]) -> dict[str, set[str]]:
    units = defaultdict(set)
    for source in sources:
        if source.is_cpp and source.path.startswith(_PRODUCT):
            units[source.folder].add(source.path.rpartition(".")[0])
    return units


def check_folder_sizes(sources: list[Source]) -> list[Violation]:
    return [Violation(folder, 1, f"{len(units)} classes in one folder; at most {MAX_FOLDER_UNITS}: make rooms inside")
            for folder, units in sorted(folder_units(sources).items()) if len(units) > MAX_FOLDER_UNITS]


CHECKS = {
    "include direction": check_direction,
    "include cycles": check_cycles,
    "file sizes": check_file_sizes,
    "function sizes": check_function_sizes,
    "folder sizes": check_folder_sizes,
}


def check(root: Path) -> dict[str, list[Violation]]:
    sources = read_sources(root)
    return {name: sorted(rule(sources)) for name, rule in CHECKS.items()}


def report(root: Path) -> str:
    sources = [s for s in read_sources(root) if s.is_cpp or s.path.endswith(".py")]
    product = [s for s in sources if s.path.startswith(_PRODUCT)]
    if not product:
        return "no sources yet"
    functions = [(f.length, f"{s.path}:{f.line} {f.name}") for s in product for f in functions_of(s.path, s.text)]
    files = [(s.lines, s.path) for s in product]
    folders = [(len(units), folder) for folder, units in folder_units(product).items()]
    rows = [f"{len(files)} files of the product, {sum(n for n, _ in files)} lines, median {median(n for n, _ in files):g}; "
            f"{len(sources) - len(product)} files of tests and tools"]
    for title, entries in (("files", files), ("functions", functions), ("folders", folders)):
        if entries:
            rows.append(f"largest {title} (median {median(n for n, _ in entries):g}):")
            rows += [f"  {size:5d}  {name}" for size, name in sorted(entries, reverse=True)[:6]]
    return "\n".join(rows)


def main() -> None:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
    results = check(root)
    for name, violations in results.items():
        print(f"{name}: {'ok' if not violations else f'{len(violations)} broken'}")
        for violation in violations:
            print(f"  {violation}")
    print(report(root))
    sys.exit(1 if any(results.values()) else 0)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Write a C++ file that puts files into a program, compressed, with what a server says of them.

Each file is given as NAME=TYPE=PATH. An entity tag comes from the content, so that it changes when that does. What the
generated functions are is said in engine/rest/routes/documents/embedded_files.h.
usage: embed_files.py --out FILE.cpp NAME=TYPE=PATH...
"""
import argparse
import gzip
import hashlib
from pathlib import Path

HEAD = '''// Written by embed_files.py.
#include "engine/rest/routes/documents/embedded_files.h"

#include <array>

'''


def embed(out: Path, number: int, name: str, kind: str, path: Path) -> tuple[str, str]:
    """The lines that hold the bytes of one file, and its row of the table."""
    content = path.read_bytes()
    packed = out.with_suffix(f".{number}.gz")
    packed.write_bytes(gzip.compress(content, 9, mtime=0))
    tag = hashlib.sha256(content).hexdigest()[:32]
    symbol = f"mm_embedded_{number}"
    holder = (f'asm(".section .rodata\\n.global {symbol}\\n{symbol}:\\n.incbin \\"{packed}\\"\\n.previous");\n'
              f'extern "C" const char {symbol}[];\n')
    row = (f'    {{"{name}", "{kind}", "\\"{tag}\\"", {{{symbol}, {packed.stat().st_size}}}, {len(content)}}},\n')
    return holder, row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    holders, rows = [], []
    for number, given in enumerate(arguments.files):
        name, _, rest = given.partition("=")
        kind, _, path = rest.rpartition("=")
        holder, row = embed(arguments.out, number, name, kind, Path(path))
        holders.append(holder)
        rows.append(row)
    arguments.out.write_text(
        HEAD + "".join(holders) + "\nnamespace mm::rest::documents {\n\nstd::span<const EmbeddedFile> embeddedFiles() {\n"
        f"    static const std::array<EmbeddedFile, {len(rows)}> files{{{{\n" + "".join(f"    {row}" for row in rows) +
        "    }};\n    return files;\n}\n\n} // namespace mm::rest::documents\n")


if __name__ == "__main__":
    main()

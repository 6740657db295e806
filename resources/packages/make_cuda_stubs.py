#!/usr/bin/env python3
"""Let `import torch` work from the CUDA wheel on a machine without CUDA.

The wheel's libraries want some 3 GB of other packages only to be loadable. For each such library that is absent, a
stub of a few KB with the same name and the wanted symbols is compiled; every call in it reports an error, so torch
finds no device and computes on the CPU. Needs gcc, readelf and nm.
usage: make_cuda_stubs.py TORCH_LIB_FOLDER
"""
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

_NEEDED = re.compile(r"\(NEEDED\).*\[(.+)\]")
_CUDA_LIBRARY = re.compile(r"^lib(cu|nv|nccl)")
_CUDA_SYMBOL = re.compile(
    r"^(_?_?cuda|cu[A-Z]|cublas|cudnn|cusparse|cufft|cusolver|cufile|cupti|curand|nccl|nvshmem|nvrtc|nvjitlink|nvtx|nvml)",
    re.IGNORECASE)
_DRIVER = "libcuda.so.1"  # opened at run time, never linked
_TAKES_THE_REST = "cusparseLt"  # a library that libtorch_cuda wants anyway; it holds the symbols without a version

# Calls that torch makes while it looks for a device; these must look like "no device", not like a failure.
_ANSWERS = {
    "cudaStreamIsCapturing": "int cudaStreamIsCapturing(void* stream, int* status) { *status = 0; return 0; }",
    "cudaGetLastError": "int cudaGetLastError(void) { return 0; }",
    "cudaPeekAtLastError": "int cudaPeekAtLastError(void) { return 0; }",
    "cudaGetDeviceCount": "int cudaGetDeviceCount(int* count) { *count = 0; return 100; }",
    "cudaGetDevice": "int cudaGetDevice(int* device) { *device = 0; return 100; }",
    "cudaThreadExchangeStreamCaptureMode": "int cudaThreadExchangeStreamCaptureMode(void* mode) { return 0; }",
}


def output_of(*command: str) -> str:
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        sys.exit(f"error: {' '.join(command)}: {answer.stderr.strip()}")
    return answer.stdout


def absent_libraries(libraries: list[Path]) -> set[str]:
    present = {path.name for path in libraries} | {_DRIVER}
    needed = set()
    for path in libraries:
        needed.update(_NEEDED.findall(output_of("readelf", "--dynamic", "--wide", str(path))))
    return {name for name in needed if _CUDA_LIBRARY.match(name)} - present


def undefined_symbols(libraries: list[Path]) -> dict[str, list[str]]:
    """Symbol version ('' for none) → the CUDA symbols that nothing present defines."""
    wanted, defined = set(), set()
    for path in libraries:
        for line in output_of("nm", "--dynamic", "--with-symbol-versions", str(path)).splitlines():
            fields = line.split()
            if fields[0] == "U":
                wanted.add(fields[1].replace("@@", "@"))
            elif len(fields) == 3:
                defined.add(fields[2].partition("@")[0])
    by_version = defaultdict(list)
    for symbol in sorted(wanted):
        name, _, version = symbol.partition("@")
        if name not in defined and _CUDA_SYMBOL.match(name):
            by_version[version].append(name)
    return by_version


def source_of(name: str) -> str:
    if name in _ANSWERS:
        return _ANSWERS[name]
    if re.search(r"(String|Name)$", name):
        return f'const char* {name}(void) {{ return "CUDA is not installed"; }}'
    return f"int {name}(void) {{ return 999; }}"


def compile_stub(target: Path, plain: list[str], versioned: dict[str, list[str]], scratch: Path) -> None:
    names = plain + [name for symbols in versioned.values() for name in symbols]
    source = scratch / "stub.c"
    source.write_text("\n".join(source_of(name) for name in names) + "\n")
    command = ["gcc", "-shared", "-fPIC", "-w", "-fno-builtin", f"-Wl,-soname,{target.name}"]
    if versioned:
        script = scratch / "stub.map"
        script.write_text("".join(f"{version} {{ global: {'; '.join(symbols)}; }};\n"
                                  for version, symbols in versioned.items()))
        command.append(f"-Wl,--version-script={script}")
    output_of(*command, "-o", str(target), str(source))


def home_of(version: str, absent: set[str]) -> str:
    """The library that defines a symbol version: versions are named after the library."""
    homes = [name for name in sorted(absent) if version == name or version.lower() in name.lower()]
    if not homes:
        sys.exit(f"error: no absent library is named like the symbol version {version}")
    return homes[0]


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    libraries = [path for path in sorted(folder.glob("*.so*")) if path.is_file()]
    absent = absent_libraries(libraries)
    by_version = undefined_symbols(libraries)
    plain = by_version.pop("", [])
    homes = {version: home_of(version, absent) for version in by_version}
    with tempfile.TemporaryDirectory() as scratch:
        for name in sorted(absent):
            versioned = {v: by_version[v] for v, home in homes.items() if home == name}
            compile_stub(folder / name, plain if _TAKES_THE_REST in name else [], versioned, Path(scratch))
    print(f"  stubs for {len(absent)} CUDA libraries")


if __name__ == "__main__":
    main()

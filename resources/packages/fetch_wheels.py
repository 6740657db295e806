#!/usr/bin/env python3
"""Fetch the pinned wheels of a requirements file into the cache; an interrupted download is taken up where it stopped.

pip is asked where each package lies (its own configuration, index and certificates count), curl fetches it, and the
file counts only once its SHA-256 is the pinned one.
usage: fetch_wheels.py --pip PIP --cache DIR REQUIREMENTS
"""
import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

from wheel_cache import PackageError, Pin, cached_wheel, read_pins, sha256_of, slot

ATTEMPTS = 5
CANNOT_RESUME = {22, 33, 36}  # curl: the server refuses (a range past the end, too), or cannot send a part


def locate(pip: str, pins: list[Pin]) -> dict[str, str]:
    """sha256 → address, as pip resolves them on this machine."""
    command = [pip, "install", "--dry-run", "--no-deps", "--ignore-installed", "--quiet", "--report", "-",
               *(pin.requirement for pin in pins)]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    names = ", ".join(pin.requirement for pin in pins)
    if answer.returncode != 0:
        raise PackageError(f"pip could not find {names} (its message is above). "
                           "Is the network up, and does pip's configuration name a reachable index?")
    addresses = {}
    for item in json.loads(answer.stdout)["install"]:
        download = item["download_info"]
        sha256 = download.get("archive_info", {}).get("hashes", {}).get("sha256", "")
        addresses[sha256] = download["url"]
    return addresses


def curl(address: str, part: Path) -> int:
    """One attempt, from where the part file ends; curl's exit status."""
    progress = "--progress-bar" if sys.stderr.isatty() else "--no-progress-meter"
    command = ["curl", "--fail", "--location", "--show-error", progress, "--continue-at", "-", "--connect-timeout", "30",
               "--speed-limit", "1000", "--speed-time", "60", "--output", str(part), address]
    return subprocess.run(command, check=False).returncode


def download(address: str, part: Path, label: str) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        status = curl(address, part)
        if status == 0:
            return
        if status in CANNOT_RESUME and part.exists():
            print(f"  what is here of {label} cannot be continued; starting over", flush=True)
            part.unlink()
        elif attempt < ATTEMPTS:
            time.sleep(2)
    kept = part.stat().st_size if part.exists() else 0
    raise PackageError(f"the download of {label} stopped after {kept / 1e6:.1f} MB (curl's message is above). "
                       f"What came is kept in {part.parent}; run the same command again to go on from there.")


def fetch(pin: Pin, address: str, cache: Path) -> None:
    file_name = unquote(Path(urlsplit(address).path).name)
    wheel = slot(cache, pin) / file_name
    part = wheel.with_name(file_name + ".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    resumed = f", going on after {part.stat().st_size / 1e6:.1f} MB" if part.exists() else ""
    print(f"  fetching {file_name}{resumed}", flush=True)
    if not part.exists() or sha256_of(part) != pin.sha256:
        download(address, part, file_name)
    found = sha256_of(part)
    if found != pin.sha256:
        part.unlink()
        raise PackageError(f"{file_name} has SHA-256 {found}, pinned is {pin.sha256}. It was removed; "
                           "if it happens again, something between here and the package index alters files.")
    os.replace(part, wheel)
    print(f"  fetched  {file_name}, {wheel.stat().st_size / 1e6:.1f} MB, SHA-256 checked", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pip", required=True)
    parser.add_argument("--cache", required=True, type=Path)
    parser.add_argument("requirements", type=Path)
    arguments = parser.parse_args()

    missing = [pin for pin in read_pins(arguments.requirements) if cached_wheel(arguments.cache, pin) is None]
    if not missing:
        return
    addresses = locate(arguments.pip, missing)
    for pin in missing:
        if pin.sha256 not in addresses:
            raise PackageError(f"the package index offers another file for {pin.requirement} than the pinned "
                               f"one (SHA-256 {pin.sha256}); this set-up is for x86-64 Linux and CPython 3.11")
        fetch(pin, addresses[pin.sha256], arguments.cache)


if __name__ == "__main__":
    try:
        main()
    except (PackageError, OSError) as error:
        sys.exit(f"error: {error}")

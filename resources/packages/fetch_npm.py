#!/usr/bin/env python3
"""Fetch one pinned npm package into the cache and unpack it into a folder; nothing of it is run.

The registry is the one that npm or its configuration names on this machine, or else npm's own. The archive counts only
once its SHA-512 is the pinned one; the folder appears whole or not at all.
usage: fetch_npm.py --cache DIR --pins npm.txt NAME DESTINATION
"""
import argparse
import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from wheel_cache import PackageError

USUAL_REGISTRY = "https://registry.npmjs.org"
_PIN = re.compile(r"^(?P<name>[a-z0-9._-]+) (?P<version>\S+) sha512-(?P<sha512>[A-Za-z0-9+/]{86}==)$")


@dataclass(frozen=True)
class Pin:
    name: str
    version: str
    sha512: str

    @property
    def file_name(self) -> str:
        return f"{self.name}-{self.version}.tgz"


def read_pin(pins: Path, name: str) -> Pin:
    for line in pins.read_text().splitlines():
        match = _PIN.match(line.partition("#")[0].strip())
        if match and match["name"] == name:
            return Pin(**match.groupdict())
    raise PackageError(f"{name} is not pinned in {pins}")


def is_whole(archive: Path, pin: Pin) -> bool:
    if not archive.exists():
        return False
    return base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() == pin.sha512


def registry() -> str:
    if shutil.which("npm"):
        asked = subprocess.run(["npm", "config", "get", "registry"], capture_output=True, text=True, check=False)
        if asked.returncode == 0 and asked.stdout.strip().startswith("http"):
            return asked.stdout.strip().rstrip("/")
    return (os.environ.get("npm_config_registry") or os.environ.get("NPM_CONFIG_REGISTRY") or USUAL_REGISTRY).rstrip("/")


def fetch(pin: Pin, cache: Path) -> Path:
    archive = cache / pin.file_name
    if is_whole(archive, pin):
        return archive
    cache.mkdir(parents=True, exist_ok=True)
    address = f"{registry()}/{pin.name}/-/{pin.file_name}"
    part = archive.with_name(archive.name + ".part")
    command = ["curl", "--fail", "--location", "--silent", "--show-error", "--retry", "4", "--connect-timeout", "30",
               "--speed-limit", "1000", "--speed-time", "60", "--output", str(part), address]
    if subprocess.run(command, check=False).returncode != 0:
        raise PackageError(f"{pin.file_name} could not be fetched (curl's message is above). Is the network up, and does "
                           "npm's configuration name a reachable registry?")
    if not is_whole(part, pin):
        part.unlink()
        raise PackageError(f"{pin.file_name} is not what resources/packages/npm.txt pins. It was removed; if it happens "
                           "again, something between here and the registry alters files.")
    os.replace(part, archive)
    return archive


def unpack(archive: Path, destination: Path) -> None:
    fresh = destination.with_name(destination.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    with tarfile.open(archive) as members:
        for member in members:
            inside, _, relative = member.name.partition("/")
            if not member.isfile() or not relative or ".." in Path(relative).parts or inside != "package":
                continue
            target = fresh / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            with members.extractfile(member) as source, target.open("wb") as sink:
                shutil.copyfileobj(source, sink)
    shutil.rmtree(destination, ignore_errors=True)
    fresh.rename(destination)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", required=True, type=Path)
    parser.add_argument("--pins", required=True, type=Path)
    parser.add_argument("name")
    parser.add_argument("destination", type=Path)
    arguments = parser.parse_args()
    unpack(fetch(read_pin(arguments.pins, arguments.name), arguments.cache), arguments.destination)


if __name__ == "__main__":
    try:
        main()
    except (PackageError, OSError, tarfile.TarError) as error:
        sys.exit(f"error: {error}")

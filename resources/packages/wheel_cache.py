"""Pinned wheels and the folder that keeps them.

A pin is a line `name==version --hash=sha256:HEX` of a requirements file. A wheel lies in the cache under the
first 16 digits of its hash, and gets its final name only after the hash was checked.
"""
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)\s+--hash=sha256:(?P<sha256>[0-9a-f]{64})$")


@dataclass(frozen=True)
class Pin:
    name: str
    version: str
    sha256: str

    @property
    def requirement(self) -> str:
        return f"{self.name}=={self.version}"


class PackageError(Exception):
    """What went wrong with which package, in words for the person at the terminal."""


def read_pins(requirements: Path) -> list[Pin]:
    pins = []
    for number, line in enumerate(requirements.read_text().splitlines(), 1):
        text = line.partition("#")[0].strip()
        if not text:
            continue
        match = _PIN.match(text)
        if not match:
            raise PackageError(f"{requirements}:{number}: expected name==version --hash=sha256:HEX")
        pins.append(Pin(**match.groupdict()))
    return pins


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def slot(cache: Path, pin: Pin) -> Path:
    return cache / pin.sha256[:16]


def cached_wheel(cache: Path, pin: Pin) -> Path | None:
    """The wheel of this pin, its hash checked again; a damaged one is removed, and None is returned."""
    for wheel in sorted(slot(cache, pin).glob("*.whl")):
        if sha256_of(wheel) == pin.sha256:
            return wheel
        print(f"  {wheel.name} in the cache is damaged and will be fetched again", flush=True)
        wheel.unlink()
    return None


def require_wheel(cache: Path, pins: list[Pin], name: str) -> Path:
    pin = next((p for p in pins if p.name == name), None)
    if pin is None:
        raise PackageError(f"{name} is not pinned")
    wheel = cached_wheel(cache, pin)
    if wheel is None:
        raise PackageError(f"{pin.requirement} is not in {cache}; run fetch_wheels.py first")
    return wheel

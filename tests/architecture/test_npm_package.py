"""A pinned npm package is taken only as it is pinned, and nothing of it lands outside its folder."""
import base64
import hashlib
import io
import subprocess
import tarfile
from pathlib import Path

import fetch_npm
import pytest
from wheel_cache import PackageError


def archive_of(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def pin_of(content: bytes, folder: Path) -> fetch_npm.Pin:
    sha512 = base64.b64encode(hashlib.sha512(content).digest()).decode()
    pins = folder / "npm.txt"
    pins.write_text(f"# a comment\nsome-page 1.2.3 sha512-{sha512}\n")
    return fetch_npm.read_pin(pins, "some-page")


@pytest.fixture
def registry(monkeypatch):
    """What curl would bring; also counts how often it is asked."""
    served = {"content": b"", "asked": 0}

    def run(command, **_):
        served["asked"] += 1
        Path(command[command.index("--output") + 1]).write_bytes(served["content"])
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(fetch_npm, "registry", lambda: "https://example.invalid")
    monkeypatch.setattr(fetch_npm.subprocess, "run", run)
    return served


def test_what_is_pinned_is_fetched_once_and_unpacked_whole(registry, tmp_path):
    registry["content"] = archive_of({"package/a.js": b"1", "package/../evil": b"2", "other/b.js": b"3"})
    pin = pin_of(registry["content"], tmp_path)
    for _ in range(2):
        fetch_npm.unpack(fetch_npm.fetch(pin, tmp_path / "cache"), tmp_path / "there")
    assert registry["asked"] == 1
    assert [path.name for path in (tmp_path / "there").rglob("*")] == ["a.js"]
    assert not (tmp_path / "evil").exists()


def test_what_is_not_as_pinned_is_refused_and_does_not_stay(registry, tmp_path):
    pin = pin_of(archive_of({"package/a.js": b"1"}), tmp_path)
    registry["content"] = archive_of({"package/a.js": b"changed"})
    with pytest.raises(PackageError, match="not what"):
        fetch_npm.fetch(pin, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_package_without_a_pin_is_not_fetched(tmp_path):
    pin_of(b"", tmp_path)
    with pytest.raises(PackageError, match="not pinned"):
        fetch_npm.read_pin(tmp_path / "npm.txt", "another")

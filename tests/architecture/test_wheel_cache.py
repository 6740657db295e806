"""The cache of downloads believes nothing but the pinned hash."""
import hashlib

import pytest
from wheel_cache import PackageError, Pin, cached_wheel, read_pins, require_wheel, slot


def put(cache, content: bytes, pinned: bytes) -> Pin:
    pin = Pin("thing", "1.0", hashlib.sha256(pinned).hexdigest())
    slot(cache, pin).mkdir(parents=True)
    (slot(cache, pin) / "thing-1.0-py3-none-any.whl").write_bytes(content)
    return pin


def test_a_whole_wheel_is_found(tmp_path):
    pin = put(tmp_path, b"wheel", b"wheel")
    assert require_wheel(tmp_path, [pin], "thing").read_bytes() == b"wheel"


def test_a_damaged_wheel_is_removed_and_asked_for_again(tmp_path):
    pin = put(tmp_path, b"wheeL", b"wheel")
    assert cached_wheel(tmp_path, pin) is None
    assert not list(slot(tmp_path, pin).iterdir())
    with pytest.raises(PackageError, match="thing==1.0 is not in"):
        require_wheel(tmp_path, [pin], "thing")


def test_pins_are_read_and_a_line_without_hash_is_refused(tmp_path):
    path = tmp_path / "pins.txt"
    path.write_text(f"# comment\nthing==1.0 --hash=sha256:{'0' * 64}\n")
    assert read_pins(path) == [Pin("thing", "1.0", "0" * 64)]
    path.write_text("thing==1.0\n")
    with pytest.raises(PackageError, match="pins.txt:1"):
        read_pins(path)

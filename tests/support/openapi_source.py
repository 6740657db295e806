"""docs/openapi.yaml as the build converts it."""
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "resources" / "embed"))

from openapi_json import read_document  # noqa: E402


def read_source() -> dict:
    return read_document(ROOT / "docs" / "openapi.yaml")

"""docs/operations.md names every setting and every failure that there is, and none that there is not."""
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def page_rows(section: str, pattern: str) -> list[str]:
    page = (ROOT / "docs" / "operations.md").read_text()
    page = page.split(f"\n## {section}\n")[1].split("\n## ")[0]
    return re.findall(rf"^\| `({pattern})` \|", page, re.MULTILINE)


def source_names(path: str, pattern: str) -> set[str]:
    return set(re.findall(pattern, (ROOT / path).read_text()))


def test_every_setting_has_one_row_and_every_row_a_setting():
    rows = page_rows("Settings", r"[a-z][a-z-]+")
    settings = source_names("engine/app/settings_keeper/setting_table.cpp", r'\{\{"([a-z-]+)", "')
    assert len(settings) > 15
    assert sorted(rows) == sorted(settings)


def test_every_failure_has_one_row_and_every_row_a_failure():
    rows = page_rows("Failures", r"[A-Z][A-Z_]+")
    assert sorted(rows) == sorted(source_names("engine/base/error.cpp", r'\{ErrorCode::\w+, "([A-Z_]+)"\}'))


def test_the_rest_status_of_every_failure_is_the_one_it_answers_with():
    page = dict(re.findall(r"^\| `([A-Z_]+)` \| (\d{3}) \|", (ROOT / "docs" / "operations.md").read_text(), re.MULTILINE))
    names = dict(re.findall(r'\{ErrorCode::(\w+), "([A-Z_]+)"\}', (ROOT / "engine/base/error.cpp").read_text()))
    statuses = re.findall(r"\{ErrorCode::(\w+), (\d{3})\}", (ROOT / "engine/rest/http_status.cpp").read_text())
    assert {names[code]: status for code, status in statuses} == page

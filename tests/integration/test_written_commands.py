"""Every command that README and docs/rest-api.md tell people to type is typed, against a running engine."""
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.integration.rest_client import call
from tests.support.plain_models import make_plain_bert

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
GUIDE = (ROOT / "docs" / "rest-api.md").read_text()
NOT_HERE = ("./dev ", "build/bin/modelmora register ~", "build/bin/modelmora infer me/my-model", "build/bin/modelmora bench me/my-model", "build/bin/modelmora --help")


def commands_of(page: str) -> list[str]:
    """The shell commands of code blocks, a line each after joining, and those of tables."""
    found = []
    for block in re.findall(r"^```sh\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        text = block.replace("\\\n", " ")
        found += [command for command in re.split(r"\n(?=\S)(?![}\"])", text) if command.strip()]
    found += [command for row in page.splitlines() if row.startswith("|") for command in re.findall(r"`((?:curl|build/bin)[^`]*)`", row)]
    return [command.strip() for command in found]


def typed(command: str, engine, more: dict | None = None) -> subprocess.CompletedProcess:
    for written, here in {"http://127.0.0.1:8000": engine.url, "build/bin/": f"{os.environ['MM_BUILD']}/bin/", **(more or {})}.items():
        command = command.replace(written, here)
    # What HTTP calls an error is one here.
    shell = f'curl() {{ command curl --fail-with-body "$@"; }}\n{command}\n'
    return subprocess.run(["bash", "-c", shell], capture_output=True, text=True, timeout=120, check=False,
                          env={**os.environ, "MODELMORA_ENGINE": engine.grpc, "MORA": engine.url})


@pytest.fixture(scope="module")
def reranker(minilm, minilm_folder, tmp_path_factory):
    folder = make_plain_bert(minilm_folder, tmp_path_factory.mktemp("reranker") / "model", ["score"])
    body = {"model_id": "me/my-reranker", "task_type": "txtpair2score", "source_url": folder.as_uri()}
    assert call(minilm, "POST", "/api/v1/models", body).status == 201


def test_there_are_commands_to_type():
    assert sum(command.startswith("curl") for command in commands_of(README)) >= 6
    assert sum(command.startswith("curl") for command in commands_of(GUIDE)) >= 6


@pytest.mark.parametrize("command", [each for each in commands_of(README) if not each.startswith(NOT_HERE)])
def test_what_the_readme_says_works(minilm, reranker, command):
    done = typed(command, minilm)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    assert done.stdout


def test_what_the_guide_says_works_in_its_order(minilm, reranker, minilm_folder, tmp_path):
    here = {"/srv/models/my-model": str(make_plain_bert(minilm_folder, tmp_path / "my-model"))}
    asked = {"input_data": {"text": "one"}}
    for command in commands_of(GUIDE):
        if "my-request" in command:  # one that is there, and cannot be cancelled any more
            call(minilm, "POST", "/api/v1/infer/me/my-model", asked, headers={"X-Request-Id": "my-request"})
        done = typed(command, minilm, here)
        too_late = "/cancel" in command and "ILLEGAL_TRANSITION" in done.stdout
        assert done.returncode == 0 or too_late, f"{command}\n{done.stdout}{done.stderr}"

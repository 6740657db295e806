"""The command line where people sit: screens, colours, narrow terminals, pipes that close, completion, the manual."""
import concurrent.futures
import json
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import grpc
import httpx
import pytest

from tests.support.pty_program import OnTerminal

MINILM = "sentence-transformers/all-MiniLM-L6-v2"
PROGRAM = f"{os.environ.get('MM_BUILD', Path(__file__).resolve().parents[2] / 'build')}/bin/modelmora"
SGR = re.compile(rb"\x1b\[[0-9;]*m")


@pytest.fixture
def terminal(minilm):
    """terminal("top", columns=40): the command line on a terminal, against the engine."""
    opened = []

    def start(*words, columns=80, lines=24, environment=None, engine=minilm.grpc):
        opened.append(OnTerminal([PROGRAM, *words], columns, lines, {"MODELMORA_ENGINE": engine, **(environment or {})}))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


@pytest.fixture
def loaded(minilm):
    httpx.post(f"{minilm.url}/api/v1/models/{MINILM}/load", timeout=120).raise_for_status()
    return minilm


def shows(*parts):
    return lambda lines: all(part in "\n".join(lines) for part in parts)


def test_top_shows_models_and_rates_and_leaves_the_terminal_as_it_was(terminal, loaded):
    top = terminal("top", columns=110)
    top.until(shows("ModelMora", loaded.grpc, "cpu [", "queue 0 running", MINILM, "loaded"))
    with concurrent.futures.ThreadPoolExecutor(4) as pool, httpx.Client(base_url=loaded.url, timeout=60) as http:
        def work(_):
            return http.post(f"/api/v1/infer/{MINILM}", json={"input_data": {"text": ["a b c"] * 8}}).status_code

        def is_moving(lines):
            assert set(pool.map(work, range(20))) == {200}
            return not re.search(r"(^|\s)0/s inputs", "\n".join(lines[:3]))

        top.until(is_moving)
    assert b"\x1b[?1049h" in top.raw and SGR.search(top.raw)
    top.type(b"q")
    assert top.wait() == 0 and top.is_as_before()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_top_gives_the_terminal_back_when_a_signal_ends_it(terminal, loaded, number):
    top = terminal("top")
    top.until(shows("sentence-"))
    top.signal(number)
    assert top.wait() == 128 + number and top.is_as_before()


def test_top_ends_with_the_interrupt_key(terminal, loaded):
    top = terminal("top")
    top.until(shows("sentence-"))
    top.type(b"\x03")
    assert top.wait() == 130 and top.is_as_before()


def test_top_can_be_put_aside_and_taken_up_again(terminal, loaded):
    top = terminal("top")
    top.until(shows("sentence-"))
    top.type(b"\x1a")
    top.wait_stopped()
    assert top.is_as_before()
    pages = top.raw.count(b"\x1b[?1049h")
    top.signal(signal.SIGCONT)
    top.until(lambda _: top.raw.count(b"\x1b[?1049h") == pages + 1)
    top.type(b"q")
    assert top.wait() == 0 and top.is_as_before()


def test_top_follows_the_size_of_the_terminal(terminal, loaded):
    top = terminal("top", columns=120, lines=30)
    top.until(shows(MINILM, "REQUESTS"))
    top.resize(40, 8)
    lines = top.until(lambda lines: "REQUESTS" not in "\n".join(lines) and "sentence-" in "\n".join(lines))
    assert len(lines) <= 8 and max(map(len, lines)) <= 40 and "loaded" in "\n".join(lines)
    top.resize(100, 30)
    top.until(shows(MINILM, "REQUESTS"))
    top.type(b"q")
    assert top.wait() == 0


def test_top_waits_for_an_engine_that_restarts(terminal, start_engine, tmp_path):
    first = start_engine(data=tmp_path / "house")
    top = terminal("top", engine=first.grpc)
    top.until(shows("no model is loaded"))
    first.stop()
    top.until(shows("No engine answers"))
    start_engine(data=first.data, flags=["--grpc", first.grpc])
    top.until(lambda lines: "No engine answers" not in "\n".join(lines) and shows("no model is loaded")(lines))
    top.type(b"q")
    assert top.wait() == 0


def test_top_without_a_screen_shows_it_once(terminal, loaded, cli):
    piped = cli("top")
    assert piped.returncode == 0 and MINILM in piped.stdout and "\x1b" not in piped.stdout
    told = json.loads(cli("top", "--json").stdout)
    assert told["status"]["loaded_models"] and told["memory"]["devices"] and "depth" in told["queue"]
    plain = terminal("top", environment={"TERM": "dumb"})
    assert plain.wait() == 0 and b"\x1b" not in plain.raw and b"sentence-" in plain.raw
    assert cli("top", "--interval", "0").returncode == 6


def test_colours_are_for_terminals_that_want_them(terminal, loaded, cli):
    coloured = terminal("status")
    assert coloured.wait() == 0 and SGR.search(coloured.raw)
    for words, environment in (((), {"NO_COLOR": "1"}), (("--no-color",), {}), ((), {"TERM": "dumb"})):
        plain = terminal("status", *words, environment=environment)
        assert plain.wait() == 0 and not SGR.search(plain.raw), plain.raw
    top = terminal("top", environment={"NO_COLOR": "1"})
    top.until(shows("sentence-"))
    top.type(b"q")
    assert top.wait() == 0 and not SGR.search(top.raw)
    assert "\x1b" not in cli("status").stdout


@pytest.mark.parametrize("words", [("list",), ("status",), ("memory",), ("queue",), ("info", MINILM), ("versions", "list", MINILM),
                                   ("help",), ("bench", "--help"), ("bench", MINILM, "-c", "1", "--requests", "3")])
def test_a_narrow_terminal_is_legible(terminal, loaded, words):
    narrow = terminal(*words, columns=40, lines=400)
    assert narrow.wait() == 0
    text = SGR.sub(b"", narrow.raw).decode().replace("\r\n", "\n")
    printed = re.sub(r"\r\x1b\[K[^\n\r]*", "", text)  # lines of progress
    too_wide = [line for line in printed.split("\n") if len(line) > 40 and not line.startswith("  modelmora ")]  # examples
    # What cannot be broken, such as the hash of a file, may go on in the next line.
    assert not [line for line in too_wide if " " in line.strip()[:39].strip()] or words[0] == "info", too_wide


def test_bench_measures_what_was_asked(loaded, cli, terminal):
    done = cli("bench", MINILM, "-c", "1,3", "--requests", "30", "--inputs", "4", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [level["concurrency"] for level in told["levels"]] == [1, 3] and told["inputs_per_request"] == 4
    for level in told["levels"]:
        assert level["requests"] == 30 and level["failures"] == {}
        assert abs(level["inputs_per_second"] - 4 * level["requests_per_second"]) < 0.1
        times = level["latency_ms"]
        assert 0 < times["p50"] <= times["p90"] <= times["p99"] <= times["max"]
        assert level["memory_bytes"] > 50e6 and level["tokens_per_second"] > level["inputs_per_second"]
    live = terminal("bench", MINILM, "-c", "2", "--requests", "200")
    assert live.wait() == 0
    assert re.search(rb"2 clients +\[#* *\]", live.raw) and "[#" not in "\n".join(live.lines())
    assert "REQUESTS/S" in "\n".join(live.lines()) or "REQUESTS/S" in live.raw.decode()


def test_bench_refuses_what_it_cannot_do(loaded, cli):
    assert cli("bench", "no/model").returncode == 4
    assert cli("bench", MINILM, "-c", "0").returncode == 6
    assert cli("bench", MINILM, "--inputs", "5000").returncode == 6
    failing = cli("bench", MINILM, "-c", "1", "--requests", "2", "--param", "dimensions=100000")
    assert failing.returncode == 1 and "dimensions" in failing.stderr


def test_a_pipe_that_closes_ends_it_quietly(loaded):
    environment = {**os.environ, "MODELMORA_ENGINE": loaded.grpc}
    for words in (f"info {MINILM} --json", "help", "events --follow --json", "manual", "queue --follow --json"):
        # Reads a line, and goes; whoever follows finds that out at the next line.
        script = f"set -o pipefail; {PROGRAM} {words} | head -n 1 >/dev/null"
        with subprocess.Popen(["bash", "-c", script], env=environment, stderr=subprocess.PIPE, text=True) as piped:
            if "--follow" in words:
                with httpx.Client(base_url=loaded.url, timeout=60) as http:
                    while piped.poll() is None:
                        http.post(f"/api/v1/infer/{MINILM}", json={"input_data": {"text": "x"}})
            assert piped.wait(60) == 0 and piped.stderr.read() == "", words


def test_the_key_goes_along_and_is_never_shown(tmp_path):
    seen = []

    class Anything(grpc.GenericRpcHandler):
        def service(self, details):
            seen.append((details.method, dict(details.invocation_metadata).get("authorization")))
            return None  # unimplemented

    server = grpc.server(concurrent.futures.ThreadPoolExecutor(2), handlers=[Anything()])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    file = tmp_path / "key"
    file.write_text("mm_from_file\n")

    def run(*words, **environment):
        kept = {key: value for key, value in os.environ.items() if not key.startswith("MODELMORA_")}
        return subprocess.run([PROGRAM, *words], env={**kept, **environment}, capture_output=True, text=True, timeout=60,
                              stdin=subprocess.DEVNULL, check=False)

    try:
        run("status", "--url", f"grpc://127.0.0.1:{port}", "--key-file", str(file), MODELMORA_KEY="mm_other")
        run("events", MODELMORA_URL=f"127.0.0.1:{port}", MODELMORA_KEY="mm_environment")
        run("status", MODELMORA_ENGINE=f"127.0.0.1:{port}", MODELMORA_URL="http://elsewhere:8000")
    finally:
        server.stop(None)
    assert [key for _, key in seen] == ["Bearer mm_from_file", "Bearer mm_environment", None]
    gone = run("status", "--url", "http://127.0.0.1:1", "--timeout", "1", MODELMORA_KEY="mm_environment")
    assert gone.returncode == 3 and "127.0.0.1:50051" in gone.stderr and "mm_environment" not in gone.stderr
    missing = run("status", "--key-file", str(tmp_path / "none"))
    assert missing.returncode == 2 and str(tmp_path / "none") in missing.stderr
    assert run("status", MODELMORA_URL="ftp://box").returncode == 2


COMPLETE = r"""
source <({program} completion bash)
COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_modelmora
printf '%s\n' "${{COMPREPLY[@]}}"
"""


def completed(words: str) -> list[str]:
    script = COMPLETE.format(program=PROGRAM, words=words)
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=True).stdout.split()


def test_bash_completes_commands_flags_and_choices():
    assert "top" in completed("modelmora t") and "list" not in completed("modelmora t")
    assert {"bench", "evict", "plan", "pin", "queue", "jobs", "events", "top", "versions"} <= set(completed("modelmora ''"))
    assert completed("modelmora jobs w") == ["wait"]
    assert {"--concurrency", "--key-file", "--url"} <= set(completed("modelmora bench --"))
    assert completed("modelmora jobs list --status c") == ["completed", "cancelled"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_read_the_completions(shell, tmp_path):
    if shutil.which(shell) is None:
        pytest.fail(f"{shell} is not there; run ./dev setup", pytrace=False)
    script = tmp_path / "completion"
    script.write_text(subprocess.run([PROGRAM, "completion", shell], capture_output=True, text=True, check=True).stdout)
    read = subprocess.run([shell, "-n", str(script)], capture_output=True, text=True, timeout=60, check=False)
    assert read.returncode == 0 and read.stderr == "", read.stderr


def test_the_manual_is_made_of_the_commands_and_without_faults(tmp_path):
    page = tmp_path / "modelmora.1"
    page.write_text(subprocess.run([PROGRAM, "manual"], capture_output=True, text=True, check=True).stdout)
    shown = subprocess.run(["man", "--warnings=all", "-l", str(page)], capture_output=True, text=True, timeout=60, check=False,
                           env={**os.environ, "MANWIDTH": "100", "LC_ALL": "C.UTF-8", "MANPAGER": "cat"})
    assert shown.returncode == 0 and shown.stderr == "", shown.stderr
    text = re.sub(r".\x08", "", shown.stdout)
    usage = subprocess.run([PROGRAM, "help"], capture_output=True, text=True, check=True).stdout
    commands = re.findall(r"^  ([a-z]+(?: [a-z]+)?)  ", usage.split("Flags of every")[0], re.M)
    assert len(commands) > 30
    for command in commands:
        assert f"modelmora {command}" in text, command
    built = Path(PROGRAM).parents[1] / "share"
    assert (built / "modelmora.1").read_text() == page.read_text()
    assert (built / "modelmora.bash").exists() and (built / "_modelmora").exists() and (built / "modelmora.fish").exists()

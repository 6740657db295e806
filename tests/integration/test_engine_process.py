"""The engine as a process: how it starts, says why it cannot, and stops."""
import json
import os
import pathlib
import signal
import socket
import subprocess

import pytest

from tests.integration.rest_client import call

ENGINE = pathlib.Path(os.environ["MM_BUILD"]) / "bin/modelmora-engine"
EPHEMERAL = ["--rest", "127.0.0.1:0", "--grpc", "127.0.0.1:0"]


def run(*arguments, environment=None):
    return subprocess.run([ENGINE, *map(str, arguments)], capture_output=True, text=True, timeout=60,
                          env={**os.environ, **(environment or {})})


def test_help_names_every_setting_and_where_it_can_be_set():
    result = run("--help")
    assert result.returncode == 0
    for setting in ("--data-dir", "--rest", "--grpc", "--definitions", "--log-level", "MODELMORA_", "YAML"):
        assert setting in result.stdout


def test_an_unknown_flag_suggests_the_nearest():
    result = run("--data-dri", "/tmp")
    assert result.returncode == 2 and "Did you mean '--data-dir'?" in result.stderr


def test_an_address_for_everybody_needs_consent(tmp_path):
    result = run("--data-dir", tmp_path, "--rest", "0.0.0.0:0", "--grpc", "127.0.0.1:0")
    assert result.returncode == 2 and "--allow-remote" in result.stderr


@pytest.mark.parametrize("face", ["rest", "grpc"])
def test_a_busy_port_is_named(tmp_path, face):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        address = "127.0.0.1:%d" % busy.getsockname()[1]
        flags = {"rest": "127.0.0.1:0", "grpc": "127.0.0.1:0", face: address}
        result = run("--data-dir", tmp_path, "--rest", flags["rest"], "--grpc", flags["grpc"])
    assert result.returncode == 1 and address in result.stderr, result.stderr


def test_two_engines_do_not_share_a_data_folder(engine):
    result = run("--data-dir", engine.data, *EPHEMERAL)
    assert result.returncode == 1 and str(engine.pid) in result.stderr and "--data-dir" in result.stderr


def test_a_damaged_database_is_named_and_left_untouched(tmp_path):
    database = tmp_path / "modelmora.db"
    database.write_bytes(b"this is not a database" * 1000)
    before = database.read_bytes()
    result = run("--data-dir", tmp_path, *EPHEMERAL)
    assert result.returncode == 1 and str(database) in result.stderr
    assert database.read_bytes() == before


def test_the_registry_survives_a_kill(start_engine, small_model, tmp_path):
    first = start_engine(data=tmp_path)
    body = {"model_id": "test/kept", "task_type": "txt2embed", "source_url": small_model.as_uri(), "tags": ["a"]}
    assert call(first, "POST", "/api/v1/models", body).status == 201
    assert call(first, "POST", "/api/v1/models/test/kept/load").status == 200
    worker = call(first, "GET", "/api/v1/models/test/kept/status").json["pid"]
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    first.wait_until(lambda: not os.path.exists(f"/proc/{worker}"))
    second = start_engine(data=tmp_path)
    kept = call(second, "GET", "/api/v1/models/test/kept").json
    assert kept["tags"] == ["a"] and kept["status"] == "ready"


def test_sigterm_ends_engine_and_workers_cleanly(start_engine, small_model, tmp_path):
    engine = start_engine(data=tmp_path)
    body = {"model_id": "test/loaded", "task_type": "txt2embed", "source_url": small_model.as_uri()}
    assert call(engine, "POST", "/api/v1/models", body).status == 201
    assert call(engine, "POST", "/api/v1/models/test/loaded/load").status == 200
    worker = call(engine, "GET", "/api/v1/models/test/loaded/status").json["pid"]
    os.kill(engine.pid, signal.SIGTERM)
    assert engine.wait() == 0
    assert not os.path.exists(f"/proc/{worker}")
    assert not (tmp_path / "engine.json").exists()


def test_systemd_is_told_of_readiness_life_and_stop(start_engine, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        address = str(tmp_path / "notify")
        listener.bind(address)
        listener.settimeout(60)
        engine = start_engine(data=tmp_path / "data",
                              environment={"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "300000"})
        heard = [listener.recv(4096).decode() for _ in range(3)]
        os.kill(engine.pid, signal.SIGTERM)
        while "STOPPING=1" not in heard:
            heard.append(listener.recv(4096).decode())
        assert engine.wait() == 0
    assert heard[0].startswith("READY=1")
    assert heard.count("WATCHDOG=1") >= 2


def test_definitions_register_models_at_start_and_changes_count(start_engine, small_model, tmp_path):
    definitions = tmp_path / "definitions"
    definitions.mkdir()
    file = definitions / "models.yaml"
    text = "models:\n  - model_id: test/defined\n    task_type: txt2embed\n    path: ${MODEL_FOLDER}\n" \
           "    display_name: ${NAME:-Unnamed}\n"
    file.write_text(text)
    (definitions / "broken.yaml").write_text("models:\n  - model_id: test/broken\n    path: ${NOT_SET_ANYWHERE}\n")
    environment = {"MODEL_FOLDER": str(small_model)}
    flags = ["--definitions", str(definitions)]
    first = start_engine(data=tmp_path / "data", flags=flags, environment=environment)
    assert call(first, "GET", "/api/v1/models/test/defined").json["display_name"] == "Unnamed"
    assert "broken.yaml" in first.log() and "NOT_SET_ANYWHERE" in first.log()
    first.stop()
    second = start_engine(data=tmp_path / "data", flags=flags, environment={**environment, "NAME": "Renamed"})
    assert call(second, "GET", "/api/v1/models/test/defined").json["display_name"] == "Renamed"


def test_logs_are_json_where_asked(start_engine, tmp_path):
    engine = start_engine(data=tmp_path, flags=["--log-format", "json"])
    engine.stop()
    events = [json.loads(line)["event"] for line in engine.log().splitlines()]
    assert "ready" in events and events[-1] == "stopped"

"""Settings changed while the engine runs: over REST, gRPC and the command line, across restarts, between files and flags."""
import json
import os
import subprocess

import grpc
import pytest

from tests.integration.rest_client import call


def modelmora(engine, *words, code=0):
    done = subprocess.run([f"{os.environ['MM_BUILD']}/bin/modelmora", *words, "--engine", engine.grpc],
                          capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout) if "--json" in words else done.stdout + done.stderr


def setting(engine, name):
    answer = call(engine, "GET", f"/api/v1/settings?name={name}")
    assert answer.status == 200, answer.text
    return answer.json["settings"][0]


def change(engine, **values):
    return call(engine, "PATCH", "/api/v1/settings",
                {"changes": [{"name": name.replace("_", "-"), "value": value} for name, value in values.items()]})


def test_a_change_holds_at_once_and_across_restarts_until_it_is_reset(start_engine, tmp_path):
    config = tmp_path / "engine.yaml"
    config.write_text("max-waiting: 50\nthreads: 2\n")
    engine = start_engine(data=tmp_path / "data", flags=["--config", str(config)])
    assert setting(engine, "max-waiting")["source"].endswith("engine.yaml:1")
    answer = change(engine, max_waiting="1", threads="3", memory_budget="0.5")
    assert answer.status == 200, answer.text
    assert answer.json["waiting_for_restart"] == 1
    told = call(engine, "GET", "/api/v1/events?types=engine.settings_changed&follow=false").text
    assert '"settings":"max-waiting,memory-budget,threads"' in told.replace(" ", ""), told
    ledger = call(engine, "GET", "/api/v1/memory").json["devices"][0]
    assert ledger["budget_bytes"] == ledger["total_bytes"] // 2
    now = setting(engine, "threads")
    assert (now["value"], now["next_value"], now["applies_now"], now["waits_for_restart"]) == ("2", "3", False, True)
    audit = call(engine, "GET", "/api/v1/audit?action=settings.change").json["records"][0]
    assert "max-waiting = 1" in audit["target"] and audit["outcome"] == "done"
    assert {s["name"]: s.get("value") for s in call(engine, "GET", "/api/v1/diagnosis").json["settings"]}["max-waiting"] == "1"
    assert engine.stop() == 0

    engine = start_engine(data=tmp_path / "data", flags=["--config", str(config)])
    now = setting(engine, "threads")
    assert (now["value"], now["origin"], now["waits_for_restart"]) == ("3", "changed", False)
    assert setting(engine, "max-waiting")["value"] == "1"
    for name in ("max-waiting", "threads", "memory-budget"):
        assert call(engine, "DELETE", f"/api/v1/settings/{name}").status == 200
    assert setting(engine, "max-waiting")["value"] == "50"
    assert setting(engine, "threads")["next_origin"] == "file"
    assert not (tmp_path / "data" / "settings.yaml").exists()


def test_flags_and_variables_stand_above(start_engine, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "settings.yaml").write_text('max-jobs: "5"\nageing: "7"\nthreads: "1"\n')
    engine = start_engine(data=tmp_path / "data", flags=["--max-jobs", "6"], environment={"MODELMORA_AGEING": "8"})
    assert [setting(engine, name)["value"] for name in ("max-jobs", "ageing", "threads")] == ["6", "8", "1"]
    answer = change(engine, max_jobs="9", ageing="9", max_waiting="9")
    assert answer.status == 422
    refused = {error["field"]: error["message"] for error in answer.json["validation_errors"]}
    assert set(refused) == {"max-jobs", "ageing"}
    assert "the flag --max-jobs" in refused["max-jobs"] and "MODELMORA_AGEING" in refused["ageing"]
    assert setting(engine, "max-waiting")["origin"] == "default", "all or none"


def test_every_face_and_what_it_refuses(start_engine, stubs):
    engine = start_engine()
    text = modelmora(engine, "settings", "set", "idle-unload=60", "grpc-max-streams=10")
    assert "idle-unload is 60." in text and "grpc-max-streams is 10 after the next start" in text
    listed = modelmora(engine, "settings", "list", "--json")
    assert listed["waiting_for_restart"] == 1
    assert {s["name"]: s for s in listed["settings"]}["idle-unload"]["origin"] == "changed"
    assert "1 change waits for a restart" in modelmora(engine, "settings", "list")
    assert "'many' is not a whole number from 0 to 1024" in modelmora(engine, "settings", "set", "threads=many", code=6)
    with grpc.insecure_channel(engine.grpc) as channel:
        service = stubs.settings_grpc.SettingsServiceStub(channel)
        back = service.ResetSetting(stubs.settings.ResetSettingRequest(name="idle-unload"))
        assert (back.value, back.origin, back.changed) == ("0", "default", False)
        with pytest.raises(grpc.RpcError) as refused:
            service.ChangeSettings(stubs.settings.ChangeSettingsRequest(changes=[{"name": "tls-key", "value": "/k"}]))
        assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT and "belong together" in refused.value.details()
    assert "Did you mean 'threads'?" in call(engine, "DELETE", "/api/v1/settings/thread").text
    assert change(engine, log_level="warning").status == 200
    assert call(engine, "GET", "/api/v1/log-level").json["level"] == "warning"


def test_a_broken_file_of_changes_is_named_at_the_start(start_engine, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "settings.yaml").write_text('max-jobs: "5"\nthreads: lots\n')
    engine = start_engine(data=tmp_path / "data", ready=False)
    assert engine.wait() == 2
    assert "settings.yaml:2: 'lots' is not a whole number from 0 to 1024" in engine.log()
    assert "remove a line or the whole file" in engine.log()

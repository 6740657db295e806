"""Metrics, history, ended requests, the log and traces, as an operator's own tools see them: a real Prometheus, promtool,
and a receiver of spans that takes nothing that breaks the protocol."""
import concurrent.futures
import json
import os
import re
import socket
import subprocess
import tarfile
import time
from pathlib import Path

import grpc
import httpx
import pytest
import yaml

from tests.integration.rest_client import call
from tests.support.otlp_receiver import OtlpReceiver
from tests.support.plain_models import make_plain_bert

MODEL = "test/small"
ROOT = Path(__file__).resolve().parents[2]
TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture(scope="module")
def plain(minilm_folder, tmp_path_factory):
    return make_plain_bert(minilm_folder, tmp_path_factory.mktemp("models") / "plain")


def register(engine, folder, model=MODEL):
    answer = call(engine, "POST", "/api/v1/models", {"model_id": model, "version": "1", "task_type": "txt2embed",
                                                     "source_url": f"file://{folder}"})
    assert answer.status == 201, answer.text


def embed(engine, text="hello", **headers):
    return httpx.post(f"{engine.url}/api/v1/infer/{MODEL}", json={"input_data": {"text": text}}, timeout=60, headers=headers)


def metrics(engine) -> str:
    answer = httpx.get(engine.url + "/metrics")
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    return answer.text


def value(text: str, series: str) -> float:
    found = re.search("^" + re.escape(series) + " (.+)$", text, re.MULTILINE)
    assert found, f"{series} is not among\n{text}"
    return float(found[1])


def names_in(text: str) -> set[str]:
    return set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))


@pytest.fixture(scope="module")
def house(start_module_engine, plain):
    engine = start_module_engine("--slow-request-ms", "1")
    register(engine, plain)
    assert embed(engine).status_code == 200
    return engine


def modelmora(engine, *words, code=0):
    done = subprocess.run([f"{os.environ['MM_BUILD']}/bin/modelmora", *words, "--engine", engine if isinstance(engine, str) else engine.grpc],
                          capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout) if "--json" in words else done.stdout


def test_metrics_pass_promtool_and_count(house):
    before = metrics(house)
    assert embed(house, "one more").status_code == 200
    after = metrics(house)
    series = f'modelmora_requests_total{{model_id="{MODEL}",status="success"}}'
    assert value(after, series) == value(before, series) + 1
    assert value(after, f'modelmora_inputs_total{{model_id="{MODEL}"}}') == value(before, f'modelmora_inputs_total{{model_id="{MODEL}"}}') + 1
    assert value(after, "modelmora_models_loaded") == 1
    assert value(after, f'modelmora_model_memory_usage_bytes{{model_name="{MODEL}",version="1"}}') > 0
    assert value(after, f'modelmora_worker_cpu_seconds_total{{model_id="{MODEL}",version="1",instance="0"}}') > 0
    route = 'modelmora_answers_total{face="rest",method="POST",route="/api/v1/infer/{model}",code="200"}'
    assert value(after, route) == value(before, route) + 1
    checked = subprocess.run(["promtool", "check", "metrics"], input=after, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stdout + checked.stderr == ""


def test_metrics_come_over_every_face(house, stubs):
    with grpc.insecure_channel(house.grpc) as channel:
        service = stubs.observability_grpc.ObservabilityServiceStub(channel)
        text = service.GetMetrics(stubs.observability.GetMetricsRequest()).text
        again = service.GetMetrics(stubs.observability.GetMetricsRequest()).text
    assert "modelmora_models_loaded 1" in text
    route = ('modelmora_answers_total{face="grpc",method="modelmora.v1.ObservabilityService",route="GetMetrics",code="OK"}')
    assert value(again, route) >= 1
    assert "modelmora_models_loaded 1" in modelmora(house, "metrics")


def test_clients_make_no_series(house):
    """Neither a name of a route or model that there is none of nor a method that a client makes up becomes a label."""
    for number in range(5):
        assert call(house, "GET", f"/nowhere/{number}").status == 404
        assert httpx.post(f"{house.url}/api/v1/infer/no/such{number}", json={"input_data": {"text": "a"}}).status_code == 404
        httpx.request(f"MADEUP{number}", house.url + "/metrics")
    text = metrics(house)
    assert "nowhere" not in text and "such" not in text and "MADEUP" not in text
    assert value(text, 'modelmora_requests_refused_total{code="MODEL_NOT_FOUND"}') >= 5


def test_a_model_that_is_deleted_leaves_its_series(start_engine, plain):
    engine = start_engine()
    register(engine, plain)
    assert embed(engine).status_code == 200
    assert f'"{MODEL}"' in metrics(engine)
    assert call(engine, "DELETE", f"/api/v1/models/{MODEL}?force=true").status in (200, 204)
    engine.wait_until(lambda: f'"{MODEL}"' not in metrics(engine))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def prometheus(house, tmp_path):
    """A real Prometheus that scrapes the house and knows the alert rules; prometheus("/query", query="…") asks its API."""
    rules = ROOT / "installer/prometheus/alerts.yml"
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump({
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}, "rule_files": [str(rules)],
        "scrape_configs": [{"job_name": "modelmora", "static_configs": [{"targets": [house.rest]}]}]}))
    checked = subprocess.run(["promtool", "check", "config", str(tmp_path / "prometheus.yml")], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    port = free_port()
    with (tmp_path / "log").open("w") as log, subprocess.Popen(
            ["prometheus", f"--config.file={tmp_path}/prometheus.yml", f"--storage.tsdb.path={tmp_path}/tsdb",
             f"--web.listen-address=127.0.0.1:{port}"], stdout=log, stderr=log) as process:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=10) as client:
            def ask(path, **parameters):
                try:
                    answer = client.get(path, params=parameters)
                except httpx.TransportError:
                    return {}
                assert answer.status_code in (200, 503), answer.text  # not ready yet
                return answer.json()["data"] if answer.status_code == 200 else {}

            yield ask
        process.terminate()


def dashboard_expressions() -> list[str]:
    dashboard = json.loads((ROOT / "installer/grafana/modelmora.json").read_text())
    return [target["expr"].replace("$__rate_interval", "5m").replace("$instance", ".*").replace("$model", ".*").replace("$job", ".*")
            for panel in dashboard["panels"] for target in panel.get("targets", [])]


def test_prometheus_scrapes_and_dashboard_and_alerts_ask_for_what_there_is(house, prometheus):
    house.wait_until(lambda: prometheus("/query", query='up{job="modelmora"} == 1').get("result"), 60)
    counted = prometheus("/query", query=f'modelmora_requests_total{{model_id="{MODEL}",status="success"}}')["result"]
    assert float(counted[0]["value"][1]) >= 1
    known = names_in(metrics(house))
    rules = yaml.safe_load((ROOT / "installer/prometheus/alerts.yml").read_text())
    expressions = dashboard_expressions() + [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    assert len(expressions) > 40
    for expression in expressions:
        for name in re.findall(r"\b((?:modelmora|process)_\w+)", expression):
            assert re.sub(r"_(bucket|sum|count)$", "", name) in known or name in known, f"{name} in {expression}"
        assert "result" in prometheus("/query", query=expression), expression

    def alerts():
        return [rule for group in prometheus("/rules").get("groups", []) for rule in group["rules"]]

    assert len(alerts()) == 12
    house.wait_until(lambda: all(rule["health"] == "ok" for rule in alerts()), 60)


def test_requests_are_found_by_what_became_of_them_and_after_a_restart(start_engine, plain, tmp_path):
    data = tmp_path / "kept"
    engine = start_engine(data=data, flags=["--slow-request-ms", "1"])
    register(engine, plain)
    assert embed(engine, "slow enough", **{"X-Request-Id": "the-slow", "X-ModelMora-Client": "nightly"}).status_code == 200
    body = {"input_data": {"token_ids": [[4_000_000]]}}
    failed = httpx.post(f"{engine.url}/api/v1/infer/{MODEL}", json=body, headers={"X-Request-Id": "the-failed"})
    assert failed.status_code == 422, failed.text

    def found(query) -> list[str]:
        answer = call(engine, "GET", f"/api/v1/requests?{query}")
        assert answer.status == 200, answer.text
        return [entry["request_id"] for entry in answer.json["requests"]]

    def check():
        assert found("state=failed") == ["the-failed"]
        assert found("state=completed&client=nightly") == ["the-slow"]
        assert "the-slow" in found(f"model={MODEL}&since=5m&slower_than_ms=0.5")
        assert found("model=no/such") == [] and found("until=1h") == []
        assert found("limit=1") == ["the-failed"]
        assert found("error_code=INVALID_INPUT") == ["the-failed"]
        listed = modelmora(engine, "requests", "list", "--state", "failed", "--since", "1h", "--json")
        assert [entry["request_id"] for entry in listed["requests"]] == ["the-failed"]

    check()
    assert engine.stop() == 0
    engine = start_engine(data=data)
    check()
    assert "the-failed" in modelmora(engine, "requests", "list")
    answer = call(engine, "GET", "/api/v1/requests?state=happy&since=yesterday&slower_than_ms=-1&limit=0")
    assert answer.status == 422
    assert {problem["field"] for problem in answer.json["validation_errors"]} == {"state", "since", "slower_than_ms", "limit"}


def points(report, name):
    return [point["value"] for series in report["series"] if series["name"] == name for point in series["points"]]


def test_history_survives_a_restart(start_engine, plain, tmp_path):
    data = tmp_path / "kept"
    engine = start_engine(data=data)
    register(engine, plain)
    for _ in range(20):
        assert embed(engine).status_code == 200
    assert engine.stop() == 0  # what had not been written yet is written now
    engine = start_engine(data=data)
    for query in (f"model={MODEL}&resolution=10", f"model={MODEL}&resolution=900", "range=30m"):
        report = call(engine, "GET", f"/api/v1/history?{query}").json
        assert sum(points(report, "requests_per_second")) > 0, query
        assert MODEL in report["models"]
        p50, p99 = points(report, "latency_p50_ms"), points(report, "latency_p99_ms")
        assert all(0 < low <= high for low, high in zip(p50, p99, strict=True))
    assert points(report, "models_memory_bytes") and points(report, "memory_percent")[0] > 0
    assert "requests_per_second" in modelmora(engine, "history", "--model", MODEL)
    assert modelmora(engine, "history", "--series", "cpu_percent", "--json")["series"][0]["name"] == "cpu_percent"
    answer = call(engine, "GET", "/api/v1/history?resolution=7&series=nonsense&from=1m&to=2m")
    assert answer.status == 422 and len(answer.json["validation_errors"]) == 3


def test_the_level_of_the_log_changes_while_it_runs(start_engine, plain):
    engine = start_engine(flags=["--log-format", "json"])
    register(engine, plain)
    assert embed(engine, **{"X-Request-Id": "unheard"}).status_code == 200
    assert call(engine, "GET", "/api/v1/log-level").json == {"level": "info", "configured_level": "info", "format": "json"}
    answer = call(engine, "PUT", "/api/v1/log-level", {"level": "debug"})
    assert answer.status == 200 and answer.json["level"] == "debug"
    assert embed(engine, **{"X-Request-Id": "heard", "traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}).status_code == 200
    assert modelmora(engine, "log-level", "warning") == "warning (started with info)\n"
    assert call(engine, "PUT", "/api/v1/log-level", {"level": "loud"}).status == 422
    assert engine.stop() == 0
    lines = [json.loads(line) for line in engine.log().splitlines()]
    requests = {line["request_id"]: line for line in lines if "request_id" in line}
    assert "unheard" not in requests
    assert requests["heard"]["trace_id"] == TRACE and requests["heard"]["total_ms"] > 0
    assert "stopped" not in [line["event"] for line in lines]


@pytest.mark.parametrize("form", ["json", "human"])
def test_no_value_forges_a_line_of_the_log(start_engine, plain, form):
    engine = start_engine(flags=["--log-format", form, "--log-level", "debug"])
    register(engine, plain)
    evil = "nobody\x9b31m\u202eforged\x7f"
    answer = httpx.post(f"{engine.url}/api/v1/infer/{MODEL}", json={"input_data": {"text": "a"}, "parameters": {evil: 1}})
    assert answer.status_code in (200, 422)
    call(engine, "POST", "/api/v1/models", {"model_id": "a/b", "task_type": "txt2embed", "source_url": "file:///no\n2026 error: forged\x1b[31m"})
    assert engine.stop() == 0
    log = engine.log()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\x80-\x9f\u202e]", log)
    assert not re.search("^2026 error", log, re.MULTILINE)


def test_spans_reach_a_collector(start_engine, plain):
    with OtlpReceiver() as collector:
        engine = start_engine(flags=["--otlp-endpoint", collector.url])
        register(engine, plain)
        answer = embed(engine, **{"traceparent": f"00-{TRACE}-b7ad6b7169203331-01", "tracestate": "a=b", "X-Request-Id": "traced"})
        assert answer.headers["traceparent"].startswith(f"00-{TRACE}-")
        own = bytes.fromhex(answer.headers["traceparent"].split("-")[2])
        collector.wait_for(lambda c: any(span.span_id == own for span in c.spans))
        assert not collector.problems
        [request] = [span for span in collector.spans if span.span_id == own]
        assert request.name == "infer" and request.kind == 2 and request.status.code == 1
        assert request.trace_id.hex() == TRACE and request.parent_span_id.hex() == "b7ad6b7169203331" and request.trace_state == "a=b"
        attributes = {a.key: a.value for a in request.attributes}
        assert attributes["modelmora.model_id"].string_value == MODEL and attributes["modelmora.request_id"].string_value == "traced"
        stages = [span for span in collector.spans if span.parent_span_id == own]
        assert {"load", "compute", "send"} <= {span.name for span in stages}
        assert all(request.start_time_unix_nano <= span.start_time_unix_nano <= span.end_time_unix_nano <= request.end_time_unix_nano
                   for span in stages)
        assert collector.resources[0]["service.name"] == "modelmora"
        # One without a trace gets one; one whose caller does not sample is left alone.
        fresh = embed(engine).headers["traceparent"]
        collector.wait_for(lambda c: any(span.trace_id.hex() == fresh.split("-")[1] for span in c.spans))
        quiet = embed(engine, traceparent="00-11111111111111111111111111111111-b7ad6b7169203331-00").headers["traceparent"]
        assert quiet.endswith("-00")
        # Many inputs go in parts, each a span below the request's.
        many = httpx.post(f"{engine.url}/api/v1/infer/{MODEL}", json={"input_data": {"text": ["a"] * 1200}}, timeout=60)
        whole = bytes.fromhex(many.headers["traceparent"].split("-")[2])
        collector.wait_for(lambda c: sum(span.parent_span_id == whole and span.name == "infer part" for span in c.spans) == 3
                           and any(span.span_id == whole for span in c.spans))
        # A failed one says so; what still waits at the end is sent before the engine is gone.
        assert httpx.post(f"{engine.url}/api/v1/infer/no/such", json={"input_data": {"text": "a"}}).status_code == 404
        assert engine.stop() == 0
        assert not collector.problems
        assert any(span.status.code == 2 for span in collector.spans)
        assert not any(span.trace_id.hex().startswith("1111") for span in collector.spans)
        ids = [span.span_id for span in collector.spans]
        assert len(ids) == len(set(ids))


@pytest.mark.parametrize("status,reason", [(400, "refused"), (None, "unreachable")])
def test_a_collector_that_is_gone_costs_spans_and_no_requests(start_engine, plain, status, reason):
    with OtlpReceiver(status or 200) as collector:
        endpoint = collector.url if status else f"http://127.0.0.1:{free_port()}"
        engine = start_engine(flags=["--otlp-endpoint", endpoint])
        register(engine, plain)
        assert all(embed(engine).status_code == 200 for _ in range(5))
        if status:
            engine.wait_until(lambda: value(metrics(engine), f'modelmora_spans_dropped_total{{reason="{reason}"}}') > 0)
        else:
            engine.wait_until(lambda: "spans are not taken" in engine.log())
        assert embed(engine).status_code == 200
        assert engine.stop() == 0


def test_diagnose_with_and_without_an_engine(start_engine, plain, tmp_path):
    engine = start_engine(flags=["--client-weights", "a=2"])
    register(engine, plain)
    assert embed(engine).status_code == 200
    report = tmp_path / "report.tar.gz"
    assert "Wrote" in modelmora(engine, "diagnose", "--output", str(report), "--data-dir", str(engine.data))
    assert report.stat().st_mode & 0o777 == 0o600
    with tarfile.open(report) as bundle:
        files = {member.name.removeprefix("report/"): bundle.extractfile(member).read().decode(errors="replace") for member in bundle}
    assert {"about.json", "engine.json", "log.txt", "health.json", "models.json", "queue.json", "events.jsonl", "metrics.txt",
            "history.json", "data_folder.txt", "failed_requests.json", "memory.json", "status.json"} <= set(files)
    settings = {entry["name"]: entry for entry in json.loads(files["engine.json"])["settings"]}
    assert settings["client-weights"] == {"name": "client-weights", "value": "a=2", "origin": "flag"}
    assert MODEL in files["models.json"] and "model loaded" in files["log.txt"] and "model.loaded" in files["events.jsonl"]
    assert "modelmora.db" in files["data_folder.txt"]
    modelmora(engine, "diagnose", "--output", str(report), code=1)  # it is there already and stays as it is
    address = engine.grpc
    assert engine.stop() == 0
    alone = tmp_path / "alone.tar.gz"
    said = modelmora(address, "diagnose", "--output", str(alone), "--data-dir", str(engine.data), "--json")
    assert said["engine"] is False
    with tarfile.open(alone) as bundle:
        names = {name.removeprefix("alone/") for name in bundle.getnames()}
    assert {"about.json", "data_folder.txt", "data_folder/events.bin"} <= names and "engine.json" not in names


def test_health_tells_everything_at_a_glance(house):
    health = call(house, "GET", "/health").json
    assert health["status"] == "healthy" and health["service"]["name"] == "ModelMora"
    assert health["models"]["loaded"] == [MODEL] and health["models"]["memory_used_mb"] > 0
    assert {"cpu_percent", "memory_percent", "disk_percent"} <= set(health["resources"])
    assert health["dependencies"]["database"] == "ok"

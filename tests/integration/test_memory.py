"""Memory with the real worker: what is planned is what happens, and what is predicted is what is measured."""
import httpx
import pytest

BUDGET = 300_000_000  # one all-MiniLM in fp32, not two


@pytest.fixture
def house(start_engine, minilm_folder):
    """An engine with room for one of its two models."""
    engine = start_engine(flags=["--memory-budget", f"{BUDGET}B", "--minimum-stay", "0"])
    with httpx.Client(base_url=f"{engine.url}/api/v1", timeout=120) as client:
        for name in ("one", "two"):
            made = client.post("/models", json={"model_id": f"org/{name}", "task_type": "txt2embed",
                                                "source_url": f"file://{minilm_folder}", "config": {"dtype": "fp32"}})
            assert made.status_code == 201, made.text
            engine.wait_until(lambda name=name: client.get(f"/models/org/{name}").json()["status"] == "ready")
        yield client


def load(client: httpx.Client, name: str, **query) -> dict:
    answer = client.post(f"/models/org/{name}/load", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def state(client: httpx.Client, name: str) -> dict:
    return client.get(f"/models/org/{name}/status").json()


def host(client: httpx.Client) -> dict:
    return next(device for device in client.get("/memory").json()["devices"] if device["device"] == "cpu")


def test_what_is_planned_is_what_happens_and_the_ledger_agrees_with_the_system(house):
    first = house.get("/models/org/one/plan").json()
    assert first["fits"] and first["evictions"] == []
    assert first["devices"][0]["estimate"]["source"] == "files"
    loaded = load(house, "one")
    assert loaded["measured_bytes"] > loaded["weights_bytes"]

    plan = house.post("/models/org/two/plan").json()
    assert not plan["fits"] and plan["possible"]
    assert [eviction["model_id"] for eviction in plan["evictions"]] == ["org/one"]

    refused = house.post("/models/org/two/load")
    assert refused.status_code == 507
    assert refused.json()["error_code"] == "INSUFFICIENT_MEMORY"
    assert "force" in refused.json()["message"]
    assert refused.json()["details"]["budget_bytes"] <= BUDGET
    assert refused.json()["details"]["needed_bytes"] == plan["devices"][0]["needed_bytes"]
    assert state(house, "one")["state"] == "loaded"

    load(house, "two", force="true")
    gone = state(house, "one")
    assert gone["state"] == "unloaded"
    assert "evicted for org/two" in gone["reason"]

    # From the second load on, what is predicted is what was measured.
    again = load(house, "one", force="true")
    assert abs(again["measured_bytes"] - again["predicted_bytes"]) <= 0.05 * again["predicted_bytes"], again
    ledger = host(house)
    assert [entry["model_id"] for entry in ledger["entries"]] == ["org/one"]
    assert ledger["committed_bytes"] + ledger["reserved_bytes"] <= ledger["budget_bytes"] == BUDGET
    assert abs(ledger["entries"][0]["measured_bytes"] - again["measured_bytes"]) <= 0.05 * again["measured_bytes"]


def test_requests_for_more_models_than_fit_are_all_answered(house):
    for name in ("one", "two", "one", "two"):
        answer = house.post(f"/infer/org/{name}", json={"input_data": {"text": "a few words"}})
        assert answer.status_code == 200, answer.text
        assert host(house)["committed_bytes"] <= BUDGET


def test_a_pinned_model_stays_until_it_is_unpinned(house):
    load(house, "one", pin="true")
    refused = house.post("/infer/org/two", json={"input_data": {"text": "a few words"}})
    assert refused.status_code == 507
    assert refused.json()["details"]["pinned_bytes"] > 0
    assert house.delete("/models/org/one/pin").json()["pinned"] is False
    assert house.post("/infer/org/two", json={"input_data": {"text": "a few words"}}).status_code == 200


def test_keep_alive_zero_lets_the_model_go_after_its_request(start_engine, small_model):
    engine = start_engine()
    with httpx.Client(base_url=f"{engine.url}/api/v1", timeout=120) as client:
        client.post("/models", json={"model_id": "org/small", "task_type": "txt2embed",
                                     "source_url": f"file://{small_model}"}).raise_for_status()
        engine.wait_until(lambda: client.get("/models/org/small").json()["status"] == "ready")
        client.post("/infer/org/small", json={"input_data": {"text": "a few words"},
                                              "keep_alive_seconds": 0}).raise_for_status()
        engine.wait_until(lambda: state(client, "small")["state"] == "unloaded")
        assert engine.workers() == []


def test_two_instances_are_one_model(start_engine, small_model):
    engine = start_engine()
    with httpx.Client(base_url=f"{engine.url}/api/v1", timeout=120) as client:
        client.post("/models", json={"model_id": "org/small", "task_type": "txt2embed",
                                     "source_url": f"file://{small_model}"}).raise_for_status()
        engine.wait_until(lambda: client.get("/models/org/small").json()["status"] == "ready")
        assert len(load(client, "small", instances=2)["instances"]) == 2
        assert len(engine.workers()) == 2
        client.post("/models/org/small/unload").raise_for_status()
        assert engine.workers() == []
        assert host(client)["entries"] == []

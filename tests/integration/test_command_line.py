"""The operator's commands against the real engine and worker: memory, plan, pins, the queue, requests and jobs."""
import concurrent.futures
import json
import os
import subprocess

import pytest

from tests.integration.rest_client import call

MODEL = "test/model"
# Long enough to be looked at, and not so large that it goes through the engine in several windows.
LONG = {"input_data": {"text": ["a long line of many words that says nothing at all " * 40] * 450}}


@pytest.fixture(scope="module")
def served(engine, minilm_folder):
    answer = call(engine, "POST", "/api/v1/models", {
        "model_id": MODEL, "task_type": "txt2embed", "source_url": minilm_folder.as_uri(),
        "config": {"batch_size": 1, "dtype": "fp32"}})
    assert answer.status == 201, answer.text
    return engine


@pytest.fixture
def run(served):
    """run("queue", code=0): what it printed; with --json, what that means."""
    program = f"{os.environ['MM_BUILD']}/bin/modelmora"

    def command(*words, code=0):
        done = subprocess.run([program, *words, "--engine", served.grpc], capture_output=True, text=True, timeout=120,
                              stdin=subprocess.DEVNULL, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        return json.loads(done.stdout) if "--json" in words else done.stdout

    return command


def test_what_plan_says_load_does_and_memory_shows(run):
    plan = run("plan", MODEL, "--instances", "2", "--json")
    assert plan["fits"] and plan["devices"][0]["needed_bytes"] > 0
    run("load", MODEL, "--instances", "2", "--pin")
    entries = [entry for device in run("memory", "--json")["devices"] for entry in device["entries"]]
    assert [(entry["model_id"], entry["state"]) for entry in entries] == [(MODEL, "committed")] * 2
    assert MODEL in run("memory")
    assert run("plan", MODEL).startswith(f"{MODEL}@main is loaded.")
    assert run("info", MODEL, "--json")["runtime"]["pinned"]
    assert run("unpin", MODEL) == f"{MODEL} is not pinned, and loaded\n"
    run("unload", MODEL)


def test_requests_are_seen_held_lowered_and_cancelled(served, run):
    run("load", MODEL)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        def send(name, body):
            return pool.submit(call, served, "POST", f"/api/v1/infer/{MODEL}", body, headers={"X-Request-Id": name})

        def until(name, state):
            served.wait_until(lambda: call(served, "GET", f"/api/v1/requests/{name}").status == 200
                              and run("requests", "show", name, "--json")["state"] == state)

        running = []
        for name in ("long-1", "long-2"):
            running.append(send(name, LONG))
            until(name, "running")
        waiting = send("short", {"input_data": {"text": "a"}})
        until("short", "waiting")
        shown = run("queue", "--model", MODEL)
        assert "2 running" in shown and "short" in shown
        assert run("requests", "hold", "short").startswith("short is held")
        assert run("requests", "release", "short").startswith("short is waiting, at place 1")
        assert run("requests", "priority", "short", "low").endswith("with priority low\n")
        run("requests", "cancel", "short")
        assert waiting.result().status == 409
        for name in ("long-1", "long-2"):
            run("requests", "cancel", name)
        assert [each.result().status for each in running] == [409, 409]
    assert "cancelled" in run("requests", "show", "long-1")
    run("requests", "hold", "long-1", code=5)
    run("requests", "show", "never-sent", code=4)


def test_a_job_goes_its_way(served, run):
    job = run("jobs", "submit", MODEL, "one", "two", "three", "--key", "k").strip()
    assert run("jobs", "submit", MODEL, "one", "two", "three", "--key", "k").strip() == job
    served.wait_until(lambda: run("jobs", "show", job, "--json")["status"] == "completed", seconds=60)
    assert job in run("jobs", "list", "--status", "completed")
    embeddings = run("jobs", "result", job, "--json")["output_data"]["embedding_batch"]["embeddings"]
    assert [len(embedding["values"]) for embedding in embeddings] == [384] * 3
    assert run("jobs", "cancel", job) == f"{job} was completed and is forgotten\n"
    run("jobs", "show", job, code=4)

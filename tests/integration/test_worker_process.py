"""The real worker as a process: what it does with an engine that asks much, asks wrongly, or goes away."""

import pathlib
import resource
import struct
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import worker_client  # noqa: E402

MINILM = ROOT / ".deps" / "models" / "all-MiniLM-L6-v2"
EXIT_DONE, EXIT_USAGE, EXIT_PROTOCOL = 0, 64, 65


@pytest.fixture
def idle():
    with worker_client.Worker() as worker:
        yield worker


@pytest.fixture(scope="module")
def minilm():
    with worker_client.Worker() as worker:
        worker.load(MINILM, dtype="fp32")
        yield worker


@pytest.fixture
def loaded():
    with worker_client.Worker() as worker:
        worker.load(MINILM, dtype="fp32")
        yield worker


def ends_with(worker, code):
    assert worker.process.wait(20) == code
    return worker.process.stderr.read().decode()


def test_the_load_tells_its_stages_in_order(loaded):
    stages = list(dict.fromkeys(stage for stage, _, _ in loaded.progress))
    assert stages == ["files", "weights", "prepare", "tokenizer", "warmup"]
    weights = [done for stage, done, _ in loaded.progress if stage == "weights"]
    assert weights == sorted(weights) and weights[-1] > 80_000_000


def test_a_minilm_worker_stays_under_300_megabytes(loaded):
    loaded.embed(["some words to embed"] * 64)
    assert loaded.ping().memory.resident_bytes < 300_000_000


def test_pings_are_answered_while_it_computes(minilm):
    minilm.ping()
    number = minilm.start(minilm.request(["many words " * 100] * 200))
    minilm.send(ping=worker_client.worker.Ping(nonce=9))
    assert minilm.receive().pong.nonce == 9
    minilm.answer(number)


def test_a_cancelled_request_ends_and_the_others_go_on(minilm):
    long = minilm.start(minilm.request(["many words " * 100] * 2000))
    short = minilm.start(minilm.request("few words"))
    minilm.send(cancel=worker_client.worker.Cancel(id=long))
    outputs = {output.id: output for output in (minilm.receive().output, minilm.receive().output)}
    assert outputs[long].error.code == "REQUEST_CANCELLED"
    assert len(outputs[short].data.embedding.values) == 384
    minilm.send(cancel=worker_client.worker.Cancel(id=short))
    assert minilm.ping().running == 0


def test_a_short_request_overtakes_the_rest_of_a_long_one(minilm):
    long = minilm.start(minilm.request(["many words " * 100] * 300))
    short = minilm.start(minilm.request("few words"))
    assert minilm.receive().output.id == short
    minilm.answer(long)


def test_a_critical_request_waits_for_no_more_than_the_step_under_way(minilm):
    long = [minilm.start(minilm.request(["many words " * 100] * 100)) for _ in range(2)]
    request = minilm.request(["a few words"] * 64)
    request.priority = worker_client.common.PRIORITY_CRITICAL
    critical = minilm.start(request)
    first = minilm.receive().output
    assert first.id == critical and len(first.data.embedding_batch.embeddings) == 64
    # Nothing lesser was computed along with it.
    assert first.batch_size == 64
    rest = [minilm.receive().output for _ in long]
    assert sorted(output.id for output in rest) == long
    # Both shared their steps, so neither is charged for all of them.
    assert all(0 < output.charged_us < output.times.compute_us for output in rest)


def test_batch_size_limits_the_sequences_of_a_step(idle):
    idle.load(MINILM, dtype="fp32", batch_size=4)
    assert idle.run(["a few words"] * 10).batch_size == 4


@pytest.mark.parametrize("inputs, parameters, code, words", [
    ([], {}, "INVALID_INPUT", "the list of inputs is empty"),
    ("a", {"dimensions": 385}, "VALIDATION_ERROR", "from 1 to 384"),
    ("a", {"normalise": True}, "VALIDATION_ERROR", "Did you mean 'normalize'?"),
    ("word " * 1000, {"truncate": False}, "INVALID_INPUT", "the text has 1002 tokens; this model takes 256"),
    ([[101, 30522, 102]], {}, "INVALID_INPUT", "token id 30522; this model's vocabulary ends at 30521"),
])
def test_wrong_requests_get_precise_answers_and_the_worker_goes_on(minilm, inputs, parameters, code, words):
    with pytest.raises(worker_client.WorkerError) as refused:
        minilm.run(inputs, **parameters)
    assert refused.value.code == code
    assert words in refused.value.message
    assert len(minilm.embed("still here")) == 384


def test_a_megabyte_of_text_is_cut(minilm):
    output = minilm.run("words and more words " * 50_000)
    assert output.truncated_inputs == 1 and output.input_tokens == 256


@pytest.mark.parametrize("config, code, words", [
    ({"dtype": "fp12"}, "INVALID_CONFIGURATION", "fp12"),
    ({"dtype": 32}, "INVALID_CONFIGURATION", "config.dtype: a text is needed"),
    ({"max_length": 0}, "INVALID_CONFIGURATION", "config.max_length"),
])
def test_wrong_settings_are_a_failed_load(idle, config, code, words):
    with pytest.raises(worker_client.WorkerError) as refused:
        idle.load(MINILM, **config)
    assert refused.value.code == code
    assert words in refused.value.message


def test_a_load_over_the_memory_limit_fails_with_the_numbers(idle):
    limit = 64 << 20
    with pytest.raises(worker_client.WorkerError) as refused:
        idle.load(MINILM, dtype="fp32", limit=limit)
    assert refused.value.code == "INSUFFICIENT_MEMORY"
    assert refused.value.details["limit_bytes"] == limit
    assert refused.value.details["bytes"] > 0 and refused.value.details["private_bytes"] > 0
    assert "stage" in refused.value.details and "64 MiB" in refused.value.message
    assert idle.ping()


def allow(worker, more):
    """Lets a worker map so many bytes beyond what it has mapped already."""
    status = pathlib.Path(f"/proc/{worker.process.pid}/status").read_text()
    mapped = int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmData:"))) << 10
    resource.prlimit(worker.process.pid, resource.RLIMIT_DATA, (mapped + more, resource.RLIM_INFINITY))


def test_a_limit_bounds_what_a_loaded_worker_may_add(idle):
    loaded = idle.load(MINILM, dtype="fp32", memory_limit_mb=700)
    limit, _ = resource.prlimit(idle.process.pid, resource.RLIMIT_DATA)
    assert loaded.memory.private_bytes < 700 << 20 <= limit < 2000 << 20
    assert loaded.activation_bytes >= 0


def test_a_batch_too_large_for_the_memory_is_computed_in_smaller_steps(idle):
    idle.load(MINILM, dtype="fp32", batch_max_tokens=1_000_000)
    allow(idle, 48 << 20)
    output = idle.run(["a"] * 10_000)
    assert len(output.data.embedding_batch.embeddings) == 10_000
    assert output.batch_size < 10_000


def test_a_request_that_memory_cannot_hold_ends_with_the_numbers_and_the_worker_goes_on(idle):
    idle.load(MINILM, dtype="fp32")
    allow(idle, 1 << 20)
    with pytest.raises(worker_client.WorkerError) as refused:
        idle.run(["a"] * 100_000)
    assert refused.value.code == "INSUFFICIENT_MEMORY"
    assert refused.value.details["private_bytes"] > 0
    assert len(idle.embed("still here")) == 384


def test_a_missing_folder_is_a_failed_load_that_names_it(idle, tmp_path):
    with pytest.raises(worker_client.WorkerError) as refused:
        idle.load(tmp_path / "gone")
    assert refused.value.code == "INVALID_MODEL_FILES"
    assert str(tmp_path / "gone") in refused.value.message
    assert refused.value.details["stage"] == "files"
    assert idle.ping()


def test_a_task_that_nobody_can_do_is_refused(idle):
    with pytest.raises(worker_client.WorkerError) as refused:
        idle.load(MINILM, task=worker_client.common.TASK_TYPE_TXT2IMG)
    assert refused.value.code == "UNSUPPORTED_MODEL"
    assert "txt2embed" in refused.value.message


def damaged_copy(tmp_path, name, change):
    for source in MINILM.rglob("*"):
        if source.is_file():
            target = tmp_path / source.relative_to(MINILM)
            target.parent.mkdir(exist_ok=True)
            target.symlink_to(source)
    content = (MINILM / name).read_bytes()
    (tmp_path / name).unlink()
    (tmp_path / name).write_bytes(change(content))
    return tmp_path


@pytest.mark.parametrize("name, change, words", [
    ("model.safetensors", lambda b: b[:1_000_000], "it is cut short or damaged"),
    ("model.safetensors", lambda b: struct.pack("<Q", 1 << 60) + b[8:20], "its header claims 1152921504606846976 bytes"),
    ("config.json", lambda b: b.replace(b'"hidden_size": 384', b'"hidden_size": 768'), "shape"),
    ("tokenizer.json", lambda b: b[:1000], "is not a usable tokenizer"),
    ("1_Pooling/config.json", lambda b: b.replace(b"384", b"12"), "expects vectors of 12 values"),
])
def test_damaged_files_are_named(idle, tmp_path, name, change, words):
    folder = damaged_copy(tmp_path, name, change)
    with pytest.raises(worker_client.WorkerError) as refused:
        idle.load(folder, dtype="fp32")
    assert refused.value.code == "INVALID_MODEL_FILES"
    assert words in refused.value.message


def test_a_folder_that_vanishes_while_loaded_harms_nobody(idle, tmp_path):
    import shutil

    shutil.copytree(MINILM, tmp_path / "model")
    idle.load(tmp_path / "model", dtype="fp32")
    before = idle.embed("words")
    shutil.rmtree(tmp_path / "model")
    assert idle.embed("words") == pytest.approx(before, abs=1e-6)
    assert len(idle.embed("entirely different vocabulary: zebra quantum 漢字")) == 384


def test_the_worker_ends_with_its_engine(loaded):
    loaded.start(loaded.request(["many words " * 100] * 2000))
    loaded.socket.close()
    ends_with(loaded, EXIT_DONE)


def test_shutdown_ends_it(loaded):
    loaded.send(shutdown=worker_client.worker.Shutdown())
    ends_with(loaded, EXIT_DONE)


@pytest.mark.parametrize("payload", [b"\xff\xff\xff", b"", b"\x12\x00"], ids=["no message", "empty", "run before load"])
def test_frames_out_of_order_end_it_with_a_reason(idle, payload):
    idle.send_bytes(payload)
    assert "broke the protocol" in ends_with(idle, EXIT_PROTOCOL)


def test_a_frame_over_the_limit_ends_it(idle):
    idle.socket.sendall(struct.pack("<I", (256 << 20) + 1))
    assert "over the limit" in ends_with(idle, EXIT_PROTOCOL)


def test_a_second_load_ends_it(loaded):
    loaded.send(load=worker_client.worker.Load(path=str(MINILM)))
    assert "a second Load" in ends_with(loaded, EXIT_PROTOCOL)


def test_an_id_that_is_still_in_use_ends_it(loaded):
    request = loaded.request(["many words " * 100] * 500)
    items = [worker_client.worker.RunItem(id=5, request=request)] * 2
    loaded.send(run=worker_client.worker.Run(items=items))
    assert "the id 5" in ends_with(loaded, EXIT_PROTOCOL)


def test_it_is_not_for_people():
    import subprocess

    done = subprocess.run([str(worker_client.WORKER)], capture_output=True, timeout=20)
    assert done.returncode == EXIT_USAGE
    assert b"modelmora-engine" in done.stderr

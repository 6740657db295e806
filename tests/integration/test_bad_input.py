"""Everything a clumsy or hostile user sends: a precise error each time, and the engine goes on."""
import json
import os
import shutil
import signal
import struct

import pytest

from tests.integration.rest_client import call

MINILM = "sentence-transformers/all-MiniLM-L6-v2"
INFER = "/api/v1/infer/" + MINILM


def refused(answer, status, code, *words):
    assert answer.status == status, answer.text
    assert answer.json["error_code"] == code, answer.text
    for word in words:
        assert word in answer.text, answer.text
    return answer.json


@pytest.fixture(autouse=True)
def still_serving(minilm):
    """Whatever a test did, the same engine embeds a sentence afterwards."""
    yield
    answer = call(minilm, "POST", INFER, {"input_data": {"text": "still here"}})
    assert answer.status == 200 and len(answer.json["output_data"]["embedding"]) == 384
    assert minilm.alive()


def test_unknown_model_suggests_the_nearest(minilm):
    body = refused(
        call(minilm, "POST", "/api/v1/infer/sentence-transformers/all-MiniLM-L6-v3", {"input_data": {"text": "x"}}),
        404, "MODEL_NOT_FOUND", MINILM)
    assert body["trace_id"]


@pytest.mark.parametrize("data, words", [
    ({}, ["text"]),
    ({"image": "aGVsbG8="}, ["txt2embed"]),
    ({"text": []}, ["text"]),
    ({"text": 7}, ["input_data.text", "number"]),
    ({"text": ["fine", None]}, ["input_data.text[1]"]),
    ({"text": {"nested": True}}, ["input_data.text"]),
])
def test_input_that_is_not_text_is_named(minilm, data, words):
    answer = call(minilm, "POST", INFER, {"input_data": data})
    assert answer.status in (400, 422), answer.text
    assert all(word in answer.text for word in words), answer.text


def test_wrong_task_is_refused_when_registering(minilm, small_model):
    answer = call(minilm, "POST", "/api/v1/models", {
        "model_id": "test/wrong-task", "task_type": "txt2everything", "source_url": small_model.as_uri()})
    assert answer.status == 422 and "txt2embed" in answer.text, answer.text


def test_empty_text_is_embedded_like_the_reference(minilm):
    answer = call(minilm, "POST", INFER, {"input_data": {"text": ""}})
    assert answer.status == 200 and len(answer.json["output_data"]["embedding"]) == 384


def test_one_megabyte_of_text_is_cut_and_said_so(minilm):
    answer = call(minilm, "POST", INFER, {"input_data": {"text": "many words " * 95_000}})
    assert answer.status == 200, answer.text
    assert answer.json["metadata"]["truncated_inputs"] == 1
    assert answer.json["metadata"]["input_tokens"] == 256


def test_one_megabyte_of_text_is_refused_where_cutting_is_not_wanted(minilm):
    answer = call(minilm, "POST", INFER, {
        "input_data": {"text": "many words " * 95_000}, "parameters": {"truncate": False}})
    assert answer.status == 422 and "256" in answer.text, answer.text


def test_a_hundred_thousand_texts_are_all_embedded(minilm):
    answer = call(minilm, "POST", INFER, {
        "input_data": {"text": ["hi", "there"] * 50_000}, "parameters": {"dimensions": 8}, "timeout_seconds": 600},
        timeout=600)
    assert answer.status == 200, answer.text[:500]
    embeddings = answer.json["output_data"]["embeddings"]
    assert len(embeddings) == 100_000
    assert embeddings[0] != embeddings[1]
    assert embeddings[0] == embeddings[99_998] and embeddings[1] == embeddings[99_999]


def test_nul_bytes_and_odd_unicode_are_text_like_any_other(minilm):
    for text in ("a\u0000b", "\u202eright to left", "👩‍👩‍👧‍👦" * 20, "\u0301" * 300):
        assert call(minilm, "POST", INFER, {"input_data": {"text": text}}).status == 200


@pytest.mark.parametrize("raw, status, words", [
    (b'{"input_data": {"text": "\xff\xfe"}}', 400, ["UTF-8"]),
    (b'{"input_data": {"text": "x"', 400, ["line"]),
    (b'', 400, []),
    (b'[1, 2]', 400, ["object"]),
    (b'{"input_data": {"text": "a"}, "input_data": {"text": "b"}}', 400, ["input_data"]),
    (b'[' * 100_000, 400, []),
])
def test_bodies_that_cannot_be_read_say_where(minilm, raw, status, words):
    answer = call(minilm, "POST", INFER, raw=raw)
    assert answer.status in (status, 422), answer.text
    assert "error_code" in answer.json
    assert all(word in answer.text for word in words), answer.text


def test_unknown_fields_are_named_with_the_nearest(minilm):
    body = refused(call(minilm, "POST", INFER, {"input_data": {"text": "x"}, "timeout_second": 3}),
                   422, "VALIDATION_ERROR", "timeout_seconds")
    assert body["validation_errors"][0]["field"] == "timeout_second"


@pytest.mark.parametrize("field, value", [
    ("timeout_seconds", 0), ("timeout_seconds", 601), ("timeout_seconds", "soon"), ("priority", "urgent"),
    ("parameters", {"dimensions": 100_000}), ("parameters", {"normalise": True}), ("parameters", [1]),
])
def test_values_out_of_range_name_their_field(minilm, field, value):
    answer = call(minilm, "POST", INFER, {"input_data": {"text": "x"}, field: value})
    assert answer.status == 422, answer.text
    name = next(iter(value)) if isinstance(value, dict) else field
    assert name in answer.text, answer.text


def test_a_body_over_the_limit_names_the_limit(minilm):
    answer = call(minilm, "POST", INFER, raw=b" " * (33 << 20))
    assert answer.status == 413 and str(32 << 20) in answer.text, answer.text


def copy_of(model, tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(model, folder)
    return folder


def register(engine, name, folder, **more):
    return call(engine, "POST", "/api/v1/models",
                {"model_id": name, "task_type": "txt2embed", "source_url": folder.as_uri(), **more})


def load_fails(engine, name, *words):
    answer = call(engine, "POST", f"/api/v1/models/{name}/load")
    assert answer.status >= 400, answer.text
    assert all(word in answer.text for word in words), answer.text
    status = call(engine, "GET", f"/api/v1/models/{name}/status")
    assert all(word in status.text for word in words), status.text
    return answer


def damage_header(file, change):
    data = bytearray(file.read_bytes())
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    change(header)
    text = json.dumps(header).encode()
    file.write_bytes(struct.pack("<Q", len(text)) + text + data[8 + length:])


@pytest.mark.parametrize("name, damage", [
    ("truncated", lambda f: os.truncate(f, f.stat().st_size - 100)),
    ("empty", lambda f: os.truncate(f, 0)),
    ("header-2-60", lambda f: f.write_bytes(struct.pack("<Q", 1 << 60) + f.read_bytes()[8:])),
    ("offsets", lambda f: damage_header(f, lambda h: h["embeddings.LayerNorm.bias"].update(data_offsets=[0, 1 << 60]))),
    ("shape", lambda f: damage_header(f, lambda h: h["embeddings.LayerNorm.bias"].update(shape=[1 << 62, 8]))),
])
def test_hostile_weights_are_refused_with_file_and_place(minilm, small_model, tmp_path, name, damage):
    folder = copy_of(small_model, tmp_path)
    damage(folder / "model.safetensors")
    registered = register(minilm, f"test/hostile-{name}", folder)
    if registered.status == 201:
        load_fails(minilm, f"test/hostile-{name}", "model.safetensors")
    else:
        assert registered.status == 422 and "model.safetensors" in registered.text, registered.text


def test_a_tensor_of_the_wrong_shape_is_named(minilm, small_model, tmp_path):
    folder = copy_of(small_model, tmp_path)
    config = json.loads((folder / "config.json").read_text())
    config["vocab_size"] += 1
    (folder / "config.json").write_text(json.dumps(config))
    assert register(minilm, "test/wrong-shape", folder).status == 201
    load_fails(minilm, "test/wrong-shape", "word_embeddings.weight")


def test_pickled_weights_are_refused_with_the_reason(minilm, small_model, tmp_path):
    folder = copy_of(small_model, tmp_path)
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    answer = register(minilm, "test/pickled", folder)
    assert answer.status == 422 and "safetensors" in answer.text, answer.text


def test_a_missing_tokenizer_is_named(minilm, small_model, tmp_path):
    folder = copy_of(small_model, tmp_path)
    (folder / "tokenizer.json").unlink()
    answer = register(minilm, "test/no-tokenizer", folder)
    assert answer.status == 422 and "tokenizer.json" in answer.text, answer.text


def test_a_folder_that_does_not_exist_is_named(minilm, tmp_path):
    answer = register(minilm, "test/nowhere", tmp_path / "nowhere")
    assert answer.status in (404, 422) and "nowhere" in answer.text, answer.text


def test_a_folder_that_vanishes_while_loaded_hurts_only_the_next_load(minilm, small_model, tmp_path):
    folder = copy_of(small_model, tmp_path)
    name = "test/vanishing"
    assert register(minilm, name, folder).status == 201
    embed = lambda: call(minilm, "POST", f"/api/v1/infer/{name}", {"input_data": {"text": "hello"}})
    before = embed()
    assert before.status == 200, before.text
    shutil.rmtree(folder)
    assert embed().json["output_data"] == before.json["output_data"]
    assert call(minilm, "POST", f"/api/v1/models/{name}/unload").status == 200
    load_fails(minilm, name, str(folder))


def test_a_killed_worker_is_reported_and_the_next_request_served(minilm, small_model, tmp_path):
    name = "test/killed"
    assert register(minilm, name, copy_of(small_model, tmp_path)).status == 201
    assert call(minilm, "POST", f"/api/v1/models/{name}/load").status == 200
    status = call(minilm, "GET", f"/api/v1/models/{name}/status").json
    os.kill(status["pid"], signal.SIGKILL)
    minilm.wait_until(lambda: call(minilm, "GET", f"/api/v1/models/{name}/status").json["state"] == "unhealthy")
    failed = call(minilm, "GET", f"/api/v1/models/{name}/status")
    assert "SIGKILL" in failed.text, failed.text
    unwell = {model["model_id"] for model in call(minilm, "GET", "/health/models").json["models"] if not model["healthy"]}
    assert name in unwell
    again = call(minilm, "POST", f"/api/v1/infer/{name}", {"input_data": {"text": "hello"}})
    assert again.status == 200, again.text


def test_registering_twice_is_a_conflict(minilm, small_model, tmp_path):
    folder = copy_of(small_model, tmp_path)
    assert register(minilm, "test/twice", folder).status == 201
    refused(register(minilm, "test/twice", folder), 409, "MODEL_ALREADY_EXISTS")


def test_deleting_a_loaded_model_needs_force(minilm, small_model, tmp_path):
    assert register(minilm, "test/loaded", copy_of(small_model, tmp_path)).status == 201
    assert call(minilm, "POST", "/api/v1/models/test/loaded/load").status == 200
    refused(call(minilm, "DELETE", "/api/v1/models/test/loaded"), 409, "MODEL_IN_USE", "force")
    pid = call(minilm, "GET", "/api/v1/models/test/loaded/status").json["pid"]
    assert call(minilm, "DELETE", "/api/v1/models/test/loaded?force=true").status == 204
    assert not os.path.exists(f"/proc/{pid}")
    assert call(minilm, "GET", "/api/v1/models/test/loaded").status == 404


def test_a_wrong_checksum_is_refused(minilm, small_model):
    refused(register(minilm, "test/checksum", small_model, checksum="sha256:" + "0" * 64),
            422, "CHECKSUM_MISMATCH", "sha256:0000")

"""What a load takes: predicted from the files, measured, remembered, and said when the files are no good."""
import shutil

import pytest

from tests.integration.rest_client import call

MODEL = "test/measured"


def register(engine, folder, **config):
    answer = call(engine, "POST", "/api/v1/models", {
        "model_id": MODEL, "task_type": "txt2embed", "source_url": folder.as_uri(), "config": config})
    assert answer.status == 201, answer.text


def plan(engine):
    return call(engine, "GET", f"/api/v1/models/{MODEL}/plan")


def load(engine):
    answer = call(engine, "POST", f"/api/v1/models/{MODEL}/load")
    assert answer.status == 200, answer.text
    return answer.json["predicted_bytes"], answer.json["measured_bytes"]


@pytest.mark.parametrize("dtype", ["fp32", "bf16"])
def test_the_first_load_is_predicted_from_the_files_and_later_ones_by_what_was_measured(
        start_engine, minilm_folder, tmp_path, dtype):
    engine = start_engine(data=tmp_path / "house")
    register(engine, minilm_folder, dtype=dtype)
    assert plan(engine).json["devices"][0]["estimate"]["source"] == "files"
    predicted, measured = load(engine)
    assert measured <= predicted <= 1.25 * measured
    assert call(engine, "POST", f"/api/v1/models/{MODEL}/unload").status == 200
    predicted, measured = load(engine)
    assert predicted == pytest.approx(measured, rel=0.05)
    assert engine.stop() == 0

    again = start_engine(data=tmp_path / "house")
    device = plan(again).json["devices"][0]
    assert device["estimate"]["source"] == "measured"
    assert device["needed_bytes"] == pytest.approx(measured, rel=0.05)


def test_a_plan_for_damaged_files_names_the_file_without_starting_anything(start_engine, small_model, tmp_path):
    folder = shutil.copytree(small_model, tmp_path / "model")
    engine = start_engine()
    register(engine, folder)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4])
    answer = plan(engine)
    assert answer.status == 422
    assert answer.json["error_code"] == "INVALID_MODEL_FILES"
    assert str(weights) in answer.json["message"]
    assert engine.workers() == []

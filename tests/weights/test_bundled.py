"""The bundled weights load and agree with the figures of their model cards."""

import json
from pathlib import Path

import pytest
import torch

from ugatit.checkpoints.loading import load_model
from ugatit.checkpoints.registry import BUNDLED, bundled_weights
from ugatit.evaluation.pointing import measure_pointing
from ugatit.explain.snapshots import read_snapshots
from ugatit.models import UGATIT
from weights.cards import fill_card

MAX_MEGABYTES = {
    "disc2square": 4, "flat2clay": 25, "toon2lorelei": 15, "glasses": 15, "glasses-cam": 4, "glasses-no-cam": 4
}  # fmt: skip


@pytest.mark.parametrize("name", MAX_MEGABYTES)
def test_weights_load_and_stay_small(name: str) -> None:
    model = load_model(name, "cpu")
    size = model.image_size

    output = model.translate(torch.zeros(1, 3, size, size), to=model.domains[1])

    assert output.image.isfinite().all()
    assert (BUNDLED / name / "model.safetensors").stat().st_size < MAX_MEGABYTES[name] * 1e6


@pytest.mark.parametrize(("kind", "to"), [("disc", "square"), ("square", "disc")])
def test_attention_of_disc2square_lies_on_the_object(kind: str, to: str) -> None:
    model = load_model("disc2square", "cpu")
    assert isinstance(model, UGATIT)

    scores = measure_pointing(model, kind, to, range(2000, 2040))

    assert scores["generator"].hits >= 0.9
    assert scores["generator"].iou >= 0.55


@pytest.mark.parametrize("name", MAX_MEGABYTES)
def test_card_states_the_measures(name: str) -> None:
    measures = json.loads((BUNDLED / name / "measures.json").read_text())
    card = (BUNDLED / name / "README.md").read_text()

    assert fill_card(card, name, measures) == card
    for direction in measures["directions"].values():
        assert f"{direction['paired']['psnr_db']:.1f} dB" in card
        assert f"{direction['faithful']['cycle_error_grey_levels']:.1f}" in card
    for direction in measures.get("pointing", {}).values():
        assert f"{direction['generator']['hits']:.3f}" in card


@pytest.mark.parametrize("name", MAX_MEGABYTES)
def test_snapshots_belong_to_the_model(name: str) -> None:
    model = load_model(name, "cpu")
    for growth in read_snapshots(BUNDLED / name):
        assert model.origin_of(growth.to) == growth.origin
        assert growth.pictures.shape[1] == model.image_size


def test_damaged_config_does_not_hide_other_weights(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for name, text in (("good", (BUNDLED / "disc2square" / "config.json").read_text()), ("torn", "{")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text(text)
        (tmp_path / name / "model.safetensors").touch()

    assert [weights.name for weights in bundled_weights(tmp_path)] == ["good"]
    assert "torn" in caplog.text

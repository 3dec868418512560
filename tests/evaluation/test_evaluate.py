"""`evaluate`: measures on folders of real files, as a process."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.live import save_tiny
from tests.tiny import picture_folder, refused, ugatit
from ugatit.config import UGATITConfig
from ugatit.errors import DataError
from ugatit.evaluation import evaluate
from ugatit.models import UGATIT
from ugatit.networks.geometry import Grid
from ugatit.networks.outputs import GeneratorOutput


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(tmp_path_factory.mktemp("weights") / "tiny", 0, ("disc", "square"))


def run_evaluate(weights: Path, folder: Path, *arguments: object, to: str = "square") -> tuple[int, dict[str, Any]]:
    result = ugatit(
        "evaluate", "--weights", weights, "--to", to, "--input", folder / "a", "--target", folder / "b", *arguments
    )
    assert "Traceback" not in result.stderr
    return result.returncode, json.loads(result.stdout)


def test_one_json_object_with_every_measure(weights: Path, tmp_path: Path) -> None:
    picture_folder(tmp_path / "a", "disc", 6, 64)
    picture_folder(tmp_path / "b", "square", 6, 64)
    status, measures = run_evaluate(weights, tmp_path, "--paired", "--judge", tmp_path / "a", tmp_path / "b")
    assert status == 0
    assert (measures["pictures"], measures["targets"]) == (6, 6)
    assert set(measures) == {
        "weights", "to", "pictures", "targets", "recognised", "paired", "faithful", "attention"
    }  # fmt: skip
    recognised = measures["recognised"]
    assert set(recognised["judge_accuracy_by_domain"]) == {"disc", "square"}
    assert recognised["judge_accuracy"] == pytest.approx(sum(recognised["judge_accuracy_by_domain"].values()) / 2)
    assert recognised["judge_accuracy_by_domain"]["square"] == recognised["share_of_true"]
    assert recognised["judge_trained_on"] == 12


def test_copying_the_truth_itself_is_perfect(weights: Path, tmp_path: Path) -> None:
    picture_folder(tmp_path / "a", "disc", 3, 64)
    picture_folder(tmp_path / "b", "disc", 3, 64)
    _, measures = run_evaluate(weights, tmp_path, "--paired")
    assert measures["paired"]["ssim_of_copying"] == pytest.approx(1)
    assert measures["paired"]["ssim"] < 1


def test_bad_pictures_are_named_and_the_rest_is_measured(weights: Path, tmp_path: Path) -> None:
    picture_folder(tmp_path / "a", "disc", 3, 64)
    picture_folder(tmp_path / "b", "square", 3, 64)
    (tmp_path / "a" / "torn.png").write_bytes((tmp_path / "a" / "000.png").read_bytes()[:200])
    status, measures = run_evaluate(weights, tmp_path)
    assert (status, measures["pictures"]) == (1, 3)
    assert "paired" not in measures


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (["--to", "clay"], "clay"),
        (["--input", "nowhere"], "nowhere"),
        (["--judge", "nowhere", "nowhere"], "nowhere"),
        (["--weights", "nothing"], "nothing"),
    ],
)
def test_wrong_use_is_one_line(change: list[str], said: str, weights: Path, tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "a", "disc", 2, 64)
    arguments = ["--weights", weights, "--to", "square", "--input", folder, "--target", folder, *change]
    assert said in refused(ugatit("evaluate", *arguments))


def test_attention_is_measured_on_scenes_alone(tmp_path: Path) -> None:
    weights = save_tiny(tmp_path / "scenes", 0, ("disc", "square"), kinds=("disc", "square"))

    result = ugatit("evaluate", "--weights", weights, "--attention", "--scenes", 3, "--first-scene", 2000)

    assert result.returncode == 0, result.stderr
    measures = json.loads(result.stdout)
    assert (measures["scenes"], measures["first_scene"]) == (3, 2000)
    assert set(measures["pointing"]) == {"disc to square", "square to disc"}
    for maps in measures["pointing"].values():
        assert {"generator", "generator gap evidence", "generator gmp evidence", "local", "global"} <= set(maps)
        assert all(0 <= score["hits"] <= 1 and 0 <= score["iou"] <= 1 for score in maps.values())


def test_attention_of_weights_for_other_pictures_is_refused(weights: Path) -> None:
    assert "not trained on drawn scenes" in refused(ugatit("evaluate", "--weights", weights, "--attention"))


def test_without_pictures_or_attention_it_says_what_it_needs(weights: Path) -> None:
    assert "--attention" in refused(ugatit("evaluate", "--weights", weights))


class EveryFourth(UGATIT):
    """Its attention is every fourth pixel of the picture, as layers that halve the size twice see it."""

    def translate(self, images: torch.Tensor, to: str) -> GeneratorOutput:
        return GeneratorOutput(images, None, images[:, :1, ::4, ::4] + 1)

    def attention_grids(self, to: str) -> dict[str, Grid]:
        return {"generator": Grid(0, 4)}


def test_maps_that_mirror_with_their_picture_are_compared_where_their_cells_lie() -> None:
    ticks = torch.arange(64.0)
    waves = [torch.sin(ticks / period + phase) for period, phase in ((2.5, 0.3), (3.1, 1.1), (4.7, 2.0))]
    pictures = torch.stack([wave.expand(3, 64, 64) for wave in waves])
    model = EveryFourth(UGATITConfig(ngf=4, ndf=4, blocks=1, image_size=64))
    maps = model.translate(pictures, "B").attention_map
    assert maps is not None
    found = evaluate.attention_measures(model, pictures, "B", maps[:, 0])
    assert found["mirror_rank_correlation_placed"] > 0.9
    assert found["mirror_rank_correlation"] < 0.6


def test_pictures_are_paired_by_name(tmp_path: Path) -> None:
    images = torch.zeros(3, 3, 8, 8)
    inputs = evaluate.Pictures(("a", "b", "c"), images, ())
    targets = evaluate.Pictures(("c", "x", "a"), images, ())
    assert evaluate.match_by_name(inputs, targets) == [(0, 2), (2, 0)]
    with pytest.raises(DataError, match="share names"):
        evaluate.match_by_name(inputs, evaluate.Pictures(("y",), images[:1], ()))

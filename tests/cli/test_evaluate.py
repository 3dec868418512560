"""The command `evaluate`: one JSON object with all measures, from folders of real files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.face_weights import ARTISTS, GLASSES, save_face_weights
from tests.live import save_tiny
from tests.tiny import picture_folder, ugatit
from tests.toy import Toy, ToyConfig
from ugatit.cli.main import main
from ugatit.data.face_set import FIRST_HELD_OUT
from ugatit.models.registry import MODELS

Refusal = Callable[..., str]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(tmp_path_factory.mktemp("weights") / "tiny", 0, ("disc", "square"))


@pytest.fixture
def evaluate(weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Evaluate the folders a and b of tmp_path in this process; returns status, measures and stderr."""

    def call(*arguments: object) -> tuple[int, dict[str, Any], str]:
        folders = ("--input", tmp_path / "a", "--target", tmp_path / "b")
        status = main([*map(str, ("evaluate", "--weights", weights, "--to", "square", *folders, *arguments))])
        output = capsys.readouterr()
        return status, json.loads(output.out), output.err

    return call


def test_one_json_object_holds_every_measure(tmp_path: Path, evaluate: Callable[..., Any]) -> None:
    picture_folder(tmp_path / "a", "disc", 6, 64)
    picture_folder(tmp_path / "b", "square", 6, 64)
    status, measures, stderr = evaluate("--paired", "--judge", tmp_path / "a", tmp_path / "b")
    assert status == 0
    assert stderr.splitlines()[1].split() == ["measure", "value", "±", "pictures"]
    assert (measures["pictures"], measures["targets"]) == (6, 6)
    assert set(measures) == {
        "weights", "to", "pictures", "targets", "recognised", "paired", "faithful", "attention", "scores", "bootstrap"
    }  # fmt: skip
    recognised = measures["recognised"]
    assert set(recognised["judge_accuracy_by_domain"]) == {"disc", "square"}
    assert recognised["judge_accuracy"] == pytest.approx(sum(recognised["judge_accuracy_by_domain"].values()) / 2)
    assert recognised["judge_accuracy_by_domain"]["square"] == recognised["share_of_true"]
    assert recognised["judge_trained_on"] == 12


def test_copying_identical_targets_has_perfect_similarity(tmp_path: Path, evaluate: Callable[..., Any]) -> None:
    picture_folder(tmp_path / "a", "disc", 3, 64)
    picture_folder(tmp_path / "b", "disc", 3, 64)
    _, measures, _ = evaluate("--paired")
    assert measures["paired"]["ssim_of_copying"] == pytest.approx(1)
    assert measures["paired"]["ssim"] < 1


def test_bad_pictures_are_reported_and_all_others_measured(tmp_path: Path, evaluate: Callable[..., Any]) -> None:
    picture_folder(tmp_path / "a", "disc", 3, 64)
    picture_folder(tmp_path / "b", "square", 3, 64)
    (tmp_path / "a" / "torn.png").write_bytes((tmp_path / "a" / "000.png").read_bytes()[:200])
    status, measures, stderr = evaluate()
    assert (status, measures["pictures"]) == (1, 3)
    assert "torn.png" in stderr
    assert "paired" not in measures


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (["--to", "clay"], "clay"),
        (["--input", "nowhere"], "nowhere"),
        (["--judge", "nowhere", "nowhere"], "nowhere"),
        (["--weights", "nothing"], "nothing"),
        (["--origin", "clay"], "--origin 'clay' is no domain of these weights: disc, square"),
        (["--origin", "square", "--judge", "nowhere", "nowhere"], "another than that of --to"),
    ],
)
def test_wrong_usage_is_reported_in_one_line(
    change: list[str], message: str, weights: Path, tmp_path: Path, refusal: Refusal
) -> None:
    folder = picture_folder(tmp_path / "a", "disc", 2, 64)
    arguments = ["--weights", weights, "--to", "square", "--input", folder, "--target", folder, *change]
    assert message in refusal("evaluate", *arguments)


def test_attention_is_measured_on_scenes_without_pictures_as_a_process(tmp_path: Path) -> None:
    weights = save_tiny(tmp_path / "scenes", 0, ("disc", "square"), kinds=("disc", "square"))

    result = ugatit("evaluate", "--weights", weights, "--attention", "--scenes", 3, "--first-scene", 2000)

    assert result.returncode == 0, result.stderr
    assert "disc to square, generator: maximum on the mask, %" in result.stderr
    measures = json.loads(result.stdout)
    assert (measures["scenes"], measures["first_scene"]) == (3, 2000)
    assert set(measures["pointing"]) == {"disc to square", "square to disc"}
    for maps in measures["pointing"].values():
        assert {"generator", "generator gap evidence", "generator gmp evidence", "local", "global"} <= set(maps)
        assert all(0 <= score["hits"] <= 1 and 0 <= score["iou"] <= 1 for score in maps.values())


def test_attention_of_weights_for_other_pictures_is_refused(weights: Path, refusal: Refusal) -> None:
    assert "not trained on drawn scenes" in refusal("evaluate", "--weights", weights, "--attention")


def test_without_pictures_or_attention_the_needed_options_are_named(weights: Path, refusal: Refusal) -> None:
    assert "--attention" in refusal("evaluate", "--weights", weights)


@pytest.fixture
def toys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Weights of three domains, red, green and blue, without attention."""
    monkeypatch.setitem(MODELS, "toy", Toy)
    Toy(ToyConfig(("red", "green", "blue"), image_size=32)).save_pretrained(tmp_path / "toys")
    return tmp_path / "toys"


def test_judge_and_way_back_take_the_given_source_domain(
    toys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a, b = picture_folder(tmp_path / "a", "disc", 4), picture_folder(tmp_path / "b", "square", 4)
    command = ["evaluate", "--weights", toys, "--to", "green", "--input", a, "--target", b, "--device", "cpu"]
    assert main([*map(str, command)]) == 0
    measures = json.loads(capsys.readouterr().out)
    assert set(measures) == {"weights", "to", "pictures", "targets", "faithful", "scores", "bootstrap"}
    assert set(measures["faithful"]) == {"shape_iou"}

    assert main([*map(str, (*command, "--origin", "blue", "--judge", b, a))]) == 0
    measures = json.loads(capsys.readouterr().out)
    assert set(measures["faithful"]) == {"shape_iou", "cycle_error_grey_levels"}
    assert set(measures["recognised"]["judge_accuracy_by_domain"]) == {"green", "blue"}


def test_judge_of_an_unknown_source_domain_is_refused_before_it_is_trained(
    toys: Path, tmp_path: Path, refusal: Refusal
) -> None:
    folders = ("--input", "nowhere", "--target", "nowhere", "--judge", "nowhere", "nowhere")
    assert "name it by --origin" in refusal("evaluate", "--weights", toys, "--to", "green", *folders)


def measured(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    assert main([*map(str, ("evaluate", *arguments))]) == 0
    measures: dict[str, Any] = json.loads(capsys.readouterr().out)
    return measures


def test_drawn_faces_are_translated_and_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entry = save_face_weights(tmp_path / "glasses", ("no glasses", "glasses"), GLASSES)
    sources = ("--input", GLASSES[0], "--target", GLASSES[1])
    measures = measured(capsys, "--weights", entry.folder, "--to", "glasses", *sources, "--paired", "--count", 3)
    assert (measures["pictures"], measures["paired"]["pairs"]) == (3, 3)
    assert set(measures["attributes"]) == {"hair", "skin", "glasses", "smile"}
    assert measures["attributes"]["glasses"]["share_of_true"] == 1
    assert 0 <= measures["edit"]["changed_inside"] <= 1
    pointing = measured(capsys, "--weights", entry.folder, "--attention", "--scenes", 2)
    assert (pointing["faces"], pointing["first_face"]) == (2, FIRST_HELD_OUT)
    assert set(pointing["pointing"]["glasses to no glasses"]["generator"]) == {"hits", "iou", "density"}


def test_attention_between_two_styles_has_no_known_mask(tmp_path: Path, refusal: Refusal) -> None:
    entry = save_face_weights(tmp_path / "artists", ("toon", "lorelei"), ARTISTS)
    assert "two styles, toon-head and lorelei" in refusal("evaluate", "--weights", entry.folder, "--attention")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("--input", "faces:manga"), "no style of faces 'manga'"),
        (("--input", "scenes:ring"), "ring"),
        (("--count", 0), "--count and --scenes must be 1 or more"),
    ],
)
def test_wrong_drawn_sources_are_refused(
    change: tuple[object, ...], message: str, weights: Path, refusal: Refusal
) -> None:
    sources = ("--input", "faces:lorelei", "--target", "faces:lorelei")
    assert message in refusal("evaluate", "--weights", weights, "--to", "square", *sources, *change)

"""Chosen measures, other networks and the report of `evaluate`."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.live import save_tiny
from tests.tiny import picture_folder, ugatit
from ugatit.cli.main import main

Refusal = Callable[..., str]
COUNT = 5


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(tmp_path_factory.mktemp("weights") / "tiny", 0, ("disc", "square"))


@pytest.fixture
def command(weights: Path, tmp_path: Path) -> list[str]:
    folders = [picture_folder(tmp_path / kind, kind, COUNT, 64) for kind in ("disc", "square")]
    words = ("evaluate", "--weights", weights, "--to", "square", "--input", folders[0], "--target", folders[1])
    return [*map(str, words)]


def measured(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, dict[str, Any], str]:
    status = main([*map(str, words)])
    output = capsys.readouterr()
    return status, json.loads(output.out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON")), output.err


def test_every_score_has_its_uncertainty_and_the_number_of_its_pictures(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status, measures, _ = measured(capsys, *command, "--paired")
    assert status == 0
    assert measures["bootstrap"] == {"resamples": 1000, "seed": 0}
    scores = measures["scores"]
    assert {name: scores[name]["value"] for name in ("psnr_db", "ssim")} == {
        name: measures["paired"][name] for name in ("psnr_db", "ssim")
    }
    assert all(score["count"] == COUNT and score["plus_minus"] >= 0 for score in scores.values())


def test_own_features_are_labelled_as_not_comparable(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    chosen = ("--measures", "kid", "fid", "is", "--features", "own")
    status, measures, stderr = measured(capsys, *command, *chosen)
    assert status == 0
    assert set(measures) == {"weights", "to", "pictures", "targets", "distributions", "scores", "bootstrap"}
    assert set(measures["scores"]) == {"kid", "kid_mean_of_both_sides", "fid", "is"}
    for score in (*measures["scores"].values(), measures["distributions"]):
        assert (score["features"], score["comparable_with_published"]) == ("own", False)
    assert measures["scores"]["kid"]["subset_size"] == COUNT
    assert 1 <= measures["scores"]["is"]["value"] <= 2
    assert "not comparable with published scores" in stderr
    assert measured(capsys, *command, *chosen)[1] == measures


def test_own_features_are_the_judges_where_there_is_one(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    judge = ("--judge", tmp_path / "disc", tmp_path / "square")
    _, measures, _ = measured(capsys, *command, *judge, "--measures", "fid", "--features", "own")
    assert "10 real training pictures" in measures["distributions"]["network"]
    assert measures["scores"]["recognised"]["count"] == COUNT


def test_what_cannot_be_had_is_said_and_all_else_is_measured(
    command: list[str], no_downloads: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, measures, stderr = measured(capsys, *command, "--paired", "--measures", "kid", "lpips", "psnr")
    assert status == 1
    assert set(measures["not_measured"]) == {"kid", "lpips"}
    assert set(measures["scores"]) == {"psnr_db", "psnr_of_copying_db"}
    assert f"put the file into {no_downloads}" in stderr
    assert "Not measured: lpips." in stderr


def test_numbers_that_json_lacks_are_null(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    same = ("--input", tmp_path / "disc", "--target", tmp_path / "disc", "--paired", "--measures", "psnr")
    _, measures, stderr = measured(capsys, *command, *same)
    assert measures["paired"]["psnr_of_copying_db"] is None
    assert "∞" in stderr


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("--measures", "kidd"), "no measure 'kidd': kid, fid, is"),
        (("--measures", "ssim"), "add --paired"),
        (("--measures", "kid", "--features", "mine"), "neither own nor module:Class"),
        (("--measures", "kid", "--features", "nowhere_at_all:Encoder"), "nowhere_at_all cannot be imported"),
        (("--features", "torch.nn:Identity"), "must give (B, D) for 2 pictures, but gave (2, 3, 64, 64)"),
        (("--measures", "faithful", "--features", "own"), "--features is of kid, fid, is"),
        (("--report", "."), "is a folder"),
    ],
)
def test_wrong_choices_are_told_in_one_line(
    change: tuple[str, ...], message: str, command: list[str], refusal: Refusal
) -> None:
    assert message in refusal(*command, *change)


def test_report_is_written_with_the_command_that_made_it(command: list[str], tmp_path: Path) -> None:
    report = tmp_path / "new" / "report.html"
    (tmp_path / "mine.py").write_text(
        "from torch import nn\nclass Mean(nn.Module):\n    def forward(self, x): return x.float().mean(dim=(2, 3))\n",
        encoding="utf-8",
    )
    result = ugatit(*command, "--paired", "--features", "mine:Mean", "--report", report, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["distributions"]["features"] == "mine:Mean"
    page = report.read_text(encoding="utf-8")
    assert len(re.findall("<img ", page)) == 3 * COUNT
    assert f"All {COUNT} inputs" in page
    assert "--features mine:Mean --report" in page
    assert "the network mine:Mean; not comparable with published scores" in page

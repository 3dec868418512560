"""Snapshots from runs: moments of checkpoints and of samples, counted through, all on the last run's cells."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.tiny import train
from ugatit.checkpoints.loading import load_model
from ugatit.checkpoints.run_folders import checkpoint_name
from ugatit.data.scenes import scene
from ugatit.errors import WeightsError
from ugatit.explain.snapshots import read_snapshots
from ugatit.inference.translator import load_translator
from weights import snapshots as script
from weights.recipes import Recipe
from weights.stops import Stop, checkpoint_stops, chosen, sample_stops

SHOWN = {"1003": "first", "1007": "second"}
RECIPE = Recipe("Tiny", "Made up.", (), SHOWN)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A run of small pictures, and one of larger ones that begins with its weights."""
    root = tmp_path_factory.mktemp("runs")
    first, second = root / "first", root / "second"
    often = ["--checkpoint-every", 2, "--sample-every", 2, "--keep", 9]
    for result in (
        train(first, "--steps", 4, *often),
        train(second, "--steps", 2, "--start-from", first, *often, "--image-size", 48),
    ):
        assert result.returncode == 0, result.stderr
    return [first, second]


def test_checkpoints_of_runs_that_followed_each_other_are_counted_through(runs: list[Path], tmp_path: Path) -> None:
    script.snapshots(RECIPE, runs, tmp_path, moments=9)

    ways = read_snapshots(tmp_path)

    assert {(way.origin, way.to) for way in ways} == {("disc", "square"), ("square", "disc")}
    for way in ways:
        assert [moment.step for moment in way.moments] == [0, 2, 4, 6]
        assert way.names == ("first", "second")
        assert all(np.isfinite(moment.cam_logits).all() for moment in way.moments)
        truth = np.asarray(scene(way.origin, 1003, 48)[0])
        np.testing.assert_array_equal(way.pictures[0], truth)


def test_last_moment_is_what_the_weights_do_now(runs: list[Path], tmp_path: Path) -> None:
    script.snapshots(RECIPE, runs, tmp_path, moments=3)
    way = next(way for way in read_snapshots(tmp_path) if way.to == "square")

    now = load_translator(runs[-1], "cpu", "fp32")(scene("disc", 1007, 48)[0], to="square")

    # Alone and in a batch results differ in the last digits, which may round to the next grey level.
    np.testing.assert_allclose(way.moments[-1].translations[1].astype(int), np.asarray(now.image).astype(int), atol=1)
    np.testing.assert_allclose(way.moments[-1].cam_logits[1], now.attention["generator"].cam_logits, rtol=1e-4)
    for name, shown in now.attention.items():
        kept = way.moments[-1].maps[name][1]
        assert kept.shape == shown.values.shape
        np.testing.assert_allclose(kept, shown.values, rtol=2e-3, atol=2e-3 * np.abs(shown.values).max())


def test_samples_give_the_runs_own_pictures_and_logits_where_a_checkpoint_is_left(
    runs: list[Path], tmp_path: Path
) -> None:
    kept = [Path(shutil.copytree(run, tmp_path / "runs" / run.name)) for run in runs]
    shutil.rmtree(kept[0] / "checkpoints" / checkpoint_name(4))
    script.snapshots(RECIPE, kept, tmp_path, samples=True)
    for way in read_snapshots(tmp_path):
        assert [moment.step for moment in way.moments] == [0, 2, 4, 6]
        assert [bool(np.isfinite(moment.cam_logits).all()) for moment in way.moments] == [False, True, False, True]
        assert np.isnan(way.moments[2].cam_logits).all()
        now = load_translator(kept[-1], "cpu", "fp32")(Image.fromarray(way.pictures[0]), to=way.to)
        np.testing.assert_allclose(way.moments[-1].cam_logits[0], now.attention["generator"].cam_logits, rtol=1e-4)
        assert len({moment.translations.shape for moment in way.moments}) == 1
        assert len({moment.maps["local"].shape for moment in way.moments}) == 1


def test_map_of_smaller_pictures_keeps_its_place(runs: list[Path]) -> None:
    small, large = (load_model(run) for run in runs)
    frame = script.frame_of(script.with_attention(large))
    grid = small.attention_grids("square")["generator"]
    cells = small.image_size // int(grid.stride)
    # A ramp over the picture: what a cell holds is where its centre lies, in shares of the side.
    ramp = (np.array(grid.centers(cells), np.float32) + 0.5) / small.image_size
    maps = {name: np.zeros((1, 4, 4), np.float32) for name in ("local", "global")}
    maps["generator"] = np.broadcast_to(ramp, (1, cells, cells))
    blank = np.zeros((1, small.image_size, small.image_size, 3), np.uint8)

    moment = script.framed(script.with_attention(small), 0, blank, maps, np.zeros((1, 2)), "square", frame)

    brought, shape = frame.maps["square"]["generator"]
    expected = (np.array(brought.centers(shape[1]), np.float32) + 0.5) / large.image_size
    inside = (expected >= ramp[0]) & (expected <= ramp[-1])
    np.testing.assert_allclose(moment.maps["generator"][0, 0][inside], expected[inside], atol=1e-6)


def test_moments_stand_closer_in_the_beginning() -> None:
    steps = [stop.step for stop in chosen([Stop(Path(), step, step) for step in range(0, 10_001, 100)], 5)]
    assert steps == [0, 600, 2500, 5600, 10_000]


def test_few_checkpoints_are_all_taken_once() -> None:
    stops = [Stop(Path(), step, step) for step in (0, 5, 9)]
    assert chosen(stops, 10) == stops


def test_folder_without_a_run_is_named(tmp_path: Path) -> None:
    for stops in (checkpoint_stops, sample_stops):
        with pytest.raises(WeightsError, match="nowhere"):
            stops([tmp_path / "nowhere"])


def test_wrong_use_is_said_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert script.main(["disc2square", "--checkpoint", str(tmp_path / "nowhere"), "--output", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "nowhere" in said
    assert said.count("\n") == 1

"""Snapshots from runs: moments of checkpoints and samples, steps across runs, maps on the last run's grid."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.attentive_toy import AttentiveToy
from tests.tiny import SCENES, TINY, tiny_model
from tests.toy import Toy, ToyConfig
from ugatit.checkpoints.loading import load_model
from ugatit.checkpoints.run_folders import checkpoint_name
from ugatit.cli.main import main
from ugatit.data.scenes import scene
from ugatit.errors import TranslationError, WeightsError
from ugatit.explain.snapshots import read_snapshots
from ugatit.inference.translator import load_translator
from weights import snapshots as script
from weights.recipes import Recipe
from weights.saved_steps import SavedStep, checkpoint_steps, sample_steps, select_steps

SHOWN = {"1003": "first", "1007": "second"}
RECIPE = Recipe("Tiny", "Made up.", (), SHOWN)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A run with small pictures, and one with larger pictures that starts from its weights."""
    root = tmp_path_factory.mktemp("runs")
    first, second = root / "first", root / "second"
    options = ["--checkpoint-every", 2, "--sample-every", 2, "--keep", 9]
    for arguments in (
        (first, "--steps", 4, *options),
        (second, "--steps", 2, "--start-from", first, *options, "--image-size", 48),
    ):
        assert main([*map(str, ("train", *SCENES, *TINY, "--run", *arguments))]) == 0
    return [first, second]


def test_steps_of_consecutive_runs_are_counted_across_runs(runs: list[Path], tmp_path: Path) -> None:
    script.make_snapshots(RECIPE, runs, tmp_path, moments=9)

    directions = read_snapshots(tmp_path)

    assert {(growth.origin, growth.to) for growth in directions} == {("disc", "square"), ("square", "disc")}
    for growth in directions:
        assert [moment.step for moment in growth.moments] == [0, 2, 4, 6]
        assert growth.names == ("first", "second")
        assert all(np.isfinite(moment.cam_logits).all() for moment in growth.moments)
        truth = np.asarray(scene(growth.origin, 1003, 48)[0])
        np.testing.assert_array_equal(growth.pictures[0], truth)


def test_last_moment_equals_the_final_models_translation(runs: list[Path], tmp_path: Path) -> None:
    script.make_snapshots(RECIPE, runs, tmp_path, moments=3)
    growth = next(growth for growth in read_snapshots(tmp_path) if growth.to == "square")

    current = load_translator(runs[-1], "cpu", "fp32")(scene("disc", 1007, 48)[0], to="square")

    # Alone and in a batch results differ in the last digits, which may round to the next grey level.
    last, expected = growth.moments[-1], np.asarray(current.image).astype(int)
    np.testing.assert_allclose(last.translations[1].astype(int), expected, atol=1)
    np.testing.assert_allclose(last.cam_logits[1], current.attention["generator"].cam_logits, rtol=1e-4)
    for name, shown in current.attention.items():
        kept = last.maps[name][1]
        assert kept.shape == shown.values.shape
        np.testing.assert_allclose(kept, shown.values, rtol=2e-3, atol=2e-3 * np.abs(shown.values).max())


def test_samples_have_logits_only_at_steps_with_a_checkpoint(runs: list[Path], tmp_path: Path) -> None:
    kept = [Path(shutil.copytree(run, tmp_path / "runs" / run.name)) for run in runs]
    shutil.rmtree(kept[0] / "checkpoints" / checkpoint_name(4))
    script.make_snapshots(RECIPE, kept, tmp_path, samples=True)
    for growth in read_snapshots(tmp_path):
        assert [moment.step for moment in growth.moments] == [0, 2, 4, 6]
        assert [bool(np.isfinite(moment.cam_logits).all()) for moment in growth.moments] == [False, True, False, True]
        assert np.isnan(growth.moments[2].cam_logits).all()
        current = load_translator(kept[-1], "cpu", "fp32")(Image.fromarray(growth.pictures[0]), to=growth.to)
        np.testing.assert_allclose(
            growth.moments[-1].cam_logits[0], current.attention["generator"].cam_logits, rtol=1e-4
        )
        assert len({moment.translations.shape for moment in growth.moments}) == 1
        assert len({moment.maps["local"].shape for moment in growth.moments}) == 1


def test_map_of_smaller_pictures_keeps_its_position(runs: list[Path]) -> None:
    small, large = (load_model(run) for run in runs)
    frame = script.frame_of(large)
    grid = small.attention_grids("square")["generator"]
    cells = small.image_size // int(grid.stride)
    # A ramp over the picture: each cell holds the position of its centre as a share of the side.
    ramp = (np.array(grid.centers(cells), np.float32) + 0.5) / small.image_size
    maps = {name: np.zeros((1, 4, 4), np.float32) for name in ("local", "global")}
    maps["generator"] = np.broadcast_to(ramp, (1, cells, cells))
    blank = np.zeros((1, small.image_size, small.image_size, 3), np.uint8)

    moment = script.fit_to_frame(small, 0, blank, maps, np.zeros((1, 2)), "square", frame)

    frame_grid, shape = frame.maps["square"]["generator"]
    expected = (np.array(frame_grid.centers(shape[1]), np.float32) + 0.5) / large.image_size
    inside = (expected >= ramp[0]) & (expected <= ramp[-1])
    np.testing.assert_allclose(moment.maps["generator"][0, 0][inside], expected[inside], atol=1e-6)


def test_selected_steps_are_denser_at_the_beginning() -> None:
    saved = [SavedStep(Path(), step, step) for step in range(0, 10_001, 100)]
    assert [item.step for item in select_steps(saved, 5)] == [0, 600, 2500, 5600, 10_000]


def test_few_checkpoints_are_all_selected_once() -> None:
    saved = [SavedStep(Path(), step, step) for step in (0, 5, 9)]
    assert select_steps(saved, 10) == saved


def test_folder_without_a_run_is_named(tmp_path: Path) -> None:
    for list_steps in (checkpoint_steps, sample_steps):
        with pytest.raises(WeightsError, match="nowhere"):
            list_steps([tmp_path / "nowhere"])


def test_wrong_usage_is_reported_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert script.main(["disc2square", "--checkpoint", str(tmp_path / "nowhere"), "--output", str(tmp_path)]) == 2
    stderr = capsys.readouterr().err
    assert "nowhere" in stderr
    assert stderr.count("\n") == 1


def test_models_without_attention_are_refused() -> None:
    for model in (Toy(ToyConfig()), tiny_model(attention=False)):
        with pytest.raises(TranslationError, match=f"This {model.name} model has no CAM attention"):
            script.frame_of(model.eval())


def test_every_domain_of_another_model_grows_on_its_way_to_the_next() -> None:
    model = AttentiveToy(ToyConfig()).eval()
    frame = script.frame_of(model)
    assert {to: tuple(maps) for to, maps in frame.maps.items()} == dict.fromkeys("ABC", ("generator", "small", "large"))
    moment = script.moment_of_model(model, 7, [scene("disc", 1, 32)[0]], "C", frame)
    assert (moment.step, list(moment.maps)) == (7, ["generator", "small", "large"])

"""Example pictures, their known objects, the display of translations, and downloads."""

from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

from tests.live import ART, SCENES, save_tiny
from ugatit.checkpoints.registry import bundled_weights
from ugatit.data.scenes import scene
from ugatit.errors import TranslationError
from ugatit.inference.translator import load_translator
from viz.display import DisplayedTranslation, DisplayOptions, before_and_after, map_pictures, screen_factor
from viz.download import ResultsArchive
from viz.examples import Examples, load_examples


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    save_tiny(folder / SCENES, 0, ("round", "angular"), ("square", "disc"))
    save_tiny(folder / ART, 1, ("oil", "chalk"))
    return folder


@pytest.fixture(scope="module")
def examples(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Examples:
    pictures = tmp_path_factory.mktemp("examples")
    (pictures / ART / "chalk").mkdir(parents=True)
    scene("disc", 1, 40)[0].save(pictures / ART / "chalk" / "cliff.png")
    return load_examples(bundled_weights(folder), pictures)


@pytest.fixture(scope="module")
def displayed(folder: Path, examples: Examples) -> DisplayedTranslation:
    example = examples.of(SCENES)[0]
    translation = load_translator(folder / SCENES, "cpu", "fp32")(example.picture, to=example.to)
    return DisplayedTranslation(translation, example.name, examples.truth_of(translation))


def test_files_and_scenes_go_to_the_other_domain(examples: Examples) -> None:
    assert [(each.name, each.origin, each.to) for each in examples.of(ART)] == [("cliff", "chalk", "oil")]
    assert {(each.origin, each.to) for each in examples.of(SCENES)} == {("round", "angular"), ("angular", "round")}


def test_scenes_are_of_the_kind_their_domain_was_trained_on(examples: Examples) -> None:
    for each in examples.of(SCENES):
        kind, _, seed = each.name.partition("-")
        assert kind == {"round": "square", "angular": "disc"}[each.origin]
        picture, mask = scene(kind, int(seed), 64)
        assert each.picture.tobytes() == picture.tobytes()
        assert each.truth is not None
        assert np.array_equal(each.truth.source, mask)


def test_the_truth_is_known_only_for_example_scenes(
    folder: Path, examples: Examples, displayed: DisplayedTranslation
) -> None:
    assert displayed.truth == examples.of(SCENES)[0].truth
    other = load_translator(folder / SCENES, "cpu", "fp32")(scene("disc", 999, 64)[0], to="angular")
    assert examples.truth_of(other) is None


def test_the_outline_is_drawn_only_on_request(displayed: DisplayedTranslation) -> None:
    plain, outlined = (map_pictures(displayed, DisplayOptions(truth=truth)) for truth in (False, True))
    assert all(plain[name].tobytes() != outlined[name].tobytes() for name in plain)


def test_tiny_pictures_are_enlarged_for_the_screen_by_whole_numbers(displayed: DisplayedTranslation) -> None:
    factor = screen_factor(displayed.translation.image)
    assert factor == 6
    assert {picture.size for picture in before_and_after(displayed)} == {(384, 384)}


@pytest.mark.parametrize("wrong", [{"colormap": "pink"}, {"opacity": -1}, {"normalization": "none"}])
def test_wrong_display_options_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(TranslationError):
        DisplayOptions(**wrong)


def test_pictures_of_one_name_do_not_overwrite_each_other(tmp_path: Path, displayed: DisplayedTranslation) -> None:
    with ResultsArchive(tmp_path / "all.zip", DisplayOptions()) as results:
        results.add(displayed)
        results.add(displayed)
    with ZipFile(tmp_path / "all.zip") as archive:
        names = archive.namelist()
        raw = np.load(archive.open(f"{displayed.name}-2.npz"))
        assert np.array_equal(raw["local"], displayed.translation.attention["local"].values)
        assert raw["local_patch_logits"].ndim == 2
    assert len(names) == len(set(names)) == 14

"""Example pictures, their known objects, the display of translations, and downloads."""

import json
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

from tests.live import ART, SCENES, save_tiny
from tests.toy import Toy, ToyConfig
from ugatit.checkpoints.registry import WeightsEntry, bundled_weights
from ugatit.data.scenes import scene
from ugatit.errors import TranslationError
from ugatit.inference.translation import Translation
from ugatit.inference.translator import load_translator
from ugatit.models.manifest import Manifest
from ugatit.models.registry import MODELS
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


def toy_entry(sources: tuple[str, ...]) -> WeightsEntry:
    """Weights of three domains; sources: what the manifest names as their training data."""
    config = ToyConfig(("round", "angular", "other"), image_size=64)
    return WeightsEntry("toys", Path("toys"), Manifest("toy", config.to_dict(), {"sources": sources}))


def test_each_of_three_domains_has_examples_to_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MODELS, "toy", Toy)
    for domain in ("round", "angular", "other"):
        (tmp_path / "toys" / domain).mkdir(parents=True)
        scene("disc", 1, 40)[0].save(tmp_path / "toys" / domain / "one.png")
    examples = load_examples([toy_entry(())], tmp_path)
    assert [(each.origin, each.to) for each in examples.of("toys")] == [
        ("round", "angular"), ("angular", "other"), ("other", "round")
    ]  # fmt: skip


def test_scenes_are_drawn_for_each_of_three_domains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MODELS, "toy", Toy)
    kinds = {"round": "disc", "angular": "square", "other": "disc"}
    examples = load_examples([toy_entry(tuple(f"scenes:{kind}" for kind in kinds.values()))], tmp_path)
    assert {(each.origin, each.to) for each in examples.of("toys")} == {
        ("round", "angular"), ("angular", "other"), ("other", "round")
    }  # fmt: skip
    for each in examples.of("toys"):
        kind, _, seed = each.name.partition("-")
        assert kind == kinds[each.origin]
        assert each.truth is not None
        assert np.array_equal(each.truth.translation, scene(kinds[each.to], int(seed), 64)[1])


@pytest.mark.parametrize("sources", [("scenes:disc",), ("scenes:disc", "scenes:square", "photos"), ("photos",) * 3])
def test_no_scenes_are_drawn_for_other_pictures(
    sources: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MODELS, "toy", Toy)
    assert load_examples([toy_entry(sources)], tmp_path).all == ()


def test_weights_of_a_model_that_is_not_installed_have_no_examples(tmp_path: Path) -> None:
    assert load_examples([toy_entry(("scenes:disc", "scenes:square", "scenes:disc"))], tmp_path).all == ()


def test_archive_holds_the_patch_scores_of_a_model_without_attention(tmp_path: Path, scored: Translation) -> None:
    with ResultsArchive(tmp_path / "one.zip", DisplayOptions()) as results:
        results.add(DisplayedTranslation(scored, "one"))
    patch = scored.attention["patch"]
    with ZipFile(tmp_path / "one.zip") as archive:
        assert set(archive.namelist()) == {"one-input.png", "one.png", "one-patch.png", "one.npz", "one.json"}
        raw = np.load(archive.open("one.npz"))
        assert list(raw) == ["patch"]
        assert np.array_equal(raw["patch"], patch.patch_logits)
        details = json.loads(archive.read("one.json"))
    assert (details["from"], details["to"]) == (None, "clay")
    assert details["maps"]["patch"] == {
        "size": [16, 16], "cam_logits": None, "mean_patch_logit": float(patch.patch_logits.mean()),
        "over": "translation", "domain": "clay",
    }  # fmt: skip


def test_truth_is_outlined_on_patch_scores(displayed: DisplayedTranslation, scored: Translation) -> None:
    known = DisplayedTranslation(scored, "one", displayed.truth)
    plain, outlined = (map_pictures(known, DisplayOptions(truth=truth))["patch"] for truth in (False, True))
    assert plain.tobytes() != outlined.tobytes()

"""Faces are recognised by their pixels; example faces are held-out ones; the report says what is true of them."""

from pathlib import Path

import numpy as np
import pytest

from tests.face_weights import ARTISTS, GLASSES, save_face_weights
from ugatit.checkpoints.registry import WeightsEntry, bundled_weights
from ugatit.data.face_set import FIRST_HELD_OUT
from ugatit.data.faces import face
from ugatit.errors import DataError
from ugatit.inference.translation import Translation
from ugatit.inference.translator import Translator, load_translator
from viz.drawn_face import HELD_OUT, DrawnFace, face_sets, has_faces
from viz.examples import Examples, load_examples
from viz.face_report import face_report
from viz.known_faces import KnownFaces
from viz.tabs.demo import EXAMPLES


@pytest.fixture(scope="module")
def artists(tmp_path_factory: pytest.TempPathFactory) -> WeightsEntry:
    return save_face_weights(tmp_path_factory.mktemp("weights") / "artists", ("toon", "lorelei"), ARTISTS)


@pytest.fixture(scope="module")
def translator(artists: WeightsEntry) -> Translator:
    return load_translator(artists.folder, "cpu", "fp32")


@pytest.fixture(scope="module")
def glasses(tmp_path_factory: pytest.TempPathFactory) -> WeightsEntry:
    return save_face_weights(tmp_path_factory.mktemp("weights") / "glasses", ("no glasses", "glasses"), GLASSES)


@pytest.fixture(scope="module")
def examples(artists: WeightsEntry, glasses: WeightsEntry) -> Examples:
    return load_examples([artists, glasses], Path("nowhere"))


@pytest.fixture
def thrown(artists: WeightsEntry) -> DrawnFace:
    return DrawnFace.of(face_sets(artists.manifest)["toon"], HELD_OUT[500], 64, {"hair": "red"})


def test_example_faces_are_held_out_and_go_both_ways(examples: Examples) -> None:
    found = examples.of("artists")
    assert [(each.origin, each.to) for each in found] == [("toon", "lorelei")] * 3 + [("lorelei", "toon")] * 3
    for each in found:
        style, _, seed = each.name.rpartition("-")
        assert int(seed) >= FIRST_HELD_OUT
        named = {"glasses": False} if style == "lorelei" else {}
        assert each.picture.tobytes() == face(style, int(seed), 64, **named)[0].tobytes()
        assert each.truth is None


@pytest.mark.parametrize(
    "entry", [entry for entry in bundled_weights() if has_faces(entry.manifest)], ids=lambda e: e.name
)
def test_example_files_of_bundled_weights_are_the_faces_they_are_called(entry: WeightsEntry) -> None:
    found = load_examples([entry], EXAMPLES).all
    assert len(found) == 6
    for each in found:
        assert each.faces is not None
        assert (EXAMPLES / entry.name / each.origin / f"{each.name}.png").is_file()
        assert each.faces.source.name == each.name
        assert each.faces.source.draw().tobytes() == each.picture.tobytes()


def test_example_faces_of_one_style_have_names_of_their_own_and_a_mask(examples: Examples) -> None:
    found = examples.of("glasses")
    assert len({each.name for each in found}) == len(found) == 6
    for each in found:
        assert each.truth is not None
        assert 0 < each.truth.source.mean() < 0.3


def test_weights_whose_faces_cannot_be_drawn_have_no_examples(
    artists: WeightsEntry, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing(*_: object) -> None:
        raise DataError("DiceBear is not installed.")

    monkeypatch.setattr("viz.examples.face_sets", missing)
    assert load_examples([artists], Path("nowhere")).all == ()
    assert "DiceBear is not installed" in caplog.text


def test_a_thrown_face_is_known_by_its_pixels(
    artists: WeightsEntry, translator: Translator, examples: Examples, thrown: DrawnFace, tmp_path: Path
) -> None:
    known = KnownFaces(examples)
    thrown.draw().save(tmp_path / "renamed.png")
    translation = translator(tmp_path / "renamed.png", "lorelei")
    assert known.pair_of(translation, artists) is None
    known.remember(thrown)
    pair = known.pair_of(translation, artists)
    assert pair is not None
    assert pair.source == thrown
    assert (pair.target.style, pair.target.attributes.hair) == ("lorelei", "red")


def test_a_face_of_the_target_itself_has_no_answer(
    artists: WeightsEntry, translator: Translator, examples: Examples, thrown: DrawnFace
) -> None:
    known = KnownFaces(examples)
    known.remember(thrown)
    assert known.pair_of(translator(thrown.draw(), "toon"), artists) is None


def test_a_face_of_a_style_that_the_weights_do_not_know_has_no_answer(
    translator: Translator, glasses: WeightsEntry, examples: Examples, thrown: DrawnFace
) -> None:
    known = KnownFaces(examples)
    known.remember(thrown)
    translation = translator(thrown.draw(), "lorelei")
    assert known.pair_of(translation, glasses) is None


def test_only_the_last_faces_are_remembered_and_those_of_the_examples(
    artists: WeightsEntry, translator: Translator, examples: Examples, thrown: DrawnFace
) -> None:
    known = KnownFaces(examples, keep=1)
    known.remember(thrown)
    known.remember(DrawnFace.of(face_sets(artists.manifest)["toon"], HELD_OUT[501], 64))
    assert known.pair_of(translator(thrown.draw(), "lorelei"), artists) is None
    assert known.pair_of(translator(examples.of("artists")[0].picture, "lorelei"), artists) is not None


def test_the_report_tells_attributes_and_attention_by_part(
    artists: WeightsEntry, translator: Translator, examples: Examples
) -> None:
    translation = translator(examples.of("artists")[0].picture, "lorelei")
    pair = KnownFaces(examples).pair_of(translation, artists)
    assert pair is not None
    report = face_report(translation, pair)
    assert report.drawn == pair.source.attributes
    assert {"eyes", "mouth", "hair", "skin", "clothes"} <= set(report.densities)
    assert all(np.isfinite(density) for density in report.densities.values())


def test_the_report_of_a_model_without_attention_has_no_densities(
    translator: Translator, examples: Examples, artists: WeightsEntry
) -> None:
    found = translator(examples.of("artists")[0].picture, "lorelei")
    pair = KnownFaces(examples).pair_of(found, artists)
    assert pair is not None
    bare = Translation(found.source, found.image, found.origin, found.to, {}, 0.0, "cpu", "fp32")
    assert face_report(bare, pair).densities == {}

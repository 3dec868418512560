"""Measures of translated faces: attributes kept, edits against their true answer, which pairs are edits."""

from collections.abc import Sequence
from typing import Any

import pytest
import torch

from tests.tiny import tiny_model
from ugatit.data.face_set import FaceSet
from ugatit.errors import TranslationError
from ugatit.evaluation.evaluate import measure_translations
from ugatit.evaluation.face_pairs import (
    attribute_measures,
    edit_measures,
    face_sets,
    faces_of,
    grown_masks,
    is_edit,
    wanted_attributes,
)
from ugatit.evaluation.face_reading import FaceReader
from ugatit.evaluation.pictures import face_pictures, face_seeds, read_pictures
from ugatit.models.manifest import Manifest

PLAIN, GLASSES = (FaceSet.parse(f"faces:lorelei,glasses={value}") for value in ("no", "yes"))
TOON = FaceSet.parse("faces:toon-head")
READER = FaceReader("lorelei", {})


def faces(source: FaceSet, count: int = 6, size: int = 64) -> torch.Tensor:
    return face_pictures(source, face_seeds(count), size).images


def kept(translations: torch.Tensor, source: FaceSet = PLAIN, target: FaceSet = PLAIN) -> dict[str, dict[str, float]]:
    seeds = face_seeds(len(translations))
    return attribute_measures(translations, faces(target, len(seeds)), source, target, seeds, READER)


def test_true_faces_have_all_attributes_and_another_face_has_them_by_chance() -> None:
    pictures = faces(PLAIN, 40)
    right, shuffled = kept(pictures), kept(pictures.roll(1, dims=0))
    for name in ("hair", "skin"):
        assert right[name]["share"] == right[name]["share_of_true"] == 1
        assert 0 < right[name]["chance"] < 0.5
        assert shuffled[name]["share"] < 0.6
        assert shuffled[name]["chance"] == right[name]["chance"]
    assert set(right) == {"hair", "skin"}  # there are no classifiers for the rest


def test_an_attribute_fixed_by_the_target_is_wanted_and_has_no_chance() -> None:
    red = FaceSet.parse("faces:lorelei,hair=red")
    assert wanted_attributes(PLAIN, red, 900_001) == {**wanted_attributes(PLAIN, PLAIN, 900_001), "hair": "red"}
    measures = kept(faces(red), PLAIN, red)
    assert measures["hair"] == {"share": 1, "share_of_true": 1}
    assert kept(faces(PLAIN), PLAIN, red)["hair"]["share"] < 0.7


def test_attributes_that_the_source_style_lacks_are_not_wanted() -> None:
    assert set(wanted_attributes(TOON, FaceSet.parse("faces:lorelei"), 900_001)) == {"hair", "skin", "smile"}


def test_true_answer_is_a_perfect_edit_and_copying_is_none() -> None:
    pictures, truths = faces(PLAIN), faces(GLASSES)
    perfect = edit_measures(pictures, truths, truths)
    assert perfect["better_than_copying"] == perfect["changed_inside"] == 1
    assert perfect["change_outside_grey_levels"] == perfect["left_inside"] == 0
    copied = edit_measures(pictures, pictures, truths)
    assert (copied["better_than_copying"], copied["left_inside"]) == (0, 1)
    assert copied["change_inside_grey_levels"] == 0


def test_change_outside_the_mask_is_counted_in_grey_levels() -> None:
    pictures, truths = faces(PLAIN), faces(GLASSES)
    masks = grown_masks(pictures, truths)
    darker = torch.where(masks[:, None], truths, pictures - 20 / 127.5)
    measures = edit_measures(pictures, darker, truths)
    assert measures["change_outside_grey_levels"] == pytest.approx(20, rel=1e-3)
    assert measures["left_inside"] == 0
    changed = ((darker - pictures).abs().mean(dim=1) * 127.5 > 16) & masks
    assert measures["changed_inside"] == pytest.approx(float(changed.sum() / (changed.sum() + (~masks).sum())))


def test_masks_are_grown_by_two_pixels() -> None:
    pictures = torch.zeros(1, 3, 16, 16)
    truths = pictures.clone()
    truths[0, 1, 5, 8] = 1
    assert grown_masks(pictures, truths)[0].nonzero().tolist() == [[y, x] for y in range(3, 8) for x in range(6, 11)]


def test_only_two_sources_of_one_style_are_an_edit() -> None:
    assert is_edit(PLAIN, GLASSES)
    assert not is_edit(PLAIN, TOON)
    assert faces_of("faces:lorelei", "faces:toon-head") is not None
    assert faces_of("faces:lorelei", "some/folder") is None


def test_faces_are_those_of_the_manifest() -> None:
    model = tiny_model(domains=("plain", "glasses"))
    with pytest.raises(TranslationError, match="not trained on drawn faces"):
        face_sets(model)
    for sources in (("scenes:disc", "faces:lorelei"), ("faces:lorelei",), (), "faces:lorelei"):
        model.manifest = Manifest("ugatit", model.config.to_dict(), {"sources": sources})
        with pytest.raises(TranslationError, match="not trained on drawn faces"):
            face_sets(model)
    model.manifest = Manifest(
        "ugatit", model.config.to_dict(), {"sources": ["faces:lorelei,glasses=no", "faces:lorelei,glasses=yes"]}
    )
    assert face_sets(model) == {"plain": PLAIN, "glasses": GLASSES}


@pytest.mark.parametrize(
    ("sources", "groups"), [((PLAIN, GLASSES), {"attributes", "edit"}), ((TOON, PLAIN), {"attributes"})]
)
def test_measures_of_translations_have_those_of_faces(sources: Sequence[FaceSet], groups: set[str]) -> None:
    model = tiny_model(domains=("one", "two")).eval()
    inputs, targets = (face_pictures(each, face_seeds(3), 32) for each in sources)
    measures: dict[str, Any] = measure_translations(model, inputs, targets, "two", faces=(sources[0], sources[1]))
    assert set(measures) == {"pictures", "targets", "faithful", *groups}


def test_drawn_pictures_are_read_by_seed_and_training_ones_are_others() -> None:
    held, trained = read_pictures("faces:lorelei,glasses=no", 32, 3), read_pictures("faces:lorelei", 32, 3, training=1)
    assert held.names == ("900001", "900002", "900003")
    assert trained.names == ("1", "3", "5")
    assert torch.equal(held.images, faces(PLAIN, 3, 32))
    assert read_pictures("scenes:disc", 32, 2).names == ("1000", "1001")
    assert read_pictures("scenes:disc", 32, 2, training=0).names == ("1000000", "1000001")

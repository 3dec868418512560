"""The die draws held-out faces of the domain that is translated, with the chosen attributes."""

from pathlib import Path

import pytest

from tests.face_weights import ARTISTS, GLASSES
from ugatit.checkpoints.registry import WeightsEntry
from ugatit.errors import DataError
from ugatit.models.manifest import Manifest
from viz.drawn_face import HELD_OUT
from viz.i18n import words_in
from viz.tabs.texts import describe_weights
from viz.tabs.translate.die_box import free_attributes, new_face

ANYTHING = {"hair": "any", "skin": "any", "glasses": "any", "smile": "any"}


def entry(sources: tuple[str, ...], domains: tuple[str, str] = ("toon", "lorelei")) -> WeightsEntry:
    return WeightsEntry("faces", Path("faces"), Manifest("ugatit", {"domains": domains}, {"sources": sources}))


@pytest.mark.parametrize(("to", "style"), [("lorelei", "toon-head"), ("toon", "lorelei")])
def test_a_new_face_is_a_held_out_one_of_the_other_domain(to: str, style: str) -> None:
    face = new_face(entry(ARTISTS), to, ANYTHING)
    assert (face.style, face.size) == (style, 256)
    assert face.seed in HELD_OUT


def test_a_new_face_has_the_chosen_attributes_and_those_of_its_domain() -> None:
    chosen = {"hair": "red", "skin": "dark", "glasses": "yes", "smile": "no"}
    face = new_face(entry(ARTISTS), "toon", chosen).attributes
    assert (face.hair, face.skin, face.smile, face.glasses) == ("red", "dark", False, False)


def test_throws_differ() -> None:
    assert len({new_face(entry(ARTISTS), "toon", ANYTHING).seed for _ in range(20)}) > 1


def test_glasses_cannot_be_chosen_where_they_tell_the_domains_apart() -> None:
    pair = entry(GLASSES, ("no glasses", "glasses"))
    assert free_attributes(pair, "glasses") == ("hair", "skin", "smile")
    assert new_face(pair, "no glasses", ANYTHING | {"glasses": "no"}).attributes.glasses is True


@pytest.mark.parametrize("sources", [(), ("photos", "drawings"), ("faces:nobody", "faces:lorelei")])
def test_other_weights_have_nothing_to_choose_and_no_faces(sources: tuple[str, ...]) -> None:
    assert free_attributes(entry(sources), "lorelei") == ()
    with pytest.raises(DataError):
        new_face(entry(sources), "lorelei", ANYTHING)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_art_is_named_with_artist_source_and_licence(language: str) -> None:
    text = describe_weights(entry(ARTISTS), words_in(language)).replace("\u00a0", " ")
    for part in ("Johan Melin", "CC BY 4.0", "Lisa Wischofsky", "CC0 1.0", "](https://www.figma.com/", "DiceBear"):
        assert part in text
    assert "DiceBear" not in describe_weights(entry(()), words_in(language))

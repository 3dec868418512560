"""Drawn faces: the same face in another domain, and what a visitor may choose of it."""

import numpy as np
import pytest

from tests.face_weights import ARTISTS, GLASSES
from ugatit.data.face_set import FIRST_HELD_OUT, FaceSet
from ugatit.data.faces import edit_mask, face
from ugatit.errors import DataError
from ugatit.models.manifest import Manifest
from ugatit.models.pix2pix import Pix2PixConfig
from ugatit.models.stargan_config import StarGANConfig
from viz.drawn_face import HELD_OUT, DrawnFace, FacePair, choosable, face_sets, face_styles, has_faces, origin_to

TOON, LORELEI = map(FaceSet.parse, ARTISTS)
WITHOUT, WITH = map(FaceSet.parse, GLASSES)
SEED = HELD_OUT[2]


def manifest(sources: object, domains: tuple[str, ...] = ("toon", "lorelei")) -> Manifest:
    return Manifest("ugatit", {"domains": domains, "image_size": 64}, {"sources": sources})


def test_a_face_is_drawn_by_its_set_and_the_chosen_attributes() -> None:
    drawn = DrawnFace.of(LORELEI, SEED, 64, {"hair": "red", "glasses": True})
    assert drawn.name == f"lorelei-{SEED}"
    assert drawn.draw().tobytes() == face("lorelei", SEED, 64, hair="red", glasses=False)[0].tobytes()


def test_the_face_by_the_other_artist_has_the_same_attributes() -> None:
    source = DrawnFace.of(TOON, SEED, 64, {"hair": "red", "smile": False})
    target = source.in_set(LORELEI)
    own, other = source.attributes, target.attributes
    assert (other.style, other.seed, other.glasses) == ("lorelei", SEED, False)
    assert (own.hair, own.skin, own.smile) == (other.hair, other.skin, other.smile)
    assert other.hair == "red"
    assert FacePair(source, target).truth() is None


def test_frames_of_one_style_become_glasses_of_the_other() -> None:
    source = DrawnFace.of(FaceSet("lorelei"), SEED, 64, {"glasses": "variant03"})
    assert source.in_set(FaceSet("adventurer")).attributes.glasses is True


def test_an_edit_has_one_right_answer_and_an_exact_mask() -> None:
    source = DrawnFace.of(WITHOUT, SEED, 64, {"hair": "grey"})
    pair = FacePair(source, source.in_set(WITH))
    assert pair.target.draw().tobytes() == face("lorelei", SEED, 64, hair="grey", glasses=True)[0].tobytes()
    truth = pair.truth()
    assert truth is not None
    expected = edit_mask("lorelei", SEED, 64, {"hair": "grey", "glasses": False}, glasses=True)
    assert np.array_equal(truth.source, expected)
    assert np.array_equal(truth.translation, expected)


def test_only_attributes_of_both_styles_that_no_set_fixes_may_be_chosen() -> None:
    assert choosable(TOON, LORELEI) == choosable(LORELEI, TOON) == ("hair", "skin", "smile")
    assert choosable(WITHOUT, WITH) == ("hair", "skin", "smile")
    assert "glasses" in choosable(FaceSet("lorelei"), FaceSet("micah"))
    assert "smile" not in choosable(FaceSet("lorelei"), FaceSet("adventurer"))


def test_a_face_belongs_to_the_sets_that_may_hold_it() -> None:
    source = DrawnFace.of(WITHOUT, SEED, 64)
    assert source.belongs_to(LORELEI)
    assert not source.belongs_to(WITH)
    assert not source.belongs_to(TOON)


def test_faces_of_weights_are_named_by_domain() -> None:
    faces = manifest(ARTISTS)
    assert has_faces(faces)
    assert face_sets(faces) == {"toon": TOON, "lorelei": LORELEI}
    assert [style.artist for style in face_styles(faces).values()] == ["Johan Melin", "Lisa Wischofsky"]


def test_pairs_of_lines_and_colour_are_two_sets_of_one_source() -> None:
    pairs = Manifest("pix2pix", Pix2PixConfig(("lines", "color")).to_dict(), {"sources": ("faces:adventurer",)})
    assert has_faces(pairs)
    assert {name: faces.named for name, faces in face_sets(pairs).items()} == {
        "lines": {"lines": True},
        "color": {"lines": False},
    }
    assert origin_to(pairs, "color") == "lines"
    assert [style.artist for style in face_styles(pairs).values()] == ["Lisa Wischofsky"]


def test_labelled_faces_have_no_set_for_each_domain() -> None:
    network = StarGANConfig(("glasses", "smile"), binary=("glasses", "smile")).to_dict()
    labelled = Manifest("stargan", network, {"sources": ("faces:lorelei",)})
    assert not has_faces(labelled)
    assert face_sets(labelled) == {}
    assert list(face_styles(labelled)) == ["lorelei"]


@pytest.mark.parametrize("sources", [(), None, "faces:lorelei", ARTISTS[:1], ("photos", "faces:lorelei"), (3, 4)])
def test_other_weights_have_no_faces(sources: object) -> None:
    assert not has_faces(manifest(sources))
    assert face_sets(manifest(sources)) == {}


def test_artists_are_named_however_the_faces_became_domains() -> None:
    assert list(face_styles(manifest(("photos", "faces:lorelei,beard=any")))) == ["lorelei"]
    assert list(face_styles(manifest(("faces:micah",)))) == ["micah"]
    assert face_styles(manifest(None)) == face_styles(manifest(("photos", "faces:nobody"))) == {}


def test_faces_that_do_not_exist_are_an_error_of_the_data() -> None:
    with pytest.raises(DataError, match="nobody"):
        face_sets(manifest(("faces:nobody", "faces:lorelei")))


def test_faces_are_translated_to_the_next_domain() -> None:
    three = manifest((), ("a", "b", "c"))
    assert [origin_to(three, to) for to in ("a", "b", "c", "d")] == ["c", "a", "b", None]


def test_no_weights_were_trained_on_the_faces_of_the_page() -> None:
    assert HELD_OUT[0] == FIRST_HELD_OUT

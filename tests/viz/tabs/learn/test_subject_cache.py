"""Subjects of the lesson are opened once, shared, and dropped when newer ones replace them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.attentive_toy import AttentiveToy
from tests.face_weights import ARTISTS, GLASSES, save_face_weights
from tests.live import ART, SCENES, save_tiny
from tests.tiny import tiny_config
from tests.toy import Toy, ToyConfig
from ugatit.checkpoints.registry import bundled_weights
from ugatit.checkpoints.store import save_weights
from ugatit.data.scenes import scene
from ugatit.errors import PictureError, TranslationError, WeightsError
from ugatit.inference.translator import Translator
from ugatit.models import MODELS, UGATIT
from ugatit.models.manifest import Manifest
from viz.examples import load_examples
from viz.tabs.catalog import Catalog
from viz.tabs.learn.subject_cache import NoAttentionError, Selection, SubjectCache

DISC = Selection(SCENES, "angular", "disc-11")


@pytest.fixture
def subjects(tmp_path: Path) -> SubjectCache:
    save_tiny(tmp_path / "weights" / SCENES, 0, ("round", "angular"), ("disc", "square"))
    save_tiny(tmp_path / "weights" / ART, 1, ("oil", "chalk"))
    return cache_of(tmp_path)


def cache_of(folder: Path) -> SubjectCache:
    weights = bundled_weights(folder / "weights")
    return SubjectCache(Catalog(weights, "cpu", "fp32"), load_examples(weights, folder), folder, weights[0], keep=2)


def test_a_selection_is_opened_once_and_the_oldest_subject_is_dropped(subjects: SubjectCache) -> None:
    subject = subjects.get(DISC)
    assert subjects.has_attention(subjects.find(SCENES))
    assert subjects.get(DISC) is subject
    for other in (Selection(SCENES, "round", "square-4"), Selection(SCENES, "angular", "disc-18")):
        subjects.get(other)
    assert subjects.get(DISC) is not subject


def test_a_subject_has_its_picture_and_a_real_one_of_the_other_domain(subjects: SubjectCache) -> None:
    subject = subjects.get(DISC)
    assert (subject.name, subject.origin, subject.to, subject.weights) == ("disc-11", "round", "angular", SCENES)
    assert list(subject.picture.getdata()) == list(scene("disc", 11, 64)[0].getdata())
    assert subject.reference is not None
    assert list(subject.reference.canvas.getdata()) == list(scene("square", 4, 64)[0].getdata())


def test_without_examples_there_is_no_picture_yet_and_no_reference(subjects: SubjectCache, tmp_path: Path) -> None:
    assert subjects.first_selection(subjects.find(ART)).is_empty
    Image.new("RGB", (64, 64), "red").save(tmp_path / "mine.png")
    subject = subjects.get(Selection(ART, "chalk", file=str(tmp_path / "mine.png")))
    assert (subject.name, subject.reference) == ("mine", None)


def test_an_error_names_what_cannot_be_opened(subjects: SubjectCache, tmp_path: Path) -> None:
    (tmp_path / "letter.png").write_text("Dear all")
    with pytest.raises(PictureError, match=r"^(?!.*/tmp).*letter\.png"):
        subjects.get(Selection(SCENES, "angular", file=str(tmp_path / "letter.png")))
    with pytest.raises(TranslationError, match="nobody"):
        subjects.get(Selection(SCENES, "angular", "nobody"))
    with pytest.raises(TranslationError, match="marble"):
        subjects.get(Selection(SCENES, "marble", "disc-11"))
    with pytest.raises(WeightsError, match="owner/name"):
        subjects.get(Selection("owner/name", "angular", "disc-11"))


def test_weights_without_attention_raise_an_error_of_their_own(tmp_path: Path) -> None:
    model, folder = UGATIT(tiny_config(attention=False)), tmp_path / "weights" / "plain"
    folder.mkdir(parents=True)
    data = {"sources": ("scenes:disc", "scenes:square")}
    save_weights(folder, model, Manifest("ugatit", model.config.to_dict(), data))
    subjects = cache_of(tmp_path)
    plain = subjects.find("plain")
    assert not subjects.has_attention(plain)
    with pytest.raises(NoAttentionError, match=r"weights 'plain' has no attention.*choose weights"):
        subjects.get(subjects.first_selection(plain))


def test_weights_of_another_model_are_asked_for_attention_and_an_unknown_one_has_none(
    subjects: SubjectCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = subjects.find(SCENES)
    unknown = replace(entry, manifest=replace(entry.manifest, model="toy"))
    assert not subjects.has_attention(unknown)
    monkeypatch.setitem(MODELS, "toy", Toy)
    assert not subjects.has_attention(unknown)
    monkeypatch.setattr(Toy, "has_attention", classmethod(lambda cls, network: network["image_size"] == 64))
    assert subjects.has_attention(unknown)


def test_between_two_domains_the_way_back_leads_to_the_other_one_for_any_picture(subjects: SubjectCache) -> None:
    subject = subjects.get(Selection(SCENES, "angular", "square-4"))
    assert (subject.origin, subject.to) == ("round", "angular")


def test_among_several_domains_the_origin_is_the_examples(
    subjects: SubjectCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = AttentiveToy(ToyConfig(("square", "angular", "round"), image_size=64)).eval()
    monkeypatch.setattr(Translator, "model", model, raising=False)
    monkeypatch.setattr(SubjectCache, "examples_of", lambda self, entry: subjects._examples.of(SCENES))
    assert subjects.get(DISC).origin == "round"
    assert subjects.get(Selection(SCENES, "angular", "square-4")).origin == "square", "the picture is of the target"
    Image.new("RGB", (64, 64), "red").save(tmp_path / "mine.png")
    assert subjects.get(Selection(SCENES, "round", file=str(tmp_path / "mine.png"))).origin == "square"


def test_weights_with_a_known_truth_are_found_and_faces_come_first(subjects: SubjectCache, tmp_path: Path) -> None:
    known = subjects.known
    assert known is not None
    assert known.name == SCENES
    save_face_weights(tmp_path / "weights" / "zz-glasses", ("no glasses", "glasses"), GLASSES)
    save_face_weights(tmp_path / "weights" / "artists", ("toon", "lorelei"), ARTISTS)
    with_faces = cache_of(tmp_path).known
    assert with_faces is not None
    assert with_faces.name == "zz-glasses"


def test_without_a_known_truth_there_are_no_such_weights(tmp_path: Path) -> None:
    save_tiny(tmp_path / "weights" / ART, 1, ("oil", "chalk"))
    assert cache_of(tmp_path).known is None


def test_faces_that_are_edited_have_their_true_answer_and_two_models_with_and_without_cam(tmp_path: Path) -> None:
    for name, attention in (("with", True), ("without", False)):
        save_face_weights(tmp_path / "weights" / name, ("no glasses", "glasses"), GLASSES, attention)
    save_face_weights(tmp_path / "weights" / "artists", ("toon", "lorelei"), ARTISTS)
    subjects = cache_of(tmp_path)
    example = subjects.examples_of(subjects.find("with"))[0]
    subject = subjects.get(Selection("with", example.to, example.name))
    assert subject.answer is not None
    assert subject.truth is not None
    differs = np.asarray(subject.answer) != np.asarray(subject.picture)
    assert (differs.any(axis=2) == subject.truth).all()
    assert subject.cam_pair is not None
    assert [folder.name for folder in subject.cam_pair.folders] == ["with", "without"]
    others = subjects.get(subjects.first_selection(subjects.find("artists")))
    assert (others.answer, others.cam_pair) == (None, None)

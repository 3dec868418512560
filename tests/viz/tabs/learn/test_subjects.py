"""What the lesson is about is opened once, shared, and given up in time."""

from pathlib import Path

import pytest
from PIL import Image

from tests.live import ART, SCENES, save_tiny
from tests.tiny import tiny_config
from ugatit.checkpoints.registry import WeightsEntry, bundled_weights
from ugatit.checkpoints.store import save_weights
from ugatit.data.scenes import scene
from ugatit.errors import PictureError, TranslationError, WeightsError
from ugatit.models import UGATIT
from ugatit.models.manifest import Manifest
from viz.examples import load_examples
from viz.tabs.catalog import Catalog
from viz.tabs.learn.subjects import NoAttentionError, Selection, SubjectCache


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_tiny(tmp_path / "weights" / SCENES, 0, ("round", "angular"), ("disc", "square"))
    save_tiny(tmp_path / "weights" / ART, 1, ("oil", "chalk"))
    return tmp_path / "weights"


@pytest.fixture
def subjects(folder: Path, tmp_path: Path) -> SubjectCache:
    return opened(bundled_weights(folder), tmp_path)


def opened(found: list[WeightsEntry], tmp_path: Path, keep: int = 2) -> SubjectCache:
    return SubjectCache(Catalog(found, "cpu", "fp32"), load_examples(found, tmp_path), tmp_path, found[0], keep)


def test_the_same_choice_is_opened_once_and_the_oldest_is_given_up(subjects: SubjectCache) -> None:
    first = Selection(SCENES, "angular", "disc-11")
    kept = subjects.of(first)
    assert subjects.have_attention(subjects.find(SCENES))
    assert subjects.of(first) is kept
    for other in (Selection(SCENES, "round", "square-4"), Selection(SCENES, "angular", "disc-18")):
        subjects.of(other)
    assert subjects.of(first) is not kept


def test_a_subject_knows_its_picture_and_a_real_one_of_the_other_domain(subjects: SubjectCache) -> None:
    subject = subjects.of(Selection(SCENES, "angular", "disc-11"))
    assert (subject.name, subject.origin, subject.to, subject.weights) == ("disc-11", "round", "angular", SCENES)
    assert list(subject.picture.getdata()) == list(scene("disc", 11, 64)[0].getdata())
    assert subject.reference is not None
    assert list(subject.reference.canvas.getdata()) == list(scene("square", 4, 64)[0].getdata())


def test_without_examples_there_is_no_picture_yet_and_no_reference(subjects: SubjectCache, tmp_path: Path) -> None:
    assert subjects.first(subjects.find(ART)).is_empty
    Image.new("RGB", (64, 64), "red").save(tmp_path / "mine.png")
    subject = subjects.of(Selection(ART, "chalk", file=str(tmp_path / "mine.png")))
    assert (subject.name, subject.reference) == ("mine", None)


def test_what_cannot_be_opened_is_named(subjects: SubjectCache, tmp_path: Path) -> None:
    (tmp_path / "letter.png").write_text("Dear all")
    with pytest.raises(PictureError, match=r"^(?!.*/tmp).*letter\.png"):
        subjects.of(Selection(SCENES, "angular", file=str(tmp_path / "letter.png")))
    with pytest.raises(TranslationError, match="nobody"):
        subjects.of(Selection(SCENES, "angular", "nobody"))
    with pytest.raises(TranslationError, match="marble"):
        subjects.of(Selection(SCENES, "marble", "disc-11"))
    with pytest.raises(WeightsError, match="owner/name"):
        subjects.of(Selection("owner/name", "angular", "disc-11"))


def test_a_model_without_attention_is_told_apart(tmp_path: Path) -> None:
    model = UGATIT(tiny_config(attention=False))
    save = tmp_path / "weights" / "plain"
    save.mkdir(parents=True)
    save_weights(
        save,
        model,
        Manifest("ugatit", model.config.to_dict(), {"domain_a": "scenes:disc", "domain_b": "scenes:square"}),
    )
    subjects = opened(bundled_weights(tmp_path / "weights"), tmp_path)
    assert not subjects.have_attention(subjects.find("plain"))
    with pytest.raises(NoAttentionError):
        subjects.of(subjects.first(subjects.find("plain")))

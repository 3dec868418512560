"""Step 9: the saved snapshots are shown unchanged, and no network runs."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.tiny import SIZE, pictures, tiny_model
from tests.viz.lesson.subjects import check_view
from ugatit.explain.snapshots import Growth, Moment, write_snapshots
from ugatit.images.tensors import to_picture
from viz.i18n import LANGUAGES
from viz.i18n.schema import Words
from viz.lesson.number_format import format_percent, format_signed
from viz.lesson.steps.growth import Settings, choices, view
from viz.lesson.subject import Subject

ENGLISH = LANGUAGES["en"]
STEPS = (0, 500, 2000)
NAMES = ("one", "two")
CELLS = SIZE // 4


def growth(to: str = "square", known: tuple[int, ...] = STEPS) -> Growth:
    """known: at which steps the classifier's logits are."""
    draw = np.random.default_rng(0)

    def panels() -> np.ndarray:
        return draw.integers(0, 256, (len(NAMES), SIZE, SIZE, 3), np.uint8)

    moments = []
    for step in STEPS:
        logits = draw.normal(size=(len(NAMES), 2)).astype(np.float32)
        logits = logits if step in known else np.full_like(logits, np.nan)
        maps = draw.random((len(NAMES), CELLS, CELLS), np.float32).astype(np.float16).astype(np.float32)
        moments.append(Moment(step, panels(), {"generator": maps}, logits))
    return Growth("disc" if to == "square" else "square", to, NAMES, panels(), tuple(moments))


def make_subject(folder: Path | None, to: str = "square") -> Subject:
    return Subject(tiny_model().eval(), to, to_picture(pictures(1)[0]), "mine", folder=folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_snapshots(tmp_path, [growth()])
    return tmp_path


@pytest.mark.parametrize("moment", range(len(STEPS)))
@pytest.mark.parametrize("sample", range(len(NAMES)))
def test_pictures_and_verdict_are_those_of_the_moment(folder: Path, moment: int, sample: int) -> None:
    kept, result = growth(), view(make_subject(folder), Settings(moment, sample), ENGLISH)
    at = kept.moments[moment]
    assert np.array_equal(np.asarray(result.panel("input").picture), kept.pictures[sample])
    assert np.array_equal(np.asarray(result.panel("translation").picture), at.translations[sample])
    assert f"{at.step:,} steps" in result.sentences[0]
    chance = 1 / (1 + np.exp(-at.cam_logits[sample].mean()))
    assert f"{format_percent(float(chance))} disc" in result.sentences[1]


def test_similarity_is_the_rank_correlation_with_the_newest_map(folder: Path) -> None:
    first, newest = (growth().moments[index].maps["generator"][1].ravel() for index in (0, -1))
    ranks = [values.argsort().argsort() for values in (first, newest)]
    expected = format_signed(float(np.corrcoef(*ranks)[0, 1]))
    result = view(make_subject(folder), Settings(0, 1), ENGLISH)
    assert expected in result.sentences[2]
    likeness = {chart.name: chart for chart in result.charts}["likenesses"].lines[0]
    assert likeness.x.tolist() == list(STEPS)
    assert likeness.y[-1] == pytest.approx(1)
    assert format_signed(float(likeness.y[0])) == expected


def test_colours_are_those_of_the_newest_map_at_every_moment(tmp_path: Path) -> None:
    kept = growth()
    newest = kept.moments[-1]
    halved = Moment(0, newest.translations, {"generator": newest.maps["generator"] / 2}, newest.cam_logits)
    alike = Moment(1, newest.translations, newest.maps, newest.cam_logits)
    write_snapshots(tmp_path, [Growth("disc", "square", NAMES, kept.pictures, (halved, alike, newest))])
    subject = make_subject(tmp_path)
    dim, same, last = (
        np.asarray(view(subject, Settings(moment), ENGLISH).panel("attention").picture, int) for moment in range(3)
    )
    assert np.array_equal(same, last)
    assert dim.mean() < last.mean()


def test_the_strip_holds_every_moment_and_underlines_the_chosen_one(folder: Path) -> None:
    strips = [
        np.asarray(view(make_subject(folder), Settings(moment), ENGLISH).panel("strip").picture) for moment in range(3)
    ]
    changed = np.flatnonzero((strips[0] != strips[1]).any(axis=(0, 2)))
    width = strips[0].shape[1]
    assert changed.min() < width / 3 < changed.max() < width * 2 / 3


def test_no_network_runs_when_the_slider_moves(folder: Path) -> None:
    subject, ran = make_subject(folder), []
    for module in subject.model.modules():
        module.register_forward_hook(lambda module, *_: ran.append(module))
    for moment in range(len(STEPS)):
        view(subject, Settings(moment), ENGLISH)
    assert ran == []
    assert subject.explanation is not None
    assert ran != []


def test_an_index_beyond_the_last_selects_the_last(folder: Path) -> None:
    result = view(make_subject(folder), Settings(99, 99), ENGLISH)
    assert "Moment 3 of 3" in result.sentences[0]
    assert ENGLISH.growth.newest in result.sentences
    assert NAMES[-1] in result.panel("input").alt


def test_an_unknown_verdict_is_not_mentioned(tmp_path: Path) -> None:
    write_snapshots(tmp_path, [growth(known=())])
    result = view(make_subject(tmp_path), Settings(), ENGLISH)
    assert [chart.name for chart in result.charts] == ["likenesses"]
    assert "%" not in "".join(result.sentences)


def test_verdicts_are_drawn_where_they_are_known(tmp_path: Path) -> None:
    write_snapshots(tmp_path, [growth(known=STEPS[1:])])
    first, last = (view(make_subject(tmp_path), Settings(moment), ENGLISH) for moment in (0, 2))
    for found in (first, last):
        own, mean, _ = next(chart for chart in found.charts if chart.name == "verdicts").lines
        assert own.x.tolist() == mean.x.tolist() == list(STEPS[1:])
        assert np.isfinite(own.y).all()
        assert (own.detail == ENGLISH.growth.unknown) == (found is first)


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_weights_without_snapshots_say_so(tmp_path: Path, words: Words) -> None:
    for where in (None, tmp_path):
        result = view(make_subject(where), Settings(), words)
        assert result.sentences == (words.growth.none,)
        assert result.rows == ()
        assert choices(make_subject(where)) == (0, ())


def test_snapshots_of_the_other_direction_are_not_shown(folder: Path) -> None:
    assert view(make_subject(folder, to="disc"), Settings(), ENGLISH).sentences == (ENGLISH.growth.none,)
    assert choices(make_subject(folder)) == (len(STEPS), NAMES)


def test_damaged_snapshots_are_reported_in_the_view(folder: Path) -> None:
    file = folder / "snapshots.npz"
    file.write_bytes(file.read_bytes()[:-100])
    (sentence,) = view(make_subject(folder), Settings(), ENGLISH).sentences
    assert str(file) in sentence
    assert choices(make_subject(folder)) == (0, ())


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_all_texts_are_complete_in_every_language(folder: Path, words: Words) -> None:
    result = view(make_subject(folder), Settings(1), words)
    panels = [panel for row in result.rows for panel in row]
    assert [panel.name for panel in panels] == ["input", "attention", "translation", "strip"]
    assert all(isinstance(panel.picture, Image.Image) for panel in panels)
    assert words.growth.likenesses in check_view(result)

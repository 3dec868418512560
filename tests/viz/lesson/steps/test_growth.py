"""Step 9: what was kept of training is shown as it was kept, and no network runs for it."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.tiny import SIZE, pictures, tiny_model
from ugatit.errors import TranslationError
from ugatit.explain.snapshots import Growth, Moment, write_snapshots
from ugatit.images.tensors import to_picture
from viz.i18n import LANGUAGES
from viz.i18n.schema import Words
from viz.lesson.html import element
from viz.lesson.number_format import percent, signed
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


def subject(folder: Path | None, to: str = "square") -> Subject:
    return Subject(tiny_model().eval(), to, to_picture(pictures(1)[0]), "mine", folder=folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_snapshots(tmp_path, [growth()])
    return tmp_path


@pytest.mark.parametrize("moment", range(len(STEPS)))
@pytest.mark.parametrize("sample", range(len(NAMES)))
def test_pictures_and_verdict_are_those_of_the_moment(folder: Path, moment: int, sample: int) -> None:
    kept, found = growth(), view(subject(folder), Settings(moment, sample), ENGLISH)
    at = kept.moments[moment]
    assert np.array_equal(np.asarray(found.panel("input").picture), kept.pictures[sample])
    assert np.array_equal(np.asarray(found.panel("translation").picture), at.translations[sample])
    assert f"{at.step:,} steps" in found.says[0]
    chance = 1 / (1 + np.exp(-at.cam_logits[sample].mean()))
    assert f"{percent(float(chance))} disc" in found.says[1]


def test_likeness_is_the_rank_correlation_with_the_newest_map(folder: Path) -> None:
    first, newest = (growth().moments[index].maps["generator"][1].ravel() for index in (0, -1))
    ranks = [values.argsort().argsort() for values in (first, newest)]
    expected = signed(float(np.corrcoef(*ranks)[0, 1]))
    found = view(subject(folder), Settings(0, 1), ENGLISH)
    assert expected in found.says[2]
    likeness = {chart.name: chart for chart in found.charts}["likenesses"].lines[0]
    assert likeness.x.tolist() == list(STEPS)
    assert likeness.y[-1] == pytest.approx(1)
    assert signed(float(likeness.y[0])) == expected


def test_colours_are_those_of_the_newest_map_at_every_moment(tmp_path: Path) -> None:
    kept = growth()
    newest = kept.moments[-1]
    halved = Moment(0, newest.translations, {"generator": newest.maps["generator"] / 2}, newest.cam_logits)
    alike = Moment(1, newest.translations, newest.maps, newest.cam_logits)
    write_snapshots(tmp_path, [Growth("disc", "square", NAMES, kept.pictures, (halved, alike, newest))])
    shown = subject(tmp_path)
    dim, same, last = (
        np.asarray(view(shown, Settings(moment), ENGLISH).panel("attention").picture, int) for moment in range(3)
    )
    assert np.array_equal(same, last)
    assert dim.mean() < last.mean()


def test_the_strip_holds_every_moment_and_underlines_the_chosen_one(folder: Path) -> None:
    strips = [
        np.asarray(view(subject(folder), Settings(moment), ENGLISH).panel("strip").picture) for moment in range(3)
    ]
    changed = np.flatnonzero((strips[0] != strips[1]).any(axis=(0, 2)))
    width = strips[0].shape[1]
    assert changed.min() < width / 3 < changed.max() < width * 2 / 3


def test_no_network_runs_when_the_slider_moves(folder: Path) -> None:
    shown, ran = subject(folder), []
    for module in shown.model.modules():
        module.register_forward_hook(lambda module, *_: ran.append(module))
    for moment in range(len(STEPS)):
        view(shown, Settings(moment), ENGLISH)
    assert ran == []
    assert shown.explained is not None
    assert ran != []


def test_what_lies_beyond_the_newest_is_the_newest(folder: Path) -> None:
    found = view(subject(folder), Settings(99, 99), ENGLISH)
    assert "Moment 3 of 3" in found.says[0]
    assert ENGLISH.growth.newest in found.says
    assert NAMES[-1] in found.panel("input").alt


def test_where_the_verdict_is_not_known_none_is_told(tmp_path: Path) -> None:
    write_snapshots(tmp_path, [growth(known=())])
    found = view(subject(tmp_path), Settings(), ENGLISH)
    assert [chart.name for chart in found.charts] == ["likenesses"]
    assert "%" not in "".join(found.says)


def test_verdicts_are_drawn_where_they_are_known(tmp_path: Path) -> None:
    write_snapshots(tmp_path, [growth(known=STEPS[1:])])
    first, last = (view(subject(tmp_path), Settings(moment), ENGLISH) for moment in (0, 2))
    for found in (first, last):
        own, mean, _ = next(chart for chart in found.charts if chart.name == "verdicts").lines
        assert own.x.tolist() == mean.x.tolist() == list(STEPS[1:])
        assert np.isfinite(own.y).all()
        assert (own.says == ENGLISH.growth.unknown) == (found is first)


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_weights_without_snapshots_say_so(tmp_path: Path, words: Words) -> None:
    for where in (None, tmp_path):
        found = view(subject(where), Settings(), words)
        assert found.says == (words.growth.none,)
        assert found.rows == ()
        assert choices(subject(where)) == (0, ())


def test_snapshots_of_the_other_direction_are_not_shown(folder: Path) -> None:
    assert view(subject(folder, to="disc"), Settings(), ENGLISH).says == (ENGLISH.growth.none,)
    assert choices(subject(folder)) == (len(STEPS), NAMES)


def test_damaged_snapshots_are_named_and_end_nothing(folder: Path) -> None:
    file = folder / "snapshots.npz"
    file.write_bytes(file.read_bytes()[:-100])
    (said,) = view(subject(folder), Settings(), ENGLISH).says
    assert str(file) in said
    assert choices(subject(folder)) == (0, ())


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_all_is_said_in_every_language(folder: Path, words: Words) -> None:
    found = view(subject(folder), Settings(1), words)
    panels = [panel for row in found.rows for panel in row]
    assert [panel.name for panel in panels] == ["input", "attention", "translation", "strip"]
    assert all(isinstance(panel.picture, Image.Image) and panel.alt for panel in panels)
    assert all("{" not in text for text in (*found.says, *(panel.alt + panel.made for panel in panels)))
    assert words.growth.likenesses in element(found)


@pytest.mark.parametrize(("field", "value"), [("moment", "-1"), ("sample", "-2"), ("moment", "x")])
def test_a_link_to_what_cannot_be_is_refused(field: str, value: str) -> None:
    with pytest.raises(TranslationError, match=field):
        Settings.from_query({field: value})


def test_settings_travel_in_a_link() -> None:
    assert Settings.from_query(Settings(2, 1).to_query()) == Settings(2, 1)

"""Step 10: the curves are the measured ones, the sentences follow from their areas, the table from the weights."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.viz.lesson.known import subject, texts
from ugatit.explain.deletion_insertion import FaithfulnessCurve, faithfulness_curve, maps_to_compare
from viz.i18n import LANGUAGES
from viz.i18n.schema import Words
from viz.lesson.html import element
from viz.lesson.number_format import plain
from viz.lesson.steps import faithfulness
from viz.lesson.steps.faithfulness import Settings, map_names, run, view
from viz.lesson.subject import Subject
from viz.lesson.view import Plot, Table

ENGLISH = LANGUAGES["en"]
SAID = ENGLISH.faithful


@pytest.fixture(scope="module")
def shown() -> Subject:
    return subject(0)


def test_curves_are_those_along_each_map_with_their_areas(shown: Subject) -> None:
    plots = [chart for chart in list(run(shown, Settings(), ENGLISH))[-1].charts if isinstance(chart, Plot)]
    assert [plot.name for plot in plots] == ["deletion", "insertion"]
    names, grid = map_names(ENGLISH), shown.explainer.grids["generator"]
    maps = maps_to_compare(shown.explained)
    assert list(names) == list(maps)
    for index, (name, values) in enumerate(maps.items()):
        curve = faithfulness_curve(shown.explainer, shown.encoded.pictures, values, grid)
        for plot, drawn, area in zip(
            plots, (curve.deletion, curve.insertion), (curve.deletion_area, curve.insertion_area), strict=True
        ):
            line = plot.lines[index]
            assert line.label == names[name]
            np.testing.assert_allclose(line.y, drawn, atol=1e-5)
            assert line.says == SAID.area.format(area=plain(area))


def test_each_map_adds_its_line_as_soon_as_it_is_known(shown: Subject) -> None:
    counts = []
    for seen in run(shown, Settings(), ENGLISH):
        plot = seen.charts[0]
        assert isinstance(plot, Plot)
        counts.append(len(plot.lines))
    assert counts == [1, 2, 3, 4]


def curve(deletion: float, insertion: float) -> FaithfulnessCurve:
    ends = np.array([0, 1], np.float32)
    return FaithfulnessCurve(ends, np.full(2, deletion, np.float32), np.full(2, insertion, np.float32))


@pytest.mark.parametrize(
    ("attention", "says"),
    [
        ((1, 5), SAID.beats_chance), ((3, 5), SAID.beats_in_part), ((1, 1), SAID.beats_in_part),
        ((3, 1), SAID.no_better), ((2, 2), SAID.no_better),
    ],
)  # fmt: skip
def test_sentences_follow_from_the_areas(
    shown: Subject, monkeypatch: pytest.MonkeyPatch, attention: tuple[float, float], says: str
) -> None:
    curves = iter([curve(*attention), curve(0.5, 1.5), curve(4, 9), curve(2, 2)])
    monkeypatch.setattr(faithfulness, "faithfulness_curve", lambda *_: next(curves))
    *_, last = run(shown, Settings(), ENGLISH)
    assert last.says[0] == says
    assert last.says[1] == SAID.least_deletion.format(name=ENGLISH.maps.gap_evidence, area="0.50")
    assert last.says[2] == SAID.most_insertion.format(name=ENGLISH.maps.gmp_evidence, area="9.00")


def test_weights_without_figures_show_none(shown: Subject) -> None:
    assert view(shown, Settings(), ENGLISH).charts == ()


def test_figures_of_the_weights_in_use_are_shown(tmp_path: Path) -> None:
    way = f"{subject().origin} to {subject().to}"
    measures = {
        "pointing": {way: {"generator": {"hits": 0.97, "iou": 0.74}, "strange": {"hits": 1, "iou": 1}}},
        "directions": {way: {"attention": {"on_object": 1.5, "mirror_rank_correlation_placed": 0.5}}},
    }
    (tmp_path / "measures.json").write_text(json.dumps(measures))
    shown = subject()
    shown.folder = tmp_path
    pointing, measured = view(shown, Settings(), ENGLISH).charts
    assert isinstance(pointing, Table)
    assert pointing.rows == (("Generator: Attention map", "97%", "0.74"),)
    assert isinstance(measured, Table)
    assert [row[1] for row in measured.rows] == ["1.50×", "0.50"]


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_it_is_said_and_drawn_in_each_language(shown: Subject, words: Words, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faithfulness, "faithfulness_curve", lambda *_: curve(1, 2))
    for seen in (view(shown, Settings(), words), *run(shown, Settings(), words)):
        assert not any("{" in text for text in texts(seen))
        assert all(panel.alt for row in seen.rows for panel in row)
        assert element(seen)

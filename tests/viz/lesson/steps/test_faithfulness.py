"""Step 10: the curves are the measured ones, the conclusion follows from their areas, the tables from the weights."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.viz.lesson.subjects import check_view, make_subject
from ugatit.explain.deletion_insertion import FaithfulnessCurve, faithfulness_curve, maps_to_compare
from viz.i18n import LANGUAGES
from viz.i18n.schema import Words
from viz.lesson.number_format import format_number
from viz.lesson.steps import faithfulness
from viz.lesson.steps.faithfulness import Settings, map_names, run, view
from viz.lesson.subject import Subject
from viz.lesson.view import Plot, Table

ENGLISH = LANGUAGES["en"]
TEXTS = ENGLISH.faithfulness


@pytest.fixture(scope="module")
def subject() -> Subject:
    return make_subject(0)


def test_each_map_has_its_curves_with_their_areas(subject: Subject) -> None:
    plots = [chart for chart in list(run(subject, Settings(), ENGLISH))[-1].charts if isinstance(chart, Plot)]
    assert [plot.name for plot in plots] == ["deletion", "insertion"]
    names, grid = map_names(ENGLISH), subject.explainer.grids["generator"]
    maps = maps_to_compare(subject.explanation)
    assert list(names) == list(maps)
    for index, (name, values) in enumerate(maps.items()):
        curve = faithfulness_curve(subject.explainer, subject.encoded.pictures, values, grid)
        for plot, drawn, area in zip(
            plots, (curve.deletion, curve.insertion), (curve.deletion_area, curve.insertion_area), strict=True
        ):
            line = plot.lines[index]
            assert line.label == names[name]
            np.testing.assert_allclose(line.y, drawn, atol=1e-5)
            assert line.detail == TEXTS.area.format(area=format_number(area))


def test_each_view_adds_the_line_of_one_map(subject: Subject) -> None:
    counts = []
    for result in run(subject, Settings(), ENGLISH):
        plot = result.charts[0]
        assert isinstance(plot, Plot)
        counts.append(len(plot.lines))
    assert counts == [1, 2, 3, 4]


def curve(deletion: float, insertion: float) -> FaithfulnessCurve:
    ends = np.array([0, 1], np.float32)
    return FaithfulnessCurve(ends, np.full(2, deletion, np.float32), np.full(2, insertion, np.float32))


@pytest.mark.parametrize(
    ("attention", "sentence"),
    [
        ((1, 5), TEXTS.beats_chance), ((3, 5), TEXTS.beats_in_part), ((1, 1), TEXTS.beats_in_part),
        ((3, 1), TEXTS.no_better), ((2, 2), TEXTS.no_better),
    ],
)  # fmt: skip
def test_the_conclusion_follows_from_the_areas(
    subject: Subject, monkeypatch: pytest.MonkeyPatch, attention: tuple[float, float], sentence: str
) -> None:
    curves = iter([curve(*attention), curve(0.5, 1.5), curve(4, 9), curve(2, 2)])
    monkeypatch.setattr(faithfulness, "faithfulness_curve", lambda *_: next(curves))
    *_, last = run(subject, Settings(), ENGLISH)
    assert last.sentences[0] == sentence
    assert last.sentences[1] == TEXTS.least_deletion.format(name=ENGLISH.maps.gap_evidence, area="0.50")
    assert last.sentences[2] == TEXTS.most_insertion.format(name=ENGLISH.maps.gmp_evidence, area="9.00")


def test_weights_without_measures_show_no_table(subject: Subject) -> None:
    assert view(subject, Settings(), ENGLISH).charts == ()


def test_the_measures_of_the_weights_are_shown(tmp_path: Path) -> None:
    direction = f"{make_subject().origin} to {make_subject().to}"
    measures = {
        "pointing": {direction: {"generator": {"hits": 0.97, "iou": 0.74}, "strange": {"hits": 1, "iou": 1}}},
        "directions": {direction: {"attention": {"on_object": 1.5, "mirror_rank_correlation_placed": 0.5}}},
    }
    (tmp_path / "measures.json").write_text(json.dumps(measures))
    subject = make_subject()
    subject.folder = tmp_path
    pointing, measured = view(subject, Settings(), ENGLISH).charts
    assert isinstance(pointing, Table)
    assert pointing.rows == (("Generator: Attention map", "97%", "0.74"),)
    assert isinstance(measured, Table)
    assert [row[1] for row in measured.rows] == ["1.50×", "0.50"]


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_all_texts_of_a_run_are_complete_in_every_language(
    subject: Subject, words: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faithfulness, "faithfulness_curve", lambda *_: curve(1, 2))
    for result in run(subject, Settings(), words):
        assert check_view(result)

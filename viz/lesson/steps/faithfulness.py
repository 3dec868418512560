"""Step 10: faithfulness. The verdict while pixels are deleted or inserted in a map's order."""

from collections.abc import Iterator
from dataclasses import dataclass

from ugatit.explain.deletion_insertion import FaithfulnessCurve, faithfulness_curve, maps_to_compare
from viz.i18n.schema import Words
from viz.lesson.measures import CardMeasures, read_measures
from viz.lesson.number_format import format_number, format_percent
from viz.lesson.settings import StepSettings
from viz.lesson.shared import attention_panel, attention_scale, input_panel
from viz.lesson.subject import Subject
from viz.lesson.view import Chart, Line, Plot, Table, View

NAME = "faithful"

Curves = dict[str, FaithfulnessCurve]


@dataclass(frozen=True)
class Settings(StepSettings):
    """This step has no settings."""


def view(subject: Subject, settings: Settings, words: Words) -> View:
    """Return the view before the computation, with the published measures of the weights."""
    return _view(subject, words, (words.faithfulness.start,), {})


def run(subject: Subject, settings: Settings, words: Words) -> Iterator[View]:
    """Yield views with one more map's curves each; the last view states which map is the most faithful."""
    texts, names = words.faithfulness, map_names(words)
    curves: Curves = {}
    grid = subject.explainer.grids["generator"]
    maps = maps_to_compare(subject.explanation)
    for name, values in maps.items():
        curves[name] = faithfulness_curve(subject.explainer, subject.encoded.pictures, values, grid)
        if len(curves) < len(maps):
            progress = texts.progress.format(done=len(curves), total=len(maps), name=names[name])
            yield _view(subject, words, (progress,), curves)
    yield _view(subject, words, _conclusion(curves, words), curves)


def map_names(words: Words) -> dict[str, str]:
    """Return the display names of the maps of `maps_to_compare`."""
    texts = words.maps
    return {
        "attention": texts.attention,
        "gap evidence": texts.gap_evidence,
        "gmp evidence": texts.gmp_evidence,
        "chance": texts.chance,
    }


def _conclusion(curves: Curves, words: Words) -> tuple[str, ...]:
    """Return which map is the most faithful by each area, and whether the attention beats chance."""
    texts, names = words.faithfulness, map_names(words)
    deletion = min(curves, key=lambda name: curves[name].deletion_area)
    insertion = max(curves, key=lambda name: curves[name].insertion_area)
    attention, chance = curves["attention"], curves["chance"]
    better = (
        attention.deletion_area < chance.deletion_area,
        attention.insertion_area > chance.insertion_area,
    )
    return (
        texts.beats_chance if all(better) else texts.beats_in_part if any(better) else texts.no_better,
        texts.least_deletion.format(name=names[deletion], area=format_number(curves[deletion].deletion_area)),
        texts.most_insertion.format(name=names[insertion], area=format_number(curves[insertion].insertion_area)),
        texts.caveat,
    )


def _view(subject: Subject, words: Words, sentences: tuple[str, ...], curves: Curves) -> View:
    texts = words.faithfulness
    plots = (_plot(curves, "deletion", words), _plot(curves, "insertion", words)) if curves else ()
    return View(
        heading=texts.heading.title,
        sentences=sentences,
        rows=((input_panel(subject, words), attention_panel(subject, subject.explanation.attention_map, words)),),
        scales=(attention_scale(words),),
        charts=(*plots, *_tables(read_measures(subject.folder, subject.origin, subject.to), subject, words)),
    )


def _plot(curves: Curves, kind: str, words: Words) -> Plot:
    texts, names = words.faithfulness, map_names(words)
    is_deletion = kind == "deletion"
    lines = tuple(
        Line(
            names[name],
            curve.shares,
            curve.deletion if is_deletion else curve.insertion,
            texts.area.format(area=format_number(curve.deletion_area if is_deletion else curve.insertion_area)),
        )
        for name, curve in curves.items()
    )
    title, x_label = (texts.deletion, texts.deleted) if is_deletion else (texts.insertion, texts.inserted)
    return Plot(kind, title, x_label, texts.logit, lines)


def _tables(measures: CardMeasures, subject: Subject, words: Words) -> Iterator[Chart]:
    """Yield tables of the published measures of the weights, where they exist."""
    texts = words.faithfulness
    direction = {"origin": subject.origin, "to": subject.to}
    if measures.pointing:
        names = _pointing_names(subject, words)
        rows = tuple(
            (label, format_percent(measures.pointing[name][0]), format_number(measures.pointing[name][1]))
            for name, label in names.items()
            if name in measures.pointing
        )
        yield Table("pointing", texts.pointing.format(**direction), (texts.map, texts.hits, texts.iou), rows)
    values = (
        (texts.on_object, measures.on_object, texts.times),
        (texts.mirror, measures.mirror, "{value}"),
    )
    value_rows = tuple(
        (label, text.format(value=format_number(value))) for label, value, text in values if value is not None
    )
    if value_rows:
        yield Table("measured", texts.measured.format(**direction), (texts.figure, texts.value), value_rows)


def _pointing_names(subject: Subject, words: Words) -> dict[str, str]:
    """Return the display names of the maps that can have pointing measures, by the names in the measures' file."""
    texts, maps, titles = words.faithfulness, words.maps, words.attention_maps.titles
    networks = {name: titles.get(name, name) for name in subject.explainer.networks}
    kinds = {"": maps.attention, " gap evidence": maps.gap_evidence, " gmp evidence": maps.gmp_evidence}
    return {
        network + kind: texts.of.format(network=network_name, map=kind_name)
        for network, network_name in networks.items()
        for kind, kind_name in kinds.items()
    }

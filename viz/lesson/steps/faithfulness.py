"""Step 10: is a map faithful? Pixels go, or come, in its order, and the verdict answers."""

from collections.abc import Iterator
from dataclasses import dataclass

from ugatit.explain.deletion_insertion import FaithfulnessCurve, faithfulness_curve, maps_to_compare
from viz.i18n.schema import Words
from viz.lesson.measures import CardMeasures, read_measures
from viz.lesson.number_format import percent, plain
from viz.lesson.settings import StepSettings
from viz.lesson.shared import attention_panel, attention_scale, input_panel
from viz.lesson.subject import Subject
from viz.lesson.view import Chart, Line, Plot, Table, View

NAME = "faithful"

Curves = dict[str, FaithfulnessCurve]


@dataclass(frozen=True)
class Settings(StepSettings):
    """There is nothing to set."""


def view(subject: Subject, settings: Settings, words: Words) -> View:
    """What will be asked, and the figures of the weights in use."""
    return _view(subject, words, (words.faithful.start,), {})


def run(subject: Subject, settings: Settings, words: Words) -> Iterator[View]:
    """The curves along each map, one more at a time; the last view says which map is the most faithful."""
    said, names = words.faithful, map_names(words)
    curves: Curves = {}
    grid = subject.explainer.grids["generator"]
    maps = maps_to_compare(subject.explained)
    for name, values in maps.items():
        curves[name] = faithfulness_curve(subject.explainer, subject.encoded.pictures, values, grid)
        if len(curves) < len(maps):
            progress = said.progress.format(done=len(curves), total=len(maps), name=names[name])
            yield _view(subject, words, (progress,), curves)
    yield _view(subject, words, _verdict(curves, words), curves)


def map_names(words: Words) -> dict[str, str]:
    """What readers call the maps of `maps_to_compare`."""
    said = words.maps
    return {
        "attention": said.attention,
        "gap evidence": said.gap_evidence,
        "gmp evidence": said.gmp_evidence,
        "chance": said.chance,
    }


def _verdict(curves: Curves, words: Words) -> tuple[str, ...]:
    """Which map is the most faithful here by either area, and whether the attention beats chance."""
    said, names = words.faithful, map_names(words)
    deletion = min(curves, key=lambda name: curves[name].deletion_area)
    insertion = max(curves, key=lambda name: curves[name].insertion_area)
    attention, chance = curves["attention"], curves["chance"]
    better = (
        attention.deletion_area < chance.deletion_area,
        attention.insertion_area > chance.insertion_area,
    )
    return (
        said.beats_chance if all(better) else said.beats_in_part if any(better) else said.no_better,
        said.least_deletion.format(name=names[deletion], area=plain(curves[deletion].deletion_area)),
        said.most_insertion.format(name=names[insertion], area=plain(curves[insertion].insertion_area)),
        said.caveat,
    )


def _view(subject: Subject, words: Words, says: tuple[str, ...], curves: Curves) -> View:
    said = words.faithful
    plots = (_plot(curves, "deletion", words), _plot(curves, "insertion", words)) if curves else ()
    return View(
        heading=said.heading.title,
        says=says,
        rows=((input_panel(subject, words), attention_panel(subject, subject.explained.attention_map, words)),),
        scales=(attention_scale(words),),
        charts=(*plots, *_tables(read_measures(subject.folder, subject.origin, subject.to), subject, words)),
    )


def _plot(curves: Curves, kind: str, words: Words) -> Plot:
    said, names = words.faithful, map_names(words)
    deletion = kind == "deletion"
    lines = tuple(
        Line(
            names[name],
            curve.shares,
            curve.deletion if deletion else curve.insertion,
            said.area.format(area=plain(curve.deletion_area if deletion else curve.insertion_area)),
        )
        for name, curve in curves.items()
    )
    title, x_label = (said.deletion, said.deleted) if deletion else (said.insertion, said.inserted)
    return Plot(kind, title, x_label, said.logit, lines)


def _tables(found: CardMeasures, subject: Subject, words: Words) -> Iterator[Chart]:
    """The figures of the weights in use, where they were measured."""
    said = words.faithful
    direction = {"origin": subject.origin, "to": subject.to}
    if found.pointing:
        names = _measured_names(words)
        rows = tuple(
            (label, percent(found.pointing[name][0]), plain(found.pointing[name][1]))
            for name, label in names.items()
            if name in found.pointing
        )
        yield Table("pointing", said.pointing.format(**direction), (said.map, said.hits, said.iou), rows)
    figures = (
        (said.on_object, found.on_object, said.times),
        (said.mirror, found.mirror, "{value}"),
    )
    known = tuple((label, text.format(value=plain(value))) for label, value, text in figures if value is not None)
    if known:
        yield Table("measured", said.measured.format(**direction), (said.figure, said.value), known)


def _measured_names(words: Words) -> dict[str, str]:
    """What readers call the maps that pointing was measured of."""
    said, maps, critics = words.faithful, words.maps, words.critics
    networks = {"generator": said.generator, "local": critics.local_critic, "global": critics.global_critic}
    kinds = {"": maps.attention, " gap evidence": maps.gap_evidence, " gmp evidence": maps.gmp_evidence}
    return {
        network + kind: said.of.format(network=network_name, map=kind_name)
        for network, network_name in networks.items()
        for kind, kind_name in kinds.items()
    }

"""What a run shows: progress and words, curves, and its samples at a moment. Values for components, no wiring."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from PIL import Image

from ugatit.errors import TranslationError
from ugatit.training.monitor import RunMonitor, RunState
from viz.data_urls import data_address, figure_element
from viz.i18n.schema import Words
from viz.overlay import stops
from viz.tabs.train import texts as texts
from viz.timeline import COLORMAP, Row, Timeline

CURVES_EVERY = 5.0
"""Seconds: curves of a run that goes on are drawn no more often, so that watching does not slow it down."""


@dataclass(frozen=True)
class Curves:
    """Drawn of a run up to the step `newest`, at that moment of the clock; `<svg>`, empty where there is nothing to
    draw yet."""

    newest: int
    run: RunState
    when: float
    losses: str
    rho: str

    def elements(self, words: Words) -> tuple[str, str]:
        """Losses and rho as HTML."""
        said, run = words.train, self.run
        return (
            _curve_element(self.losses, texts.latest_losses(run, words))
            if self.losses
            else placeholder(said.no_curves),
            _curve_element(self.rho, texts.latest_rho(run, words)) if self.rho else placeholder(said.no_rho),
        )


class RunView:
    """One run as pages see it: looked at by all of them, drawn once for all of them."""

    def __init__(self, watch: RunMonitor) -> None:
        self.watch, self.timeline = watch, Timeline(watch.folder)
        self._lock = Lock()
        self._curves: Curves | None = None

    def curves(self, run: RunState) -> Curves:
        """Losses and rho as they were drawn last, or anew if it is time."""
        with self._lock:
            last = self._curves
            newest = int(run.losses[-1]["step"]) if run.losses else 0
            if last is None or (last.newest != newest and _due(last, run)):
                rho = _rho(run, [label for label, _ in self.directions()])
                self._curves = last = Curves(newest, run, monotonic(), _losses(run), rho)
            return last

    def preview(self, run: RunState, moment: int | None, origin: int, scale: str, words: Words) -> str:
        """The sample of a step, or the newest, of one direction (0 is A to B) as HTML."""
        steps = [step for step, _ in run.samples]
        if not steps:
            return placeholder(words.train.no_samples)
        number = index_of(steps, moment)
        try:
            domains = self.timeline.domains
            rows = self.timeline.rows(steps[number], steps[-1], domains[origin], scale)
        except TranslationError as error:
            return placeholder(str(error))
        return samples_element(rows, domains[origin], domains[1 - origin], steps, number, scale, words)

    def directions(self) -> list[tuple[str, int]]:
        """Labels and values of the two ways to translate; empty while the run has not written its config."""
        try:
            a, b = self.timeline.domains
        except (TranslationError, ValueError):
            return []
        return [(f"{a} → {b}", 0), (f"{b} → {a}", 1)]


def _due(last: Curves, run: RunState) -> bool:
    return not last.newest or last.run.status != run.status or monotonic() - last.when >= CURVES_EVERY


def index_of(steps: Sequence[int], moment: int | None) -> int:
    """Which of the samples is nearest to a step; the newest for None."""
    if moment is None:
        return len(steps) - 1
    return min(range(len(steps)), key=lambda index: abs(steps[index] - moment))


def progress_element(run: RunState | None, words: Words, may_train: bool = True) -> str:
    """A bar, and how the run fares in words; without a run, how to begin one where that is allowed."""
    said = words.train
    if run is None:
        hint = f'<p class="hint">{said.no_run_hint}</p>' if may_train else ""
        return f'<div class="run-progress"><p><strong>{said.no_run}</strong></p>{hint}</div>'
    share = min(1.0, run.step / run.steps) if run.steps else 0.0
    told = html.escape(texts.status_words(run, words))
    return (
        f'<div class="run-progress {run.status}"><div class="bar" role="progressbar" aria-label="{said.progress}" '
        f'aria-valuemin="0" aria-valuemax="{run.steps}" aria-valuenow="{run.step}">'
        f'<i style="width:{share:.2%}"></i></div><p>{told}</p></div>'
    )


def samples_element(
    rows: Sequence[Row], origin: str, to: str, steps: Sequence[int], number: int, scale: str, words: Words
) -> str:
    """Held-out pictures, a line each: input, translation, maps."""
    said, drawn, origin, to = words.train, words.drawn, html.escape(origin), html.escape(to)
    lines = []
    for place, row in enumerate(rows, start=1):
        cells = [
            _figure(row.source, origin, said.held_out_alt.format(number=place, origin=origin)),
            _figure(row.translation, to, said.translation_alt.format(to=to)),
        ]
        for name, picture in row.maps.items():
            over = drawn.over["input" if name == "generator" else "translation"]
            alt = words.translate.map_alt.format(title=drawn.titles[name], over=over)
            cells.append(_figure(picture, drawn.titles[name], alt))
        lines.append(f'<div class="sample">{"".join(cells)}</div>')
    when = texts.moment_words(steps[number], number + 1, len(steps), words)
    made = said.maps_made.format(scale=said.scales[scale])
    return (
        f'<div class="samples"><p class="when"><strong>{when}</strong><span>{made}</span>{_colors(words)}</p>'
        f"{''.join(lines)}</div>"
    )


def placeholder(words: str) -> str:
    return f'<div class="placeholder"><p>{html.escape(words)}</p></div>'


def _figure(picture: Image.Image | None, title: str, words: str) -> str:
    image = "<i></i>" if picture is None else f'<img src="{data_address(picture)}" alt="{words}">'
    return f'<figure>{image}<figcaption title="{title}">{title}</figcaption></figure>'


def _colors(words: Words) -> str:
    """What the colours of the maps mean."""
    low, high = words.train.low, words.train.high
    alt, colors = words.translate.scale_alt.format(low=low, high=high), ", ".join(stops(COLORMAP))
    return (
        f'<span class="scale" role="img" aria-label="{alt}">'
        f'<span>{low}</span><i style="background: linear-gradient(90deg, {colors})"></i><span>{high}</span></span>'
    )


def _losses(run: RunState) -> str:
    if not run.losses:
        return ""
    # Loaded when there is something to draw: without it the page is there sooner.
    from viz.figures import PHONE, loss_figure

    return figure_element(loss_figure(run.losses, PHONE))


def _rho(run: RunState, directions: Sequence[str]) -> str:
    if not run.losses or not any(row.get("rho") for row in run.losses):
        return ""
    from viz.figures import PHONE, rho_figure

    return figure_element(rho_figure(run.losses, PHONE, directions))


def _curve_element(drawing: str, words: str) -> str:
    return f'<div class="curves" role="img" aria-label="{html.escape(words)}">{drawing}</div>'

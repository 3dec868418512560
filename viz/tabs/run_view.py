"""What a run shows: progress and words, curves, and its samples at a moment. Values for components, no wiring."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from PIL import Image

from ugatit.errors import TranslationError
from ugatit.training.watch import RunState, Watch
from viz.inline import data_address, figure_element
from viz.overlay import stops
from viz.panels import TITLES
from viz.tabs import train_texts as texts
from viz.timeline import COLORMAP, SCALES, Row, Timeline

CURVES_EVERY = 5.0
"""Seconds: curves of a run that goes on are drawn no more often, so that watching does not slow it down."""


@dataclass(frozen=True)
class Curves:
    """Drawn up to the step `newest`, in that status, at that moment of the clock; HTML."""

    newest: int
    status: str
    when: float
    losses: str
    rho: str


class RunView:
    """One run as pages see it: looked at by all of them, drawn once for all of them."""

    def __init__(self, watch: Watch) -> None:
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
                self._curves = last = Curves(newest, run.status, monotonic(), _losses(run), rho)
            return last

    def preview(self, run: RunState, moment: int | None, origin: int, scale: str) -> str:
        """The sample of a step, or the newest, of one direction (0 is A to B) as HTML."""
        steps = [step for step, _ in run.samples]
        if not steps:
            return placeholder(texts.NO_SAMPLES)
        number = index_of(steps, moment)
        try:
            domains = self.timeline.domains
            rows = self.timeline.rows(steps[number], steps[-1], domains[origin], scale)
        except TranslationError as error:
            return placeholder(str(error))
        return samples_element(rows, domains[origin], domains[1 - origin], steps, number, scale)

    def directions(self) -> list[tuple[str, int]]:
        """Labels and values of the two ways to translate; empty while the run has not written its config."""
        try:
            a, b = self.timeline.domains
        except (TranslationError, ValueError):
            return []
        return [(f"{a} → {b}", 0), (f"{b} → {a}", 1)]


def _due(last: Curves, run: RunState) -> bool:
    return not last.newest or last.status != run.status or monotonic() - last.when >= CURVES_EVERY


def index_of(steps: Sequence[int], moment: int | None) -> int:
    """Which of the samples is nearest to a step; the newest for None."""
    if moment is None:
        return len(steps) - 1
    return min(range(len(steps)), key=lambda index: abs(steps[index] - moment))


def progress_element(run: RunState | None, may_train: bool = True) -> str:
    """A bar, and how the run fares in words; without a run, how to begin one where that is allowed."""
    if run is None:
        hint = f'<p class="hint">{texts.NO_RUN_HINT}</p>' if may_train else ""
        return f'<div class="run-progress"><p><strong>{texts.NO_RUN}</strong></p>{hint}</div>'
    share = min(1.0, run.step / run.steps) if run.steps else 0.0
    words = html.escape(texts.status_words(run))
    return (
        f'<div class="run-progress {run.status}"><div class="bar" role="progressbar" aria-label="Progress" '
        f'aria-valuemin="0" aria-valuemax="{run.steps}" aria-valuenow="{run.step}">'
        f'<i style="width:{share:.2%}"></i></div><p>{words}</p></div>'
    )


def samples_element(rows: Sequence[Row], origin: str, to: str, steps: Sequence[int], number: int, scale: str) -> str:
    """Held-out pictures, a line each: input, translation, maps."""
    origin, to = html.escape(origin), html.escape(to)
    lines = []
    for place, row in enumerate(rows, start=1):
        cells = [
            _figure(row.source, origin, f"Held-out picture {place}, {origin}"),
            _figure(row.translation, to, f"Its translation to {to}"),
        ]
        for name, picture in row.maps.items():
            over = "input" if name == "generator" else "translation"
            cells.append(_figure(picture, TITLES[name], f"{TITLES[name]}: attention over the {over}"))
        lines.append(f'<div class="sample">{"".join(cells)}</div>')
    words = texts.moment_words(steps[number], number + 1, len(steps))
    return (
        f'<div class="samples"><p class="when"><strong>{words}</strong><span>Maps: {SCALES[scale]}</span>'
        f"{_colors()}</p>{''.join(lines)}</div>"
    )


def placeholder(words: str) -> str:
    return f'<div class="placeholder"><p>{html.escape(words)}</p></div>'


def _figure(picture: Image.Image | None, title: str, words: str) -> str:
    image = "<i></i>" if picture is None else f'<img src="{data_address(picture)}" alt="{words}">'
    return f'<figure>{image}<figcaption title="{title}">{title}</figcaption></figure>'


def _colors() -> str:
    """What the colours of the maps mean."""
    colors = ", ".join(stops(COLORMAP))
    return (
        '<span class="scale" role="img" aria-label="Colours of the maps, from low to high">'
        f'<span>low</span><i style="background: linear-gradient(90deg, {colors})"></i><span>high</span></span>'
    )


def _losses(run: RunState) -> str:
    if not run.losses:
        return placeholder(texts.NO_CURVES)
    # Loaded when there is something to draw: without it the page is there sooner.
    from viz.figures import PHONE, loss_figure

    return _curve_element(figure_element(loss_figure(run.losses, PHONE)), texts.latest_losses(run))


def _rho(run: RunState, directions: Sequence[str]) -> str:
    if not run.losses or not any(row.get("rho") for row in run.losses):
        return placeholder(texts.NO_RHO)
    from viz.figures import PHONE, rho_figure

    return _curve_element(figure_element(rho_figure(run.losses, PHONE, directions)), texts.latest_rho(run))


def _curve_element(drawing: str, words: str) -> str:
    return f'<div class="curves" role="img" aria-label="{html.escape(words)}">{drawing}</div>'

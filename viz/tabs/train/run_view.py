"""Render a run as HTML: progress, curves, and the samples of a step."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from PIL import Image

from ugatit.errors import TranslationError
from ugatit.training.monitor import RunMonitor, RunState
from viz.data_urls import data_url, figure_svg
from viz.i18n.schema import Words
from viz.overlay import color_stops
from viz.tabs.train import run_texts
from viz.timeline import COLORMAP, Row, Timeline

CURVES_INTERVAL = 5.0
"""Seconds between two drawings of the curves of a running run, so that watching does not slow training down."""


@dataclass(frozen=True)
class Curves:
    """The drawn curves of a run.

    newest: the last step in them. drawn_at: by `time.monotonic`. losses, rho: `<svg>`, empty where there are no values.
    """

    newest: int
    run: RunState
    drawn_at: float
    losses: str
    rho: str

    def elements(self, words: Words) -> tuple[str, str]:
        """Return losses and rho as HTML."""
        texts, run = words.train, self.run
        losses = _curve_element(self.losses, run_texts.losses_alt(run, words)) if self.losses else ""
        rho = _curve_element(self.rho, run_texts.rho_alt(run, words)) if self.rho else ""
        return losses or placeholder(texts.no_curves), rho or placeholder(texts.no_rho)


class RunView:
    """A view of one run that all open pages share: the run is read and drawn once for all of them."""

    def __init__(self, monitor: RunMonitor) -> None:
        self.monitor, self.timeline = monitor, Timeline(monitor.folder)
        self._lock = Lock()
        self._curves: Curves | None = None

    def curves(self, run: RunState) -> Curves:
        """Return the curves of losses and rho, redrawn if there are new values and CURVES_INTERVAL has passed."""
        with self._lock:
            last = self._curves
            newest = int(run.losses[-1]["step"]) if run.losses else 0
            if last is None or (last.newest != newest and _is_due(last, run)):
                rho = _rho(run, [label for label, _ in self.directions()])
                self._curves = last = Curves(newest, run, monotonic(), _losses(run), rho)
            return last

    def preview(self, run: RunState, step: int | None, direction: int, scale: str, words: Words) -> str:
        """Return the sample of a step (None for the newest) in one direction, a number of `directions`, as HTML.

        A number that this run does not have, as kept from another run, means the first direction.
        """
        steps = [step for step, _ in run.samples]
        if not steps:
            return placeholder(words.train.no_samples)
        index = index_of(steps, step)
        try:
            directions = list(self.timeline.directions.items())
            origin, to = directions[direction if direction < len(directions) else 0]
            rows = self.timeline.rows(steps[index], steps[-1], origin, scale)
        except TranslationError as error:
            return placeholder(str(error))
        return samples_element(rows, origin, to, steps, index, scale, words)

    def directions(self) -> list[tuple[str, int]]:
        """Return labels and values of the directions; empty while the run has not written its config."""
        try:
            directions = self.timeline.directions
        except TranslationError:
            return []
        return [(f"{origin} → {to}", number) for number, (origin, to) in enumerate(directions.items())]


def _is_due(last: Curves, run: RunState) -> bool:
    return not last.newest or last.run.status != run.status or monotonic() - last.drawn_at >= CURVES_INTERVAL


def index_of(steps: Sequence[int], step: int | None) -> int:
    """Return the index of the step nearest to `step`; that of the last for None."""
    if step is None:
        return len(steps) - 1
    return min(range(len(steps)), key=lambda index: abs(steps[index] - step))


def progress_element(run: RunState | None, words: Words, may_train: bool = True) -> str:
    """Return a progress bar and the run's status as HTML; without a run, how to start one where that is allowed."""
    texts = words.train
    if run is None:
        hint = f'<p class="hint">{texts.no_run_hint}</p>' if may_train else ""
        return f'<div class="run-progress"><p><strong>{texts.no_run}</strong></p>{hint}</div>'
    share = min(1.0, run.step / run.steps) if run.steps else 0.0
    status = html.escape(run_texts.status_text(run, words))
    return (
        f'<div class="run-progress {run.status}"><div class="bar" role="progressbar" aria-label="{texts.progress}" '
        f'aria-valuemin="0" aria-valuemax="{run.steps}" aria-valuenow="{run.step}">'
        f'<i style="width:{share:.2%}"></i></div><p>{status}</p></div>'
    )


def samples_element(
    rows: Sequence[Row], origin: str, to: str, steps: Sequence[int], index: int, scale: str, words: Words
) -> str:
    """Return the sample at `steps[index]` as HTML: a line for each held-out picture, with its translation and maps."""
    texts, map_texts, origin, to = words.train, words.attention_maps, html.escape(origin), html.escape(to)
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = [
            _figure(row.source, origin, texts.held_out_alt.format(number=number, origin=origin)),
            _figure(row.translation, to, texts.translation_alt.format(to=to)),
        ]
        for name, picture in row.maps.items():
            over = map_texts.over["input" if name == "generator" else "translation"]
            kind = map_texts.attention_over if name in row.attention else map_texts.scores_over
            title = map_texts.titles.get(name, html.escape(name))
            alt = words.translate.map_alt.format(title=title, shown=kind.format(over=over))
            cells.append(_figure(picture, title, alt))
        lines.append(f'<div class="sample">{"".join(cells)}</div>')
    sample = run_texts.sample_text(steps[index], index + 1, len(steps), words)
    normalization = texts.maps_made.format(scale=texts.scales[scale])
    return (
        f'<div class="samples"><p class="when"><strong>{sample}</strong><span>{normalization}</span>'
        f"{_color_scale(words)}</p>"
        f"{''.join(lines)}</div>"
    )


def placeholder(text: str) -> str:
    """Return the HTML that stands where there is nothing to show yet."""
    return f'<div class="placeholder"><p>{html.escape(text)}</p></div>'


def _figure(picture: Image.Image | None, title: str, alt: str) -> str:
    image = "<i></i>" if picture is None else f'<img src="{data_url(picture)}" alt="{alt}">'
    return f'<figure>{image}<figcaption title="{title}">{title}</figcaption></figure>'


def _color_scale(words: Words) -> str:
    """Return the colour bar of the maps as HTML."""
    low, high = words.train.low, words.train.high
    alt, colors = words.translate.scale_alt.format(low=low, high=high), ", ".join(color_stops(COLORMAP))
    return (
        f'<span class="scale" role="img" aria-label="{alt}">'
        f'<span>{low}</span><i style="background: linear-gradient(90deg, {colors})"></i><span>{high}</span></span>'
    )


def _losses(run: RunState) -> str:
    if not run.losses:
        return ""
    # Imported late: matplotlib is slow to load, and the page starts sooner without it.
    from viz.figures import PHONE, loss_figure

    return figure_svg(loss_figure(run.losses, PHONE))


def _rho(run: RunState, directions: Sequence[str]) -> str:
    if not run.losses or not any(row.get("rho") for row in run.losses):
        return ""
    from viz.figures import PHONE, rho_figure

    return figure_svg(rho_figure(run.losses, PHONE, directions))


def _curve_element(svg: str, alt: str) -> str:
    return f'<div class="curves" role="img" aria-label="{html.escape(alt)}">{svg}</div>'

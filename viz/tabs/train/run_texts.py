"""Texts about a run: status, pace, time left, and alternative texts of its curves."""

from collections.abc import Sequence

from ugatit.training.monitor import RunState
from viz.i18n.schema import Words
from viz.tabs.messages import in_page_terms


def status_text(run: RunState, words: Words) -> str:
    """Return a run's status in a sentence or two: plain text."""
    texts = words.train
    step, steps = f"{run.step:,}", f"{run.steps:,}"
    at = texts.at_of.format(step=step, steps=steps) if run.steps else texts.at.format(step=step)
    message = in_page_terms(run.message, run.folder, words)
    match run.status:
        case "starting":
            return texts.starting
        case "running":
            parts = [texts.running.format(at=at)]
            if run.pace is not None:
                parts.append(pace_text(run.pace, words))
            if run.seconds_left is not None:
                parts.append(texts.left.format(time=duration_text(run.seconds_left, words)))
            return " · ".join(parts) + (f". {message}" if message else "")
        case "finished":
            return texts.finished.format(steps=steps)
        case "stopped":
            return texts.stopped.format(at=at)
        case "failed":
            return f"{texts.failed.format(at=at) if run.step else texts.never_began} {message}"
        case "killed":
            return f"{texts.killed.format(at=at)} {message}"


def pace_text(pace: float, words: Words) -> str:
    """Return seconds a step, or steps a second for a pace below one second. pace: seconds a step."""
    if pace >= 1:
        return words.train.seconds_a_step.format(count=f"{pace:.2g}")
    return words.train.steps_a_second.format(count=f"{1 / pace:.2g}")


def duration_text(seconds: float, words: Words) -> str:
    """Return a duration in words: `40 seconds`, `12 minutes`, `3 hours 20 minutes`, `2 days 4 hours`."""
    texts = words.train
    if seconds < 60:
        return _counted(max(1, round(seconds)), texts.seconds)
    minutes = round(seconds / 60)
    if minutes < 60:
        return _counted(minutes, texts.minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        # Above an hour, minutes are rounded down to tens.
        return _joined(
            _counted(hours, texts.hours), _counted(minutes // 10 * 10, texts.minutes) if minutes >= 10 else ""
        )
    days, hours = divmod(hours, 24)
    if days > 365:
        return texts.over_a_year
    return _joined(_counted(days, texts.days), _counted(hours, texts.hours) if hours else "")


def sample_text(step: int, number: int, count: int, words: Words) -> str:
    """Return which of the samples is shown: its step, its number from 1, and the number of samples."""
    text = words.train.newest_sample if number == count and count > 1 else words.train.sample
    return text.format(step=f"{step:,}", number=number, count=count)


def losses_alt(run: RunState, words: Words) -> str:
    """Return the alternative text of the loss curves: the newest values."""
    texts = words.train
    if not run.losses:
        return texts.no_curves
    newest = run.losses[-1]
    terms: Sequence[tuple[str, float]] = [
        (f"{title} {name}", value)
        for title, key in ((texts.critics, "discriminator"), (texts.generators, "generator"))
        for name, value in newest.get(key, {}).items()
    ]
    values = ", ".join(f"{name} {value:.3g}" for name, value in terms)
    return texts.losses_alt.format(step=f"{newest['step']:,}", values=values)


def rho_alt(run: RunState, words: Words) -> str:
    """Return the alternative text of the rho curves: the newest values."""
    layers = run.losses[-1].get("rho", {}) if run.losses else {}
    if not layers:
        return words.train.no_rho
    return words.train.rho_alt.format(values=", ".join(f"{name} {value:.2f}" for name, value in layers.items()))


def _counted(count: int, forms: tuple[str, str]) -> str:
    """Return a count with its unit. forms: for one, and for any other number."""
    return forms[count != 1].format(count=count)


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))

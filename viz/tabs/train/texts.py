"""The sentences of the Train tab that tell of a run."""

from collections.abc import Sequence

from ugatit.training.monitor import RunState
from viz.i18n.schema import Words
from viz.tabs.messages import in_page_terms


def status_words(run: RunState, words: Words) -> str:
    """How a run fares, in a sentence or two: plain text."""
    said = words.train
    step, steps = f"{run.step:,}", f"{run.steps:,}"
    at = said.at_of.format(step=step, steps=steps) if run.steps else said.at.format(step=step)
    message = in_page_terms(run.message, run.folder, words)
    match run.status:
        case "starting":
            return said.starting
        case "running":
            parts = [said.running.format(at=at)]
            if run.pace is not None:
                parts.append(pace_words(run.pace, words))
            if run.seconds_left is not None:
                parts.append(said.left.format(time=spoken(run.seconds_left, words)))
            return " · ".join(parts) + (f". {message}" if message else "")
        case "finished":
            return said.finished.format(steps=steps)
        case "stopped":
            return said.stopped.format(at=at)
        case "failed":
            return f"{said.failed.format(at=at) if run.step else said.never_began} {message}"
        case "killed":
            return f"{said.killed.format(at=at)} {message}"


def pace_words(pace: float, words: Words) -> str:
    """Seconds a step, or steps a second where that reads better."""
    if pace >= 1:
        return words.train.seconds_a_step.format(count=f"{pace:.2g}")
    return words.train.steps_a_second.format(count=f"{1 / pace:.2g}")


def spoken(seconds: float, words: Words) -> str:
    """A length of time as one would say it: `40 seconds`, `12 minutes`, `3 hours 20 minutes`, `2 days 4 hours`."""
    said = words.train
    if seconds < 60:
        return _counted(max(1, round(seconds)), said.seconds)
    minutes = round(seconds / 60)
    if minutes < 60:
        return _counted(minutes, said.minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        # Near the end of hours of training nobody counts single minutes.
        return _joined(_counted(hours, said.hours), _counted(minutes // 10 * 10, said.minutes) if minutes >= 10 else "")
    days, hours = divmod(hours, 24)
    if days > 365:
        return said.over_a_year
    return _joined(_counted(days, said.days), _counted(hours, said.hours) if hours else "")


def moment_words(step: int, number: int, count: int, words: Words) -> str:
    """Which of the samples is shown."""
    text = words.train.newest_sample if number == count and count > 1 else words.train.sample
    return text.format(step=f"{step:,}", number=number, count=count)


def latest_losses(run: RunState, words: Words) -> str:
    """The newest values of the losses, for those who cannot see the curves."""
    said = words.train
    if not run.losses:
        return said.no_curves
    newest = run.losses[-1]
    terms: Sequence[tuple[str, float]] = [
        (f"{title} {name}", value)
        for title, key in ((said.critics, "discriminator"), (said.generators, "generator"))
        for name, value in newest.get(key, {}).items()
    ]
    values = ", ".join(f"{name} {value:.3g}" for name, value in terms)
    return said.losses_said.format(step=f"{newest['step']:,}", values=values)


def latest_rho(run: RunState, words: Words) -> str:
    """The newest values of rho, for those who cannot see the curves."""
    layers = run.losses[-1].get("rho", {}) if run.losses else {}
    if not layers:
        return words.train.no_rho
    return words.train.rho_said.format(values=", ".join(f"{name} {value:.2f}" for name, value in layers.items()))


def _counted(count: int, forms: tuple[str, str]) -> str:
    """forms: for one, and for any other number."""
    return forms[count != 1].format(count=count)


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))

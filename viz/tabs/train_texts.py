"""The sentences of the Train tab."""

from collections.abc import Sequence

from ugatit.training.watch import RunState
from viz.tabs.wording import for_page

TRY_SCENES = "Try it with drawn scenes"
LEAD = (
    "Two sets of pictures, unpaired. The networks learn to turn one into the other, and you watch their attention form."
)
DROP = "Pictures, or a zip of them"
SOURCE = "… or name a source"
SOURCE_HERE = "a folder, or hub:owner/name"
SOURCE_ELSEWHERE = "hub:owner/name"
UNDERSTANDING = "Looking at the pictures…"
NEEDS_BOTH = "Both sides need pictures: drop some, name a source, or try it with drawn scenes."
NO_RUN = "Nothing has been trained here yet."
NO_RUN_HINT = (
    "Bring two sets of pictures, then press Start. Losses, attention and translations will appear here as they form."
)
NO_SAMPLES = "The held-out pictures, their translations and attention will appear here with the first sample."
NO_CURVES = "Losses by term will be drawn here."
NO_RHO = "Rho by layer will be drawn here: 1 is instance normalisation, 0 layer normalisation."
WITHOUT_SOURCES = "The pictures of this run's samples cannot be read."
STARTED = "Started. The run is a process of its own: this page may be closed."
STOPPING = "Stopping after the step in hand; it saves first."
RESUME_WITH = "Resume with other settings"
RESUME_ABOUT = (
    "Too little memory: half the pictures at once, twice as often a step. A loss that broke: a lower learning rate. "
    "A finished run goes on when it is given more steps."
)
ALL_DONE = "All its {done} steps are done: give it more “{steps}” under “{box}”."
PUSHED = "Pushed to {address}"


def status_words(run: RunState) -> str:
    """How a run fares, in a sentence or two: plain text."""
    at = f"step {run.step:,} of {run.steps:,}" if run.steps else f"step {run.step:,}"
    message = for_page(run.message, run.folder)
    match run.status:
        case "starting":
            return "Starting: reading the pictures, building the networks."
        case "running":
            words = [f"Training, {at}"]
            if run.pace is not None:
                words.append(pace_words(run.pace))
            if run.seconds_left is not None:
                words.append(f"{spoken(run.seconds_left)} left")
            return " · ".join(words) + (f". {message}" if message else "")
        case "finished":
            return f"Finished: all {run.steps:,} steps. Its weights are in Translate."
        case "stopped":
            return f"Stopped at {at}, and saved. Resume goes on from there."
        case "failed":
            return f"Failed at {at}. {message}" if run.step else f"Failed to start. {message}"
        case "killed":
            return f"Ended at {at}. {message}"


def pace_words(pace: float) -> str:
    """Seconds a step, or steps a second where that reads better."""
    return f"{pace:.2g} s a step" if pace >= 1 else f"{1 / pace:.2g} steps a second"


def spoken(seconds: float) -> str:
    """A length of time as one would say it: `40 seconds`, `12 minutes`, `3 hours 20 minutes`, `2 days 4 hours`."""
    if seconds < 60:
        return _counted(max(1, round(seconds)), "second")
    minutes = round(seconds / 60)
    if minutes < 60:
        return _counted(minutes, "minute")
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        # Near the end of hours of training nobody counts single minutes.
        return _joined(_counted(hours, "hour"), _counted(minutes // 10 * 10, "minute") if minutes >= 10 else "")
    days, hours = divmod(hours, 24)
    if days > 365:
        return "more than a year"
    return _joined(_counted(days, "day"), _counted(hours, "hour") if hours else "")


def moment_words(step: int, number: int, count: int) -> str:
    """Which of the samples is shown."""
    newest = ", the newest" if number == count and count > 1 else ""
    return f"Step {step:,} · sample {number} of {count}{newest}"


def latest_losses(run: RunState) -> str:
    """The newest values of the losses, for those who cannot see the curves."""
    if not run.losses:
        return NO_CURVES
    newest = run.losses[-1]
    terms: Sequence[tuple[str, float]] = [
        (f"{title} {name}", value)
        for title, key in (("critics", "discriminator"), ("generators", "generator"))
        for name, value in newest.get(key, {}).items()
    ]
    return f"Losses by term up to step {newest['step']:,}. " + ", ".join(f"{name} {value:.3g}" for name, value in terms)


def latest_rho(run: RunState) -> str:
    """The newest values of rho, for those who cannot see the curves."""
    layers = run.losses[-1].get("rho", {}) if run.losses else {}
    if not layers:
        return NO_RHO
    return "Rho by layer: " + ", ".join(f"{name} {value:.2f}" for name, value in layers.items())


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))

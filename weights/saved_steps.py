"""List the checkpoints or samples of consecutive training runs, with steps counted across runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ugatit.checkpoints.run_folders import list_checkpoints, step_of
from ugatit.checkpoints.store import read_manifest
from ugatit.errors import WeightsError


@dataclass(frozen=True)
class SavedStep:
    """A step of training that was saved.

    path: its checkpoint, or the run that holds its sample. step: counted across all runs. run_step: counted in its own
    run.
    """

    path: Path
    step: int
    run_step: int


def checkpoint_steps(runs: Sequence[Path]) -> list[SavedStep]:
    """Return all checkpoints of consecutive runs. Raises WeightsError for a run without checkpoints."""
    saved: list[SavedStep] = []
    before = 0
    for run in runs:
        checkpoints = list_checkpoints(run / "checkpoints")
        if not checkpoints:
            raise WeightsError(f"{run} has no checkpoints: name the run folder they lie in.")
        first = checkpoints[0]
        if not saved and step_of(first) > 0 and not read_manifest(first).training.get("start_from"):
            saved.append(SavedStep(first, 0, 0))
        # A later run's step 0 equals the last step of the run before it.
        kept = [path for path in checkpoints if step_of(path) or not before]
        saved += [SavedStep(path, before + step_of(path), step_of(path)) for path in kept]
        before += step_of(checkpoints[-1])
    return saved


def sample_steps(runs: Sequence[Path]) -> list[SavedStep]:
    """Return all samples of consecutive runs. Raises WeightsError for a run without samples."""
    saved: list[SavedStep] = []
    before = 0
    for run in runs:
        steps = sorted(int(path.stem.removeprefix("step_")) for path in (run / "samples").glob("step_*.npz"))
        if not steps:
            raise WeightsError(f"{run} has no samples: name the run folder they lie in.")
        saved += [SavedStep(run, before + step, step) for step in steps if step or not before]
        before += max([steps[-1], *map(step_of, list_checkpoints(run / "checkpoints"))])
    return saved


def select_steps(saved: Sequence[SavedStep], count: int) -> list[SavedStep]:
    """Select at most `count` steps with the first and the last, denser at the beginning, where most changes happen."""
    first, last = saved[0].step, saved[-1].step
    targets = [first + (last - first) * (number / (count - 1)) ** 2 for number in range(count)]
    nearest = {min(saved, key=lambda item: abs(item.step - step)) for step in targets}
    return sorted(nearest, key=lambda item: item.step)

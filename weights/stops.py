"""The moments that runs which followed each other left behind: their checkpoints, or their samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ugatit.checkpoints.run_folders import list_checkpoints, step_of
from ugatit.checkpoints.store import read_manifest
from ugatit.errors import WeightsError


@dataclass(frozen=True)
class Stop:
    """A moment that training left behind. path: a checkpoint, or a run. step: counted through. own: in its run."""

    path: Path
    step: int
    own: int


def checkpoint_stops(runs: Sequence[Path]) -> list[Stop]:
    """Every checkpoint of runs that followed each other. Raises WeightsError where there is none."""
    stops: list[Stop] = []
    before = 0
    for run in runs:
        kept = list_checkpoints(run / "checkpoints")
        if not kept:
            raise WeightsError(f"{run} has no checkpoints: name the run folder they lie in.")
        if not stops and step_of(kept[0]) > 0 and not read_manifest(kept[0]).training.get("start_from"):
            stops.append(Stop(kept[0], 0, 0))
        # A run's step 0 is the end of the run before.
        stops += [Stop(path, before + step_of(path), step_of(path)) for path in kept if step_of(path) or not before]
        before += step_of(kept[-1])
    return stops


def sample_stops(runs: Sequence[Path]) -> list[Stop]:
    """Every sample of runs that followed each other. Raises WeightsError where there is none."""
    stops: list[Stop] = []
    before = 0
    for run in runs:
        steps = sorted(int(path.stem.removeprefix("step_")) for path in (run / "samples").glob("step_*.npz"))
        if not steps:
            raise WeightsError(f"{run} has no samples: name the run folder they lie in.")
        stops += [Stop(run, before + step, step) for step in steps if step or not before]
        before += max([steps[-1], *map(step_of, list_checkpoints(run / "checkpoints"))])
    return stops


def chosen(stops: Sequence[Stop], count: int) -> list[Stop]:
    """First, last and at most `count` in all, closer together in the beginning, where most happens."""
    first, last = stops[0].step, stops[-1].step
    wanted = [first + (last - first) * (number / (count - 1)) ** 2 for number in range(count)]
    nearest = {min(stops, key=lambda stop: abs(stop.step - step)) for step in wanted}
    return sorted(nearest, key=lambda stop: stop.step)

"""Reproduce bundled weights from scratch: data, training, import, snapshots, measures, figures of the card.

    python weights/repeat.py disc2square
    python weights/repeat.py flat2clay --device cuda

Runs the commands of `weights/recipes.py` in order. If it is interrupted, call it again to continue: finished steps are
skipped and an unfinished training run is resumed.
"""

import argparse
import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ugatit.checkpoints.run_folders import list_checkpoints, step_of
from ugatit.checkpoints.store import CONFIG_FILE, WEIGHTS_FILE
from ugatit.cli.import_weights import Import
from ugatit.errors import TranslationError
from ugatit.training.run_settings import read_settings
from weights.familiarity import write_statistics
from weights.faults import write_fault_sheet
from weights.measure import measure_folder
from weights.one_style import write_start
from weights.recipes import RECIPES, Recipe, Stage
from weights.snapshots import make_snapshots

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("trainA", "trainB", "testA", "testB")


class StoppedError(TranslationError):
    """A command ended before its work was finished."""


def repeat(recipe: Recipe, output: Path, device: str = "auto") -> None:
    """Run a recipe to its end; its paths are relative to the working directory.

    output: the weights folder; an existing card is kept. Raises StoppedError if a command did not finish.
    """
    if recipe.data is not None and not all((recipe.data / name).is_dir() for name in FOLDERS):
        _run([str(ROOT / "weights" / "fluent_emoji.py"), "--output", str(recipe.data)])
    if recipe.start is not None and not (recipe.start.output / CONFIG_FILE).exists():
        start = recipe.start
        write_start(start.source, start.domain, start.domains, start.image_size, start.output)
    for stage in recipe.trainings:
        if not _finished(stage):
            _run(["-m", "ugatit", "train", *train_arguments(stage), "--device", device])
        if not _finished(stage):
            raise StoppedError(f"{stage.run} was stopped before its last step: call this again to go on.")
    last = recipe.runs[-1]
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output, prefix=".import-") as temporary:
        new = Path(temporary) / output.name
        Import(str(last), new, half=True, title=recipe.title, description=recipe.description).run()
        for name in (WEIGHTS_FILE, CONFIG_FILE):
            os.replace(new / name, output / name)
    if recipe.has_attention:
        make_snapshots(recipe, recipe.runs, output, samples=recipe.samples)
    if recipe.tells_far:
        write_statistics(output, output, recipe.data)
    measure_folder(output, recipe, recipe.runs, recipe.cam_comparison)
    if recipe.data is not None:
        write_fault_sheet(output, recipe.data)


def train_arguments(stage: Stage) -> list[str]:
    """Return the arguments of `python -m ugatit train` that start a stage, or resume it if its run exists."""
    run = ["--run", str(stage.run)]
    return [*run, "--resume"] if (stage.run / CONFIG_FILE).exists() else [*shlex.split(stage.options), *run]


def _finished(stage: Stage) -> bool:
    checkpoints = list_checkpoints(stage.run / "checkpoints")
    return bool(checkpoints) and step_of(checkpoints[-1]) >= read_settings(stage.run).training.steps


def _run(command: Sequence[str]) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))}
    process = subprocess.Popen([sys.executable, *command], env=environment)
    try:
        status = process.wait()
    except BaseException:
        # Wait: training saves a checkpoint before it ends.
        process.terminate()
        process.wait()
        raise
    if status:
        raise StoppedError(f"{shlex.join(command[:3])} … ended with status {status}; what it said stands above.")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=RECIPES, help="a folder of weights/")
    parser.add_argument("--device", default="auto", help="of the training: auto, cpu, cuda, mps")
    parser.add_argument("--output", type=Path, help="weights folder; weights/NAME unless given")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        repeat(RECIPES[options.name], options.output or ROOT / "weights" / options.name, options.device)
    except TranslationError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Recipes of the bundled weights: their training commands as data, shared by the model cards and `repeat.py`."""

import shlex
from dataclasses import dataclass
from pathlib import Path

ART = (
    "--domain-a data/flat2clay/trainA --domain-b data/flat2clay/trainB "
    "--test-a data/flat2clay/testA --test-b data/flat2clay/testB --domains flat clay --ngf 32 --ndf 16"
)
SCENES = (
    "--domain-a scenes:disc --domain-b scenes:square --domains disc square --image-size 64 --ngf 16 --ndf 16 "
    "--local-layers 3 --batch-size 4 --keep-colors --precision fp32 --margin 0 --sample-every 250 "
    "--checkpoint-every 250 --keep 60"
)
TOON_AND_LORELEI = (
    "--domain-a faces:toon-head,count=2400 --domain-b faces:lorelei,glasses=no,count=2400 --domains toon lorelei "
    "--ngf 32 --ndf 16 --global-layers 6 --local-layers 4 --keep-colors --no-flip --margin 0.06 --batch-size 8 "
    "--cam 100 --learning-rate 2e-4"
)
GLASSES = (
    "--domain-a faces:lorelei,glasses=no{count} --domain-b faces:lorelei,glasses=yes{count} "
    "--domains 'no glasses' glasses --no-flip --margin 0.06"
)
FINE_GLASSES = (
    "--preset quick --image-size 128 --batch-size 1 --learning-rate 2e-4 --cam 100 --ema 0.999 --checkpoint-every 200 "
    "--sample-every 500 --keep 100"
)
SMALL_GLASSES = (
    f"{GLASSES.format(count='')} --image-size 64 --ngf 16 --ndf 8 --global-layers 6 --local-layers 4 --keep-colors "
    "--precision fp32 --keep 60"
)
SHOWN_FACES = {str(seed): f"face {seed}" for seed in (900_003, 900_005, 900_006, 900_008)}
AT_64 = (
    f"{ART} --image-size 64 --global-layers 6 --local-layers 4 --batch-size 4 --learning-rate 2e-4 "
    "--steps 2600 --checkpoint-every 200 --keep 20"
)


@dataclass(frozen=True)
class Stage:
    """One training run. run: its folder. options: the options of `python -m ugatit train`, without --run."""

    run: Path
    options: str

    @property
    def command(self) -> str:
        """The command line that starts the run."""
        return f"python -m ugatit train {self.options} --run {self.run}"


def small_glasses(name: str, attention: str = "") -> tuple[Stage, ...]:
    """Return the stages of a small model of `glasses` from nothing. attention: a further option of both."""
    identity, run = Path(f"runs/{name}-identity"), Path(f"runs/{name}")
    return (
        # Identity first, as for disc2square.
        Stage(
            identity,
            f"{SMALL_GLASSES}{attention} --batch-size 4 --learning-rate 4e-4 --adversarial 0.001 "
            "--adversarial-cam 0.001 --cycle 0 --cam 0.01 --seed 1 --sample-every 250 --checkpoint-every 250 "
            "--steps 1000",
        ),
        Stage(
            run,
            f"{SMALL_GLASSES}{attention} --batch-size 1 --start-from {identity} --learning-rate 2e-4 --identity 20 "
            "--cycle 20 --cam 100 --seed 2 --sample-every 500 --checkpoint-every 500 --steps 6000",
        ),
    )


@dataclass(frozen=True)
class Start:
    """Weights that a recipe begins from, made from other bundled weights (`weights/one_style.py`)."""

    source: str
    domain: str
    domains: tuple[str, str]
    image_size: int
    output: Path

    @property
    def command(self) -> str:
        """The command line that makes them."""
        return (
            f"python weights/one_style.py {self.source} {self.domain} {self.output} "
            f"--domains {shlex.join(self.domains)} --image-size {self.image_size}"
        )


@dataclass(frozen=True)
class Recipe:
    """All commands that make and measure bundled weights from scratch.

    stages: training runs; each starts from the weights of the one before. data: the folder with the pictures
    (`trainA`, `trainB`, `testA`, `testB`), None for drawn scenes and faces. held_out: how many unseen scenes or faces
    the measures use. shown: the held-out pictures of the snapshots: file stems, or seeds, with their names.
    samples: whether the snapshots are the runs' samples, of which `shown` says nothing, instead of their checkpoints.
    tells_far: whether pictures far from the domains can be told, so that the domains' statistics are stored.
    start: weights that the first stage starts from. without_cam: the first stages once more without CAM attention, to
    compare the last of them with.
    """

    title: str
    description: str
    stages: tuple[Stage, ...]
    shown: dict[str, str]
    data: Path | None = None
    held_out: int = 600
    samples: bool = False
    tells_far: bool = True
    start: Start | None = None
    without_cam: tuple[Stage, ...] = ()

    @property
    def trainings(self) -> tuple[Stage, ...]:
        """All training runs: the stages and the comparison without CAM."""
        return (*self.stages, *self.without_cam)

    @property
    def cam_comparison(self) -> tuple[Path, Path] | None:
        """The two runs that differ only in CAM attention: with it, and without it."""
        if not self.without_cam:
            return None
        return self.runs[len(self.without_cam) - 1], self.without_cam[-1].run

    @property
    def has_attention(self) -> bool:
        """Whether the weights have CAM attention, whose growth can be shown."""
        return "--no-attention" not in self.stages[-1].options

    @property
    def runs(self) -> tuple[Path, ...]:
        """The run folders of the stages."""
        return tuple(stage.run for stage in self.stages)

    def commands(self, name: str) -> list[str]:
        """Return the commands that make and measure `weights/NAME`."""
        runs, samples = " ".join(map(str, self.runs)), " --samples" if self.samples else ""
        return [
            *([f"python weights/fluent_emoji.py --output {self.data}"] if self.data else []),
            *([self.start.command] if self.start else []),
            *(stage.command for stage in self.trainings),
            f"python -m ugatit import {self.runs[-1]} --output weights/{name} --half",
            *([f"python weights/snapshots.py {name} --checkpoint {runs}{samples}"] if self.has_attention else []),
            *([f"python weights/familiarity.py {name}"] if self.tells_far else []),
            f"python weights/measure.py {name} --run {runs}"
            + (f" --alike {' '.join(map(str, self.cam_comparison))}" if self.cam_comparison else ""),
            *([f"python weights/faults.py {name}"] if self.data else []),
        ]


RECIPES = {
    "toon2lorelei": Recipe(
        title="toon ↔ lorelei",
        description="Faces by two artists: frontal busts become inked heads in three-quarter view, and back.",
        stages=(
            Stage(
                Path("runs/toon2lorelei-128"),
                f"{TOON_AND_LORELEI} --image-size 128 --steps 2765 --sample-every 1000 --checkpoint-every 1000 "
                "--keep 20",
            ),
            Stage(
                Path("runs/toon2lorelei"),
                f"{TOON_AND_LORELEI} --start-from runs/toon2lorelei-128 --image-size 256 --steps 9655 "
                "--sample-every 2000 --checkpoint-every 2000 --keep 20",
            ),
        ),
        shown={},
        held_out=500,
        samples=True,
    ),
    "disc2square": Recipe(
        title="disc ↔ square",
        description="Drawn scenes in which one object tells the domains apart, so that what attention should find is "
        "known.",
        stages=(
            # Identity first: once CAM has selected its channels, the colours are hardly learned any more.
            Stage(
                Path("runs/disc2square-identity"),
                f"{SCENES} --learning-rate 4e-4 --adversarial 0.001 --adversarial-cam 0.001 --cycle 0 --cam 0.01 "
                "--seed 1 --steps 1000",
            ),
            Stage(
                Path("runs/disc2square"),
                f"{SCENES} --start-from runs/disc2square-identity --learning-rate 2e-4 --identity 50 --cycle 50 "
                "--cam 200 --seed 2 --steps 6500",
            ),
            Stage(
                Path("runs/disc2square-cam"),
                f"{SCENES} --start-from runs/disc2square --learning-rate 2e-4 --identity 50 --cycle 50 --cam 1000 "
                "--seed 3 --steps 3200",
            ),
        ),
        shown={str(seed): f"scene {seed}" for seed in range(1000, 1006)},
    ),
    "glasses": Recipe(
        title="no glasses ↔ glasses",
        description="Inked faces without and with round glasses: every translation has one right answer.",
        start=Start("toon2lorelei", "lorelei", ("no glasses", "glasses"), 128, Path("runs/glasses-start")),
        stages=(
            Stage(
                Path("runs/glasses-first"),
                f"{GLASSES.format(count=',count=2400')} --start-from runs/glasses-start {FINE_GLASSES} --steps 3300",
            ),
            Stage(
                Path("runs/glasses"),
                f"{GLASSES.format(count=',count=4800')} --start-from runs/glasses-first {FINE_GLASSES} --identity 20 "
                "--cycle 20 --steps 6000",
            ),
        ),
        shown=SHOWN_FACES,
        held_out=500,
    ),
    "glasses-cam": Recipe(
        title="no glasses ↔ glasses, small, with CAM",
        description="A small model, to compare with the one that was trained alike without CAM.",
        stages=small_glasses("glasses-cam"),
        shown=SHOWN_FACES,
        held_out=500,
        without_cam=small_glasses("glasses-no-cam", " --no-attention"),
    ),
    "glasses-no-cam": Recipe(
        title="no glasses ↔ glasses, small, without CAM",
        description="A small model, to compare with the one that was trained alike with CAM.",
        stages=small_glasses("glasses-no-cam", " --no-attention"),
        shown=SHOWN_FACES,
        held_out=500,
    ),
    "flat2clay": Recipe(
        title="flat ↔ clay",
        description="Fluent emoji, flat drawings and their shaded 3D cousins.",
        stages=(
            Stage(Path("runs/flat2clay-64"), f"{AT_64} --cam 100"),
            Stage(
                Path("runs/flat2clay-128"),
                f"{ART} --start-from runs/flat2clay-64 --image-size 128 --batch-size 2 --learning-rate 2e-4 --cam 100 "
                "--steps 5760 --checkpoint-every 1000 --keep 20",
            ),
            Stage(
                Path("runs/flat2clay-colors"),
                f"{ART} --start-from runs/flat2clay-128 --image-size 128 --batch-size 2 --learning-rate 2e-4 --cam 100 "
                "--keep-colors --steps 9000 --sample-every 500 --checkpoint-every 1000 --keep 20",
            ),
            # Last, preserve shapes and white backgrounds at a lower rate: the clay look is learned and is not lost.
            Stage(
                Path("runs/flat2clay-identity"),
                f"{ART} --start-from runs/flat2clay-colors --image-size 128 --batch-size 2 --learning-rate 1e-4 "
                "--cam 100 --identity 20 --cycle 20 --seed 3 --steps 2400 --sample-every 400 --checkpoint-every 400 "
                "--keep 20",
            ),
        ),
        shown={
            "1f435": "monkey",
            "1f344": "mushroom",
            "1f955": "carrot",
            "1f609": "wink",
            "1f680": "rocket",
            "1f980": "crab",
        },
        data=Path("data/flat2clay"),
        tells_far=False,
        without_cam=(Stage(Path("runs/flat2clay-64-no-cam"), f"{AT_64} --no-attention"),),
    ),
}

"""Tiny networks, scenes as folders, and the command line as a process: what several tests need."""

import os
import subprocess
import sys
from pathlib import Path

import torch
from torch import Tensor

from ugatit.config import UGATITConfig
from ugatit.data.scenes import scene
from ugatit.models import UGATIT

ROOT = Path(__file__).parent.parent
SIZE = 32
TINY = ["--image-size", str(SIZE), "--ngf", "4", "--ndf", "4", "--blocks", "1", "--batch-size", "1"]
SCENES = ["--domain-a", "scenes:disc", "--domain-b", "scenes:square"]


def tiny_config(**changes: object) -> UGATITConfig:
    values = {"domains": ("disc", "square"), "image_size": SIZE, "ngf": 4, "ndf": 4, "blocks": 1}
    return UGATITConfig(**{**values, **changes})


def tiny_model(seed: int = 0, **changes: object) -> UGATIT:
    torch.manual_seed(seed)
    model = UGATIT(tiny_config(**changes))
    model.init_weights()
    return model


def pictures(count: int = 2, size: int = SIZE, seed: int = 0) -> Tensor:
    """(count, 3, size, size) in [-1, 1], smooth enough to be learnt."""
    draw = torch.Generator().manual_seed(seed)
    coarse = torch.rand(count, 3, 4, 4, generator=draw) * 2 - 1
    return torch.nn.functional.interpolate(coarse, size=(size, size), mode="bilinear")


def batch(count: int = 2, size: int = SIZE) -> dict[str, Tensor]:
    return {"disc": pictures(count, size, seed=1), "square": pictures(count, size, seed=2)}


def picture_folder(folder: Path, kind: str = "disc", count: int = 4, size: int = SIZE) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for seed in range(count):
        scene(kind, seed, size)[0].save(folder / f"{seed:03d}.png")
    return folder


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "ugatit", *map(str, arguments)]


def environment() -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}


def ugatit(*arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end, as its own process."""
    return ended(command(*arguments), cwd)


def ended(command: list[str], cwd: Path = ROOT, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """Run a process of the project's to its end."""
    return subprocess.run(
        command,
        cwd=cwd,
        env={**environment(), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def train(run: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return ugatit("train", *SCENES, *TINY, "--run", run, *arguments)


def refused(result: subprocess.CompletedProcess[str]) -> str:
    """The one line on stderr of a command that was used wrongly."""
    assert result.returncode == 2, result
    assert result.stderr.count("\n") == 1, result.stderr
    assert "Traceback" not in result.stderr
    return result.stderr

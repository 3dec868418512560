"""Shared test helpers: tiny models and batches, folders of scenes, and the command line as a process."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import torch
from torch import Tensor

from ugatit.data.scenes import scene
from ugatit.models import UGATIT
from ugatit.models.ugatit import UGATITConfig

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
    """Return (count, 3, size, size) in [-1, 1], smooth enough to be learned."""
    random = torch.Generator().manual_seed(seed)
    coarse = torch.rand(count, 3, 4, 4, generator=random) * 2 - 1
    return torch.nn.functional.interpolate(coarse, size=(size, size), mode="bilinear")


def batch(count: int = 2, size: int = SIZE) -> dict[str, Tensor]:
    return {"disc": pictures(count, size, seed=1), "square": pictures(count, size, seed=2)}


def picture_folder(folder: Path, kind: str = "disc", count: int = 4, size: int = SIZE) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for seed in range(count):
        scene(kind, seed, size)[0].save(folder / f"{seed:03d}.png")
    return folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "ugatit", *map(str, arguments)]


def environment() -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}


def ugatit(*arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end in its own process."""
    return run_process(command(*arguments), cwd)


def run_process(command: list[str], cwd: Path = ROOT, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """Run a command to its end with the project on its Python path."""
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


def usage_error(result: subprocess.CompletedProcess[str]) -> str:
    """Return the only line on stderr of a command that was used wrongly; assert exit status 2."""
    assert result.returncode == 2, result
    assert result.stderr.count("\n") == 1, result.stderr
    assert "Traceback" not in result.stderr
    return result.stderr

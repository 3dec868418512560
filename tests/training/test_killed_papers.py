"""A run of each paper that is killed and resumed ends with the weights of one never stopped.

What chance decides in a step follows from seed and step; CycleGAN's pool of earlier translations is in the checkpoint.
"""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from tests.tiny import picture_folder
from tests.toy_package import colored_folders
from tests.training.test_resume import final_weights, interrupted, last_step, losses
from ugatit.checkpoints.run_folders import list_checkpoints
from ugatit.cli.main import main
from ugatit.training.checkpoint import load_state

STEPS = 14
SETTINGS = ["--steps", STEPS, "--checkpoint-every", 3, "--sample-every", STEPS, "--log-every", 1, "--ema", 0.9]
SETTINGS += ["--ngf", 2, "--ndf", 2, "--batch-size", 1, "--workers", 0, "--device", "cpu"]


def cyclegan(folder: Path) -> list[object]:
    sides = [picture_folder(folder / kind, kind, count) for kind, count in (("disc", 3), ("square", 2))]
    sizes = ["--image-size", 32, "--blocks", 1, "--layers", 2]
    # The pool is full at the kill, so that what it returns depends on what it holds.
    return ["--domain-a", sides[0], "--domain-b", sides[1], *sizes, "--pool", 2]


def pix2pix(folder: Path) -> list[object]:
    for side in "AB":
        picture_folder(folder / side, "disc", 3, 64)
    # Six levels, so that one of them has dropout.
    return ["--data", folder, "--image-size", 64, "--levels", 6, "--layers", 1]


def stargan(folder: Path) -> list[object]:
    sizes = ["--image-size", 16, "--blocks", 1, "--layers", 2]
    return ["--data", colored_folders(folder / "colors", 2), *sizes, "--n-critic", 2]


@pytest.mark.parametrize("paper", [cyclegan, pix2pix, stargan], ids=lambda paper: paper.__name__)
def test_run_killed_between_two_checkpoints_ends_with_the_same_weights(
    paper: Callable[[Path], list[object]], tmp_path: Path
) -> None:
    arguments = ["--model", paper.__name__, *paper(tmp_path / "pictures"), *SETTINGS]
    reference, run = tmp_path / "reference", tmp_path / "run"
    assert main(["train", *map(str, arguments), "--run", str(reference)]) == 0
    assert interrupted(run, signal.SIGKILL, lambda: last_step(run) >= 5, *arguments) == -signal.SIGKILL
    saved = [int(checkpoint.name.removeprefix("step_")) for checkpoint in list_checkpoints(run / "checkpoints")]
    assert 3 <= max(saved) < STEPS

    assert main(["train", "--resume", "--run", str(run)]) == 0
    assert final_weights(run) == final_weights(reference)
    assert losses(run) == losses(reference)
    ours, theirs = (load_state(list_checkpoints(folder / "checkpoints")[-1]) for folder in (run, reference))
    assert_equal(ours, theirs)


def assert_equal(ours: object, theirs: object) -> None:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        assert ours.keys() == theirs.keys()
        for key, value in ours.items():
            assert_equal(value, theirs[key])
    elif isinstance(ours, list | tuple) and isinstance(theirs, list | tuple):
        assert len(ours) == len(theirs)
        for value, other in zip(ours, theirs, strict=True):
            assert_equal(value, other)
    elif isinstance(ours, torch.Tensor) and isinstance(theirs, torch.Tensor):
        assert torch.equal(ours, theirs)
    else:
        assert ours == theirs

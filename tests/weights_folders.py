"""Weights folders and run folders of tiny models, for tests that locate and load them."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from ugatit.checkpoints import registry
from ugatit.checkpoints.store import CONFIG_FILE, save_weights
from ugatit.models import UGATIT
from ugatit.models.manifest import Manifest
from ugatit.models.ugatit import UGATITConfig


def make_weights(folder: Path, domains: tuple[str, str] = ("flat", "clay"), description: str = "") -> Path:
    config = UGATITConfig(domains=domains, image_size=32, ngf=2, ndf=2, blocks=1)
    torch.manual_seed(0)
    folder.mkdir(parents=True)
    save_weights(folder, UGATIT(config), Manifest("ugatit", config.to_dict(), description=description))
    return folder


def make_run(root: Path, name: str, *steps: int, age: float = 0) -> Path:
    """A run folder with a checkpoint for each step, of domains `a` and `bSTEP`. age: seconds since its last change."""
    run = root / name
    for step in steps:
        make_weights(run / "checkpoints" / f"step_{step:07d}", ("a", f"b{step}"))
    run.mkdir(exist_ok=True, parents=True)
    (run / CONFIG_FILE).write_text("{}", encoding="utf-8")
    os.utime(run / CONFIG_FILE, (1e9 - age, 1e9 - age))
    return run


def replace_bundled(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    """Make `folder`, with the weights `sun2moon` alone, the folder of bundled weights."""
    make_weights(folder / "sun2moon", ("sun", "moon"), "Turns day into night.")
    monkeypatch.setattr(registry, "BUNDLED", folder)
    monkeypatch.setattr(registry.bundled_weights, "__defaults__", (folder,))
    return folder


def pruned_while_read(read: Callable[[Path], Any], run: Path) -> Callable[[Path], Any]:
    """Wrap `read` so that before its first two calls the run's checkpoint is replaced by that of the next step."""
    calls = 0

    def prune_and_read(path: Path) -> Any:
        nonlocal calls
        calls += 1
        if calls <= 2:
            (newest,) = (run / "checkpoints").iterdir()
            step = int(newest.name.removeprefix("step_")) + 1
            make_weights(newest.with_name(f"step_{step:07d}"), ("a", f"b{step}"))
            shutil.rmtree(newest)
        return read(path)

    return prune_and_read

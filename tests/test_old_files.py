"""Weights, runs, checkpoints and deep links made by former versions still load, resume and open (`tests/kept`)."""

import json
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from tests.tiny import run_process
from ugatit import load_model, load_translator
from ugatit.checkpoints import read_manifest
from ugatit.training import RunMonitor
from ugatit.training.samples import read_sample
from viz.lesson.settings import Place
from viz.tabs.learn.steps import STEPS

KEPT = Path(__file__).parent / "kept"
LINKS: list[dict[str, Any]] = json.loads((KEPT / "links.json").read_text(encoding="utf-8"))


def test_run_loads_as_weights_and_translates() -> None:
    translator = load_translator(KEPT / "run", device="cpu", precision="fp32")
    assert translator.domains == ("a", "b")
    picture = KEPT / "run" / "data" / "a" / "train" / "00001.png"
    assert translator(picture, to="b").attention["generator"].values.shape == (8, 8)


def test_checkpoint_is_a_weights_folder_with_its_manifest() -> None:
    checkpoint = KEPT / "run" / "checkpoints" / "step_0000002"
    manifest = read_manifest(checkpoint)
    assert (manifest.model, manifest.step, manifest.domains) == ("ugatit", 2, ("a", "b"))
    stored, loaded = load_file(checkpoint / "model.safetensors"), load_model(checkpoint, "cpu").state_dict()
    assert stored.keys() == loaded.keys()
    assert all(torch.equal(stored[name], loaded[name]) for name in stored)


def test_run_is_shown_with_its_losses_and_samples() -> None:
    state = RunMonitor(KEPT / "run").poll()
    assert (state.status, state.step, state.steps, [step for step, _ in state.samples]) == ("finished", 2, 2, [0, 2])
    assert state.losses
    assert read_sample(KEPT / "run", 2)["a"].maps["generator"].shape[1:] == (8, 8)


def test_resumed_run_ends_with_the_weights_it_always_ended_with(tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(KEPT / "run", run)
    command = [sys.executable, "-m", "ugatit", "train", "--run", str(run), "--resume", "--steps", "4"]
    result = run_process([*command, "--device", "cpu"], timeout=180)
    assert result.returncode == 0, result.stderr
    weights = load_file(run / "checkpoints" / "step_0000004" / "model.safetensors")
    expected = load_file(KEPT / "resumed.safetensors")
    assert weights.keys() == expected.keys()
    for name, tensor in expected.items():
        # Processors add in different orders; a step's rate is 2e-4.
        np.testing.assert_allclose(weights[name], tensor, atol=2e-5, err_msg=name)


@pytest.mark.parametrize("kept", LINKS, ids=[kept["step"] for kept in LINKS])
def test_deep_link_opens_its_step_with_its_settings(kept: dict[str, Any]) -> None:
    query = dict(parse_qsl(kept["link"].removeprefix("?")))
    place = Place.from_query(query)
    assert (place.step, place.weights, place.to, place.picture, place.language) == (
        kept["step"], "disc2square", "square", "disc-6", "ko"
    )  # fmt: skip
    step = next(step for step in STEPS if step.name == place.step)
    settings = step.settings.from_query(query)
    assert {name: asdict(settings)[name] for name in kept["settings"]} == {
        name: tuple(value) if isinstance(value, list) else value for name, value in kept["settings"].items()
    }
    assert place.link(settings) == kept["link"]


def test_steps_with_kept_links_are_still_in_the_lesson() -> None:
    assert {step.name for step in STEPS} >= {kept["step"] for kept in LINKS}

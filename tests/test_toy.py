"""A model of another package, with three domains and no attention, goes the way of every model.

`tests/toy.py` is that package; nothing outside of it knows of it.
"""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from tests.tiny import ROOT, command, environment
from tests.toy_package import TOY_SOURCE, colored_folders, install_toy
from ugatit import load_model, load_translator

TRAIN = ["train", "--model", "toy", "--image-size", "16", "--batch-size", "1", "--device", "cpu"]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = install_toy(tmp_path / "package")
    monkeypatch.syspath_prepend(folder)
    return folder


@pytest.fixture
def colors(tmp_path: Path) -> Path:
    return colored_folders(tmp_path / "colors", 12)


def run(package: Path, *arguments: object, prefix: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*prefix, *command(*arguments)],
        cwd=package.parent,
        env={**environment(), "PYTHONPATH": f"{package}:{ROOT}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_worked_example_of_the_guide_is_this_model() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert f"```python\n{TOY_SOURCE.read_text(encoding='utf-8')}```" in guide


def test_model_is_trained_resumed_saved_loaded_translated_and_evaluated(package: Path, colors: Path) -> None:
    result = run(package, *TRAIN, "--data", colors, "--run", "one", "--steps", 4, "--sample-every", 2)
    assert result.returncode == 0, result.stderr
    folder = package.parent / "one"
    assert json.loads((folder / "config.json").read_text())["network"]["domains"] == ["blue", "green", "red"]
    losses = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    terms = next(event for event in losses if event["kind"] == "loss")
    assert {"adversarial.blue", "cycle.red"} <= set(json.dumps(terms).replace('"', " ").split())
    assert (folder / "samples" / "step_0000002.png").exists()

    # Resumed, also by its folder alone, it ends with the weights of a run that was never stopped.
    assert run(package, *TRAIN, "--data", colors, "--run", "two", "--steps", 4, "--checkpoint-every", 2).returncode == 0
    newest = package.parent / "two" / "checkpoints" / "step_0000004"
    expected = load_file(newest / "model.safetensors")
    newest.rename(package.parent / "taken")
    resumed = run(package, "train", "--resume", "--run", "two", "--device", "cpu")
    assert resumed.returncode == 0, resumed.stderr
    weights = load_file(newest / "model.safetensors")
    assert weights.keys() == expected.keys()
    assert all(torch.equal(weights[name], tensor) for name, tensor in expected.items())

    model = load_model(folder)
    model.save_pretrained(package.parent / "saved")
    assert type(model).from_pretrained(package.parent / "saved").domains == ("blue", "green", "red")
    listed = (package.parent / "saved" / "README.md").read_text()
    assert "*blue*, *green* and *red*" in listed

    picture = colors / "red" / "0.png"
    translate = ["translate", "--weights", "saved", "--to", "green", "--input", picture, "--output", "out", "--maps"]
    translated = run(package, *translate)
    assert translated.returncode == 0, translated.stderr
    assert Image.open(package.parent / "out" / "0.png").size == (16, 16)
    with np.load(package.parent / "out" / "0.npz") as maps:
        assert {name: maps[name].shape for name in maps} == {"patch": (8, 8)}

    evaluate = [
        "evaluate",
        "--weights",
        "saved",
        "--to",
        "green",
        "--input",
        colors / "red",
        "--target",
        colors / "green",
    ]
    evaluated = run(package, *evaluate, "--target", colors / "green")
    assert evaluated.returncode == 0, evaluated.stderr
    assert json.loads(evaluated.stdout)["pictures"] == 12


def test_translation_has_the_origin_that_is_given_and_patch_logits_for_a_map(package: Path, colors: Path) -> None:
    assert run(package, *TRAIN, "--data", colors, "--run", "one", "--steps", 1).returncode == 0
    translator = load_translator(package.parent / "one", device="cpu")
    picture = colors / "red" / "0.png"
    assert translator(picture, to="blue").origin is None
    translation = translator(picture, to="blue", origin="red")
    assert (translation.origin, translation.to) == ("red", "blue")
    patch = translation.attention["patch"]
    assert (list(translation.attention), patch.values, patch.cam_logits) == (["patch"], None, None)
    with torch.inference_mode():
        model = translator.model
        images = model.translate(torch.ones(1, 3, 16, 16), "blue").image
        assert model.critics("blue")["patch"](images).patch_logits.shape == (1, 1, 8, 8)
    assert patch.patch_logits is not None
    assert patch.patch_logits.shape == (8, 8)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--domain-a", "x", "--domain-b", "y"], "A toy run takes --data; got --domain-a and --domain-b"),
        ([], "--data is needed to start a run"),
        (["--data", "nowhere"], "There is no folder nowhere"),
        (["--data", "colors/red"], "has 0 folders with files; it needs one for each domain"),
        (["--data", "colors", "--domains", "a", "b"], "--domains has 2 names, but there are 3 domains"),
        (["--data", "colors", "--freeze", "encoder"], "can freeze of its parts: none"),
        (["--data", "colors", "--preset", "paper"], "invalid choice: 'paper'"),
        (["--data", "colors", "--cam", "3"], "unrecognized arguments: --cam"),
        (["--data", "colors", "--start-from", "disc2square"], "A toy run cannot start from a ugatit model"),
    ],
)
def test_wrong_use_is_refused_in_one_line(options: list[str], message: str, package: Path, colors: Path) -> None:
    result = run(package, *TRAIN, *options, "--steps", 1)
    assert (result.returncode, result.stderr.count("\n")) == (2, 1), result.stderr
    assert message in result.stderr
    assert not (package.parent / "runs").exists()


def test_weights_of_a_model_that_is_not_installed_are_named(package: Path, colors: Path, tmp_path: Path) -> None:
    assert run(package, *TRAIN, "--data", colors, "--run", "one", "--steps", 1).returncode == 0
    (tmp_path / "none").mkdir()
    result = subprocess.run(
        command("translate", "--weights", "one", "--to", "red", "--input", colors / "red" / "0.png", "--output", "out"),
        cwd=package.parent,
        env={**environment(), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert "There is no model 'toy'; there are: ugatit" in result.stderr

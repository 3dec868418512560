"""Compare training with recorded updates of the published code: every loss of every step, and the outputs afterwards.

    python -m benchmarks.published_training CHECKPOINT NPZ

CHECKPOINT: the published checkpoint that the updates start from, a file or a folder. NPZ: the recorded updates,
`KIND_..._training.npz`, beside the outputs' file `KIND_....npz`, which holds the `input`. Prints the largest difference
of each term, relative to its largest magnitude; exits with status 1 if one is beyond the bound.

The updates are repeated in float64, from which the published code's float32 differs by less than the bound. In float32,
`--float32`, Adam moves a weight whose gradient is smaller than its rounding error in either direction: by machine.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from benchmarks.common import table
from ugatit.checkpoints.loading import load_model
from ugatit.config import TrainingConfig
from ugatit.models.base import TranslationModel
from ugatit.training.learner import Learner, weighted

BOUND = 1e-4
Recorded = Mapping[str, Tensor]
Results = dict[str, Tensor]
CPU = torch.device("cpu")


def cyclegan(checkpoint: Path, recorded: Recorded, picture: Tensor) -> Results:
    """Repeat the updates of CycleGAN: generators first, then critics; losses weighted as the published code prints."""
    model = load_model(checkpoint, "cpu", image_size=picture.shape[-1]).to(picture.dtype)
    rate = 2e-4
    learner = Learner(model, _training(rate), CPU)
    results: Results = {}
    for step in range(_count(recorded, "real_A")):
        batch = {domain: recorded[f"real_{domain}.{step}"] for domain in "AB"}
        critics, generators = (weighted(terms, learner.loss_weights) for terms in learner.update(batch, step, rate))
        # The published names go by the direction: A is A to B.
        for way, (source, target) in {"A": ("A", "B"), "B": ("B", "A")}.items():
            results[f"loss.G_{way}.{step}"] = generators[f"adversarial.patch.{target}"]
            results[f"loss.D_{way}.{step}"] = critics[f"adversarial.patch.{target}"]
            results[f"loss.cycle_{way}.{step}"] = generators[f"cycle_{way.lower()}.{source}"]
            results[f"loss.idt_{way}.{step}"] = generators[f"identity.{target}"]
    with torch.no_grad(), learner.averaged_generators():
        for way, target in {"A": "B", "B": "A"}.items():
            results[f"after.net_G_{way}(input)"] = model.translate(picture, target).image
            results[f"after.net_D_{way}(input)"] = _patches(model, picture, target)
    return results


def pix2pix(checkpoint: Path, recorded: Recorded, picture: Tensor) -> Results:
    """Repeat the updates of pix2pix without dropout: critic first, then generator; the critic's loss as printed."""
    model = load_model(checkpoint, "cpu", image_size=picture.shape[-1]).to(picture.dtype)
    # The recorded updates have no noise, which no two programs draw alike.
    model.config = replace(model.config, noise=False)
    source, target = model.domains
    rate = 2e-4
    learner = Learner(model, _training(rate), CPU)
    results: Results = {}
    for step in range(_count(recorded, "real_A")):
        batch = {source: recorded[f"real_A.{step}"], target: recorded[f"real_B.{step}"]}
        critics, generators = learner.update(batch, step, rate)
        results[f"loss.D_fake.{step}"], results[f"loss.D_real.{step}"] = critics["critic.fake"], critics["critic.real"]
        results[f"loss.G_GAN.{step}"] = generators["adversarial.patch"]
        results[f"loss.G_L1.{step}"] = weighted(generators, learner.loss_weights)["l1"]
    first, answer = recorded["real_A.0"], recorded["real_B.0"]
    with torch.no_grad(), learner.averaged_generators():
        image = model.translate(first, target).image[:, : answer.shape[1]]
        results["after.net_G(real_A.0)(own statistics, no dropout)"] = image
        scores = model.judge(first, answer, target)["patch"].patch_logits
        results["after.net_D(real_A.0,real_B.0)(own statistics)"] = scores
    return results


KINDS: dict[str, Callable[[Path, Recorded, Tensor], Results]] = {"cyclegan": cyclegan, "pix2pix": pix2pix}
"""How the updates of each kind of model are repeated; the results have the recorded names."""


def differences(checkpoint: Path, npz: Path, dtype: torch.dtype = torch.float64) -> dict[str, float]:
    """Return the largest difference of each term over the steps, relative to its largest recorded magnitude.

    Raises ValueError for a file of an unknown kind, and if a recorded term was not computed.
    """
    kind = npz.name.partition("_")[0]
    if kind not in KINDS:
        raise ValueError(f"{npz.name} begins with none of: {', '.join(KINDS)}.")
    recorded = _read(npz, dtype)
    outputs = _read(npz.with_name(npz.name.replace("_training", "")), dtype)
    results = KINDS[kind](checkpoint, recorded, outputs["input"])
    names = {name for name in recorded if name.startswith(("loss.", "after."))}
    if missing := sorted(names - set(results)):
        raise ValueError(f"{missing[0]} was recorded but not computed.")
    terms: dict[str, list[str]] = {}
    for name in sorted(names):
        terms.setdefault(name.rpartition(".")[0] if name.startswith("loss.") else name, []).append(name)
    return {term: _distance(results, recorded, of_term) for term, of_term in terms.items()}


def _distance(results: Recorded, recorded: Recorded, names: list[str]) -> float:
    largest = max(float(recorded[name].abs().max()) for name in names)
    return max(float((results[name] - recorded[name]).abs().max()) for name in names) / largest


def _training(rate: float) -> TrainingConfig:
    return TrainingConfig(learning_rate=rate, weight_decay=0, ema=0, batch_size=1, precision="fp32")


def _patches(model: TranslationModel, picture: Tensor, target: str) -> Tensor:
    patches: Tensor = model.critics(target)["patch"](picture).patch_logits
    return patches


def _count(recorded: Recorded, name: str) -> int:
    return sum(key.startswith(f"{name}.") for key in recorded)


def _read(path: Path, dtype: torch.dtype) -> dict[str, Tensor]:
    with np.load(path) as stored:
        return {name: torch.from_numpy(stored[name]).to(dtype) for name in stored.files}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("npz", type=Path)
    parser.add_argument("--float32", action="store_true", help="repeat the updates in float32")
    options = parser.parse_args(arguments)
    found = differences(options.checkpoint, options.npz, torch.float32 if options.float32 else torch.float64)
    print(table([["term", "largest difference"], *([name, f"{value:.1e}"] for name, value in found.items())]))
    # `not` around the comparison also counts NaN.
    beyond = [name for name, value in found.items() if not value <= BOUND]
    print(f"beyond {BOUND:g}: {', '.join(beyond)}" if beyond else f"all within {BOUND:g}")
    return 1 if beyond else 0


if __name__ == "__main__":
    sys.exit(main())

"""Measure the effect of Adam's 16-bit moments on the losses, in short runs of the full model from the same weights."""

from collections.abc import Sequence

import torch
from torch import Tensor

from benchmarks.common import table
from ugatit.config import TrainingConfig
from ugatit.models.ugatit import UGATIT, UGATITConfig
from ugatit.training.learner import Learner, weighted

NETWORK = UGATITConfig(light=False, image_size=64, ngf=16, ndf=16, blocks=2)
PICTURES = 8


def moments_effect(steps: int) -> str:
    """Return a table of the differences of the weighted losses from those in float32, relative to float32.

    The row of bf16 networks shows for comparison how much rounding alone changes a run.
    """
    reference = losses(steps, moments="fp32", precision="fp32")
    last = max(1, steps // 5)
    rows = [[f"{steps} steps on the CPU", "critics", "generators", f"critics, last {last}", f"generators, last {last}"]]
    for name, moments, precision in (("bf16 moments", "bf16", "fp32"), ("bf16 networks", "fp32", "bf16")):
        other = losses(steps, moments=moments, precision=precision)
        distances = [
            relative_distance(reference[step][since:], other[step][since:])
            for since in (0, steps - last)
            for step in ("critics", "generators")
        ]
        rows.append([name, *(f"{share:.2%}" for share in distances)])
    return table(rows)


def relative_distance(reference: Sequence[float], other: Sequence[float]) -> float:
    """Return the mean distance of two curves, relative to the mean magnitude of the first."""
    return sum(abs(a - b) for a, b in zip(reference, other, strict=True)) / sum(map(abs, reference))


def losses(steps: int, moments: str, precision: str) -> dict[str, list[float]]:
    """Train and return the weighted loss of critics and generators at each step; pictures and order are fixed."""
    torch.manual_seed(0)
    config = TrainingConfig(steps=steps, moments=moments, precision=precision, ema=0)
    model = UGATIT(NETWORK)
    model.init_weights()
    learner = Learner(model, config, torch.device("cpu"))
    pictures = {domain: blurred_noise(number) for number, domain in enumerate(NETWORK.domains)}
    curves: dict[str, list[float]] = {"critics": [], "generators": []}
    for step in range(steps):
        index = step % PICTURES
        batch = {
            domain: learner.to_device(domain_pictures[index : index + 1])
            for domain, domain_pictures in pictures.items()
        }
        terms = learner.update(batch, step, config.learning_rate)
        for curve, named in zip(curves.values(), terms, strict=True):
            curve.append(sum(float(term) for term in weighted(named, learner.loss_weights).values()))
    return curves


def blurred_noise(seed: int) -> Tensor:
    """Return blurred noise, (PICTURES, 3, S, S) in [-1, 1]."""
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.rand(PICTURES, 3, 8, 8, generator=generator) * 2 - 1
    size = (NETWORK.image_size, NETWORK.image_size)
    return torch.nn.functional.interpolate(coarse, size=size, mode="bilinear")

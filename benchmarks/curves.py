"""What Adam's moments in 16 bits do to the losses: short runs of the full model from the same start."""

from collections.abc import Sequence

import torch
from torch import Tensor

from benchmarks.common import table
from ugatit.config import TrainingConfig, UGATITConfig
from ugatit.models.ugatit import UGATIT
from ugatit.training.learner import Learner, weighted

NETWORK = UGATITConfig(light=False, image_size=64, ngf=16, ndf=16, blocks=2)
PICTURES = 8


def moments_effect(steps: int) -> str:
    """A table: how far the weighted losses with other settings lie from float32's, as a share of float32's.

    Beside bf16 moments stand bf16 networks, for what rounding does to a run in any case.
    """
    reference = losses(steps, moments="fp32", precision="fp32")
    last = max(1, steps // 5)
    rows = [[f"{steps} steps on the CPU", "critics", "generators", f"critics, last {last}", f"generators, last {last}"]]
    for name, moments, precision in (("bf16 moments", "bf16", "fp32"), ("bf16 networks", "fp32", "bf16")):
        other = losses(steps, moments=moments, precision=precision)
        apart = [
            apart_by(reference[step][since:], other[step][since:])
            for since in (0, steps - last)
            for step in ("critics", "generators")
        ]
        rows.append([name, *(f"{share:.2%}" for share in apart)])
    return table(rows)


def apart_by(reference: Sequence[float], other: Sequence[float]) -> float:
    """The mean distance of two curves, relative to the first one's mean."""
    return sum(abs(a - b) for a, b in zip(reference, other, strict=True)) / sum(map(abs, reference))


def losses(steps: int, moments: str, precision: str) -> dict[str, list[float]]:
    """The weighted loss of both steps, step by step, on the same pictures in the same order."""
    torch.manual_seed(0)
    config = TrainingConfig(steps=steps, moments=moments, precision=precision, ema=0)
    model = UGATIT(NETWORK)
    model.init_weights()
    learner = Learner(model, config, torch.device("cpu"))
    pictures = {domain: smooth(number) for number, domain in enumerate(NETWORK.domains)}
    curves: dict[str, list[float]] = {"critics": [], "generators": []}
    for step in range(steps):
        at = step % PICTURES
        batch = {domain: learner.place(domain_pictures[at : at + 1]) for domain, domain_pictures in pictures.items()}
        terms = learner.update(batch, step, config.learning_rate)
        for curve, named in zip(curves.values(), terms, strict=True):
            curve.append(sum(float(term) for term in weighted(named, config.weights).values()))
    return curves


def smooth(seed: int) -> Tensor:
    """(PICTURES, 3, S, S) in [-1, 1]: blurred noise."""
    draw = torch.Generator().manual_seed(seed)
    coarse = torch.rand(PICTURES, 3, 8, 8, generator=draw) * 2 - 1
    size = (NETWORK.image_size, NETWORK.image_size)
    return torch.nn.functional.interpolate(coarse, size=size, mode="bilinear")

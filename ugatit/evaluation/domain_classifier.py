"""A small classifier that tells two domains apart: the judge of whether a translation is taken for the target.

It sees real pictures of both sides only, never a translation, so that it cannot learn what gives one away.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import affine_grid, cross_entropy, grid_sample, interpolate

SIDE = 128
"""Larger pictures are judged at this size, in pixels: a judge of any model takes the same few minutes."""
EPOCHS = 24
PEAK_RATE = 4e-3
SMOOTHING = 0.05
ZOOM, TURN, SHIFT = 0.2, 0.35, 0.12
"""How far training pictures are varied: the logarithm of the size, radians, and shares of half a side."""


class GlobalPooling(nn.Module):
    """Average and maximum of each channel, (B, K, h, w) to (B, 2 K): what is everywhere and what is anywhere."""

    def forward(self, features: Tensor) -> Tensor:
        return torch.cat([features.mean(dim=(2, 3)), features.amax(dim=(2, 3))], dim=1)


@dataclass(frozen=True)
class DomainClassifier:
    """network: (B, 3, S, S) in [-1, 1] to (B, 2) logits. trained_on: how many pictures."""

    network: nn.Module
    trained_on: int

    @torch.inference_mode()
    def share(self, pictures: Tensor, domain: int, batch_size: int = 32) -> float:
        """The share of pictures, (N, 3, S, S) in [-1, 1], that it takes for domain 0 or 1, seen plain and mirrored."""
        self.network.eval()
        calls = [
            (self.network(batch) + self.network(batch.flip(3))).argmax(dim=1)
            for batch in _sized(pictures).split(batch_size)
        ]
        return float((torch.cat(calls) == domain).float().mean())


def build_network(width: int = 32) -> nn.Sequential:
    """A plain network of eight layers: seven convolutions, four of them halving the size, and a linear one."""

    def block(inputs: int, outputs: int, stride: int) -> list[nn.Module]:
        return [nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]

    return nn.Sequential(
        *block(3, width, 2),
        *block(width, width, 1),
        *block(width, 2 * width, 2),
        *block(2 * width, 2 * width, 1),
        *block(2 * width, 4 * width, 2),
        *block(4 * width, 4 * width, 1),
        *block(4 * width, 4 * width, 2),
        GlobalPooling(),
        nn.Dropout(0.2),
        nn.Linear(8 * width, 2),
    )


def train_classifier(
    first: Tensor, second: Tensor, seed: int = 0, epochs: int = EPOCHS, batch_size: int = 32
) -> DomainClassifier:
    """Train a judge of two domains on the CPU.

    first, second: their real pictures, (N, 3, S, S) and (M, 3, S, S) in [-1, 1]; how well it judges is for others of
    both to say. Order, weights and augmentation (mirrored, turned, zoomed and shifted) follow from the seed.
    """
    pictures = torch.cat([_sized(first), _sized(second)])
    labels = torch.cat([torch.full((len(each),), index) for index, each in enumerate((first, second))])
    # Sides of unequal size count alike.
    balance = len(labels) / (2 * torch.bincount(labels, minlength=2).float())
    draw = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = build_network().to(memory_format=torch.channels_last)
        optimizer = torch.optim.AdamW(network.parameters(), lr=PEAK_RATE, weight_decay=5e-2)
        steps = epochs * math.ceil(len(pictures) / batch_size)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=PEAK_RATE, total_steps=steps, pct_start=0.2)
        network.train()
        for _ in range(epochs):
            for chosen in torch.randperm(len(pictures), generator=draw).split(batch_size):
                varied = _varied(pictures[chosen], draw).contiguous(memory_format=torch.channels_last)
                loss = cross_entropy(network(varied), labels[chosen], balance, label_smoothing=SMOOTHING)
                loss.backward()
                optimizer.step()
                optimizer.zero_grad()
                schedule.step()
    return DomainClassifier(network.eval(), len(pictures))


def _sized(pictures: Tensor) -> Tensor:
    if max(pictures.shape[2:]) <= SIDE:
        return pictures
    return interpolate(pictures, size=(SIDE, SIDE), mode="bilinear", antialias=True)


def _varied(pictures: Tensor, draw: torch.Generator) -> Tensor:
    """Each picture mirrored or not, turned, zoomed and shifted a little; beyond its borders it is reflected."""
    count = len(pictures)

    def uniform(*shape: int) -> Tensor:
        return 2 * torch.rand(count, *shape, generator=draw) - 1

    zoom, turn = torch.exp(uniform() * ZOOM), uniform() * TURN
    cosine, sine = zoom * turn.cos(), zoom * turn.sin()
    across, down = (uniform(2) * SHIFT).unbind(dim=1)
    mirror = uniform().sign()
    rows = [torch.stack(row, dim=1) for row in ((mirror * cosine, -sine, across), (mirror * sine, cosine, down))]
    grid = affine_grid(torch.stack(rows, dim=1), list(pictures.shape), align_corners=False)  # from (count, 2, 3)
    return grid_sample(pictures, grid, padding_mode="reflection", align_corners=False)

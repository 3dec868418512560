"""A small classifier of two domains (the "judge") that measures how often a translation is taken for the target.

It is trained only on real pictures of both domains, so that it cannot learn the artefacts of translations.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import affine_grid, cross_entropy, grid_sample, interpolate

MAX_SIDE = 128
"""Larger pictures are reduced to this size, in pixels: training takes the same few minutes for any model."""
EPOCHS = 24
WIDTH = 32
PEAK_RATE = 4e-3
SMOOTHING = 0.05


@dataclass(frozen=True)
class Augmentation:
    """Limits of random changes to training pictures.

    mirror: whether pictures are mirrored, also when they are classified. zoom: logarithm of the scale. turn: radians.
    shift: shares of half a side.
    """

    mirror: bool = True
    zoom: float = 0.2
    turn: float = 0.35
    shift: float = 0.12


class GlobalPooling(nn.Module):
    """Concatenate the average and the maximum of each channel, (B, K, h, w) to (B, 2 K)."""

    def forward(self, features: Tensor) -> Tensor:
        return torch.cat([features.mean(dim=(2, 3)), features.amax(dim=(2, 3))], dim=1)


@dataclass(frozen=True)
class DomainClassifier:
    """A trained classifier.

    network: (B, 3, S, S) in [-1, 1] to (B, 2) logits. trained_on: the number of training pictures. mirror: whether the
    logits of each picture and of its mirror image are added.
    """

    network: nn.Module
    trained_on: int
    mirror: bool = True

    @torch.inference_mode()
    def logits(self, pictures: Tensor, batch_size: int = 32) -> Tensor:
        """Return the logits of both classes, (N, 3, S, S) in [-1, 1] to (N, 2)."""
        self.network.eval()
        logits = [
            self.network(batch) + (self.network(batch.flip(3)) if self.mirror else 0)
            for batch in _downscale(pictures).split(batch_size)
        ]
        return torch.cat(logits)

    @torch.inference_mode()
    def features(self, pictures: Tensor, batch_size: int = 32) -> Tensor:
        """Return what the last layer sees of each picture, (N, 3, S, S) in [-1, 1] to (N, D)."""
        self.network.eval()
        assert isinstance(self.network, nn.Sequential)
        body = self.network[:-1]  # with dropout, which does nothing here
        return torch.cat([body(batch) for batch in _downscale(pictures).split(batch_size)])

    def predict(self, pictures: Tensor, batch_size: int = 32) -> Tensor:
        """Return the class, 0 or 1, of each picture, (N, 3, S, S) in [-1, 1] to (N,)."""
        return self.logits(pictures, batch_size).argmax(dim=1)

    def share(self, pictures: Tensor, domain: int) -> float:
        """Return the share of pictures, (N, 3, S, S) in [-1, 1], classified as `domain`, which is 0 or 1."""
        return float((self.predict(pictures) == domain).float().mean())


def build_network(width: int = WIDTH) -> nn.Sequential:
    """Build a network of eight layers: seven convolutions, four of them with stride 2, and a linear layer."""

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
    first: Tensor,
    second: Tensor,
    seed: int = 0,
    epochs: int = EPOCHS,
    batch_size: int = 32,
    width: int = WIDTH,
    augmentation: Augmentation = Augmentation(),
) -> DomainClassifier:
    """Train a classifier of two domains on the CPU.

    first, second: real pictures of each domain, (N, 3, S, S) and (M, 3, S, S) in [-1, 1]; test its accuracy on other
    pictures. The seed determines the order, the initial weights and the augmentation.
    """
    pictures = torch.cat([_downscale(first), _downscale(second)])
    labels = torch.cat([torch.full((len(images),), index) for index, images in enumerate((first, second))])
    # Class weights: both domains count equally even if they differ in size.
    class_weights = len(labels) / (2 * torch.bincount(labels, minlength=2).float())
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = build_network(width).to(memory_format=torch.channels_last)
        optimizer = torch.optim.AdamW(network.parameters(), lr=PEAK_RATE, weight_decay=5e-2)
        steps = epochs * math.ceil(len(pictures) / batch_size)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=PEAK_RATE, total_steps=steps, pct_start=0.2)
        network.train()
        for _ in range(epochs):
            for indices in torch.randperm(len(pictures), generator=generator).split(batch_size):
                augmented = _augment(pictures[indices], augmentation, generator).contiguous(
                    memory_format=torch.channels_last
                )
                loss = cross_entropy(network(augmented), labels[indices], class_weights, label_smoothing=SMOOTHING)
                loss.backward()
                optimizer.step()
                optimizer.zero_grad()
                schedule.step()
    return DomainClassifier(network.eval(), len(pictures), augmentation.mirror)


def _downscale(pictures: Tensor) -> Tensor:
    if max(pictures.shape[2:]) <= MAX_SIDE:
        return pictures
    return interpolate(pictures, size=(MAX_SIDE, MAX_SIDE), mode="bilinear", antialias=True)


def _augment(pictures: Tensor, limits: Augmentation, generator: torch.Generator) -> Tensor:
    """Randomly mirror, rotate, zoom and shift each picture; its borders are continued by reflection."""
    count = len(pictures)

    def uniform(*shape: int) -> Tensor:
        return 2 * torch.rand(count, *shape, generator=generator) - 1

    zoom, turn = torch.exp(uniform() * limits.zoom), uniform() * limits.turn
    cosine, sine = zoom * turn.cos(), zoom * turn.sin()
    across, down = (uniform(2) * limits.shift).unbind(dim=1)
    mirror = uniform().sign() if limits.mirror else torch.ones(count)
    rows = [torch.stack(row, dim=1) for row in ((mirror * cosine, -sine, across), (mirror * sine, cosine, down))]
    grid = affine_grid(torch.stack(rows, dim=1), list(pictures.shape), align_corners=False)  # from (count, 2, 3)
    return grid_sample(pictures, grid, padding_mode="reflection", align_corners=False)

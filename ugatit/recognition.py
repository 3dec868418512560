"""A small classifier that tells two domains apart: the judge of whether a translation is taken for the target.

It sees real pictures of both sides only, never a translation, so that it cannot learn what gives one away.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

HELD_OUT_SHARE = 0.15


@dataclass(frozen=True)
class Judge:
    """network: (B, 3, S, S) in [-1, 1] to (B, 2) logits. accuracy: balanced, on real pictures it was not shown."""

    network: nn.Module
    accuracy: float
    trained_on: int
    tested_on: int

    @torch.inference_mode()
    def share(self, pictures: Tensor, domain: int, batch_size: int = 32) -> float:
        """The share of pictures, (N, 3, S, S) in [-1, 1], that it takes for domain 0 or 1."""
        self.network.eval()
        calls = [self.network(batch).argmax(dim=1) for batch in pictures.split(batch_size)]
        return float((torch.cat(calls) == domain).float().mean())


def build(width: int = 16) -> nn.Sequential:
    """A plain network of eight layers: seven convolutions, four of them halving the size, and a linear one."""

    def block(inputs: int, outputs: int, stride: int) -> list[nn.Module]:
        return [nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]

    return nn.Sequential(
        *block(3, width, 1),
        *block(width, 2 * width, 2),
        *block(2 * width, 2 * width, 1),
        *block(2 * width, 4 * width, 2),
        *block(4 * width, 4 * width, 1),
        *block(4 * width, 8 * width, 2),
        *block(8 * width, 8 * width, 2),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Dropout(0.2),
        nn.Linear(8 * width, 2),
    )


def trained(first: Tensor, second: Tensor, seed: int = 0, epochs: int = 12, batch_size: int = 32) -> Judge:
    """Train a judge of two domains.

    first, second: their real pictures, (N, 3, S, S) and (M, 3, S, S) in [-1, 1]. A seeded share of each is kept
    from it and gives its accuracy. Order, weights and augmentation (mirrored, shifted by up to a sixteenth, colours
    scaled a little) follow from the seed.
    """
    draw = torch.Generator().manual_seed(seed)
    shown, kept = zip(*(_parted(each, draw) for each in (first, second)), strict=True)
    pictures = torch.cat(shown)
    labels = torch.cat([torch.full((len(each),), index) for index, each in enumerate(shown)])
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = build()
        optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=1e-2)
        steps = epochs * -(-len(pictures) // batch_size)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, total_steps=steps)
        # Sides of unequal size count alike.
        balance = len(labels) / (2 * torch.bincount(labels, minlength=2).float())
        network.train()
        for _ in range(epochs):
            for chosen in torch.randperm(len(pictures), generator=draw).split(batch_size):
                loss = cross_entropy(network(_varied(pictures[chosen], draw)), labels[chosen], balance)
                loss.backward()
                optimizer.step()
                optimizer.zero_grad()
                schedule.step()
    judge = Judge(network.eval(), 0.0, len(pictures), sum(map(len, kept)))
    accuracy = sum(judge.share(each, index) for index, each in enumerate(kept)) / 2
    return Judge(network, accuracy, judge.trained_on, judge.tested_on)


def _parted(pictures: Tensor, draw: torch.Generator) -> tuple[Tensor, Tensor]:
    order = torch.randperm(len(pictures), generator=draw)
    count = max(1, round(len(pictures) * HELD_OUT_SHARE))
    return pictures[order[count:]], pictures[order[:count]]


def _varied(pictures: Tensor, draw: torch.Generator) -> Tensor:
    count, _, height, width = pictures.shape
    mirrored = torch.rand(count, generator=draw) < 0.5
    pictures = torch.where(mirrored[:, None, None, None], pictures.flip(3), pictures)
    reach = max(height, width) // 16
    down, across = (int(n) for n in torch.randint(-reach, reach + 1, (2,), generator=draw))
    gain = 1 + 0.1 * (torch.rand(count, 1, 1, 1, generator=draw) - 0.5)
    return (pictures.roll((down, across), (2, 3)) * gain).clamp(-1, 1)

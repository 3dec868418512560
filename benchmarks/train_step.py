"""One training step of ours beside the same work in the published order, and beside its floor.

    python -m benchmarks.train_step                      light, 256 px, batch 1, width 64
    python -m benchmarks.train_step --full --device cuda

First both are checked against the stored outputs and losses of the published code; exit status 1 where that fails
or cannot be done. Then each runs in a process of its own, in turns.
"""

import argparse
import functools
import sys
import tempfile
from pathlib import Path

import torch
from torch import Tensor
from torch.utils.data import Dataset

from benchmarks.common import Side, Tasks, add_shape, machine, shape, table, take_turns
from benchmarks.floor import Rates, measured_rates
from benchmarks.golden import FOLDER, check
from benchmarks.published_step import PublishedOrder
from ugatit.config import TrainingConfig, UGATITConfig
from ugatit.devices import resolve_device, resolve_precision
from ugatit.models.ugatit import UGATIT
from ugatit.store import Manifest
from ugatit.training.trainer import Trainer

OURS, PUBLISHED = "ours", "published order"


def pictures(config: UGATITConfig, batch_size: int, device: torch.device) -> dict[str, Tensor]:
    size = (batch_size, 3, config.image_size, config.image_size)
    return {domain: torch.rand(size, device=device) * 2 - 1 for domain in config.domains}


def prepare_published(config: UGATITConfig, batch_size: int, device: torch.device) -> Tasks:
    torch.manual_seed(0)
    order = PublishedOrder(config, device)
    return {PUBLISHED: functools.partial(order.update, pictures(config, batch_size, device))}


class NoPictures(Dataset[dict[str, Tensor]]):
    """What a trainer gets whose batches come from elsewhere."""


def prepare_ours(config: UGATITConfig, batch_size: int, device: torch.device) -> Tasks:
    torch.manual_seed(0)
    model = UGATIT(config)
    model.init_weights()
    training = TrainingConfig(batch_size=batch_size)
    manifest = Manifest(model=UGATIT.name, network=config.to_dict(), training=training.to_dict())
    # The trainer opens its run folder at once, but a lone update writes nothing.
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(model, NoPictures(), {}, training, manifest, Path(folder), device)
    batch = {
        domain: picture.contiguous(memory_format=trainer.layout)
        for domain, picture in pictures(config, batch_size, device).items()
    }
    return {OURS: functools.partial(trainer.update, batch, training.learning_rate)}


def report(sides: dict[str, Side], rates: Rates) -> str:
    rows = [["", "fastest", "median", "peak memory", "operations"]]
    for name, side in sides.items():
        memory, work = f"{side.memory / 2**30:.2f} GiB", f"{side.operations.flops / 1e12:.3f} TFLOP"
        rows.append([name, f"{side.fastest:.3f} s", f"{side.median:.3f} s", memory, work])
    ours, published = sides[OURS], sides[PUBLISHED]
    by_fastest, by_median = ours.times_faster_than(published)
    rows.append(
        [
            "published / ours",
            f"{by_fastest:.2f}",
            f"{by_median:.2f}",
            f"{published.memory / ours.memory:.2f}",
            f"{published.operations.flops / ours.operations.flops:.2f}",
        ]
    )
    floor = rates.floor(ours.operations)
    rows.append(["ours / floor", f"{ours.fastest / floor:.2f}", f"{ours.median / floor:.2f}", "", ""])
    return f"{table(rows)}\nfloor: {rates.explain(ours.operations)}"


def agreed(folder: Path, device: torch.device, bf16: bool) -> bool:
    """Say whether both orders of work compute what was published."""
    try:
        found = check(folder, device, bf16)
    except FileNotFoundError as error:
        print(f"Could not be checked: {error} is missing.", file=sys.stderr)
        return False
    print(f"Against {folder}/ugatit_light.npz (relative to each array's largest magnitude):")
    for agreement in found:
        print(f"  {agreement}")
    return all(agreement.holds for agreement in found)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add_shape(parser, repeats=3)
    parser.add_argument("--batch-size", type=int, default=1)
    parser.add_argument("--golden", type=Path, default=FOLDER, help="folder of the stored outputs")
    options = parser.parse_args()

    device = resolve_device(options.device)
    bf16 = resolve_precision("auto", device) == "bf16"
    config = shape(options)
    if not agreed(options.golden, device, bf16):
        return 1

    kind = "light" if config.light else "full"
    print(f"\nTraining step, U-GAT-IT {kind}, {config.image_size} px, width {config.ngf}, batch {options.batch_size}")
    print(f"{machine(device)}; ours in {'bf16, channels last' if bf16 else 'fp32'}, {options.repeats} rounds\n")
    rates = measured_rates(device, bf16)
    sides = take_turns(
        [functools.partial(p, config, options.batch_size, device) for p in (prepare_published, prepare_ours)],
        device,
        options.repeats,
    )
    print(report(sides, rates))
    return 0


if __name__ == "__main__":
    sys.exit(main())

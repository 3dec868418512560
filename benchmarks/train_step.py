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

from benchmarks.common import Side, Task, machine, table, take_turns
from benchmarks.floor import Rates, measured_rates
from benchmarks.golden import FOLDER, TOLERANCE, check
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


def prepare_published(config: UGATITConfig, batch_size: int, device: torch.device) -> Task:
    torch.manual_seed(0)
    order = PublishedOrder(config, device)
    return functools.partial(order.update, pictures(config, batch_size, device))


class NoPictures(Dataset[dict[str, Tensor]]):
    """What a trainer gets whose batches come from elsewhere."""


def prepare_ours(config: UGATITConfig, batch_size: int, device: torch.device) -> Task:
    torch.manual_seed(0)
    model = UGATIT(config)
    model.init_weights()
    training = TrainingConfig(batch_size=batch_size)
    manifest = Manifest(model=UGATIT.name, network=config.to_dict(), training=training.to_dict())
    folder = tempfile.TemporaryDirectory()
    trainer = Trainer(model, NoPictures(), {}, training, manifest, Path(folder.name), device)
    batch = {
        domain: picture.contiguous(memory_format=trainer.layout)
        for domain, picture in pictures(config, batch_size, device).items()
    }

    def step() -> None:
        with_folder = folder  # kept as long as the task is
        assert with_folder
        trainer.update(batch, training.learning_rate)

    return step


def report(sides: dict[str, Side], rates: Rates) -> str:
    rows = [["", "fastest", "median", "peak memory", "operations"]]
    for name, side in sides.items():
        memory, work = f"{side.memory / 2**30:.2f} GiB", f"{side.operations.flops / 1e12:.3f} TFLOP"
        rows.append([name, f"{side.fastest:.3f} s", f"{side.median:.3f} s", memory, work])
    ours, published = sides[OURS], sides[PUBLISHED]
    by_fastest, by_median = ours.times_faster_than(published)
    rows.append(
        [
            "times less",
            f"{by_fastest:.2f}",
            f"{by_median:.2f}",
            f"{published.memory / ours.memory:.2f}",
            f"{published.operations.flops / ours.operations.flops:.2f}",
        ]
    )
    floor = rates.floor(ours.operations)
    rows.append(["ours / floor", f"{ours.fastest / floor:.2f}", f"{ours.median / floor:.2f}", "", ""])
    return f"{table(rows)}\nfloor: {rates.explain(ours.operations)}"


def agreed(folder: Path, device: torch.device) -> bool:
    """Say whether both orders of work compute what was published."""
    try:
        found = check(folder, device)
    except FileNotFoundError as error:
        print(f"Could not be checked: {error.filename} is missing.", file=sys.stderr)
        return False
    print(f"Against {folder}/ugatit_light.npz (fp32, relative to each array's largest magnitude):")
    for agreement in found:
        print(f"  {agreement}")
    return all(agreement.worst <= TOLERANCE for agreement in found)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", type=int, default=256, help="side of the pictures in pixels")
    parser.add_argument("--ngf", type=int, default=64, help="width of the generators and critics")
    parser.add_argument("--batch-size", type=int, default=1)
    parser.add_argument("--full", action="store_true", help="the full generator instead of the light one")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--repeats", type=int, default=3, help="rounds measured, after one to warm up")
    parser.add_argument("--golden", type=Path, default=FOLDER, help="folder of the stored outputs")
    options = parser.parse_args()

    device = resolve_device(options.device)
    bf16 = resolve_precision("auto", device) == "bf16"
    config = UGATITConfig(image_size=options.size, light=not options.full, ngf=options.ngf, ndf=options.ngf)
    if not agreed(options.golden, device):
        return 1

    kind = "full" if options.full else "light"
    print(f"\nTraining step, U-GAT-IT {kind}, {options.size} px, width {options.ngf}, batch {options.batch_size}")
    print(f"{machine(device)}; ours in {'bf16, channels last' if bf16 else 'fp32'}, {options.repeats} rounds\n")
    rates = measured_rates(device, bf16)
    prepared = {PUBLISHED: prepare_published, OURS: prepare_ours}
    sides = take_turns(
        {name: functools.partial(p, config, options.batch_size, device) for name, p in prepared.items()},
        device,
        options.repeats,
    )
    print(report(sides, rates))
    return 0


if __name__ == "__main__":
    sys.exit(main())

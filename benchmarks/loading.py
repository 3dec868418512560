"""Measure whether loading keeps up with training: the loader's batches per second beside those of training steps.

    python -m benchmarks.loading                    256 px, batch 1, JPEG pictures of 1280x960
    python -m benchmarks.loading --workers 0 1 2 4

Pictures are written to disk, ingested and read as in training. The first pass decodes every picture, later passes read
prepared ones. When training on a CPU, loading in the same process delays the step; workers use a share of the cores
instead.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from benchmarks.common import machine, table
from benchmarks.train_step import pictures
from ugatit.config import DataConfig, TrainingConfig
from ugatit.data.datasets import UnpairedDataset
from ugatit.data.opened import open_data
from ugatit.devices import resolve_device, synchronize
from ugatit.models.ugatit import UGATIT, UGATITConfig
from ugatit.training.batches import BatchSampler, load_batches, worker_count
from ugatit.training.host_memory import keep_freed_memory
from ugatit.training.learner import Learner

WIDTH, HEIGHT = 1280, 960
WARM_UP = 4
"""Batches before the measurement, so that the workers have started."""


def write_domain(folder: Path, count: int, seed: int) -> Path:
    """Write JPEG pictures with as much detail as photographs, some 300 kB each."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(seed)
    for number in range(count):
        coarse = Image.fromarray(random.integers(0, 256, (HEIGHT // 16, WIDTH // 16, 3), dtype=np.uint8))
        smooth = np.asarray(coarse.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC), dtype=np.int16)
        grain = random.integers(-12, 13, smooth.shape, dtype=np.int16)
        Image.fromarray((smooth + grain).clip(0, 255).astype(np.uint8)).save(folder / f"{number:04d}.jpg", quality=90)
    return folder


def rates(dataset: UnpairedDataset, batch_size: int, workers: int, count: int) -> tuple[float, float]:
    """Return the batches per second while `count` pictures per domain are first decoded, and afterwards."""
    steps = max(1, count // batch_size)
    sampler = BatchSampler(step=0, steps=WARM_UP + (1 + max(1, workers)) * steps + steps, batch_size=batch_size)
    feed = load_batches(dataset, sampler, workers, torch.device("cpu"))
    pull(feed, WARM_UP)
    first = steps / pull(feed, steps)
    # Each worker decodes the pictures itself.
    pull(feed, max(1, workers) * steps)
    return first, (steps - WARM_UP) / pull(feed, steps - WARM_UP)


def pull(feed: Iterator[object], count: int) -> float:
    """Return the seconds taken by this many batches."""
    start = time.perf_counter()
    for _ in range(count):
        next(feed)
    return time.perf_counter() - start


def steps_per_second(size: int, batch_size: int, device: torch.device) -> float:
    """Return the training steps per second of the light model."""
    keep_freed_memory()
    network = UGATITConfig(image_size=size)
    model = UGATIT(network)
    model.init_weights()
    learner = Learner(model, TrainingConfig(batch_size=batch_size, ema=0), device)
    batch = {domain: learner.to_device(p) for domain, p in pictures(network, batch_size, device).items()}
    seconds = []
    for _ in range(3):
        synchronize(device)
        start = time.perf_counter()
        learner.update(batch, 0, 1e-4)
        synchronize(device)
        seconds.append(time.perf_counter() - start)
    return 1 / min(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", type=int, default=256, help="side of the pictures in pixels")
    parser.add_argument("--batch-size", type=int, default=1)
    parser.add_argument("--count", type=int, default=120, help="pictures of each domain")
    parser.add_argument("--workers", type=int, nargs="+", default=[0, 1, 2], help="processes that read")
    parser.add_argument("--device", default="auto", help="of the step that is compared")
    options = parser.parse_args()

    device = resolve_device(options.device)
    chosen = worker_count(-1, device)
    needed = steps_per_second(options.size, options.batch_size, device)
    print(f"{machine(device)}: the light model takes {needed:.2f} batches of {options.batch_size} a second")
    rows = [["workers", "first pass, batches/s", "later", "first pass / needed", "later / needed"]]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        a, b = (str(write_domain(root / name, options.count, seed)) for seed, name in enumerate(("a", "b")))
        data = DataConfig(sources=(a, b))
        opened = open_data(data, options.size, 0, root)
        for workers in sorted({*options.workers, chosen}):
            dataset = UnpairedDataset(dict(zip("ab", opened.pictures, strict=True)), options.size, data, 0, 10**9)
            first, later = rates(dataset, options.batch_size, workers, options.count)
            name = f"{workers} (chosen)" if workers == chosen else str(workers)
            rows.append([name, f"{first:.1f}", f"{later:.1f}", f"{first / needed:.1f}", f"{later / needed:.1f}"])
    print(f"\nOf {options.count} JPEG pictures of {WIDTH}x{HEIGHT} a domain, two a batch and picture:\n\n{table(rows)}")


if __name__ == "__main__":
    main()

"""Measure whether drawn faces keep up with training: drawing and reading beside a step of 35 ms.

    python -m benchmarks.faces                      256 px, batch 8, 400 faces a side

A step of the light model at 256 px with batch 8 takes 35 ms on an H100 as one captured graph. Faces are drawn once,
before the first step, into a cache; then each step reads two batches from it.
"""

import argparse
import os
import tempfile
import time

import torch

from benchmarks.common import machine, table
from benchmarks.loading import rates
from ugatit.config import DataConfig
from ugatit.data.datasets import UnpairedDataset
from ugatit.data.face_cache import cache_folder
from ugatit.data.face_set import FaceSet
from ugatit.data.sources import FaceSource, PictureSource

STEP = 0.035
"""Seconds."""
SOURCES = ("faces:toon-head", "faces:lorelei,glasses=no")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--size", type=int, default=256, help="side of the pictures in pixels")
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--count", type=int, default=400, help="faces of each side")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], help="processes that read")
    options = parser.parse_args()

    print(machine(torch.device("cpu")))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["UGATIT_CACHE"] = folder
        drawing = []
        faces = [FaceSet.parse(f"{source},count={options.count}") for source in SOURCES]
        for each in faces:
            each.draw(0, options.size)
            start = time.perf_counter()
            for seed in range(20):
                each.draw(seed, options.size)
            alone = (time.perf_counter() - start) / 20
            drawing.append([each.style, f"{alone * 1e3:.1f}", f"{STEP / alone:.1f}"])
        start = time.perf_counter()
        sources = [FaceSource(each, options.size, number, 2, seed=0) for number, each in enumerate(faces)]
        seconds = time.perf_counter() - start
        print(f"\nDrawing in one process:\n\n{table([['style', 'ms a face', 'faces in a step of 35 ms'], *drawing])}")
        size = sum(path.stat().st_size for path in cache_folder().rglob("*.webp"))
        print(
            f"\nInto the cache by {os.cpu_count()} processes: {2 * options.count} faces in {seconds:.1f} s, start-up "
            f"included; {size / 1e6 / 2 / options.count * 5000:.0f} MB for 5,000 faces."
        )
        rows = [["workers", "first pass, ms a batch", "later", "first pass / step", "later / step"]]
        for workers in options.workers:
            pictures: dict[str, PictureSource] = dict(zip("ab", sources, strict=True))
            dataset = UnpairedDataset(pictures, options.size, DataConfig(sources=SOURCES, flip=False), 0, 10**9)
            per_batch = [1 / rate for rate in rates(dataset, options.batch_size, workers, options.count)]
            rows.append(
                [str(workers), *(f"{value * 1e3:.1f}" for value in per_batch), *(f"{v / STEP:.2f}" for v in per_batch)]
            )
        print(f"\nReading {options.batch_size} faces of each side, 1 is the step itself:\n\n{table(rows)}")


if __name__ == "__main__":
    main()

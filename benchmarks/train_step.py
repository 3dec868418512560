"""Compare one training step of ours to the published implementation and to its lower bound (floor), in one table.

    python -m benchmarks.train_step                                light and full, 256 px, batch 1, width 64
    python -m benchmarks.train_step --kinds light --repeats 8      a few minutes on a CPU
    python -m benchmarks.train_step --kinds full --devices cuda

First both are checked against stored outputs and losses of the published code; exit status 1 if this fails or is not
possible. Then each runs in its own process: the light models alternate, the full models run one after the other because
their memory would add up. Last, the effect of 16-bit moments on the losses is measured.
"""

import argparse
import functools
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from benchmarks.common import Measurement, Tasks, machine, measure_alternating, table
from benchmarks.curves import moments_effect
from benchmarks.floor import Rates, measured_rates
from benchmarks.golden import FOLDER, check
from benchmarks.published_step import PublishedOrder
from ugatit.config import TrainingConfig
from ugatit.devices import available_devices, resolve_device, resolve_precision
from ugatit.models.ugatit import UGATIT, UGATITConfig
from ugatit.training.host_memory import keep_freed_memory
from ugatit.training.learner import Learner

KINDS, PRECISIONS = ("light", "full"), ("fp32", "bf16")


@dataclass(frozen=True)
class Case:
    """One row of the table.

    moments: the precision of Adam's moments for the full generators' largest layer; empty for the published order.
    """

    kind: str
    device: torch.device
    precision: str
    moments: str = ""

    @property
    def published(self) -> bool:
        return not self.moments

    def __str__(self) -> str:
        if self.published:
            return f"{self.kind} {self.device} published order, {self.precision}"
        moments = " and moments" if self.moments == "bf16" else ""
        return f"{self.kind} {self.device} ours, {self.precision}{moments}"

    def prepare(self, network: UGATITConfig, batch_size: int) -> Tasks:
        """Prepare the training step; called in the measuring process."""
        torch.manual_seed(0)
        if self.published:
            order = PublishedOrder(network, self.device)
            return {str(self): functools.partial(order.update, pictures(network, batch_size, self.device))}
        keep_freed_memory()
        # Without an average of the generators (EMA), like the paper and the published code.
        training = TrainingConfig(batch_size=batch_size, precision=self.precision, moments=self.moments, ema=0)
        model = UGATIT(network)
        model.init_weights()
        learner = Learner(model, training, self.device)
        batch = {domain: learner.to_device(p) for domain, p in pictures(network, batch_size, self.device).items()}
        return {str(self): functools.partial(learner.update, batch, 0, training.learning_rate)}


def cases(kind: str, device: torch.device, precisions: Sequence[str]) -> list[Case]:
    """Return the cases to compare, the published order first."""
    compared = [Case(kind, device, "fp32"), *(Case(kind, device, precision, "fp32") for precision in precisions)]
    if kind == "full":
        compared.append(Case(kind, device, precisions[-1], "bf16"))
    return compared


def pictures(config: UGATITConfig, batch_size: int, device: torch.device) -> dict[str, Tensor]:
    """Return a random batch of both domains in [-1, 1]."""
    size = (batch_size, 3, config.image_size, config.image_size)
    return {domain: torch.rand(size, device=device) * 2 - 1 for domain in config.domains}


def measure_cases(
    compared: Sequence[Case], network: UGATITConfig, batch_size: int, rounds: int
) -> dict[Case, Measurement]:
    """Measure the training step of each case."""
    prepare: dict[Case, Callable[[], Tasks]] = {
        case: functools.partial(case.prepare, network, batch_size) for case in compared
    }
    groups = [[case] for case in compared] if not network.light else [list(compared)]
    measurements: dict[Case, Measurement] = {}
    for group in groups:
        by_name = measure_alternating([prepare[case] for case in group], group[0].device, rounds)
        measurements |= {case: by_name[str(case)] for case in group}
    return measurements


HEAD = ["", "fastest", "median", "times faster", "by median", "peak memory", "of tensors", "TFLOP", "floor", "/ floor"]


def format_rows(measurements: dict[Case, Measurement], rates: dict[tuple[torch.device, str], Rates]) -> list[list[str]]:
    """Format one row per case; the speed-up is relative to the published order of the same kind."""
    published = next((measurement for case, measurement in measurements.items() if case.published), None)
    rows = []
    for case, measurement in measurements.items():
        faster = measurement.speedup_over(published) if published else (0.0, 0.0)
        floor = rates[case.device, case.precision].floor(measurement.operations)
        rows.append(
            [
                str(case),
                f"{measurement.fastest:.3f} s",
                f"{measurement.median:.3f} s",
                *(f"{times:.2f}" if published else "" for times in faster),
                f"{measurement.memory / 1e9:.2f} GB",
                f"{measurement.tensors / 1e9:.2f} GB",
                f"{measurement.operations.flops / 1e12:.3f}",
                f"{floor:.3f} s",
                f"{measurement.fastest / floor:.2f}",
            ]
        )
    return rows


def check_and_report(folder: Path, device: torch.device, bf16: bool) -> bool:
    """Print and return whether both implementations compute the published results."""
    try:
        agreements = check(folder, device, bf16)
    except FileNotFoundError as error:
        print(f"Could not be checked: {error} is missing.", file=sys.stderr)
        return False
    print(f"On {machine(device)}, against {folder}/ugatit_light.npz (relative to each array's largest magnitude):")
    for agreement in agreements:
        print(f"  {agreement}")
    return all(agreement.holds for agreement in agreements)


def parse_arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    default = ["cpu", *sorted({name.partition(":")[0] for name in available_devices()} & {"cuda"})]
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS), help="which generators")
    parser.add_argument("--precisions", nargs="+", choices=PRECISIONS, help="of ours; those the device is made for")
    parser.add_argument("--devices", nargs="+", default=default, help=f"here by default: {' '.join(default)}")
    parser.add_argument("--size", type=int, default=256, help="side of the pictures in pixels")
    parser.add_argument("--ngf", type=int, default=64, help="width of the generators and critics")
    parser.add_argument("--batch-size", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=3, help="rounds measured, after one to warm up")
    parser.add_argument("--no-published", action="store_true", help="ours alone")
    parser.add_argument("--curve", type=int, default=60, help="steps of the runs with 16-bit moments; 0: none")
    parser.add_argument("--golden", type=Path, default=FOLDER, help="folder of the stored outputs")
    return parser.parse_args()


def main() -> int:
    options = parse_arguments()
    rows, rates = [HEAD], {}
    for device in map(resolve_device, options.devices):
        bf16 = resolve_precision("auto", device) == "bf16"
        precisions = options.precisions or (PRECISIONS if bf16 else PRECISIONS[:1])
        if not check_and_report(options.golden, device, "bf16" in precisions):
            return 1
        for precision in {"fp32", *precisions}:
            rates[device, precision] = measured_rates(device, precision == "bf16")
        for kind in options.kinds:
            network = UGATITConfig(image_size=options.size, light=kind == "light", ngf=options.ngf, ndf=options.ngf)
            compared = [c for c in cases(kind, device, precisions) if not (options.no_published and c.published)]
            measurements = measure_cases(compared, network, options.batch_size, options.repeats)
            rows += format_rows(measurements, rates)
    print(f"\nTraining step, U-GAT-IT, {options.size} px, width {options.ngf}, batch {options.batch_size}")
    print(f"\n{table(rows)}\n")
    for (device, precision), rate in rates.items():
        print(f"{device} in {precision}: {rate.flops / 1e12:.3f} TFLOP/s, {rate.bytes / 1e9:.1f} GB/s, at best")
    if options.curve:
        print("\nThe losses beside float32's, full model, 64 px, width 16, from the same start:\n")
        print(moments_effect(options.curve))
    return 0


if __name__ == "__main__":
    sys.exit(main())

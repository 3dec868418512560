"""The lower bound of a task's duration: its operations and bytes, and the peak rates of the device."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import conv2d
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

from ugatit.devices import synchronize


@dataclass(frozen=True)
class Operations:
    """The work of a task.

    flops: of matrix products and convolutions. bytes: memory that these and the optimizers read and write.
    """

    flops: int
    bytes: int


@dataclass(frozen=True)
class Rates:
    """Peak rates of a device.

    flops: per second, the better of a matrix product and a convolution in `precision`. bytes: per second, by copying.
    """

    flops: float
    bytes: float
    precision: str

    def floor(self, operations: Operations) -> float:
        """Return the lower bound in seconds: the longer of computing and moving memory, with no other cost."""
        return max(operations.flops / self.flops, operations.bytes / self.bytes)

    def explain(self, operations: Operations) -> str:
        """Describe how the lower bound follows from operations and rates."""
        compute, move = operations.flops / self.flops, operations.bytes / self.bytes
        computing = f"{operations.flops / 1e12:.3f} TFLOP at {self.flops / 1e12:.3f} TFLOP/s ({self.precision})"
        moving = f"{operations.bytes / 1e9:.3f} GB at {self.bytes / 1e9:.1f} GB/s"
        return f"{computing} = {compute:.3f} s; {moving} = {move:.3f} s"


class _Traffic(TorchDispatchMode):
    """Adds up the operands and results of convolutions, matrix products and fused optimizers.

    Everything else (norms, padding, activations, casts) could be fused with these, so the lower bound leaves it out.
    """

    KINDS = ("conv", "linear", "mm", "fused_adam")

    def __init__(self) -> None:
        TorchDispatchMode.__init__(self)
        self.bytes = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        if any(kind in func.__name__ for kind in self.KINDS):
            for argument, value in zip(func._schema.arguments, args, strict=False):
                written = argument.alias_info is not None and argument.alias_info.is_write
                self.bytes += _bytes(value) * (2 if written else 1)
            self.bytes += _bytes(result)
        return result


def _bytes(value: object) -> int:
    return sum(tensor.nbytes for tensor in _tensors(value))


def _tensors(value: object) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _tensors(item)


def count_operations(task: Callable[[], object]) -> Operations:
    """Run the task once and count its operations."""
    with FlopCounterMode(display=False) as flops, _Traffic() as traffic:
        task()
    return Operations(flops.get_total_flops(), traffic.bytes)


def measured_rates(device: torch.device, bf16: bool) -> Rates:
    """Return the best of several short measurements; other load on the machine lowers the rates."""
    dtype = torch.bfloat16 if bf16 else torch.float32
    side, pictures, megabytes = (8192, 64, 2048) if device.type == "cuda" else (2048, 2, 256)
    left, right = (torch.randn(side, side, device=device, dtype=dtype) for _ in range(2))
    layout = torch.channels_last if bf16 else torch.contiguous_format
    features = torch.randn(pictures, 256, 64, 64, device=device, dtype=dtype).to(memory_format=layout)
    kernel = torch.randn(256, 256, 3, 3, device=device, dtype=dtype).to(memory_format=layout)
    source = torch.ones(megabytes * 2**20, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    with torch.inference_mode():
        product = 2 * side**3 / _best(lambda: torch.mm(left, right), device)
        convolution = (
            2 * pictures * 64 * 64 * 256 * 256 * 9 / _best(lambda: conv2d(features, kernel, padding=1), device)
        )
        copying = 2 * source.nbytes / _best(lambda: target.copy_(source), device)
    return Rates(max(product, convolution), copying, "bf16" if bf16 else "fp32")


def _best(task: Callable[[], object], device: torch.device, times: int = 12) -> float:
    seconds = []
    for _ in range(times):
        synchronize(device)
        start = time.perf_counter()
        task()
        synchronize(device)
        seconds.append(time.perf_counter() - start)
    return min(seconds)

"""A stand-in for CUDA graphs on the CPU: records every operation on tensors, and runs the recorded ones again."""

from collections.abc import Callable
from typing import Any, TypeVar

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

T = TypeVar("T")
READS = {"aten::_local_scalar_dense", "aten::equal", "aten::nonzero", "aten::masked_select"}
"""Operations that ask the device for a number, which no graph can hold."""
UPLOADS = {"aten::lift_fresh"}
"""What torch.tensor does with numbers from the host: on CUDA a copy, from memory that no graph may read."""


class _Tape(TorchDispatchMode):
    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[Any, Any, Any, Any]] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = func.name().partition(".")[0]
        assert name not in READS | UPLOADS, f"{name} cannot be captured"
        result = func(*args, **(kwargs or {}))
        self.calls.append((func, args, kwargs or {}, result))
        return result


class OperationRecorder:
    """Records as CUDA does: nothing but operations and the tensors they had. What Python decides is frozen."""

    def __init__(self) -> None:
        self.warm_ups, self.records, self.replays = 0, 0, 0

    def warm_up(self, work: Callable[[], T]) -> T:
        self.warm_ups += 1
        return work()

    def record(self, work: Callable[[], T]) -> Callable[[], T]:
        self.records += 1
        tape = _Tape()
        with tape:
            result = work()

        def replay() -> T:
            self.replays += 1
            # Unlike a CUDA graph, recording has run everything once already.
            if self.replays > 1:
                _run(tape.calls)
            return result

        return replay


@torch.no_grad()
def _run(calls: list[tuple[Any, Any, Any, Any]]) -> None:
    for func, args, kwargs, result in calls:
        if func.is_view:
            continue
        again = func(*args, **kwargs)
        if not func._schema.is_mutable:
            for old, new in zip(_tensors(result), _tensors(again), strict=True):
                old.copy_(new)


def _tensors(result: Any) -> list[Tensor]:
    if isinstance(result, Tensor):
        return [result]
    return [tensor for tensor in result if isinstance(tensor, Tensor)] if isinstance(result, tuple | list) else []

"""The processes that train one model together, as torchrun starts them; a process alone is the simplest case."""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast

import torch
from torch import nn

from ugatit.devices import resolve_device
from ugatit.errors import ConfigError, TranslationError
from ugatit.models.base import Terms
from ugatit.training.optimizer import Optimizer

if TYPE_CHECKING:
    from accelerate import Accelerator

T = TypeVar("T")

PATIENCE = timedelta(hours=2)
"""How long a process waits for the others: the first may be fetching or unpacking pictures."""


class PeerFailedError(TranslationError):
    """Another process of this training failed and has said why: there is nothing to add."""


class PeerLostError(TranslationError):
    """Another process of this training no longer answers. Whether it said why is for the run's events to tell."""


class Processes:
    """What one process needs of all those it trains with.

    device: where this process computes. rank: its number among `count`, the first is 0 and alone writes.
    """

    def __init__(self, device: torch.device, accelerator: "Accelerator | None" = None) -> None:
        self.device, self.accelerator = device, accelerator
        self.rank = accelerator.process_index if accelerator else 0
        self.count = accelerator.num_processes if accelerator else 1

    @property
    def first(self) -> bool:
        return self.rank == 0

    def shared(self, work: Callable[[], T]) -> T:
        """What the first process makes of `work`, on all; the others wait for it. Where it fails, all fail."""
        if self.accelerator is None:
            return work()
        from accelerate.utils import broadcast_object_list

        result: list[Any] = [False, None]
        try:
            if self.first:
                result = [True, work()]
        finally:
            with self._talking():
                broadcast_object_list(result)
        done, made = result
        if not done:
            raise PeerFailedError("The first process failed.")
        return cast(T, made)

    def any(self, flag: bool) -> bool:
        """Whether the flag is up in any process."""
        if self.accelerator is None:
            return flag
        with self._talking():
            raised = self.accelerator.reduce(torch.tensor(float(flag), device=self.device), reduction="sum")
        return bool(cast(torch.Tensor, raised) > 0)

    def mean(self, terms: Terms) -> Terms:
        """Each term's mean over the processes, which must have terms of the same names."""
        if self.accelerator is None or not terms:
            return terms
        with self._talking():
            means = self.accelerator.reduce(torch.stack(list(terms.values())), reduction="mean")
        return dict(zip(terms, cast(torch.Tensor, means), strict=True))

    def average(self, optimizer: Optimizer) -> None:
        """Replace an optimizer's gradients by their means over the processes."""
        if self.accelerator is not None:
            with self._talking():
                optimizer.average(self.accelerator)

    def align(self, model: nn.Module) -> None:
        """Give all processes the first one's weights."""
        if self.accelerator is None:
            return
        from accelerate.utils import broadcast

        with self._talking(), torch.no_grad():
            for tensor in model.state_dict().values():
                tensor.copy_(broadcast(tensor.contiguous()))

    def common(self, error: TranslationError) -> TranslationError:
        """For an error that all processes meet alike: the error itself in the first, silence in the others."""
        return error if self.first else PeerFailedError("All processes failed alike.")

    @contextmanager
    def _talking(self) -> Iterator[None]:
        try:
            yield
        except torch.OutOfMemoryError:
            raise
        except RuntimeError as error:  # what gloo and NCCL raise when a connection breaks
            raise PeerLostError("A process that trains with this one no longer answers.") from error


@contextmanager
def together(device: str) -> Iterator[Processes]:
    """This process and those that torchrun started with it. device: `auto`, `cpu`, `cuda` …

    Raises ConfigError for a device that is not there or that several processes cannot share.
    """
    here = resolve_device(device)
    if _alone():
        yield Processes(here)
        return
    _check_shares(device, here)
    from accelerate import Accelerator, InitProcessGroupKwargs

    accelerator = Accelerator(cpu=here.type == "cpu", kwargs_handlers=[InitProcessGroupKwargs(timeout=PATIENCE)])
    # Without an index for the one CPU, which accelerate gives a number for each process.
    yield Processes(here if here.type == "cpu" else accelerator.device, accelerator)
    # After a failure the others may no longer answer: then the group ends with its processes.
    accelerator.end_training()


def leave(status: int) -> NoReturn:
    """End this process with an exit status; one of several ends at once.

    gloo's threads may still be giving tensors back when its work is done. A thread that asks for an interpreter that
    is being taken apart is unwound, and that aborts the process: so there the interpreter is not taken apart.
    """
    if _alone():
        sys.exit(status)
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _alone() -> bool:
    return int(os.environ.get("WORLD_SIZE", "1")) < 2


def _check_shares(name: str, device: torch.device) -> None:
    on_this_machine = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    if device.type == "cpu":
        return
    if device.type != "cuda" or device.index is not None:
        raise ConfigError(f"--device {name} cannot be shared by several processes: use auto, cuda or cpu.")
    if on_this_machine > (cards := torch.cuda.device_count()):
        raise ConfigError(
            f"{on_this_machine} processes would share {cards} CUDA devices: set --nproc_per_node {cards}, "
            "or --device cpu."
        )

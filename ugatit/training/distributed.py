"""Communication between the processes that train one model together, started by torchrun, or in one process alone."""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NoReturn, TypeVar, cast

import torch
from torch import Tensor, distributed, nn

from ugatit.devices import resolve_device
from ugatit.errors import ConfigError, TranslationError
from ugatit.models.base import Terms

T = TypeVar("T")

TIMEOUT = timedelta(hours=2)
"""How long a process waits for the others: the main one may be downloading or unpacking pictures."""


class PeerFailedError(TranslationError):
    """Another process of this training failed and has reported the error; nothing more needs to be reported."""


class PeerLostError(TranslationError):
    """Another process of this training no longer answers. The run's events show whether it has reported an error."""


class ProcessGroup:
    """This process as a member of a group that trains one model.

    device: where this process computes. rank: its number, from 0; only process 0, the main process, writes files.
    world_size: the number of processes. With one process every method returns its argument unchanged.
    Each method that communicates raises PeerLostError if a connection breaks.
    """

    def __init__(self, device: torch.device, rank: int = 0, world_size: int = 1) -> None:
        self.device, self.rank, self.world_size = device, rank, world_size

    @property
    def is_main(self) -> bool:
        """Whether this is the main process, the only one that writes files."""
        return self.rank == 0

    def run_on_main(self, work: Callable[[], T]) -> T:
        """Call `work` in the main process and return its result in all of them; the others wait.

        Raises PeerFailedError in the others if `work` fails.
        """
        if self.world_size == 1:
            return work()
        result: list[Any] = [False, None]
        try:
            if self.is_main:
                result = [True, work()]
        finally:
            with self._communicating():
                distributed.broadcast_object_list(result, src=0, device=self.device)
        succeeded, value = result
        if not succeeded:
            raise PeerFailedError("The first process failed.")
        return cast(T, value)

    def any(self, flag: bool) -> bool:
        """Return whether the flag is set in any process."""
        if self.world_size == 1:
            return flag
        return bool(self._sum(torch.tensor(float(flag), device=self.device)) > 0)

    def mean(self, tensor: Tensor) -> Tensor:
        """Return the elementwise mean over the processes. tensor: of the same shape in all of them."""
        return self._sum(tensor) / self.world_size if self.world_size > 1 else tensor

    def mean_terms(self, terms: Terms) -> Terms:
        """Return the mean of each term over the processes, which must have terms of the same names."""
        if self.world_size == 1 or not terms:
            return terms
        return dict(zip(terms, self.mean(torch.stack(list(terms.values()))), strict=True))

    def gather(self, tensor: Tensor) -> Tensor:
        """Concatenate the processes' tensors (N, ...), of the same shape, in order of rank: (world_size * N, ...)."""
        if self.world_size == 1:
            return tensor
        parts = [torch.empty_like(tensor, memory_format=torch.contiguous_format) for _ in range(self.world_size)]
        with self._communicating():
            distributed.all_gather(parts, tensor.contiguous())
        return torch.cat(parts)

    @torch.no_grad()
    def broadcast_weights(self, model: nn.Module) -> None:
        """Copy the weights of the main process to the model of every process."""
        if self.world_size == 1:
            return
        with self._communicating():
            for tensor in model.state_dict().values():
                sent = tensor.contiguous()
                distributed.broadcast(sent, src=0)
                tensor.copy_(sent)

    def report_once(self, error: TranslationError) -> TranslationError:
        """Return an error that occurs in all processes in the main one, and PeerFailedError in the others."""
        return error if self.is_main else PeerFailedError("All processes failed alike.")

    def _sum(self, tensor: Tensor) -> Tensor:
        total = tensor.clone(memory_format=torch.contiguous_format)
        with self._communicating():
            distributed.all_reduce(total)
        return total

    @contextmanager
    def _communicating(self) -> Iterator[None]:
        try:
            yield
        except torch.OutOfMemoryError:
            raise
        except RuntimeError as error:  # what gloo and NCCL raise when a connection breaks
            raise PeerLostError("A process that trains with this one no longer answers.") from error


@contextmanager
def process_group(device: str) -> Iterator[ProcessGroup]:
    """Join the group of processes that torchrun started, or a group of one. device: `auto`, `cpu`, `cuda`, ...

    Raises ConfigError for a device that is not available or that several processes cannot share.
    """
    chosen = resolve_device(device)
    if _is_single_process():
        yield ProcessGroup(chosen)
        return
    _check_sharing(device, chosen)
    if chosen.type == "cuda":
        chosen = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        torch.cuda.set_device(chosen)
    distributed.init_process_group("nccl" if chosen.type == "cuda" else "gloo", timeout=TIMEOUT)
    yield ProcessGroup(chosen, distributed.get_rank(), distributed.get_world_size())
    # Not after a failure: the others may no longer answer. The group then ends with its processes.
    distributed.destroy_process_group()


def exit_process(status: int) -> NoReturn:
    """End this process with an exit status; one of several processes ends without interpreter shutdown.

    gloo's threads may still be releasing tensors after its work is done. Such a thread would abort the process if it
    needed the interpreter during shutdown.
    """
    if _is_single_process():
        sys.exit(status)
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _is_single_process() -> bool:
    return int(os.environ.get("WORLD_SIZE", "1")) < 2


def _check_sharing(name: str, device: torch.device) -> None:
    local_processes = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    if device.type == "cpu":
        return
    if device.type != "cuda" or device.index is not None:
        raise ConfigError(f"--device {name} cannot be shared by several processes: use auto, cuda or cpu.")
    if local_processes > (cards := torch.cuda.device_count()):
        raise ConfigError(
            f"{local_processes} processes would share {cards} CUDA devices: set --nproc_per_node {cards}, "
            "or --device cpu."
        )

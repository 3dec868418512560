"""What ends a run, in words: what happened and the way on, for the terminal and for those who watch the run folder."""

import errno
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError

from ugatit.config import TrainingConfig
from ugatit.errors import DataError, OutOfMemoryError, PictureError, TranslationError
from ugatit.text import one_line

log = logging.getLogger(__name__)

NO_ROOM = {errno.ENOSPC: "is full", errno.EDQUOT: "has no room left for you", errno.EFBIG: "takes no larger files"}
SMALLEST_SIDE = 32


def explain_failure(
    error: Exception, run: Path, device: torch.device, training: TrainingConfig, network: Mapping[str, Any]
) -> TranslationError:
    """An error of the kind meant for people for anything that ended a run."""
    on = f"--resume --run {run}"
    if is_out_of_memory(error):
        return OutOfMemoryError(
            f"{device} has too little memory for batches of {training.batch_size} at {network.get('image_size')} px: "
            f"{_smaller(on, training, network)}."
        )
    for cause in _chain(error):
        if number := _system_error(cause):
            if number in NO_ROOM:
                return TranslationError(f"The disk of {run} {NO_ROOM[number]}: make room, then go on with {on}.")
            if isinstance(cause, OSError) and not isinstance(error, TranslationError):
                where = f"{cause.filename}: " if cause.filename else ""
                return TranslationError(f"{where}{cause.strerror}. Once that is mended, go on with {on}.")
    if isinstance(error, TranslationError):
        told = "--resume" in str(error) or not isinstance(error, DataError | PictureError)
        return error if told else type(error)(f"{error} Once that is mended, go on with {on}.")
    log.error("Training ended by an error of the program", exc_info=error)
    return TranslationError(
        f"Ended by an error of the program ({type(error).__name__}: {one_line(error)}); what was learned up to the "
        f"last checkpoint is kept: go on with {on}."
    )


def is_out_of_memory(error: Exception) -> bool:
    """Whether an error says that memory does not suffice, the device's or the machine's."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    # The CPU's allocator and Apple's have no class of their own for it.
    return isinstance(error, RuntimeError) and any(
        words in str(error) for words in ("DefaultCPUAllocator: ", "MPS backend out of memory")
    )


def _smaller(on: str, training: TrainingConfig, network: Mapping[str, Any]) -> str:
    """What to try next: half the batch, then smaller pictures, then narrower networks."""
    if training.batch_size > 1:
        half = training.batch_size // 2
        return f"go on with {on} --batch-size {half} --accumulate {2 * training.accumulate}"
    size, ngf, ndf = (int(network.get(name, 0)) for name in ("image_size", "ngf", "ndf"))
    if size > SMALLEST_SIDE:
        return f"begin another run with --image-size {max(SMALLEST_SIDE, size * 3 // 4 // 4 * 4)}"
    return f"begin another run with --ngf {max(1, ngf // 2)} --ndf {max(1, ndf // 2)}"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it came from. torch and safetensors wrap the system's errors."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _system_error(error: BaseException) -> int | None:
    if isinstance(error, OSError):
        return error.errno
    if isinstance(error, SafetensorError):
        return next((number for number in NO_ROOM if f"(os error {number})" in str(error)), None)
    return None

"""Error messages for whatever ends a run: what happened and how to continue, for the terminal and the event log."""

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

DISK_FULL = {errno.ENOSPC: "is full", errno.EDQUOT: "has no room left for you", errno.EFBIG: "takes no larger files"}
SMALLEST_SIDE = 32
WIDTHS = ("ngf", "ndf", "width")
"""Settings that make networks narrower, as far as a model has them."""


def explain_failure(
    error: Exception, run: Path, device: torch.device, training: TrainingConfig, network: Mapping[str, Any]
) -> TranslationError:
    """Return a TranslationError for any error that ended a run, with a message that says how to continue.

    Logs the traceback of an unexpected error. network: the network settings of the run.
    """
    resume = f"--resume --run {run}"
    if is_out_of_memory(error):
        return OutOfMemoryError(
            f"{device} has too little memory for batches of {training.batch_size} at {network.get('image_size')} px: "
            f"{_smaller_settings(resume, training, network)}."
        )
    for cause in _causes(error):
        if number := _error_number(cause):
            if number in DISK_FULL:
                return TranslationError(f"The disk of {run} {DISK_FULL[number]}: make room, then go on with {resume}.")
            if isinstance(cause, OSError) and not isinstance(error, TranslationError):
                where = f"{cause.filename}: " if cause.filename else ""
                return TranslationError(f"{where}{cause.strerror}. Once that is mended, go on with {resume}.")
    if isinstance(error, TranslationError):
        complete = "--resume" in str(error) or not isinstance(error, DataError | PictureError)
        return error if complete else type(error)(f"{error} Once that is mended, go on with {resume}.")
    log.error("Training ended by an error of the program", exc_info=error)
    return TranslationError(
        f"Ended by an error of the program ({type(error).__name__}: {one_line(error)}); what was learned up to the "
        f"last checkpoint is kept: go on with {resume}."
    )


def is_out_of_memory(error: Exception) -> bool:
    """Return whether an error means that the device or the machine is out of memory."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    # The allocators of torch for the CPU and for MPS raise a plain RuntimeError.
    return isinstance(error, RuntimeError) and any(
        words in str(error) for words in ("DefaultCPUAllocator: ", "MPS backend out of memory")
    )


def _smaller_settings(resume: str, training: TrainingConfig, network: Mapping[str, Any]) -> str:
    """Return advice for less memory: half the batch size, else smaller pictures, else narrower networks."""
    if training.batch_size > 1:
        half = training.batch_size // 2
        return f"go on with {resume} --batch-size {half} --accumulate {2 * training.accumulate}"
    size = int(network.get("image_size", 0))
    if size > SMALLEST_SIDE:
        return f"begin another run with --image-size {max(SMALLEST_SIDE, size * 3 // 4 // 4 * 4)}"
    narrower = " ".join(f"--{name} {max(1, int(network[name]) // 2)}" for name in WIDTHS if name in network)
    return f"begin another run with {narrower}" if narrower else "begin another run with smaller networks"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and its causes: torch and safetensors wrap system errors."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _error_number(error: BaseException) -> int | None:
    if isinstance(error, OSError):
        return error.errno
    if isinstance(error, SafetensorError):
        return next((number for number in DISK_FULL if f"(os error {number})" in str(error)), None)
    return None

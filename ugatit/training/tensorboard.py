"""TensorBoard scalars of a run, where TensorBoard is installed."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ugatit.training.events import Event, is_number

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

logger = logging.getLogger(__name__)

FOLDER = "tensorboard"


class TensorBoardWriter:
    """Write loss events as scalars to a run folder's `tensorboard/`, beside the event log."""

    def __init__(self, writer_type: "type[SummaryWriter]", folder: Path) -> None:
        self._writer_type, self._folder = writer_type, folder
        self._writer: SummaryWriter | None = None
        self._failed = False

    def write(self, event: Event) -> None:
        """Add a loss event's numbers (`generator/cycle.flat`, `weighted/…`, `rho/…`, `rate`); ignore other events.

        A full disk ends the scalars, not the training.
        """
        if event.get("kind") != "loss" or self._failed:
            return
        step = event["step"]
        try:
            if self._writer is None:
                # Steps that an earlier process wrote from here on are repeated.
                self._writer = self._writer_type(str(self._folder), purge_step=step)
            for name, value in _scalars(event):
                self._writer.add_scalar(name, value, step, walltime=event.get("time"))
            self._writer.flush()
        except OSError as error:
            self._failed = True
            logger.warning("The curves for TensorBoard end at step %d: %s", step, error)

    def close(self) -> None:
        """Flush and close."""
        if self._writer is not None and not self._failed:
            try:
                self._writer.close()
            except OSError as error:
                logger.warning("The curves for TensorBoard were not closed: %s", error)
        self._writer = None


def open_tensorboard(run: Path) -> TensorBoardWriter | None:
    """A run's writer; None where TensorBoard is not installed. Nothing is written before the first loss."""
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return None
    return TensorBoardWriter(SummaryWriter, run / FOLDER)


def _scalars(event: Event) -> Iterator[tuple[str, float]]:
    for group in ("generator", "discriminator", "rho"):
        yield from _named(group, event.get(group))
    for terms in _mapping(event.get("weighted")).values():
        yield from _named("weighted", terms)
    if is_number(rate := event.get("rate")):
        yield "rate", rate


def _named(group: str, values: object) -> Iterator[tuple[str, float]]:
    for name, value in _mapping(values).items():
        if is_number(value):
            yield f"{group}/{name}", value


def _mapping(values: object) -> dict[str, object]:
    return values if isinstance(values, dict) else {}

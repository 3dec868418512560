"""A picture in, its translation and all its attention maps out: every network runs once."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import torch
from PIL import Image

from ugatit.checkpoints.loading import load_model
from ugatit.devices import (
    PRECISIONS,
    free_memory,
    keep_float32_exact,
    resolve_device,
    resolve_precision,
    synchronize,
)
from ugatit.errors import ConfigError, OutOfMemoryError, PictureError, TranslationError
from ugatit.images.decoding import PictureLike, open_picture
from ugatit.images.fitting import Fit, fit, resize
from ugatit.images.tensors import to_picture, to_tensor
from ugatit.inference.translation import AttentionMap, Translation, attention_maps
from ugatit.models.base import TranslationModel
from ugatit.networks.outputs import DiscriminatorOutput, GeneratorOutput

__all__ = ["AttentionMap", "Translation", "Translator", "load_translator"]

RESOLUTIONS = ("model", "input")
SMALLER = (3 / 4, 1 / 2, 3 / 8, 1 / 4)
"""What is tried of the model's size when a picture does not fit into the accelerator's memory."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Job:
    """A picture ready for the networks; its original only where the result goes back to its size."""

    fitted: Fit
    original: Image.Image | None


class Translator:
    """One model on one device. Holds no state between calls, so threads may share it.

    model: is moved to the device and put in eval mode. precision: "fp32" or "bf16".
    Raises ConfigError for another precision.
    """

    def __init__(self, model: TranslationModel, device: torch.device, precision: str = "fp32") -> None:
        if precision not in PRECISIONS or precision == "auto":
            raise ConfigError(f"A translator's precision is fp32 or bf16, got {precision!r}.")
        self._model = model.to(device).eval()
        if precision == "fp32" and device.type == "cuda":
            keep_float32_exact()
        self._device, self._precision = device, precision

    @property
    def model(self) -> TranslationModel:
        return self._model

    @property
    def domains(self) -> tuple[str, ...]:
        return self._model.domains

    @property
    def targets(self) -> tuple[str, ...]:
        """The domains it can translate to."""
        return self._model.targets

    @property
    def device(self) -> torch.device:
        return self._device

    @property
    def precision(self) -> str:
        return self._precision

    def __call__(self, picture: PictureLike, to: str, resolution: str = "model") -> Translation:
        """Translate one picture: the generator runs once, and each critic of domain `to` once on its result.

        picture: whatever `open_picture` reads. resolution: "model" gives the picture at the model's size, its
        aspect kept; "input" brings the result back to the picture's own size.
        Raises PictureError for a picture that cannot be read, TranslationError for a domain the model cannot
        make and for networks whose results are not finite, OutOfMemoryError where no size fits the device.
        """
        self._check(to, resolution)
        result = self._translate([self._prepare(picture, resolution)], to)[0]
        if isinstance(result, TranslationError):
            raise result
        return result

    def stream(
        self, pictures: Iterable[PictureLike], to: str, batch_size: int = 8, resolution: str = "model"
    ) -> Iterator[Translation | TranslationError]:
        """Translate pictures lazily and in order, consecutive ones of equal canvas together.

        A picture that fails yields its error (PictureError where it cannot be read) and the stream goes on.
        Reads at most `batch_size` pictures ahead. A translation's milliseconds are its share of its batch's.
        Raises TranslationError at once for a domain the model cannot make.
        """
        self._check(to, resolution)
        if batch_size < 1:
            raise ConfigError(f"batch_size must be at least 1, got {batch_size}.")
        return self._stream(pictures, to, batch_size, resolution)

    def _check(self, to: str, resolution: str) -> None:
        self._model.check_target(to)
        if resolution not in RESOLUTIONS:
            raise ConfigError(f"resolution must be one of {', '.join(RESOLUTIONS)}, got {resolution!r}.")

    def _stream(
        self, pictures: Iterable[PictureLike], to: str, batch_size: int, resolution: str
    ) -> Iterator[Translation | TranslationError]:
        batch: list[_Job] = []
        for picture in pictures:
            try:
                job = self._prepare(picture, resolution)
            except PictureError as error:
                yield from self._translate(batch, to)
                batch = []
                yield error
                continue
            if batch and batch[0].fitted.canvas.size != job.fitted.canvas.size:
                yield from self._translate(batch, to)
                batch = []
            batch.append(job)
            if len(batch) == batch_size:
                yield from self._translate(batch, to)
                batch = []
        yield from self._translate(batch, to)

    def _prepare(self, picture: PictureLike, resolution: str) -> _Job:
        original = open_picture(picture)
        fitted = fit(original, self._model.image_size, self._model.canvas_rule())
        return _Job(fitted, original if resolution == "input" else None)

    def _translate(self, jobs: list[_Job], to: str) -> list[Translation | TranslationError]:
        """All jobs in one batch, or, where memory lacks, in halves and at last at a smaller size."""
        if not jobs:
            return []
        with suppress(torch.OutOfMemoryError):
            return self._run(jobs, to)
        # Only now that the failed run's tensors are gone can their memory be given back.
        free_memory(self._device)
        if len(jobs) == 1:
            return [self._translate_smaller(jobs[0], to)]
        half = len(jobs) // 2
        return self._translate(jobs[:half], to) + self._translate(jobs[half:], to)

    def _translate_smaller(self, job: _Job, to: str) -> Translation | TranslationError:
        rule, tried = self._model.canvas_rule(), job.fitted.canvas.size
        picture = job.fitted.cut(job.fitted.canvas)
        for share in SMALLER if rule.square is None else ():
            fitted = fit(picture, max(1, round(self._model.image_size * share)), rule)
            if fitted.canvas.size == tried:
                break
            with suppress(torch.OutOfMemoryError):
                result = self._run([_Job(fitted, job.original)], to)[0]
                log.warning("Out of memory on %s: translated at %dx%d instead.", self._device, *fitted.canvas.size)
                return result
            free_memory(self._device)
            tried = fitted.canvas.size
        return OutOfMemoryError(
            f"{self._device} has no memory for this model at {tried[0]}x{tried[1]} pixels: close what else "
            f"uses it, choose a model for less than {self._model.image_size} pixels, or the device cpu."
        )

    def _run(self, jobs: list[_Job], to: str) -> list[Translation | TranslationError]:
        model, device = self._model, self._device
        grids = model.attention_grids(to)
        # A critic without attention has nothing to show here.
        critics = {name: critic for name, critic in model.critics(to).items() if name in grids}
        bf16 = self._precision == "bf16"
        pictures = torch.cat([to_tensor(job.fitted.canvas) for job in jobs])
        with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=bf16):
            # Pictures alone: with channels-last weights the critics' casts take three times as long on the CPU.
            layout = torch.channels_last if bf16 else torch.contiguous_format
            pictures = pictures.to(device).contiguous(memory_format=layout)
            synchronize(device)
            started = perf_counter()
            generated = model.translate(pictures, to)
            judged = {name: critic(generated.image) for name, critic in critics.items()}
            synchronize(device)
            milliseconds = (perf_counter() - started) * 1000 / len(jobs)
        outputs: dict[str, GeneratorOutput | DiscriminatorOutput] = {"generator": generated, **judged}
        batch = {name: _on_cpu(output) for name, output in outputs.items()}
        results: list[Translation | TranslationError] = []
        for index, job in enumerate(jobs):
            numbers = {name: {k: values[index] for k, values in fields.items()} for name, fields in batch.items()}
            if broken := _broken_network(numbers):
                results.append(
                    TranslationError(
                        f"The network {broken!r} gave numbers that are not finite: its weights are damaged; "
                        "load others."
                    )
                )
                continue
            fitted, origin = job.fitted, model.other(to)
            source = fitted.cut(fitted.canvas) if job.original is None else job.original
            results.append(
                Translation(
                    source=source,
                    image=resize(fitted.cut(to_picture(numbers["generator"]["image"])), source.size),
                    origin=origin,
                    to=to,
                    attention=attention_maps(numbers, grids, fitted, source.size, origin, to),
                    milliseconds=milliseconds,
                    device=str(device),
                    precision=self._precision,
                )
            )
        return results


def load_translator(source: str | Path, device: str = "auto", precision: str = "auto") -> Translator:
    """Load a model and what is needed to translate pictures with it.

    source: a bundled name, weights or run folder, Hub "owner/name", published checkpoint, or its folder.
    device: auto, cpu, cuda, mps and so on. precision: auto (bf16 where the device has it), fp32 or bf16.
    Raises WeightsError for weights that cannot be loaded, ConfigError for a device or precision not there.
    """
    where = resolve_device(device)
    chosen = resolve_precision(precision, where)
    return Translator(load_model(source, device=str(where), precision="fp32"), where, chosen)


def _on_cpu(output: GeneratorOutput | DiscriminatorOutput) -> dict[str, torch.Tensor]:
    """The output's tensors by field, float32 on the CPU, without those that are None."""
    return {name: values.float().cpu() for name, values in vars(output).items() if values is not None}


def _broken_network(numbers: Mapping[str, Mapping[str, torch.Tensor]]) -> str | None:
    """The first network that gave NaN or infinity."""
    for name, fields in numbers.items():
        if not all(bool(values.isfinite().all()) for values in fields.values()):
            return name
    return None

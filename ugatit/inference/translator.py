"""Translate pictures and collect the attention maps of all networks, running each network once."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from ugatit.images.fitting import FittedPicture, fit, resize
from ugatit.images.tensors import to_picture, to_tensor
from ugatit.inference.direction import Direction
from ugatit.inference.translation import AttentionMap, Translation, attention_maps, attributes_of
from ugatit.models.base import TranslationModel
from ugatit.models.familiarity import Familiarity, measure, pool
from ugatit.networks.outputs import DiscriminatorOutput, GeneratorOutput

__all__ = ["AttentionMap", "Translation", "Translator", "load_translator"]

RESOLUTIONS = ("model", "input")
FALLBACK_SCALES = (3 / 4, 1 / 2, 3 / 8, 1 / 4)
"""Fractions of the model's size to try when a picture does not fit into the device's memory."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Job:
    """A picture ready for the networks. original: only if the result is to be resized to it."""

    fitted: FittedPicture
    original: Image.Image | None


class Translator:
    """Translates pictures with one model on one device. Keeps no state between calls, so threads may share it.

    model: is moved to the device and put in eval mode. precision: "fp32" or "bf16".
    Raises ConfigError for any other precision.
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
        """The model, in eval mode on `device`."""
        return self._model

    @property
    def domains(self) -> tuple[str, ...]:
        """The names of the model's domains."""
        return self._model.domains

    @property
    def targets(self) -> tuple[str, ...]:
        """The domains that the model can translate to."""
        return self._model.targets

    @property
    def device(self) -> torch.device:
        """The device that the networks run on."""
        return self._device

    @property
    def precision(self) -> str:
        """The precision of the convolutions, "fp32" or "bf16"."""
        return self._precision

    def __call__(
        self,
        picture: PictureLike,
        to: str | Sequence[str],
        resolution: str = "model",
        origin: str | None = None,
        source: Sequence[str] | None = None,
    ) -> Translation:
        """Translate one picture. Runs the generator once, and each critic of domain `to` once on the result.

        picture: any input of `open_picture`. to: a target, or several attributes of a model that has them. resolution:
        "model" returns the picture at the model's size with its aspect kept, "input" at its original size. origin: the
        picture's domain; by default the model's only other one. source: the attributes that the picture has; by default
        as the model reads them.
        Raises PictureError for a picture that cannot be read, TranslationError for names the model does not have and
        for network outputs that are not finite, OutOfMemoryError if no size fits the device's memory.
        """
        _check_resolution(resolution)
        direction = Direction.of(self._model, to, origin, source)
        result = self._translate([self._prepare(picture, resolution)], direction)[0]
        if isinstance(result, TranslationError):
            raise result
        return result

    def stream(
        self,
        pictures: Iterable[PictureLike],
        to: str | Sequence[str],
        batch_size: int = 8,
        resolution: str = "model",
        origin: str | None = None,
        source: Sequence[str] | None = None,
    ) -> Iterator[Translation | TranslationError]:
        """Translate pictures lazily and in order, batching consecutive ones of equal canvas size.

        For a picture that fails, yields its error (PictureError if it cannot be read) and continues.
        Reads at most `batch_size` pictures ahead. A translation's `milliseconds` is its share of its batch's time.
        to, origin, source: as for a single picture, the same for all.
        Raises TranslationError at once for names the model does not have.
        """
        _check_resolution(resolution)
        direction = Direction.of(self._model, to, origin, source)
        if batch_size < 1:
            raise ConfigError(f"batch_size must be at least 1, got {batch_size}.")
        return self._stream(pictures, direction, batch_size, resolution)

    def _stream(
        self, pictures: Iterable[PictureLike], direction: Direction, batch_size: int, resolution: str
    ) -> Iterator[Translation | TranslationError]:
        batch: list[_Job] = []
        for picture in pictures:
            try:
                job = self._prepare(picture, resolution)
            except PictureError as error:
                yield from self._translate(batch, direction)
                batch = []
                yield error
                continue
            if batch and batch[0].fitted.canvas.size != job.fitted.canvas.size:
                yield from self._translate(batch, direction)
                batch = []
            batch.append(job)
            if len(batch) == batch_size:
                yield from self._translate(batch, direction)
                batch = []
        yield from self._translate(batch, direction)

    def _prepare(self, picture: PictureLike, resolution: str) -> _Job:
        original = open_picture(picture)
        fitted = fit(original, self._model.image_size, self._model.canvas_rule())
        return _Job(fitted, original if resolution == "input" else None)

    def _translate(self, jobs: list[_Job], direction: Direction) -> list[Translation | TranslationError]:
        """Run all jobs in one batch. If memory runs out, run them in halves, and a single job at a smaller size."""
        if not jobs:
            return []
        with suppress(torch.OutOfMemoryError):
            return self._run(jobs, direction)
        # Only here, where the failed run's tensors are deleted, can their memory be freed.
        free_memory(self._device)
        if len(jobs) == 1:
            return [self._translate_smaller(jobs[0], direction)]
        half = len(jobs) // 2
        return self._translate(jobs[:half], direction) + self._translate(jobs[half:], direction)

    def _translate_smaller(self, job: _Job, direction: Direction) -> Translation | TranslationError:
        rule, failed_size = self._model.canvas_rule(), job.fitted.canvas.size
        picture = job.fitted.crop(job.fitted.canvas)
        for scale in FALLBACK_SCALES if rule.square is None else ():
            fitted = fit(picture, max(1, round(self._model.image_size * scale)), rule)
            if fitted.canvas.size == failed_size:
                break
            with suppress(torch.OutOfMemoryError):
                result = self._run([_Job(fitted, job.original)], direction)[0]
                log.warning("Out of memory on %s: translated at %dx%d instead.", self._device, *fitted.canvas.size)
                return result
            free_memory(self._device)
            failed_size = fitted.canvas.size
        return OutOfMemoryError(
            f"{self._device} has no memory for this model at {failed_size[0]}x{failed_size[1]} pixels: close what else "
            f"uses it, choose a model for less than {self._model.image_size} pixels, or the device cpu."
        )

    def _run(self, jobs: list[_Job], direction: Direction) -> list[Translation | TranslationError]:
        model, device, to = self._model, self._device, direction.target
        grids, loss = model.map_grids(to), model.adversarial_loss
        bf16 = self._precision == "bf16"
        pictures = torch.cat([to_tensor(job.fitted.canvas) for job in jobs])
        with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=bf16):
            # Only the pictures: with channels-last weights the critics' casts take three times as long on the CPU.
            layout = torch.channels_last if bf16 else torch.contiguous_format
            pictures = pictures.to(device).contiguous(memory_format=layout)
            synchronize(device)
            start = perf_counter()
            generated = direction.translate(model, pictures)
            judgements = model.judge(pictures, generated.image, to)
            synchronize(device)
            milliseconds = (perf_counter() - start) * 1000 / len(jobs)
        drawn = {name: output for name, output in judgements.items() if name in grids}
        outputs: dict[str, GeneratorOutput | DiscriminatorOutput] = {"generator": generated, **drawn}
        familiarity, names = self._familiarity(generated, to), model.attributes_of(to)
        batch = {name: _on_cpu(output) for name, output in outputs.items()}
        results: list[Translation | TranslationError] = []
        for index, job in enumerate(jobs):
            picture_outputs = {
                name: {k: values[index] for k, values in fields.items()} for name, fields in batch.items()
            }
            if broken := _find_broken_network(picture_outputs):
                results.append(
                    TranslationError(
                        f"The network {broken!r} gave numbers that are not finite: its weights are damaged; "
                        "load others."
                    )
                )
                continue
            fitted = job.fitted
            source = fitted.crop(fitted.canvas) if job.original is None else job.original
            results.append(
                Translation(
                    source=source,
                    image=resize(fitted.crop(to_picture(picture_outputs["generator"]["image"])), source.size),
                    origin=direction.origin,
                    to=direction.to,
                    attention=attention_maps(
                        picture_outputs, grids, fitted, source.size, direction.origin, direction.to, loss
                    ),
                    milliseconds=milliseconds,
                    device=str(device),
                    precision=self._precision,
                    familiarity=familiarity[index],
                    attributes=attributes_of(picture_outputs["generator"], names),
                )
            )
        return results

    def _familiarity(self, generated: GeneratorOutput, to: str) -> Sequence[Familiarity | None]:
        """Return the familiarity of each picture of a batch; None for weights without statistics."""
        model, features = self._model, generated.features
        if model.statistics is None or features is None:
            return [None] * len(generated.image)
        return measure(model.statistics, pool(features).cpu(), model.targets, model.domains, to)


def load_translator(source: str | Path, device: str = "auto", precision: str = "auto") -> Translator:
    """Load a model and return a translator for it.

    source: a bundled name, weights or run folder, Hub "owner/name", published checkpoint, or a folder of them.
    device: auto, cpu, cuda, mps and so on. precision: auto (bf16 if the device supports it natively), fp32 or bf16.
    Raises WeightsError for weights that cannot be loaded, ConfigError for an unavailable device or precision.
    """
    resolved_device = resolve_device(device)
    resolved_precision = resolve_precision(precision, resolved_device)
    model = load_model(source, device=str(resolved_device), precision="fp32")
    return Translator(model, resolved_device, resolved_precision)


def _check_resolution(resolution: str) -> None:
    if resolution not in RESOLUTIONS:
        raise ConfigError(f"resolution must be one of {', '.join(RESOLUTIONS)}, got {resolution!r}.")


def _on_cpu(output: GeneratorOutput | DiscriminatorOutput) -> dict[str, torch.Tensor]:
    """Return an output's tensors by field, as float32 on the CPU, without the features and fields that are None."""
    fields = {name: values for name, values in vars(output).items() if name != "features" and values is not None}
    return {name: values.float().cpu() for name, values in fields.items()}


def _find_broken_network(outputs: Mapping[str, Mapping[str, torch.Tensor]]) -> str | None:
    """Return the name of the first network with NaN or infinity in its output."""
    for name, fields in outputs.items():
        if not all(bool(values.isfinite().all()) for values in fields.values()):
            return name
    return None

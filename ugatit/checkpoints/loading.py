"""Load a model from any source: a bundled name, a folder, a run, a published checkpoint, the Hub."""

from pathlib import Path

import torch

from ugatit.checkpoints.published import read_published
from ugatit.checkpoints.registry import locate_weights
from ugatit.checkpoints.store import load_weights
from ugatit.devices import keep_float32_exact, resolve_device, resolve_precision
from ugatit.errors import WeightsError
from ugatit.models.base import TranslationModel


def load_model(
    source: str | Path,
    device: str = "auto",
    precision: str = "fp32",
    *,
    domains: tuple[str, ...] | None = None,
    image_size: int | None = None,
    revision: str | None = None,
) -> TranslationModel:
    """Load a model in eval mode.

    source: a bundled name, weights folder, run folder, Hub "owner/name", published checkpoint, or a folder of them.
    device: auto, cpu, cuda, cuda:1, mps.
    precision: fp32, bf16 (convolutions in 16 bits, weights and results in 32), or auto.
    domains, image_size: used for published checkpoints only. These store no domain names, by default A and B, and light
    U-GAT-IT ones no size.
    revision: branch, tag or commit, used for a Hub id only.
    Raises WeightsError for weights that are missing, damaged, unknown or unsafe, ConfigError for an unavailable device.
    """
    resolved_device = resolve_device(device)
    model = _load_on_cpu(source, domains, image_size, revision)
    model.to(resolved_device)
    if resolve_precision(precision, resolved_device) == "bf16":
        for network in (*model.generator_modules().values(), *model.critic_modules().values()):
            network.forward = torch.autocast(resolved_device.type, torch.bfloat16)(network.forward)
    elif resolved_device.type == "cuda":
        keep_float32_exact()
    return model


def _load_on_cpu(
    source: str | Path, domains: tuple[str, ...] | None, image_size: int | None, revision: str | None
) -> TranslationModel:
    path = locate_weights(source, revision)
    while path.is_dir():
        try:
            return load_weights(path)
        except WeightsError:
            # A training run may have deleted this checkpoint during the read. Then there is a newer one.
            newest = locate_weights(source, revision)
            if newest == path:
                raise
            path = newest
    return read_published(path, domains, image_size)

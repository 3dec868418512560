"""Compare the time of a translation with all maps to the bare networks and to the published networks in float32.

    python -m benchmarks.translate                       light, 256 px, width 64
    python -m benchmarks.translate --full --device cuda

Ours covers everything from a PIL picture of twice the model's size to a `Translation`; the others run only the
generator and the two critics of the target domain on a prepared tensor. Our two tasks share a process and the published
networks have another; all tasks alternate.
"""

import argparse
import functools
import sys

import numpy as np
import torch
from PIL import Image

from benchmarks.common import (
    Measurement,
    Task,
    Tasks,
    add_network_options,
    machine,
    measure_alternating,
    network_config,
    table,
)
from benchmarks.floor import Rates, measured_rates
from benchmarks.published_networks import published_networks
from ugatit import Translator
from ugatit.devices import resolve_device, resolve_precision
from ugatit.models.base import TranslationModel
from ugatit.models.ugatit import UGATIT, UGATITConfig

OURS, BARE, PUBLISHED = "translation and maps", "bare networks", "published networks, fp32"


def random_model(config: UGATITConfig) -> UGATIT:
    """Build a model with random weights, always the same, in eval mode."""
    torch.manual_seed(0)
    model = UGATIT(config)
    model.init_weights()
    return model.eval()


def prepare_ours(config: UGATITConfig, device: torch.device, precision: str) -> Tasks:
    """Prepare the translator on a picture of twice the model's size, and the forward passes of the same networks."""
    translator = Translator(random_model(config), device, precision)
    side = 2 * config.image_size
    pixels = np.random.default_rng(0).integers(0, 256, (side, side, 3), dtype=np.uint8)
    translate = functools.partial(translator, Image.fromarray(pixels), to="B")
    return {OURS: translate, BARE: bare_networks(translator.model, config, device, precision)}


def bare_networks(model: TranslationModel, config: UGATITConfig, device: torch.device, precision: str) -> Task:
    """Return the forward passes of a generator and its two critics, without pre- and postprocessing."""
    bf16 = precision == "bf16"
    layout = torch.channels_last if bf16 else torch.contiguous_format
    picture = torch.rand(1, 3, config.image_size, config.image_size, device=device) * 2 - 1
    picture = picture.contiguous(memory_format=layout)

    def forward() -> None:
        with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=bf16):
            image = model.translate(picture, to="B").image
            for critic in model.critics("B").values():
                critic(image)

    return forward


def prepare_published(config: UGATITConfig, device: torch.device, precision: str) -> Tasks:
    """Prepare the forward passes of the published networks in float32; `precision` is ignored."""
    torch.manual_seed(0)
    networks = published_networks(config).to(device).eval()
    picture = torch.rand(1, 3, config.image_size, config.image_size, device=device) * 2 - 1

    def forward() -> None:
        with torch.no_grad():
            image = networks["genA2B"](picture).image
            networks["disLB"](image)
            networks["disGB"](image)

    return {PUBLISHED: forward}


def report(measurements: dict[str, Measurement], rates: Rates) -> str:
    """Format the measurements, their ratios and the lower bound."""
    rows = [["", "fastest", "median", "peak memory"]]
    for name, measurement in measurements.items():
        times = [f"{1000 * seconds:.1f} ms" for seconds in (measurement.fastest, measurement.median)]
        rows.append([name, *times, f"{measurement.memory / 2**30:.2f} GiB"])
    ours, bare = measurements[OURS], measurements[BARE]
    longer, longer_median = bare.speedup_over(ours)
    faster, faster_median = ours.speedup_over(measurements[PUBLISHED])
    floor = rates.floor(bare.operations)
    lines = [
        table(rows),
        f"{OURS} / {BARE}: {longer:.2f}, median of the rounds {longer_median:.2f}",
        f"{PUBLISHED} / {OURS}: {faster:.2f}, median of the rounds {faster_median:.2f}",
        f"{OURS} / floor of the networks: {ours.fastest / floor:.2f}",
        f"floor: {rates.explain(bare.operations)}",
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add_network_options(parser, repeats=9)
    options = parser.parse_args()
    device = resolve_device(options.device)
    precision = resolve_precision("auto", device)
    config = network_config(options)
    kind = "light" if config.light else "full"
    print(f"Translation, U-GAT-IT {kind}, {config.image_size} px, width {config.ngf}")
    print(f"{machine(device)}; ours in {precision}, {options.repeats} rounds\n")
    rates = measured_rates(device, precision == "bf16")
    measurements = measure_alternating(
        [functools.partial(prepare, config, device, precision) for prepare in (prepare_ours, prepare_published)],
        device,
        options.repeats,
    )
    print(report(measurements, rates))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Check outputs and loss terms against stored ones of the published code, before anything is measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.published_step import CRITICS, PublishedOrder, total
from ugatit.checkpoints.loading import load_model
from ugatit.devices import keep_float32_exact
from ugatit.models.ugatit import UGATIT
from ugatit.networks.outputs import DiscriminatorOutput, GeneratorOutput

FOLDER = Path("tests/golden")
EXACT, ROUNDED = 1e-4, 5e-2
"""Relative tolerances of float32 results and of the losses of bf16 networks."""
GENERATORS = {"B": "genA2B", "A": "genB2A"}
"""The generator that translates to each domain, as named in the stored arrays."""


@dataclass(frozen=True)
class Agreement:
    """The largest difference of one implementation from the stored arrays.

    worst: the error of the worst array, relative to its largest magnitude. where: the name of that array.
    """

    what: str
    arrays: int
    worst: float
    where: str
    tolerance: float

    @property
    def holds(self) -> bool:
        return self.worst <= self.tolerance

    def __str__(self) -> str:
        verdict = "agrees" if self.holds else f"DISAGREES, more than {self.tolerance:g}"
        return f"{self.what}: {self.arrays} arrays, worst {self.worst:.1e} ({self.where}): {verdict}"


def check(folder: Path, device: torch.device, bf16: bool) -> list[Agreement]:
    """Compare both implementations in eval mode with the stored light model: all arrays in fp32, our losses in bf16.

    Raises FileNotFoundError with the path of a missing stored file.
    """
    checkpoint, arrays = folder / "ugatit_light_params_latest.pt", folder / "ugatit_light.npz"
    for path in (checkpoint, arrays):
        if not path.is_file():
            raise FileNotFoundError(path)
    keep_float32_exact()
    stored = dict(np.load(arrays))
    batch = {domain: torch.from_numpy(stored[f"real_{domain}"]).to(device) for domain in "AB"}
    model = load_model(checkpoint, device=str(device), precision="fp32", image_size=batch["A"].shape[-1])
    assert isinstance(model, UGATIT)
    published = PublishedOrder(model.config, device)
    published.networks.eval()
    for name, state in torch.load(checkpoint, weights_only=True).items():
        published.networks[name].load_state_dict(state)
    with torch.no_grad():
        results = [
            compare("published order", published_arrays(published, batch), stored, EXACT),
            compare("ours", our_arrays(model, batch), stored, EXACT),
        ]
        if bf16:
            with torch.autocast(device.type, torch.bfloat16):
                results.append(compare("ours in bf16, losses", our_losses(model, batch), stored, ROUNDED))
    return results


def compare(
    what: str, arrays: Mapping[str, Tensor], stored: Mapping[str, NDArray[np.float32]], tolerance: float
) -> Agreement:
    """Compare arrays with the stored ones of the same names."""
    errors = {}
    for name, array in arrays.items():
        reference = stored[name]
        largest = max(float(np.abs(reference).max()), 1e-12)
        errors[name] = float(np.abs(array.float().cpu().numpy() - reference).max()) / largest
    where = max(errors, key=errors.__getitem__)
    return Agreement(what, len(errors), errors[where], where, tolerance)


def published_arrays(order: PublishedOrder, batch: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Compute all arrays with the published networks and order of operations."""
    arrays: dict[str, Tensor] = {}
    fakes = {}
    for domain, name in GENERATORS.items():
        for source, picture in batch.items():
            output = order.generate(name, picture)
            arrays |= named(f"{name}(real_{source})", output)
            if source != domain:
                fakes[domain] = output.image
    for domain in "AB":
        other = "B" if domain == "A" else "A"
        arrays[f"reconstruction_{domain}"] = order.generate(GENERATORS[domain], fakes[other]).image
        for name in CRITICS.values():
            arrays |= named(f"{name}{domain}(real)", order.judge(name + domain, batch[domain]))
            arrays |= named(f"{name}{domain}(fake)", order.judge(name + domain, fakes[domain]))
    return arrays | losses(order.critic_terms(batch), order.generator_terms(batch))


def our_arrays(model: UGATIT, batch: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Compute all arrays with our model."""
    arrays: dict[str, Tensor] = {}
    fakes = {}
    for domain, name in GENERATORS.items():
        for source, picture in batch.items():
            output = model.translate(picture, to=domain)
            arrays |= named(f"{name}(real_{source})", output)
            if source != domain:
                fakes[domain] = output.image
    for domain in "AB":
        arrays[f"reconstruction_{domain}"] = model.translate(fakes["B" if domain == "A" else "A"], to=domain).image
        for kind, critic in model.critics(domain).items():
            arrays |= named(f"{CRITICS[kind]}{domain}(real)", critic(batch[domain]))
            arrays |= named(f"{CRITICS[kind]}{domain}(fake)", critic(fakes[domain]))
    return arrays | our_losses(model, batch)


def our_losses(model: UGATIT, batch: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Compute the loss terms with our model."""
    step = model.forward_step(batch)
    return losses(model.discriminator_terms(step), model.generator_terms(step))


def named(prefix: str, output: GeneratorOutput | DiscriminatorOutput) -> dict[str, Tensor]:
    """Return a network's outputs under the names of the stored arrays."""
    own = ("image", output.image) if isinstance(output, GeneratorOutput) else ("patch_logits", output.patch_logits)
    parts = dict([own, ("cam_logits", output.cam_logits), ("heatmap", output.attention_map)])
    return {f"{prefix}.{part}": tensor for part, tensor in parts.items() if tensor is not None}


def losses(critic_terms: Mapping[str, Tensor], generator_terms: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the terms and totals of both steps under the names of the stored arrays."""
    arrays = {"loss.D.total": total(critic_terms), "loss.G.total": total(generator_terms)}
    for step, terms in (("D", critic_terms), ("G", generator_terms)):
        for name, term in terms.items():
            kind, *rest = name.split(".")
            if kind.startswith("adversarial"):
                # The critics' CAM term is stored as "cam", that of the generators as "adversarial_cam".
                stored_kind = "cam" if (step, kind) == ("D", "adversarial_cam") else kind
                arrays[f"loss.{step}.{stored_kind}.{CRITICS[rest[0]]}{rest[1]}"] = term
            else:
                arrays[f"loss.{step}.{name}"] = term
    return arrays

"""Networks whose features sets of pictures are compared by: Inception, a classifier of our own, or any other."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ugatit.errors import ConfigError
from ugatit.evaluation.domain_classifier import DomainClassifier
from ugatit.text import one_line

OWN = "own"
BATCH_SIZE = 32


@dataclass(frozen=True)
class Features:
    """What a network says of pictures. values: (N, D), float32. logits: of its classes, (N, C)."""

    values: Tensor
    logits: Tensor


@dataclass(frozen=True)
class FeatureNetwork:
    """A network that describes pictures.

    name: as chosen. description: in words, for people. comparable: whether published scores are of this network.
    describe: pictures, uint8 (B, 3, H, W), to the features of each.
    """

    name: str
    description: str
    comparable: bool
    describe: Callable[[Tensor], Features]

    def of(self, pictures: Tensor) -> Features:
        """Return the features of pictures, (N, 3, S, S) in [-1, 1], as they would be saved: in 256 levels."""
        with torch.inference_mode():
            batches = [self.describe(to_levels(batch)) for batch in pictures.split(BATCH_SIZE)]
        return Features(torch.cat([each.values for each in batches]), torch.cat([each.logits for each in batches]))

    def label(self) -> dict[str, str | bool]:
        """Return what must stand beside every score by this network."""
        return {"features": self.name, "comparable_with_published": self.comparable}


def to_levels(pictures: Tensor) -> Tensor:
    """Return pictures in [-1, 1] as uint8."""
    return pictures.detach().float().clamp(-1, 1).add(1).mul(127.5).round().to(torch.uint8)


def own_features(classifier: DomainClassifier, trained_on: str, real: Tensor) -> FeatureNetwork:
    """Return the features and classes of a classifier of two domains.

    trained_on: its training pictures, in words. real: real pictures, (N, 3, S, S) in [-1, 1]; the features are divided
    by their root mean square over these, since the kernel of KID is made for features around 1.
    """
    unit = classifier.features(real).square().mean().sqrt().clamp(min=1e-12)

    def describe(levels: Tensor) -> Features:
        pictures = levels.float().div(127.5).sub(1)
        return Features(classifier.features(pictures) / unit, classifier.logits(pictures))

    training = f"{classifier.trained_on:,} {trained_on}"
    description = f"the last layer but one, at a mean square of 1, of a classifier trained on {training}"
    return FeatureNetwork(OWN, description, False, describe)


def named_features(name: str, device: torch.device) -> FeatureNetwork:
    """Return the features of a network by its name, `module:Class`: an nn.Module without arguments.

    It takes pictures as uint8, (B, 3, H, W), and gives (B, D), which count as class logits too, as in torchmetrics.
    Raises ConfigError if there is none or it does something else.
    """
    network = _build(name).to(device).eval()

    def describe(levels: Tensor) -> Features:
        try:
            values = network(levels.to(device))
        except Exception as error:  # whatever a network of someone else raises
            raise ConfigError(
                f"--features {name} failed on pictures of {levels.shape[3]} px, uint8 (B, 3, H, W): "
                f"{type(error).__name__}: {one_line(error)}."
            ) from error
        if not isinstance(values, Tensor) or values.ndim != 2 or len(values) != len(levels):
            got = tuple(values.shape) if isinstance(values, Tensor) else type(values).__name__
            raise ConfigError(f"--features {name} must give (B, D) for {len(levels)} pictures, but gave {got}.")
        values = values.float().cpu()
        return Features(values, values)

    return FeatureNetwork(name, f"the network {name}", False, describe)


def _build(name: str) -> nn.Module:
    module_name, colon, class_name = name.partition(":")
    if not (module_name and colon and class_name):
        raise ConfigError(
            f"--features {name!r} is neither {OWN} nor module:Class, such as my_networks:Encoder (or leave it out for "
            "Inception)."
        )
    try:
        found = getattr(importlib.import_module(module_name), class_name, None)
    except Exception as error:  # whatever a module of someone else raises
        raise ConfigError(
            f"--features {name}: {module_name} cannot be imported ({type(error).__name__}: {one_line(error)}); it must "
            "lie on Python's path, such as in the folder you are in, with PYTHONPATH=."
        ) from error
    if not (isinstance(found, type) and issubclass(found, nn.Module)):
        raise ConfigError(f"--features {name}: {module_name} has no class {class_name} that is a torch.nn.Module.")
    try:
        return found()
    except Exception as error:  # whatever a network of someone else raises
        raise ConfigError(
            f"--features {name}: {class_name}() failed, it must need no arguments: {type(error).__name__}: "
            f"{one_line(error)}."
        ) from error

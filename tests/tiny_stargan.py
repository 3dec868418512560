"""Tiny StarGAN models with random weights."""

import torch

from ugatit.models.stargan import StarGAN
from ugatit.models.stargan_config import StarGANConfig

SIZE = 16
HAIR = ("black hair", "red hair")
ATTRIBUTES = ("glasses", *HAIR)


def tiny_model(**changes: object) -> StarGAN:
    """Return a model of three exclusive domains for 16 px."""
    torch.manual_seed(0)
    values = {"domains": ("cat", "dog", "fox"), "image_size": SIZE, "ngf": 2, "ndf": 2, "blocks": 1, "layers": 2}
    model = StarGAN(StarGANConfig(**{**values, "n_critic": 2, **changes}))
    model.init_weights()
    return model


def attribute_model(**changes: object) -> StarGAN:
    """Return a model of three attributes, of which a picture has at most one of the hair colours."""
    return tiny_model(domains=ATTRIBUTES, binary=ATTRIBUTES, choice=(HAIR,), **changes)

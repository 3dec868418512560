"""A translation with known maps, built without a network."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from ugatit.inference.translation import AttentionMap, Translation
from ugatit.networks.geometry import Grid

SIZE = 64


def attention(values: np.ndarray, grid: Grid, over: str, domain: str, patches: bool = True) -> AttentionMap:
    scores = np.full((2, 2), 0.25, np.float32) if patches else None
    return AttentionMap(values.astype(np.float32), (0.5, 1.5), scores, grid, grid, over, domain)


@pytest.fixture
def translation() -> Translation:
    """A red input, a blue translation of it, and three maps of different sizes and scales."""
    ramp = np.linspace(0, 1, 16 * 16).reshape(16, 16)
    critic = Grid().conv(4, 2, 1).conv(4, 2, 1).conv(4, 1, 1)
    return Translation(
        source=Image.new("RGB", (SIZE, SIZE), (200, 30, 30)),
        image=Image.new("RGB", (SIZE, SIZE), (30, 30, 200)),
        origin="flat",
        to="clay",
        attention={
            "generator": attention(ramp, Grid(0, 4, 77), "input", "flat", patches=False),
            "local": attention(10 * ramp[:15, :15], critic, "translation", "clay"),
            "global": attention(np.eye(3), Grid(15.5, 16, 190), "translation", "clay"),
        },
        milliseconds=12.3,
        device="cpu",
        precision="fp32",
    )


@pytest.fixture
def scored(translation: Translation) -> Translation:
    """A translation of unknown origin by a model with one critic, `patch`, and no attention."""
    scores = np.linspace(-1, 1, 16 * 16).reshape(16, 16).astype(np.float32)
    grid = Grid().conv(4, 2, 1).conv(4, 2, 1)
    patch = AttentionMap(None, None, scores, grid, grid, "translation", "clay")
    return replace(translation, origin=None, attention={"patch": patch})

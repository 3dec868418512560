"""Positions and receptive fields of map cells: computed from the config, measured by gradient."""

import pytest
import torch
from torch import Tensor

from tests.tiny import tiny_model
from ugatit.networks import blocks
from ugatit.networks.geometry import Grid
from ugatit.networks.ugatit import Discriminator, Generator


def receptive_field(values: Tensor, photo: Tensor, cell: int) -> tuple[int, int]:
    """The first and last column of the picture that a cell of the map's middle row depends on."""
    row = values.shape[2] // 2
    (gradient,) = torch.autograd.grad(values[:, :, row, cell].sum(), photo, retain_graph=True)
    columns = gradient.abs().sum(dim=(0, 1, 2)).nonzero().flatten()
    return int(columns[0]), int(columns[-1])


def check_fields(values: Tensor, photo: Tensor, grid: Grid) -> None:
    """Compare every cell whose field does not reach the padding with the grid."""
    inner = 0
    for cell, center in enumerate(grid.centers(values.shape[3])):
        first, last = center - (grid.field - 1) / 2, center + (grid.field - 1) / 2
        if first >= 0 and last <= photo.shape[3] - 1:
            assert receptive_field(values, photo, cell) == (first, last)
            inner += 1
    assert inner > 0


def make_positive(network: torch.nn.Module) -> None:
    """Set weights without zeros, signs or dead activations, so that a gradient vanishes only outside the field."""
    for parameter in network.parameters():
        torch.nn.init.uniform_(parameter, 0.5, 1.0)


@pytest.mark.parametrize(("layers", "side"), [(3, 48), (4, 64), (5, 96), (6, 160)])
def test_critics_cells_see_what_the_config_says(layers: int, side: int) -> None:
    torch.manual_seed(0)
    critic = Discriminator(1, layers).eval()
    make_positive(critic)
    photo = torch.rand(1, 3, side, side, requires_grad=True)
    # The CAM logits see the whole picture, the features only their own field.
    output = critic(photo)
    check_fields(output.attention_map, photo, critic.attention_grid())
    check_fields(output.patch_logits, photo, critic.patch_grid())


@pytest.mark.parametrize("count", [0, 1, 2])
def test_generators_cells_see_what_the_config_says(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # Instance norm sees the whole picture; without it the receptive field is that of the convolutions.
    monkeypatch.setattr(blocks, "instance_norm", lambda features, relu=False: features)
    torch.manual_seed(0)
    generator = Generator(96, 1, count, light=True)
    make_positive(generator)
    photo = torch.rand(1, 3, 64, 96, requires_grad=True)
    check_fields(generator(photo).attention_map, photo, generator.attention_grid())


@pytest.mark.parametrize(
    ("layers", "cells", "grid", "patches", "patch_field"),
    [(7, 7, Grid(31.5, 32, 190), 6, 286), (5, 31, Grid(7.5, 8, 46), 30, 70)],
    ids=["global", "local"],
)
def test_critics_maps_and_patches_at_256_px(
    layers: int, cells: int, grid: Grid, patches: int, patch_field: int
) -> None:
    critic = Discriminator(1, layers).eval()
    assert critic.attention_grid() == grid
    assert critic.patch_grid().field == patch_field
    output = critic(torch.zeros(1, 3, 256, 256))
    assert output.attention_map.shape == (1, 1, cells, cells)
    assert output.patch_logits.shape == (1, 1, patches, patches)


def test_generators_map_at_256_px_has_a_cell_every_four_pixels() -> None:
    generator = Generator(256, 1, 0, light=True)
    assert generator.attention_grid().centers(3) == [0, 4, 8]
    assert generator(torch.zeros(1, 3, 256, 256)).attention_map.shape == (1, 1, 64, 64)


@pytest.mark.parametrize("to", ["disc", "square"])
def test_model_gives_a_grid_for_each_of_its_maps(to: str) -> None:
    model = tiny_model(image_size=64)
    grids, critics = model.attention_grids(to), model.critics(to)
    assert list(grids) == ["generator", "local", "global"]
    assert grids["local"] == critics["local"].attention_grid()
    assert grids["global"] == critics["global"].attention_grid()
    assert grids["global"].field > grids["local"].field


def test_shifted_grid_follows_the_crop() -> None:
    shifted = Grid(7.5, 8, 46).shifted(10)
    assert shifted.centers(2) == [-2.5, 5.5]
    assert shifted.field == 46


def test_scaled_grid_keeps_pixel_edges() -> None:
    # The first of two pixels becomes the first two of four: its centre moves from 0 to 0.5.
    assert Grid(0, 1, 1).scaled(2) == Grid(0.5, 2, 2)
    back = Grid(7.5, 8, 46).scaled(3).scaled(1 / 3)
    assert (back.start, back.stride, back.field) == pytest.approx((7.5, 8, 46))

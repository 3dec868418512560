"""Where map cells lie and what they see: computed from the config, found again by gradient."""

import pytest
import torch
from torch import Tensor

from tests.tiny import tiny_model
from ugatit.networks import blocks
from ugatit.networks.geometry import Grid
from ugatit.networks.ugatit import Discriminator, Generator


def seen_by(values: Tensor, photo: Tensor, cell: int) -> tuple[int, int]:
    """The first and last column of the picture that a cell of the map's middle row depends on."""
    row = values.shape[2] // 2
    (gradient,) = torch.autograd.grad(values[:, :, row, cell].sum(), photo, retain_graph=True)
    columns = gradient.abs().sum(dim=(0, 1, 2)).nonzero().flatten()
    return int(columns[0]), int(columns[-1])


def check(values: Tensor, photo: Tensor, grid: Grid) -> int:
    """Compare every cell that sees no reflection with the grid; returns how many there were."""
    found = 0
    for cell, center in enumerate(grid.centers(values.shape[3])):
        first, last = center - (grid.field - 1) / 2, center + (grid.field - 1) / 2
        if first >= 0 and last <= photo.shape[3] - 1:
            assert seen_by(values, photo, cell) == (first, last)
            found += 1
    return found


def positive(network: torch.nn.Module) -> None:
    """Weights without zeros, signs or dead activations, so that a gradient vanishes only where nothing is seen."""
    for parameter in network.parameters():
        torch.nn.init.uniform_(parameter, 0.5, 1.0)


@pytest.mark.parametrize(("layers", "side"), [(3, 48), (4, 64), (5, 96), (6, 160)])
def test_critics_cells_see_what_the_config_says(layers: int, side: int) -> None:
    torch.manual_seed(0)
    critic = Discriminator(1, layers).eval()
    positive(critic)
    photo = torch.rand(1, 3, side, side, requires_grad=True)
    # The CAM logits see everything, the features only what is under them.
    output = critic(photo)
    assert check(output.attention_map, photo, critic.attention_grid()) > 0
    assert check(output.patch_logits, photo, critic.patch_grid()) > 0


@pytest.mark.parametrize("count", [0, 1, 2])
def test_generators_cells_see_what_the_config_says(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # Instance norm sees the whole picture; without it the receptive field is the convolutions'.
    monkeypatch.setattr(blocks, "instance_norm", lambda features, rectified=False: features)
    torch.manual_seed(0)
    generator = Generator(96, 1, count, light=True)
    positive(generator)
    photo = torch.rand(1, 3, 64, 96, requires_grad=True)
    assert check(generator(photo).attention_map, photo, generator.attention_grid()) > 0


@pytest.mark.parametrize(
    ("layers", "cells", "start", "stride", "field"),
    [(7, 7, 31.5, 32, 190), (5, 31, 7.5, 8, 46)],
    ids=["global", "local"],
)
def test_critics_attention_at_256_px(layers: int, cells: int, start: float, stride: int, field: int) -> None:
    critic = Discriminator(1, layers).eval()
    grid = critic.attention_grid()
    assert (grid.start, grid.stride, grid.field) == (start, stride, field)
    assert critic(torch.zeros(1, 3, 256, 256)).attention_map.shape == (1, 1, cells, cells)


@pytest.mark.parametrize(("layers", "cells", "field"), [(7, 6, 286), (5, 30, 70)], ids=["global", "local"])
def test_patches_judged_at_256_px(layers: int, cells: int, field: int) -> None:
    critic = Discriminator(1, layers).eval()
    assert critic.patch_grid().field == field
    assert critic(torch.zeros(1, 3, 256, 256)).patch_logits.shape == (1, 1, cells, cells)


def test_generators_map_at_256_px_has_a_cell_every_four_pixels() -> None:
    generator = Generator(256, 1, 0, light=True)
    assert generator.attention_grid().centers(3) == [0, 4, 8]
    assert generator(torch.zeros(1, 3, 256, 256)).attention_map.shape == (1, 1, 64, 64)


@pytest.mark.parametrize("to", ["disc", "square"])
def test_model_gives_a_grid_for_each_of_its_maps(to: str) -> None:
    model = tiny_model(image_size=64)
    grids = model.attention_grids(to)
    assert list(grids) == ["generator", "local", "global"]
    critics = model.critics(to)
    assert grids["local"] == critics["local"].attention_grid()
    assert grids["global"] == critics["global"].attention_grid()
    assert grids["global"].field > grids["local"].field


def test_shifted_grid_follows_the_cut() -> None:
    grid = Grid(7.5, 8, 46)
    assert grid.shifted(10).centers(2) == [-2.5, 5.5]
    assert grid.shifted(10).field == 46


def test_scaled_grid_keeps_pixel_edges() -> None:
    # The first of two pixels becomes the first two of four: its centre moves from 0 to 0.5.
    assert Grid(0, 1, 1).scaled(2) == Grid(0.5, 2, 2)
    grid = Grid(7.5, 8, 46)
    back = grid.scaled(3).scaled(1 / 3)
    assert (back.start, back.stride, back.field) == pytest.approx((7.5, 8, 46))

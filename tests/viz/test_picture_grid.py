import numpy as np
import pytest
from PIL import Image

from viz.picture_grid import grid_picture


def test_a_grid_shows_every_picture_under_its_title() -> None:
    colors = [(250, 20, 20), (20, 250, 20), (20, 20, 250)]
    rows = [[Image.new("RGB", (64, 64), color) for color in colors]] * 5
    for groups in (1, 2):
        grid = np.asarray(grid_picture(rows, ["input", "output", "a title far too long"], 32, groups))
        assert [(grid == color).all(-1).sum() for color in colors] == [5 * 32 * 32] * 3


def test_a_grid_keeps_the_aspect_of_its_pictures() -> None:
    grid = np.asarray(grid_picture([[Image.new("RGB", (100, 50), "red")]], ["wide"], side=64))
    assert (grid == [255, 0, 0]).all(-1).sum() == 64 * 32


def test_a_grid_with_a_gap_is_refused() -> None:
    with pytest.raises(ValueError, match="1 pictures for 2 titles"):
        grid_picture([[Image.new("RGB", (4, 4))]], ["a", "b"])
    with pytest.raises(ValueError, match="at least one"):
        grid_picture([], ["a"])

"""Pictures to tensors and back."""

import numpy as np
import pytest
import torch

from tests import pictures
from ugatit.errors import PictureError
from ugatit.images.tensors import to_picture, to_tensor


def test_tensor_and_back_is_the_same_picture() -> None:
    tensor = to_tensor(pictures.photo())
    assert tensor.shape == (1, 3, 40, 48)
    assert tensor.dtype == torch.float32
    assert (tensor.min(), tensor.max()) == (-1, 1)
    np.testing.assert_array_equal(np.asarray(to_picture(tensor[0])), np.asarray(pictures.photo()))


def test_tensor_beyond_the_range_is_clamped() -> None:
    extremes = torch.tensor([-9.0, 0.0, 9.0]).expand(3, 1, 3)
    assert np.asarray(to_picture(extremes))[0, :, 0].tolist() == [0, 128, 255]


def test_nan_is_not_drawn() -> None:
    with pytest.raises(PictureError, match="NaN"):
        to_picture(torch.full((3, 2, 2), torch.nan))

"""Pointing measures against masks drawn by hand."""

import numpy as np
import pytest
import torch

from ugatit.config import UGATITConfig
from ugatit.data.scenes import scene
from ugatit.images import to_tensor
from ugatit.models import UGATIT
from ugatit.networks.geometry import Grid
from ugatit.placement import place
from ugatit.pointing import maps_of, pointing, points_at


def mask_of(rows: slice, columns: slice, side: int = 8) -> np.ndarray:
    mask = np.zeros((side, side), bool)
    mask[rows, columns] = True
    return mask


def test_map_equal_to_the_mask_hits_with_full_overlap() -> None:
    mask = mask_of(slice(2, 5), slice(3, 6))

    assert points_at(mask.astype(np.float32), mask) == (True, 1.0)


def test_map_beside_the_mask_misses() -> None:
    elsewhere = mask_of(slice(6, 8), slice(0, 2)).astype(np.float32)

    hit, overlap = points_at(elsewhere, mask_of(slice(0, 2), slice(6, 8)))

    assert not hit
    assert overlap == 0.0


def test_half_covered_mask_has_overlap_of_a_third() -> None:
    mask = mask_of(slice(0, 1), slice(0, 4))
    placed = np.zeros((8, 8), np.float32)
    placed[0, 2:6] = 1.0  # two of four pixels shared: 2 / (4 + 4 - 2)

    assert points_at(placed, mask)[1] == pytest.approx(1 / 3)


def test_flat_map_points_nowhere() -> None:
    assert points_at(np.full((8, 8), 3.0, np.float32), mask_of(slice(0, 4), slice(0, 4))) == (False, 0.0)


def test_mean_of_the_gap_evidence_is_the_gap_logit() -> None:
    torch.manual_seed(0)
    model = UGATIT(UGATITConfig(image_size=32, ngf=4, ndf=4, blocks=1)).eval()
    pictures = torch.cat([to_tensor(scene("disc", seed, 32)[0]) for seed in range(3)])
    with torch.inference_mode():
        maps = maps_of(model, pictures, "B")
        output = model.translate(pictures, "B")
        judged = model.critics("B")["global"](output.image)

    for name, logits in (("generator", output.cam_logits), ("global", judged.cam_logits)):
        evidence, _ = maps[f"{name} gap evidence"]
        assert logits is not None
        np.testing.assert_allclose(evidence.mean(axis=(1, 2)), logits[:, 0].numpy(), rtol=1e-4, atol=1e-6)


def test_every_map_of_every_network_is_scored() -> None:
    torch.manual_seed(0)
    model = UGATIT(UGATITConfig(domains=("disc", "square"), image_size=32, ngf=4, ndf=4, blocks=1)).eval()

    scores = pointing(model, "disc", "square", range(3), batch_size=2)

    assert set(scores) == {
        f"{network}{kind}"
        for network in ("generator", "local", "global")
        for kind in ("", " gap evidence", " gmp evidence")
    }
    assert all(0 <= score.hits <= 1 and 0 <= score.iou <= 1 for score in scores.values())


def test_ramp_between_true_centres_is_laid_down_exactly() -> None:
    grid = Grid(start=1.5, stride=4.0)

    placed = place(np.array([[0.0, 4.0]], np.float32), Grid(0.0, 1.0), grid, (1, 8))

    np.testing.assert_allclose(placed[0], [0, 0, 0.5, 1.5, 2.5, 3.5, 4, 4], atol=1e-6)

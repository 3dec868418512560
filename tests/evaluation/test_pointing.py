"""Pointing measures against masks made by hand."""

import numpy as np
import pytest
import torch

from tests.tiny import SIZE, tiny_model
from tests.toy import Toy, ToyConfig
from ugatit.data.scenes import scene
from ugatit.errors import ConfigError, TranslationError
from ugatit.evaluation.pointing import (
    attention_and_evidence,
    measure_pointing,
    measure_pointing_both_directions,
    pointing_score,
    scene_kinds,
)
from ugatit.explain.explainer import Explainer
from ugatit.images.placement import place_map
from ugatit.images.tensors import to_tensor
from ugatit.models import UGATIT
from ugatit.models.manifest import Manifest
from ugatit.networks.geometry import Grid


def trained_on(model: UGATIT, first: str, second: str) -> UGATIT:
    """The model with a manifest that names its training data."""
    model.manifest = Manifest(model.name, model.config.to_dict(), {"sources": (first, second)})
    return model.eval()


def mask_of(rows: slice, columns: slice, side: int = 8) -> np.ndarray:
    mask = np.zeros((side, side), bool)
    mask[rows, columns] = True
    return mask


def test_map_equal_to_the_mask_hits_with_full_overlap() -> None:
    mask = mask_of(slice(2, 5), slice(3, 6))

    assert pointing_score(mask.astype(np.float32), mask) == (True, 1.0)


def test_map_beside_the_mask_misses() -> None:
    elsewhere = mask_of(slice(6, 8), slice(0, 2)).astype(np.float32)

    hit, overlap = pointing_score(elsewhere, mask_of(slice(0, 2), slice(6, 8)))

    assert not hit
    assert overlap == 0.0


def test_half_covered_mask_has_overlap_of_a_third() -> None:
    mask = mask_of(slice(0, 1), slice(0, 4))
    placed = np.zeros((8, 8), np.float32)
    placed[0, 2:6] = 1.0  # two of four pixels shared: 2 / (4 + 4 - 2)

    assert pointing_score(placed, mask)[1] == pytest.approx(1 / 3)


def test_flat_map_points_nowhere() -> None:
    assert pointing_score(np.full((8, 8), 3.0, np.float32), mask_of(slice(0, 4), slice(0, 4))) == (False, 0.0)


def test_maps_are_those_of_the_networks_and_the_mean_gap_evidence_is_the_gap_logit() -> None:
    model = tiny_model().eval()
    pictures = torch.cat([to_tensor(scene("disc", seed, SIZE)[0]) for seed in range(3)])
    maps = attention_and_evidence(Explainer(model, "square"), pictures)
    with torch.inference_mode():
        output = model.translate(pictures, "square")
        judged = {name: critic(output.image) for name, critic in model.critics("square").items()}

    for name, expected in {"generator": output, **judged}.items():
        attention, evidence = maps[name][name], maps[name][f"{name} gap evidence"]
        np.testing.assert_allclose(attention, expected.attention_map[:, 0].numpy(), rtol=1e-4, atol=1e-6)
        logits = expected.cam_logits[:, 0].numpy()
        np.testing.assert_allclose(evidence.mean(axis=(1, 2)), logits, rtol=1e-4, atol=1e-6)


def test_every_map_of_every_network_is_scored() -> None:
    scores = measure_pointing(tiny_model().eval(), "disc", "square", range(3))

    assert set(scores) == {
        f"{network}{kind}"
        for network in ("generator", "local", "global")
        for kind in ("", " gap evidence", " gmp evidence")
    }
    assert all(0 <= score.hits <= 1 and 0 <= score.iou <= 1 for score in scores.values())


def test_each_direction_is_measured_on_the_scenes_its_source_domain_was_trained_on() -> None:
    model = trained_on(tiny_model(domains=("rings", "boxes")), "scenes:disc", "scenes:square")

    scores = measure_pointing_both_directions(model, range(1000, 1003))

    assert scene_kinds(model) == {"rings": "disc", "boxes": "square"}
    assert set(scores) == {"rings to boxes", "boxes to rings"}
    assert scores["rings to boxes"] == measure_pointing(model, "disc", "boxes", range(1000, 1003))


@pytest.mark.parametrize("sources", [("cats", "dogs"), ("scenes:disc", "dogs"), ("", "")])
def test_model_of_other_pictures_is_refused(sources: tuple[str, str]) -> None:
    with pytest.raises(TranslationError, match="not trained on drawn scenes"):
        measure_pointing_both_directions(trained_on(tiny_model(), *sources), range(1000, 1001))


@pytest.mark.parametrize("seeds", [range(0), range(-2, 3), range(999_990, 1_000_001)])
def test_scenes_that_training_may_have_used_are_refused(seeds: range) -> None:
    with pytest.raises(ConfigError, match="Unseen"):
        measure_pointing_both_directions(trained_on(tiny_model(), "scenes:disc", "scenes:square"), seeds)


def test_a_ramp_between_cell_centres_is_placed_exactly() -> None:
    grid = Grid(start=1.5, stride=4.0)

    placed = place_map(np.array([[0.0, 4.0]], np.float32), Grid(0.0, 1.0), grid, (1, 8))

    np.testing.assert_allclose(placed[0], [0, 0, 0.5, 1.5, 2.5, 3.5, 4, 4], atol=1e-6)


def test_scenes_are_known_for_any_number_of_domains_but_pointing_needs_attention() -> None:
    model = Toy(ToyConfig(image_size=32)).eval()
    model.manifest = Manifest(
        "toy", model.config.to_dict(), {"sources": ("scenes:disc", "scenes:square", "scenes:disc")}
    )
    assert scene_kinds(model) == {"A": "disc", "B": "square", "C": "disc"}
    with pytest.raises(TranslationError, match="no CAM attention"):
        measure_pointing_both_directions(model, range(1000, 1001))

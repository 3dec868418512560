"""Whether attention lies on what an edit of a drawn face changes: by each map, against the exact mask."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from ugatit.errors import TranslationError
from ugatit.evaluation.face_pairs import face_sets, is_edit
from ugatit.evaluation.pictures import face_pictures, face_seeds
from ugatit.evaluation.pointing import attention_and_evidence, pointing_score
from ugatit.explain.explainer import Explainer
from ugatit.images.placement import place_map
from ugatit.models.base import TranslationModel
from ugatit.networks.geometry import Grid

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]
BATCH_SIZE = 20


@dataclass(frozen=True)
class EditPointing:
    """Pointing measures of one map, over a set of faces.

    hits: the share of faces where the map's greatest cell or one of its neighbours holds a changed pixel.
    iou: the mean intersection over union of the changed pixels and as many of the map's highest pixels.
    density: the mean share of the map's positive values on the changed pixels, over their share of the area.
    """

    hits: float
    iou: float
    density: float


def cells_with(mask: Mask, grid: Grid, shape: tuple[int, int]) -> Mask:
    """Return which cells of a map hold a pixel of a mask: each pixel belongs to the cell whose centre is nearest.

    mask: (H, W). grid: the cells' centres along both axes. shape: (h, w) of the map.
    """
    rows, columns = (
        np.rint((np.arange(pixels) - grid.start) / grid.stride).clip(0, cells - 1).astype(int)
        for pixels, cells in zip(mask.shape, shape, strict=True)
    )
    cells = np.zeros(shape, bool)
    y, x = np.nonzero(mask)
    cells[rows[y], columns[x]] = True
    return cells


def edit_pointing_score(values: Array, grid: Grid, mask: Mask) -> tuple[bool, float, float]:
    """Return hit, IoU and density of one raw map, (h, w), against the changed pixels, (H, W)."""
    row, column = divmod(int(values.argmax()), values.shape[1])
    cells = cells_with(mask, grid, (values.shape[0], values.shape[1]))
    near = cells[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2].any()
    placed = place_map(values, grid, grid, (mask.shape[0], mask.shape[1]))
    iou = pointing_score(placed, mask)[1]
    positive = placed.clip(min=0)
    total = float(positive.sum())
    density = float(positive[mask].sum()) / total / float(mask.mean()) if total and mask.any() else 0.0
    is_flat = bool(values.max() == values.min())
    return bool(near) and not is_flat, iou, density


def measure_edit_pointing(
    model: TranslationModel, origin: str, to: str, count: int, precision: str = "fp32"
) -> dict[str, EditPointing]:
    """Measure pointing on held-out faces, for every map of `attention_and_evidence`, by name.

    Raises TranslationError for a model without attention or whose domains do not differ by an edit of one style.
    """
    sets = face_sets(model)
    if not is_edit(sets[origin], sets[to]):
        raise TranslationError(
            f"{origin} and {to} are faces of two styles, {sets[origin].style} and {sets[to].style}: only an edit of "
            "one style has a known mask."
        )
    explainer, device, seeds = Explainer(model, to, precision), next(model.parameters()).device, face_seeds(count)
    scores: dict[str, list[tuple[bool, float, float]]] = {}
    pictures, truths = (face_pictures(sets[domain], seeds, model.image_size).images for domain in (origin, to))
    masks = (pictures != truths).any(dim=1).numpy()
    for start in range(0, count, BATCH_SIZE):
        batch = pictures[start : start + BATCH_SIZE].to(device)
        for network, maps in attention_and_evidence(explainer, batch).items():
            grid = explainer.grids[network]
            for name, values in maps.items():
                scores.setdefault(name, []).extend(
                    edit_pointing_score(attention, grid, mask)
                    for attention, mask in zip(values, masks[start : start + BATCH_SIZE], strict=True)
                )
    return {
        name: EditPointing(*(float(np.mean(column)) for column in zip(*rows, strict=True)))
        for name, rows in scores.items()
    }


def measure_edit_pointing_both_directions(
    model: TranslationModel, count: int, precision: str = "fp32"
) -> dict[str, dict[str, EditPointing]]:
    """Measure pointing by direction (`no glasses to glasses`) and then by map. Raises the errors of one direction."""
    with torch.inference_mode():
        return {
            f"{origin} to {to}": measure_edit_pointing(model, origin, to, count, precision)
            for origin, to in model.sample_targets.items()
        }

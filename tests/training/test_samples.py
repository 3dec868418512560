"""Samples of a run: raw arrays and a sheet that shows all three maps."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from tests.tiny import SIZE, pictures, tiny_model
from ugatit.training.samples import GAP, draw_samples, write_samples

COUNT = 2


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, np.ndarray]]:
    path = tmp_path_factory.mktemp("samples") / "step_0000001.png"
    held_out = {"disc": pictures(COUNT, seed=1), "square": pictures(COUNT, seed=2)}
    write_samples(path, draw_samples(tiny_model().eval(), held_out))
    with np.load(path.with_suffix(".npz")) as arrays:
        return path, dict(arrays)


def test_sheet_has_a_row_a_picture_and_a_column_each_for_pictures_and_maps(
    written: tuple[Path, dict[str, np.ndarray]],
) -> None:
    with Image.open(written[0]) as sheet:
        assert sheet.size == (6 * (SIZE + GAP), 2 * COUNT * (SIZE + GAP))


def test_arrays_are_those_of_the_networks(written: tuple[Path, dict[str, np.ndarray]]) -> None:
    arrays, model = written[1], tiny_model().eval()
    names = ("translation", "back", "generator", "local", "global")
    assert set(arrays) == {f"{domain}.{name}" for domain in ("disc", "square") for name in names}
    with torch.inference_mode():
        there = model.translate(pictures(COUNT, seed=1), "square")
        back = model.translate(there.image, "disc").image
        maps = {name: critic(there.image).attention_map for name, critic in model.critics("square").items()}
    maps["generator"] = there.attention_map
    for name, values in maps.items():
        np.testing.assert_allclose(arrays[f"disc.{name}"], values[:, 0], rtol=1e-4, atol=1e-4)
    for name, image in (("translation", there.image), ("back", back)):
        pixels = ((image + 1) * 127.5).permute(0, 2, 3, 1)
        np.testing.assert_allclose(arrays[f"disc.{name}"], pixels, atol=0.51)


def test_maps_in_the_sheet_run_from_black_to_white(written: tuple[Path, dict[str, np.ndarray]]) -> None:
    with Image.open(written[0]) as sheet:
        pixels = np.asarray(sheet)
    for column in (3, 4, 5):
        cell = pixels[:SIZE, column * (SIZE + GAP) : column * (SIZE + GAP) + SIZE]
        assert (cell.min(), cell.max()) == (0, 255)


def test_flat_map_becomes_black(tmp_path: Path) -> None:
    model = tiny_model().eval()
    for generator in (model.generator_ab, model.generator_ba):
        torch.nn.init.zeros_(generator.attention.fuse.weight)
    write_samples(tmp_path / "flat.png", draw_samples(model, {"disc": pictures(1)}))
    with Image.open(tmp_path / "flat.png") as sheet:
        cell = np.asarray(sheet)[:SIZE, 3 * (SIZE + GAP) : 3 * (SIZE + GAP) + SIZE]
    assert not cell.any()

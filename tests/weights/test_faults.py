"""The sheet of failure cases: pictures unlike the training data and their translations."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from tests.live import save_tiny
from tests.toy import Toy, ToyConfig
from ugatit.inference.translator import Translator, load_translator
from weights import faults


def objects_on_white(folder: Path) -> Path:
    folder.mkdir()
    for level in (200, 40, 120, 80):
        picture = Image.new("RGB", (64, 64), "white")
        picture.paste((level, level, level), (16, 16, 48, 48))
        picture.save(folder / f"{level:03d}.png")
    speck = Image.new("RGB", (64, 64), "white")
    speck.paste((0, 0, 0), (0, 0, 4, 4))
    speck.save(folder / "speck.png")
    return folder


def test_darkest_objects_are_selected_and_specks_ignored(tmp_path: Path) -> None:
    dark = faults.darkest(objects_on_white(tmp_path / "testA"), 3)
    assert [picture.getpixel((32, 32))[0] for picture in dark] == [40, 80, 120]


def test_every_kind_has_three_different_deterministic_pictures(tmp_path: Path) -> None:
    folder = objects_on_white(tmp_path / "testA")
    first, second = faults.failure_cases(folder), faults.failure_cases(folder)
    assert list(first) == [
        "flags", "text", "thin lines", "dark subjects", "photographs", "drawings from the pad"
    ]  # fmt: skip
    pictures = [np.asarray(picture) for group in first.values() for picture in group]
    assert len({picture.tobytes() for picture in pictures}) == 18
    for picture, other in zip(pictures, (p for group in second.values() for p in group), strict=True):
        np.testing.assert_array_equal(picture, np.asarray(other))
        assert picture.std() > 1


def test_sheet_shows_each_picture_with_both_translations(tmp_path: Path) -> None:
    translator = load_translator(save_tiny(tmp_path / "tiny", 0, ("flat", "clay")), "cpu", "fp32")
    picture = Image.new("RGB", (64, 64), (10, 200, 30))

    sheet = np.asarray(faults.draw_sheet(translator, {"kind": [picture] * 3}))

    for shown in (picture, *(translator(picture, to=to).image for to in ("flat", "clay"))):
        colour = np.asarray(shown)[30, 30]
        assert (np.abs(sheet.astype(int) - colour).max(axis=2) <= 2).sum() >= 3


def test_sheet_has_a_column_for_each_target() -> None:
    picture = Image.new("RGB", (64, 64), (10, 200, 30))
    sizes = {
        count: faults.draw_sheet(
            Translator(Toy(ToyConfig(tuple("ABCD"[:count]), image_size=64)), torch.device("cpu")),
            {"kind": [picture] * 3},
        ).width
        for count in (2, 3, 4)
    }
    assert sizes[4] - sizes[3] == sizes[3] - sizes[2] > 3 * 100

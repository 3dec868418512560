"""The script that measures weights: directions, the grid of pictures and its titles."""

from typing import Any

import pytest
import torch
from PIL import Image

from tests.tiny import SIZE, pictures, tiny_model
from tests.toy import Toy, ToyConfig
from ugatit.evaluation.pictures import Pictures
from ugatit.inference.translator import Translator
from ugatit.models.base import TranslationModel
from weights import measure


def held_out(model: TranslationModel, count: int = 3) -> measure.HeldOut:
    names = tuple(map(str, range(count)))
    return {domain: Pictures(names, pictures(count, SIZE, seed), ()) for seed, domain in enumerate(model.domains)}


@pytest.mark.parametrize(
    ("model", "maps", "rows"),
    [
        (tiny_model(), ["generator", "local critic", "global critic"], 6),
        (tiny_model(attention=False), ["local critic: patch scores", "global critic: patch scores"], 6),
        (Toy(ToyConfig(image_size=SIZE)), ["critic: patch scores"], 9),
    ],
)
def test_grid_has_a_column_for_each_map_of_the_model(
    model: TranslationModel, maps: list[str], rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    grids: list[tuple[Any, ...]] = []
    monkeypatch.setattr(measure, "grid_picture", lambda *arguments: grids.append(arguments))
    measure.draw_grid(Translator(model, torch.device("cpu")), held_out(model))
    drawn, titles = grids[0]
    assert titles == ["input", "translation", "truth", *maps]
    assert [len(row) for row in drawn] == [len(titles)] * rows
    assert all(isinstance(picture, Image.Image) for row in drawn for picture in row)


def test_every_domain_is_measured_to_its_next_target_and_back() -> None:
    model = Toy(ToyConfig(image_size=SIZE)).eval()
    measures = measure.measure_both_directions(model, held_out(model), None, on_white=False)
    assert list(measures) == ["A to B", "B to C", "C to A"]
    for each in measures.values():
        assert set(each["faithful"]) == {"cycle_error_grey_levels"}
        assert "attention" not in each

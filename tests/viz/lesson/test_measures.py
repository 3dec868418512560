"""Figures that travel with weights: read where they are there, left out where not, whatever the file holds."""

import json
from pathlib import Path

import pytest

from viz.lesson.measures import CardMeasures, read_measures

WHOLE = {
    "directions": {
        "flat to clay": {"attention": {"on_object": 1.5, "mirror_rank_correlation_placed": 0.75}},
        "clay to flat": {"attention": {"on_object": 2}},
    },
    "pointing": {"flat to clay": {"generator": {"hits": 0.97, "iou": 0.5}, "local": {"hits": 1, "iou": 0}}},
}


def written(folder: Path, text: str) -> Path:
    (folder / "measures.json").write_text(text)
    return folder


def test_each_direction_has_its_own_figures(tmp_path: Path) -> None:
    folder = written(tmp_path, json.dumps(WHOLE))
    assert read_measures(folder, "flat", "clay") == CardMeasures(
        {"generator": (0.97, 0.5), "local": (1.0, 0.0)}, 1.5, 0.75
    )
    assert read_measures(folder, "clay", "flat") == CardMeasures({}, 2.0, None)
    assert read_measures(folder, "clay", "wood") == CardMeasures()


def test_without_a_folder_or_a_file_there_are_none(tmp_path: Path) -> None:
    assert read_measures(None, "flat", "clay") == read_measures(tmp_path, "flat", "clay") == CardMeasures()


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "7", '"pointing"', "null", "[" * 100_000, '{"pointing": 3}',
        '{"pointing": {"flat to clay": []}}',
        '{"pointing": {"flat to clay": {"generator": 1}}}',
        '{"pointing": {"flat to clay": {"generator": {"hits": "97", "iou": null}}}}',
        '{"directions": {"flat to clay": {"attention": {"on_object": NaN, "mirror_rank_correlation_placed": true}}}}',
        '{"directions": {"flat to clay": {"attention": {"on_object": 1%s}}}}' % ("0" * 400),
    ],
)  # fmt: skip
def test_a_file_of_anything_else_counts_as_none(tmp_path: Path, text: str) -> None:
    assert read_measures(written(tmp_path, text), "flat", "clay") == CardMeasures()


def test_bytes_that_are_no_text_count_as_none(tmp_path: Path) -> None:
    (tmp_path / "measures.json").write_bytes(b"\xff\xfe\x00")
    assert read_measures(tmp_path, "flat", "clay") == CardMeasures()

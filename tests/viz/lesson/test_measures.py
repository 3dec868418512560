"""Measures published with weights: read if present, empty if missing or unreadable."""

import json
from pathlib import Path

import pytest

from viz.lesson.measures import CardMeasures, EditFigures, read_measures

MEASURES = {
    "directions": {
        "flat to clay": {"attention": {"on_object": 1.5, "mirror_rank_correlation_placed": 0.75}},
        "clay to flat": {"attention": {"on_object": 2}},
    },
    "pointing": {"flat to clay": {"generator": {"hits": 0.97, "iou": 0.5}, "local": {"hits": 1, "iou": 0}}},
}


def write_file(folder: Path, content: str | bytes) -> Path:
    (folder / "measures.json").write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def test_each_direction_has_its_own_measures(tmp_path: Path) -> None:
    folder = write_file(tmp_path, json.dumps(MEASURES))
    assert read_measures(folder, "flat", "clay") == CardMeasures(
        {"generator": (0.97, 0.5), "local": (1.0, 0.0)}, 1.5, 0.75
    )
    assert read_measures(folder, "clay", "flat") == CardMeasures({}, 2.0, None)
    assert read_measures(folder, "clay", "wood") == CardMeasures()


def test_figures_of_edits_are_read_where_all_are_there(tmp_path: Path) -> None:
    edit = {"better_than_copying": 0.4, "change_inside_grey_levels": 30.0, "change_outside_grey_levels": 3.5}
    measures = {"pictures": 500, "paired": {"psnr_db": 23.5, "psnr_of_copying_db": 25.0}, "edit": edit}
    torn = {**measures, "edit": {**edit, "change_outside_grey_levels": None}}
    folder = write_file(tmp_path, json.dumps({"directions": {"flat to clay": measures, "clay to flat": torn}}))
    assert read_measures(folder, "flat", "clay").edit == EditFigures(500, 23.5, 25.0, 0.4, 30.0, 3.5)
    assert read_measures(folder, "clay", "flat").edit is None


def test_without_a_folder_or_a_file_there_are_no_measures(tmp_path: Path) -> None:
    assert read_measures(None, "flat", "clay") == read_measures(tmp_path, "flat", "clay") == CardMeasures()


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00", "", "{", "[]", "7", '"pointing"', "null", "[" * 100_000, '{"pointing": 3}',
        '{"pointing": {"flat to clay": []}}',
        '{"pointing": {"flat to clay": {"generator": 1}}}',
        '{"pointing": {"flat to clay": {"generator": {"hits": "97", "iou": null}}}}',
        '{"directions": {"flat to clay": {"attention": {"on_object": NaN, "mirror_rank_correlation_placed": true}}}}',
        '{"directions": {"flat to clay": {"attention": {"on_object": 1%s}}}}' % ("0" * 400),
    ],
)  # fmt: skip
def test_an_unreadable_file_counts_as_none(tmp_path: Path, content: str | bytes) -> None:
    assert read_measures(write_file(tmp_path, content), "flat", "clay") == CardMeasures()

"""The script that trains the classifiers of faces: parts, files, measures."""

from pathlib import Path

import pytest
import torch

from ugatit.evaluation.face_reading import SIDE, face_reader
from weights import readers


def test_classifiers_are_trained_written_and_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UGATIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(readers, "BOXED", range(8))
    path = readers.train_readers("lorelei", tmp_path, range(40), epochs=1)
    assert path == tmp_path / "lorelei.safetensors"
    reader = face_reader("lorelei", tmp_path)
    assert list(reader.classifiers) == ["glasses", "smile"]
    measures = readers.measure_reader(reader, range(50, 60))
    assert measures["faces"] == 10
    assert measures["hair"] == measures["skin"] == 1
    assert all(0 <= measures[name] <= 1 for name in ("glasses", "smile"))


def test_the_part_that_is_seen_holds_the_mouth_of_other_faces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "BOXED", range(12))
    left, top, right, bottom = readers.part_box("toon-head", "mouth")
    for seed in range(900_001, 900_006):
        rows, columns = readers.part_masks("toon-head", seed, SIDE)["mouth"].nonzero()
        assert left * SIDE <= columns.min() <= columns.max() < right * SIDE
        assert top * SIDE <= rows.min() <= rows.max() < bottom * SIDE


def test_true_values_are_those_of_the_seeds() -> None:
    faces = readers.every_face("lorelei")
    values = readers.true_values(faces, range(60), "glasses")
    assert values.dtype == torch.bool
    assert 0.1 < values.float().mean() < 0.6

"""Fixtures of the checkpoint tests."""

from pathlib import Path

import pytest

from tests.weights_folders import replace_bundled


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of bundled weights with `sun2moon` alone. The working directory is an empty one beside it."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return replace_bundled(monkeypatch, tmp_path / "bundled")

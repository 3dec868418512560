"""Fixtures of the data tests: a folder for unpacked pictures, and a disk that fills up."""

import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


@pytest.fixture
def into(tmp_path: Path) -> Path:
    """A folder for unpacked pictures that does not exist yet."""
    return tmp_path / "run" / "a"


@pytest.fixture
def limit_file_size() -> Iterator[Callable[[int], None]]:
    """A function that makes every file end at a number of bytes, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

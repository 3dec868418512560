"""Helpers of the data tests: files of a folder, reasons of dropped files, the message of a refused source."""

from pathlib import Path

import pytest

from ugatit.data.domain import Domain
from ugatit.data.ingest import ingest
from ugatit.errors import DataError


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())


def drop_reasons(domain: Domain) -> dict[str, str]:
    return {dropped.name: dropped.reason for dropped in domain.dropped}


def ingest_error(path: Path, into: Path) -> str:
    """The message that refuses a source: one line that names it, and nothing is left behind."""
    with pytest.raises(DataError) as caught:
        ingest(str(path), into, "a")
    message = str(caught.value)
    assert path.name in message
    assert "\n" not in message
    assert not into.exists()
    return message

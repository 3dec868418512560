"""Source strings: `scenes:`, `hub:` and paths are parsed, and each gives its domain a name."""

from pathlib import Path

import pytest

from ugatit.data.domain import Side
from ugatit.data.source_string import HubSource, source_name
from ugatit.errors import DataError


@pytest.mark.parametrize("text", ["hub:", "hub:pets", "hub:a/b:c:d:e", "hub:../x", "hub:a/b/c", "hub:a/b::cat"])
def test_text_that_names_no_dataset_is_refused(text: str) -> None:
    with pytest.raises(DataError, match="write hub:owner/name"):
        HubSource.parse(text)


@pytest.mark.parametrize(
    ("text", "side", "name"),
    [
        ("scenes:disc", "a", "disc"),
        ("/x/cats/", "b", "cats"),
        ("/x/cats.zip", "a", "cats"),
        ("/x/horse2zebra.zip", "b", "zebra"),
        ("/x/horse2zebra/trainA", "b", "horse"),
        ("/x/data/trainB", "a", "B"),
        ("hub:owner/pets", "a", "pets"),
        ("hub:owner/pets:train:cat", "b", "cat"),
        ("hub:owner/horse2zebra:trainB", "a", "zebra"),
        ("hub:owner/pets:dogs", "a", "dogs"),
    ],
)
def test_domain_is_called_after_its_source(text: str, side: Side, name: str) -> None:
    assert source_name(text, side) == name


def test_working_directory_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert source_name(".") == "here"

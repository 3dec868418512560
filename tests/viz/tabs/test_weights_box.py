"""Weights that a visitor adds: checked, named apart, and refused where the owner does not allow it."""

import shutil
from pathlib import Path

import pytest

from tests.live import save_tiny
from ugatit.errors import WeightsError
from viz.tabs.catalog import Catalog, may_add_weights
from viz.tabs.weights_box import add_weights


@pytest.fixture
def catalog() -> Catalog:
    return Catalog([], "cpu", "fp32")


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    folder = save_tiny(tmp_path / "mine", 7, ("day", "night"))
    return Path(shutil.make_archive(str(folder), "zip", folder))


def test_on_a_space_the_handler_refuses_unless_its_owner_allows_it(
    monkeypatch: pytest.MonkeyPatch, catalog: Catalog, zipped: Path
) -> None:
    monkeypatch.setenv("SPACE_ID", "someone/page")
    assert not may_add_weights()
    with pytest.raises(WeightsError, match="not allowed"):
        add_weights(catalog, str(zipped), "", ())
    monkeypatch.setenv("UGATIT_ADD_WEIGHTS", "1")
    assert add_weights(catalog, str(zipped), "", ()).name == "mine"


@pytest.mark.parametrize("name", ["/etc", "weights", "viz/tabs", "../up/down", "a/b/c"])
def test_a_name_that_is_no_hub_id_is_refused(catalog: Catalog, name: str) -> None:
    with pytest.raises(WeightsError, match="owner/name"):
        catalog.add_from_hub(name, ())


def test_weights_of_the_same_name_get_names_of_their_own_and_discarding_deletes_them(
    catalog: Catalog, zipped: Path
) -> None:
    first = catalog.add_file(zipped, ())
    second = catalog.add_file(zipped, (first,))
    assert (first.name, second.name) == ("mine", "mine-2")
    catalog.discard((first, second))
    assert not first.folder.exists()
    assert not second.folder.exists()

"""Weights that a visitor brings along: checked, seen by them alone, and refused where the owner says so."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.live import save_tiny
from ugatit.errors import WeightsError
from viz.tabs.catalog import Catalog, may_add_weights
from viz.tabs.weights_box import add_weights


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    folder = save_tiny(tmp_path / "mine", 7, ("<b>day</b>", "night"))
    with ZipFile(tmp_path / "mine.zip", "w") as archive:
        for file in folder.iterdir():
            archive.write(file, file.name)
    return tmp_path / "mine.zip"


def add(page: Page, file: Path) -> None:
    page.get_by_text("Add weights").click()
    page.locator("#weights-file input[type=file]").set_input_files(str(file))
    expect(page.locator("#weights-file")).to_contain_text(file.suffix)
    page.locator("#add").click()


def test_a_zip_is_offered_to_who_brought_it_alone_and_translates(visit: Visit, zipped: Path) -> None:
    page = visit()
    add(page, zipped)
    expect(page.locator("#target-domain").get_by_label("to night")).to_be_checked()
    page.locator("#translate").click()
    expect(page.locator("#measured")).to_contain_text("<b>day</b> → night")
    other = visit()
    other.locator("#weights input").click()
    expect(other.get_by_role("option")).to_have_count(2)


def test_a_file_that_holds_no_weights_is_refused_in_words(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    (tmp_path / "odd.pt").write_bytes(b"nothing of the kind")
    add(page, tmp_path / "odd.pt")
    expect(page.locator("#add-note")).to_contain_text("odd.pt")
    expect(page.locator("#add-note")).not_to_contain_text("/tmp")
    expect(page.locator("#target-domain").get_by_label("to angular")).to_be_checked()


def test_on_a_space_the_handler_refuses_unless_its_owner_allows_it(
    monkeypatch: pytest.MonkeyPatch, zipped: Path
) -> None:
    catalog = Catalog([], "cpu", "fp32")
    monkeypatch.setenv("SPACE_ID", "someone/page")
    assert not may_add_weights()
    with pytest.raises(WeightsError, match="not allowed"):
        add_weights(catalog, str(zipped), "", ())
    monkeypatch.setenv("UGATIT_ADD_WEIGHTS", "1")
    assert add_weights(catalog, str(zipped), "", ()).name == "mine"


@pytest.mark.parametrize("name", ["/etc", "weights", "viz/tabs", "../up/down", "a/b/c"])
def test_what_is_no_hub_id_is_not_looked_for(name: str) -> None:
    with pytest.raises(WeightsError, match="owner/name"):
        Catalog([], "cpu", "fp32").add_from_hub(name, ())


def test_weights_of_one_name_get_names_of_their_own_and_leave_nothing_behind(zipped: Path) -> None:
    catalog = Catalog([], "cpu", "fp32")
    first = catalog.add_file(zipped, ())
    second = catalog.add_file(zipped, (first,))
    assert (first.name, second.name) == ("mine", "mine-2")
    catalog.discard((first, second))
    assert not first.folder.exists()
    assert not second.folder.exists()

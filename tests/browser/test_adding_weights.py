"""Weights that a visitor adds: offered to that visitor alone, and checked first."""

import shutil
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.live import save_tiny


def add(page: Page, file: Path) -> None:
    page.get_by_text("Add weights").click()
    page.locator("#weights-file input[type=file]").set_input_files(str(file))
    expect(page.locator("#weights-file")).to_contain_text(file.suffix)
    page.locator("#add").click()


def test_a_zip_translates_and_is_offered_to_its_visitor_alone(visit: Visit, tmp_path: Path) -> None:
    folder = save_tiny(tmp_path / "mine", 7, ("<b>day</b>", "night"))
    page = visit()
    add(page, Path(shutil.make_archive(str(folder), "zip", folder)))
    expect(page.locator("#target-domain").get_by_label("to night")).to_be_checked()
    page.locator("#translate").click()
    expect(page.locator("#measured")).to_contain_text("<b>day</b> → night")
    other = visit()
    other.locator("#weights input").click()
    expect(other.get_by_role("option")).to_have_count(2)


def test_a_file_without_weights_is_refused_with_its_name(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    (tmp_path / "odd.pt").write_bytes(b"nothing of the kind")
    add(page, tmp_path / "odd.pt")
    expect(page.locator("#add-note")).to_contain_text("odd.pt")
    expect(page.locator("#add-note")).not_to_contain_text("/tmp")
    expect(page.locator("#target-domain").get_by_label("to angular")).to_be_checked()

"""A model of attributes on the page: what it read in the picture can be corrected, and the translation follows."""

import shutil
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.test_adding_weights import add
from tests.tiny_stargan import ATTRIBUTES, attribute_model
from ugatit.data.scenes import scene

ATTRIBUTE = "#source-attributes"


def shown_picture(page: Page) -> str:
    return page.locator("#output-image img").get_attribute("src") or ""


def test_attributes_that_were_read_can_be_corrected(visit: Visit, tmp_path: Path) -> None:
    folder = tmp_path / "faces"
    attribute_model().save_pretrained(folder)
    scene("disc", 1, 64)[0].save(tmp_path / "face.png")
    page = visit()
    expect(page.locator(ATTRIBUTE)).to_have_count(0)
    add(page, Path(shutil.make_archive(str(folder), "zip", folder)))
    target = page.locator("#target-domain")
    for name in (f"{word} {attribute}" for word in ("with", "without") for attribute in ATTRIBUTES):
        expect(target.get_by_label(name, exact=True)).to_have_count(1)
    target.get_by_label("with glasses", exact=True).check()
    page.locator("#input-image input[type=file]").set_input_files(str(tmp_path / "face.png"))
    expect(page.locator("#measured")).to_contain_text("→ glasses · 16×16 px")
    expect(page.locator("#text-patch")).to_contain_text("higher = more real")
    boxes = page.locator(f"{ATTRIBUTE} input[type=checkbox]")
    expect(boxes).to_have_count(len(ATTRIBUTES))
    hair = page.locator(ATTRIBUTE).get_by_label("red hair")
    was_read, before = hair.is_checked(), shown_picture(page)

    hair.set_checked(not was_read)
    expect(page.locator("#output-image img")).not_to_have_attribute("src", before)
    expect(hair).to_be_checked(checked=not was_read)
    corrected = shown_picture(page)
    # The correction stays for other targets of this picture.
    target.get_by_label("without glasses", exact=True).check()
    page.locator("#translate").click()
    expect(page.locator("#measured")).to_contain_text("→ no glasses")
    expect(hair).to_be_checked(checked=not was_read)
    assert shown_picture(page) != corrected

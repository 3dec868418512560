"""Drawn faces of two styles, named on the Train tab, are trained on to a first checkpoint and translated."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.test_train_tab import START_TIMEOUT, fill, open_tab, set_small_run
from tests.live import LivePage, served
from ugatit.checkpoints.run_folders import list_checkpoints
from ugatit.checkpoints.store import read_manifest


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePage]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UGATIT_CACHE", str(tmp_path_factory.mktemp("cache")))
        with served(tmp_path_factory.mktemp("faces")) as page:
            yield page


def test_two_styles_by_name_are_trained_to_a_first_checkpoint(visit: Visit, live: LivePage, tmp_path: Path) -> None:
    page = open_tab(visit())
    fill(page, "source-a", "faces:manga")
    expect(page.locator("#strip-a")).to_contain_text("There is no style of faces 'manga'; there are: lorelei")
    fill(page, "source-a", "faces:micah,glasses=purple")
    expect(page.locator("#strip-a")).to_contain_text("glasses of micah faces can be: yes, no")
    fill(page, "source-a", "faces:micah,glasses=no,count=12")
    expect(page.locator("#strip-a img").first).to_be_visible()
    fill(page, "source-b", "faces:big-ears,hair=red,count=12")
    expect(page.locator("#strip-b img").first).to_be_visible()
    set_small_run(page, "4")
    fill(page, "run-name", "styles")
    page.locator("#start").click()
    expect(page.locator("#progress")).to_contain_text("Finished: all 4 steps", timeout=2 * START_TIMEOUT)

    run = live.runs_folder / "styles"
    assert list_checkpoints(run / "checkpoints")
    manifest = read_manifest(run)
    assert manifest.domains == ("micah, no glasses", "big-ears, red hair")
    assert manifest.sources == ("faces:micah,glasses=no,count=12", "faces:big-ears,hair=red,count=12")
    page.locator("#open-in-translate").click()
    expect(page.locator("#target-domain").get_by_label("to big-ears, red hair")).to_be_checked()

"""The choice of a model in the Train tab: what it changes, and what it keeps."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, open_accordion
from tests.browser.test_train_tab import choose, fill, open_tab, save_scenes
from tests.live import LivePage, served
from tests.toy_package import colored_folders, install_toy


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePage]:
    """A server with two more models: the toy model, and one whose package cannot be imported."""
    package = install_toy(tmp_path_factory.mktemp("package"))
    (package / "toy-1.0.dist-info" / "entry_points.txt").write_text(
        "[ugatit.models]\ntoy = toy:Toy\nbroken = nowhere_at_all:Model\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(package)
        with served(tmp_path_factory.mktemp("models")) as page:
            yield page


def test_data_settings_and_warnings_are_those_of_the_chosen_model(visit: Visit, tmp_path: Path) -> None:
    page = open_tab(visit())
    expect(page.locator("#model input")).to_have_value("ugatit")
    discs = save_scenes(tmp_path / "a", "disc", 12)
    page.locator("#domain-a input[type=file]").set_input_files([str(file) for file in discs])
    page.locator("#domain-b input[type=file]").set_input_files(
        [str(file) for file in save_scenes(tmp_path / "b", "square", 12)]
    )
    expect(page.locator("#remarks")).to_contain_text("below 50")
    expect(page.locator("#remarks li")).to_have_count(2)
    open_accordion(page, "more")
    choose(page, "start-from", "Round and angular")
    expect(page.locator("#freeze input")).to_be_enabled()
    choose(page, "preset", "light")
    expect(page.locator("#steps input")).to_have_value("100000")

    choose(page, "model", "toy")
    expect(page.locator("#domain-a")).to_have_count(0)
    expect(page.locator("#try-scenes")).to_have_count(0)
    expect(page.locator("#remarks li")).to_have_count(0)
    expect(page.locator("#preset input")).to_have_value("quick")
    expect(page.locator("#about-preset")).to_have_text("a first try")
    for element, value in {"steps": "200", "batch-size": "2", "image-size": "32"}.items():
        expect(page.locator(f"#{element} input")).to_have_value(value)
    for element in ("cam-weight", "freeze"):
        expect(page.locator(f"#{element}")).to_have_count(0)
    page.locator("#start-from input").click()
    assert page.get_by_role("option").all_inner_texts() == ["✓\nnothing: random weights"]
    page.keyboard.press("Escape")
    colors = colored_folders(tmp_path / "colors", 12)
    fill(page, "source-data", str(colors / "red"))
    expect(page.locator("#strip-data .refused")).to_contain_text("it needs one for each domain")
    fill(page, "source-data", str(colors))
    expect(page.locator("#strip-data .strip")).to_have_count(3)
    expect(page.locator("#remarks")).to_contain_text("green has 11 training pictures")

    choose(page, "model", "ugatit")
    expect(page.locator("#data")).to_have_count(0)
    expect(page.locator("#strip-a img").first).to_be_visible()
    expect(page.locator("#remarks li")).to_have_count(2)
    expect(page.locator("#steps input")).to_have_value("3000")
    expect(page.locator("#cam-weight")).to_be_visible()
    expect(page.locator("#freeze input")).to_be_disabled()


def test_a_model_that_cannot_be_imported_says_so(visit: Visit, live: LivePage) -> None:
    page = open_tab(visit())
    choose(page, "model", "broken")
    expect(page.locator("#train-status")).to_contain_text("nowhere_at_all:Model cannot be imported")
    page.locator("#start").click()
    expect(page.locator("#train-status")).to_contain_text("cannot be imported")
    assert not live.runs_folder.exists()
    choose(page, "model", "toy")
    expect(page.locator("#data")).to_be_visible()
    expect(page.locator("#train-status p")).to_have_count(0)

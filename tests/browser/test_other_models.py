"""Other models on the page, one of them of another package: trained, translated, and what the lesson says."""

import os
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, open_accordion, wait_for_frames
from tests.browser.test_train_tab import START_TIMEOUT, choose, fill
from tests.data.test_attribute_table import celeba
from tests.live import LivePage, served
from tests.toy_package import colored_folders, install_toy
from ugatit.checkpoints.store import read_manifest
from ugatit.data.scenes import scene


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePage]:
    """A server with the toy model installed, also for the processes that train."""
    package = install_toy(tmp_path_factory.mktemp("package"))
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(package)
        patch.setenv("UGATIT_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(package), os.environ.get("PYTHONPATH")))))
        with served(tmp_path_factory.mktemp("toys")) as page:
            yield page


def test_model_of_another_package_is_trained_and_used_from_the_page(
    visit: Visit, live: LivePage, tmp_path: Path
) -> None:
    colors = colored_folders(tmp_path / "colors", 12)
    with ZipFile(tmp_path / "colors.zip", "w") as archive:
        for file in sorted(colors.rglob("*.png")):
            archive.write(file, file.relative_to(tmp_path))
    with ZipFile(tmp_path / "one.zip", "w") as archive:
        archive.write(colors / "red" / "0.png", "red/0.png")

    page = visit()
    page.get_by_role("tab", name="Train").click()
    page.locator("#domain-a").wait_for()
    wait_for_frames(page)
    choose(page, "model", "toy")
    expect(page.locator("#domain-a")).to_have_count(0)
    expect(page.locator("#about-preset")).to_have_text("a first try")
    expect(page.locator("#steps input")).to_have_value("200")

    page.locator("#start").click()
    expect(page.locator("#train-status")).to_contain_text("drop a zip with a folder for each domain")
    page.locator("#data input[type=file]").set_input_files(str(tmp_path / "one.zip"))
    expect(page.locator("#strip-data")).to_contain_text("has 1 folders with files; it needs one for each domain")
    page.locator("#data").get_by_label("Clear").click()
    page.locator("#data input[type=file]").set_input_files(str(tmp_path / "colors.zip"))
    for color in ("blue", "green", "red"):
        expect(page.locator("#strip-data")).to_contain_text(f"{color}: 11 pictures to learn from · 1 set aside")
    open_accordion(page, "more")
    expect(page.locator("#cam-weight")).to_have_count(0)
    expect(page.locator("#freeze")).to_have_count(0)
    fill(page, "steps", "4")
    page.locator("#start").click()
    expect(page.locator("#progress")).to_contain_text("Finished: all 4 steps", timeout=START_TIMEOUT)
    expect(page.locator("#preview img").first).to_be_visible()
    for direction in ("blue → green", "green → red", "red → blue"):
        expect(page.get_by_label(direction)).to_have_count(1)
    assert (live.runs_folder / "colors" / "data" / "uploaded" / "red" / "test").is_dir()

    page.get_by_role("button", name="Open in Translate").click()
    expect(page.locator("#weights input")).to_have_value("blue ↔ green ↔ red · colors")
    expect(page.locator("#target-domain label")).to_have_count(3)
    page.locator("#input-image input[type=file]").set_input_files(str(colors / "red" / "0.png"))
    page.locator("#input-image img").wait_for()
    page.locator("#translate").click()
    expect(page.locator("#map-patch img")).to_be_visible()
    expect(page.locator("#map-patch")).to_contain_text("Critic: patch scores")
    expect(page.locator("#text-patch")).to_contain_text("This model has no attention.")
    for name in ("generator", "local", "global"):
        expect(page.locator(f"#map-{name}")).to_have_count(0)
    expect(page.locator("#measured")).to_contain_text("→ red · 32×32 px")

    page.get_by_role("tab", name="Learn").click()
    expect(page.locator("#overview")).to_contain_text(
        "The model of the weights 'blue ↔ green ↔ red · colors' has no attention, so the lesson's steps on attention "
        "cannot be shown"
    )


def train_and_translate(page: Page, steps: int, picture: Path) -> None:
    """Start a run, wait for its end, and translate a picture with its weights."""
    fill(page, "steps", str(steps))
    page.locator("#start").click()
    expect(page.locator("#progress")).to_contain_text(f"Finished: all {steps} steps", timeout=START_TIMEOUT)
    expect(page.locator("#preview img").first).to_be_visible()
    page.get_by_role("button", name="Open in Translate").click()
    page.locator("#input-image input[type=file]").set_input_files(str(picture))
    page.locator("#input-image img").wait_for()
    page.locator("#translate").click()
    expect(page.locator("#map-patch img")).to_be_visible()
    expect(page.locator("#text-patch")).to_contain_text("This model has no attention.")


def test_cyclegan_is_trained_and_used_from_the_page(visit: Visit, tmp_path: Path) -> None:
    picture = tmp_path / "disc.png"
    scene("disc", 1, 64)[0].save(picture)
    page = visit()
    page.get_by_role("tab", name="Train").click()
    page.locator("#domain-a").wait_for()
    wait_for_frames(page)
    choose(page, "model", "cyclegan")
    page.locator("#try-scenes").click()
    expect(page.locator("#strip-b")).to_contain_text("Drawn without end")
    train_and_translate(page, 2, picture)
    expect(page.locator("#target-domain label")).to_have_count(2)


def test_pix2pix_is_trained_on_pairs_and_used_from_the_page(visit: Visit, tmp_path: Path) -> None:
    colors = colored_folders(tmp_path / "colors", 12)
    with ZipFile(tmp_path / "pairs.zip", "w") as archive:
        for side, color in (("A", "blue"), ("B", "red")):
            for file in sorted((colors / color).iterdir()):
                archive.write(file, f"{side}/{file.name}")
    with ZipFile(tmp_path / "one.zip", "w") as archive:
        archive.write(colors / "red" / "0.png", "A/0.png")

    page = visit()
    page.get_by_role("tab", name="Train").click()
    page.locator("#domain-a").wait_for()
    wait_for_frames(page)
    choose(page, "model", "pix2pix")
    expect(page.locator("#domain-a")).to_have_count(0)
    expect(page.locator("#data")).to_have_count(1)
    page.locator("#start").click()
    expect(page.locator("#train-status")).to_contain_text("The model needs pairs of pictures")
    page.locator("#data input[type=file]").set_input_files(str(tmp_path / "one.zip"))
    expect(page.locator("#strip-data")).to_contain_text("has 0 pairs to train on; it needs two or more")
    page.locator("#data").get_by_label("Clear").click()
    page.locator("#data input[type=file]").set_input_files(str(tmp_path / "pairs.zip"))
    for side in "AB":
        expect(page.locator("#strip-data")).to_contain_text(f"{side}: 11 pictures to learn from · 1 set aside")
    train_and_translate(page, 4, colors / "blue" / "0.png")
    expect(page.locator("#target-domain label")).to_have_count(1)
    expect(page.locator("#measured")).to_contain_text("→ B · 64×64 px")


def test_stargan_is_trained_on_an_attribute_table_from_the_page(visit: Visit, live: LivePage, tmp_path: Path) -> None:
    celeba(tmp_path / "celeba")
    with ZipFile(tmp_path / "celeba.zip", "w") as archive:
        for file in sorted(path for path in (tmp_path / "celeba").rglob("*") if path.is_file()):
            archive.write(file, file.relative_to(tmp_path))
    with ZipFile(tmp_path / "pairs.zip", "w") as archive:
        for side in "AB":
            for file in sorted((tmp_path / "celeba" / "img_align_celeba").iterdir()):
                archive.write(file, f"{side}/{file.name}")

    page = visit()
    page.get_by_role("tab", name="Train").click()
    page.locator("#domain-a").wait_for()
    wait_for_frames(page)
    choose(page, "model", "pix2pix")
    page.locator("#data input[type=file]").set_input_files(str(tmp_path / "pairs.zip"))
    expect(page.locator("#strip-data .strip")).to_have_count(2)
    # Pairs are no labelled data: they go when the model changes.
    choose(page, "model", "stargan")
    expect(page.locator("#strip-data .strip")).to_have_count(0)
    expect(page.locator("#data")).to_contain_text("a table of attributes")
    expect(page.locator("#data-2")).to_be_visible()
    expect(page.locator("#attributes")).to_have_count(0)
    expect(page.locator("#about-preset")).to_have_text("small pictures and networks, minutes on a CPU")
    page.locator("#start").click()
    expect(page.locator("#train-status")).to_contain_text("The model needs labelled pictures")

    page.locator("#data input[type=file]").set_input_files(str(tmp_path / "celeba.zip"))
    expect(page.locator("#strip-data")).to_contain_text("11 pictures to learn from · 1 set aside")
    expect(page.locator("#strip-data")).to_contain_text("Attributes: Eyeglasses 6, Black_Hair 4, Blond_Hair 4")
    chosen = page.locator("#attributes .token")
    expect(chosen).to_have_count(3)
    chosen.filter(has_text="Blond_Hair").locator(".token-remove").click()
    expect(chosen).to_have_count(2)
    fill(page, "source-data-2", "faces:micah,count=16")
    expect(page.locator("#strip-data-2")).to_contain_text("Domains: frown, laughing")
    expect(chosen).to_have_count(2)
    open_accordion(page, "more")
    fill(page, "image-size", "32")
    fill(page, "batch-size", "2")
    fill(page, "steps", "2")
    page.locator("#start").click()
    expect(page.locator("#progress")).to_contain_text("Finished: all 2 steps", timeout=2 * START_TIMEOUT)
    expect(page.locator("#preview img").first).to_be_visible()
    run = live.runs_folder / "celeba2micah"
    network = read_manifest(run).network
    assert (list(network["binary"]), list(network["sets"])) == (["Eyeglasses", "Black_Hair"], [2, 8])
    assert (run / "data" / "uploaded" / "list_attr.txt").is_file()
    page.get_by_role("button", name="Open in Translate").click()
    title = "Eyeglasses, Black_Hair, frown, laughing, nervous, pucker, sad, smile, smirk, … (+1)"
    expect(page.locator("#weights input")).to_have_value(f"{title} · celeba2micah")
    page.locator("#target-domain").get_by_label("without Eyeglasses", exact=True).check()
    page.locator("#input-image input[type=file]").set_input_files(
        str(tmp_path / "celeba" / "img_align_celeba" / "000.png")
    )
    expect(page.locator("#measured")).to_contain_text("→ no Eyeglasses · 32×32 px")
    expect(page.locator("#source-attributes input[type=checkbox]")).to_have_count(2)
    expect(page.locator("#text-patch")).to_contain_text("This model has no attention.")
    page.locator("#target-domain").get_by_label("to smile", exact=True).check()
    page.locator("#translate").click()
    expect(page.locator("#measured")).to_contain_text("→ smile")
    expect(page.locator("#source-attributes")).to_have_count(0)

"""Drawn faces on the bundled page: the die, the true answer beside the translation, and the report."""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import new_page, open_accordion
from tests.face_weights import GLASSES, save_face_weights
from tests.live import launch_page
from ugatit.data.faces import face
from viz.drawn_face import HELD_OUT
from viz.examples import FACE_SEEDS
from viz.tabs.demo import create_demo

SLOW = 90_000  # milliseconds: a translation at 256 px on a busy machine


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    demo = create_demo(device="cpu", precision="fp32", training=False, runs=tmp_path_factory.mktemp("runs"))
    try:
        yield launch_page(demo, training=False)
    finally:
        demo.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with new_page(browser, SLOW) as page:
        page.goto(address)
        page.wait_for_selector("#face-report p")
        yield page


def source(page: Page, element: str) -> str:
    return page.locator(f"#{element} img").first.get_attribute("src") or ""


def pixels(page: Page, element: str) -> np.ndarray:
    picture = Image.open(BytesIO(page.request.get(source(page, element)).body()))
    return np.asarray(picture.convert("RGB"))


def throw(page: Page) -> int:
    """Throw the die, wait for all that follows, and return the seed of the new face."""
    elements = ("input-image", "output-image", "true-answer")
    before = [source(page, element) for element in elements]
    report = page.locator("#face-report").inner_text()
    page.locator("#new-face").click()
    page.wait_for_function(
        "([ids, before]) => ids.every((id, i) => {"
        " const image = document.querySelector(`#${id} img`); return image && image.src !== before[i]; })",
        arg=[elements, before],
    )
    page.wait_for_function("(before) => document.querySelector('#face-report').innerText !== before", arg=report)
    return int(Path(source(page, "input-image")).stem.rpartition("-")[2])


def choose(page: Page, attribute: str, value: str) -> None:
    page.locator(f"#face-{attribute} input").click()
    page.get_by_role("option", name=value, exact=True).click()


def test_the_page_opens_with_a_translated_face_and_its_true_answer(page: Page) -> None:
    seed = FACE_SEEDS["toon-head"][0]
    expect(page.locator("#weights input")).to_have_value("toon ↔ lorelei")
    expect(page.locator("#measured")).to_contain_text("toon → lorelei")
    assert np.array_equal(pixels(page, "input-image"), np.asarray(face("toon-head", seed)[0]))
    assert np.array_equal(pixels(page, "true-answer"), np.asarray(face("lorelei", seed, glasses=False)[0]))
    expect(page.locator("#true-answer")).to_contain_text("one right answer of many")
    expect(page.locator("#face-report")).to_contain_text("mouth")
    expect(page.locator("#truth")).to_have_count(0)
    for text in ("Johan Melin", "Lisa Wischofsky", "CC BY 4.0", "CC0 1.0"):
        expect(page.locator("body")).to_contain_text(text)


def test_each_throw_gives_another_held_out_face_with_the_chosen_features(page: Page) -> None:
    seeds = {throw(page)}
    open_accordion(page, "face-features")
    expect(page.locator("#face-glasses")).to_have_count(0)
    choose(page, "hair", "red")
    choose(page, "smile", "no")
    seeds.add(seed := throw(page))
    assert len(seeds) == 2
    assert seeds <= set(HELD_OUT)
    chosen = {"hair": "red", "smile": False}
    assert np.array_equal(pixels(page, "input-image"), np.asarray(face("toon-head", seed, **chosen)[0]))
    answer = face("lorelei", seed, glasses=False, **chosen)[0]
    assert np.array_equal(pixels(page, "true-answer"), np.asarray(answer))
    expect(page.locator("#face-report")).to_contain_text("hair red")


def test_the_other_direction_draws_the_other_artists_faces(page: Page) -> None:
    page.locator("#target-domain").get_by_label("to toon").check()
    seed = throw(page)
    assert np.array_equal(pixels(page, "input-image"), np.asarray(face("lorelei", seed, glasses=False)[0]))
    assert np.array_equal(pixels(page, "true-answer"), np.asarray(face("toon-head", seed)[0]))


def test_a_thrown_face_is_recognised_when_its_file_comes_back_renamed(page: Page, tmp_path: Path) -> None:
    throw(page)
    answer = pixels(page, "true-answer")
    Image.fromarray(pixels(page, "input-image")).save(tmp_path / "mine.png")
    throw(page)
    before = source(page, "true-answer")
    page.locator("#input-image input[type=file]").first.set_input_files(str(tmp_path / "mine.png"))
    page.wait_for_function("before => document.querySelector('#true-answer img').src !== before", arg=before)
    assert np.array_equal(pixels(page, "true-answer"), answer)


def test_the_die_and_the_answer_go_with_weights_for_other_pictures(page: Page) -> None:
    page.locator("#examples-disc2square button").first.click()
    expect(page.locator("#new-face")).to_have_count(0)
    expect(page.locator("#face-features")).to_have_count(0)
    expect(page.locator("#true-answer")).to_have_count(0)
    expect(page.locator("#face-report p")).to_have_count(0)
    expect(page.locator("#measured")).to_contain_text("disc → square")
    page.wait_for_timeout(1000)
    page.locator("#examples-toon2lorelei button").first.click()
    expect(page.locator("#new-face")).to_be_visible()
    expect(page.locator("#true-answer")).to_be_visible()


def test_a_face_that_cannot_be_drawn_is_told_and_the_result_stays(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    # The page is served by this process; without the package its import fails.
    monkeypatch.setitem(sys.modules, "dicebear", None)
    result = source(page, "output-image")
    page.locator("#new-face").click()
    expect(page.locator("#status")).to_contain_text("pip install dicebear-core")
    page.wait_for_timeout(500)
    assert source(page, "output-image") == result
    expect(page.locator("#status")).to_contain_text("pip install dicebear-core")


def test_an_edit_has_one_true_answer_whose_outline_can_be_drawn(browser: Browser, tmp_path: Path) -> None:
    save_face_weights(tmp_path / "weights" / "glasses", ("no glasses", "glasses"), GLASSES)
    demo = create_demo(None, tmp_path / "weights", tmp_path, "cpu", "fp32", training=False, runs=tmp_path / "runs")
    try:
        with new_page(browser, SLOW) as page:
            page.goto(launch_page(demo, training=False))
            page.wait_for_selector("#face-report p")
            throw(page)
            expect(page.locator("#true-answer")).to_contain_text("True answer")
            open_accordion(page, "face-features")
            expect(page.locator("#face-hair")).to_be_visible()
            expect(page.locator("#face-glasses")).to_have_count(0)
            before = source(page, "map-generator")
            page.locator("#truth input").check()
            page.wait_for_function("before => document.querySelector('#map-generator img').src !== before", arg=before)
    finally:
        demo.close()


def test_the_pictures_of_a_face_fit_a_phone(browser: Browser, address: str) -> None:
    with new_page(browser, SLOW, viewport={"width": 390, "height": 844}) as page:
        page.goto(address)
        page.wait_for_selector("#face-report p")
        assert page.evaluate("document.documentElement.scrollWidth") == 390

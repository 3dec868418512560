"""The Learn tab as a reader uses it."""

import re
from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE, Visit, glance
from tests.live import ART, SCENES, LivePage
from ugatit.checkpoints.store import load_weights
from ugatit.data.scenes import scene
from ugatit.explain.explainer import Explainer
from ugatit.explain.interventions import DropChannels, Intervention, OnlyPooling
from ugatit.explain.results import GeneratorExplanation
from ugatit.images.tensors import to_picture
from viz.tabs.learn.steps import STEPS

LAST = f"#stage-{STEPS[-1].name} .view"


@pytest.fixture(scope="module")
def reader(browser: Browser, live: LivePage) -> Iterator[Page]:
    """One page for many tests, none of which relies on what another left; a script that fails, fails the last."""
    errors: list[str] = []
    context = browser.new_context(accept_downloads=True, locale="en", reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{live.address}#learn")
    page.wait_for_selector(LAST)
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def lesson(reader: Page) -> Page:
    """The lesson on the first disc, translated to the square."""
    choose(reader, "disc-11")
    return reader


def choose(page: Page, example: str) -> None:
    button = page.locator(f"[data-example='{example}']")
    if button.get_attribute("aria-pressed") == "false":
        before = stage(page, STEPS[-1].name)
        button.click()
        changed(page, STEPS[-1].name, before)


def pixels(page: Page, panel: str, within: str) -> np.ndarray:
    """A picture as the page has it."""
    address = page.locator(f"{within} [data-panel={panel}] img").get_attribute("src") or ""
    return np.asarray(Image.open(BytesIO(b64decode(address.partition(",")[2]))).convert("RGB"))


def explained(live: LivePage, picture: Image.Image, to: str, *changes: Intervention) -> GeneratorExplanation:
    """The same by `ugatit.explain.explainer` alone, from freshly loaded weights."""
    explainer = Explainer(load_weights(live.weights / SCENES).eval(), to)
    return explainer.explain(explainer.encode(explainer.tensor(explainer.fit(picture))), *changes)


def drawn(explanation: GeneratorExplanation) -> np.ndarray:
    return np.asarray(to_picture(explanation.image[0]))


def changed(page: Page, step: str, before: str) -> None:
    """Wait until a step shows something else."""
    page.wait_for_function(
        "([view, before]) => document.querySelector(view).outerHTML !== before", arg=[f"#stage-{step} .view", before]
    )


def stage(page: Page, step: str) -> str:
    return page.locator(f"#stage-{step} .view").evaluate("element => element.outerHTML")


def link(page: Page, step: str) -> str:
    """A step's link, relative to the page."""
    return page.locator(f"#foot-{step} a").get_attribute("href") or ""


def disc(seed: int = 11) -> Image.Image:
    return scene("disc", seed, 64)[0]


def test_nothing_is_computed_before_the_tab_is_opened(visit: Visit) -> None:
    page = visit()
    assert page.locator("#overview img").count() == 0
    page.locator("#tab-learn-button").click()
    page.wait_for_selector(LAST)
    expect(page.locator("#overview img")).to_have_count(7)
    for step in STEPS:
        expect(page.locator(f"#step-{step.name} h2")).to_contain_text(step.number)
        assert stage(page, step.name)


def test_the_translation_on_the_page_is_explains(lesson: Page, live: LivePage) -> None:
    own = drawn(explained(live, disc(), "angular"))
    assert np.array_equal(pixels(lesson, "translation", "#stage-question"), own)
    assert np.array_equal(pixels(lesson, "translation", "#overview"), own)


def test_a_control_changes_the_picture_as_its_intervention_does(lesson: Page, live: LivePage) -> None:
    before = stage(lesson, "pooling")
    lesson.locator("#step-pooling").get_by_label("only the average").check()
    changed(lesson, "pooling", before)
    own = drawn(explained(live, disc(), "angular", OnlyPooling("gap")))
    assert np.array_equal(pixels(lesson, "translation-now", "#stage-pooling"), own)


def test_a_tile_switches_its_channel_by_keyboard_and_keeps_the_focus(lesson: Page, live: LivePage) -> None:
    tile = lesson.locator("#stage-encoder [data-channel]").first
    channel = int(tile.get_attribute("data-channel") or "")
    before = stage(lesson, "encoder")
    tile.focus()
    lesson.keyboard.press("Enter")
    changed(lesson, "encoder", before)
    pressed = lesson.locator(f"#stage-encoder [data-channel='{channel}']")
    expect(pressed).to_have_attribute("aria-pressed", "false")
    expect(pressed).to_be_focused()
    own = drawn(explained(live, disc(), "angular", DropChannels([channel])))
    assert np.array_equal(pixels(lesson, "translation-now", "#stage-encoder"), own)


def test_another_example_turns_direction_and_steps(lesson: Page, live: LivePage) -> None:
    before = stage(lesson, STEPS[-1].name)
    lesson.locator("#lesson-examples [data-example='square-4']").click()
    changed(lesson, STEPS[-1].name, before)
    expect(lesson.locator("#lesson-target").get_by_label("to round")).to_be_checked()
    expect(lesson.locator("[data-example='square-4']")).to_have_attribute("aria-pressed", "true")
    own = drawn(explained(live, scene("square", 4, 64)[0], "round"))
    assert np.array_equal(pixels(lesson, "translation", "#stage-question"), own)


def test_the_other_direction_brings_a_picture_of_its_own(lesson: Page) -> None:
    before = stage(lesson, STEPS[-1].name)
    lesson.locator("#lesson-target").get_by_label("to round").click()
    changed(lesson, STEPS[-1].name, before)
    expect(lesson.locator("[data-example='square-4']")).to_have_attribute("aria-pressed", "true")


def look_at_weights(page: Page) -> None:
    """Open the list of weights, leave it as it is, and wait for an answer to what is done after that."""
    glance(page, "lesson-weights")
    before = stage(page, "pooling")
    page.locator("#step-pooling input[type=radio]:not(:checked)").first.click()
    changed(page, "pooling", before)


def test_an_own_picture_goes_through_and_is_in_no_link(lesson: Page, live: LivePage, tmp_path: Path) -> None:
    disc(1001).save(tmp_path / "mine.png")
    before = stage(lesson, STEPS[-1].name)
    lesson.locator("#lesson-picture input[type=file]").first.set_input_files(str(tmp_path / "mine.png"))
    changed(lesson, STEPS[-1].name, before)
    own = drawn(explained(live, disc(1001), "angular"))
    assert np.array_equal(pixels(lesson, "translation", "#stage-question"), own)
    assert "picture=" not in link(lesson, "question")
    expect(lesson.locator("#foot-question .note")).to_contain_text("stays with you")
    look_at_weights(lesson)
    assert "picture=" not in link(lesson, "pooling")


def test_a_bad_upload_is_named_and_the_lesson_stays(lesson: Page, tmp_path: Path) -> None:
    (tmp_path / "letter.png").write_text("Dear all")
    before = stage(lesson, "question")
    lesson.locator("#lesson-picture input[type=file]").first.set_input_files(str(tmp_path / "letter.png"))
    expect(lesson.locator("#lesson-status")).to_contain_text("letter.png")
    expect(lesson.locator("#lesson-status")).not_to_contain_text("/tmp")
    assert stage(lesson, "question") == before
    before = stage(lesson, "pooling")
    lesson.locator("#step-pooling").get_by_label("only the maximum").check()
    changed(lesson, "pooling", before)


def test_of_clicks_in_a_row_the_last_one_counts_for_every_step(lesson: Page) -> None:
    for example in ("square-4", "disc-11", "square-4"):
        lesson.locator(f"#lesson-examples [data-example='{example}']").click()
    for step in STEPS:
        expect(lesson.locator(f"#foot-{step.name} a")).to_have_attribute("href", re.compile("picture=square-4"))
    expect(lesson.locator("[data-example='square-4']")).to_have_attribute("aria-pressed", "true")


@pytest.fixture
def running(lesson: Page) -> Page:
    """A run that does not come to its end by itself while a test looks."""
    lesson.locator("#step-occlusion input[type=radio]").first.check()
    expect(lesson.locator("#foot-occlusion a")).to_have_attribute("href", re.compile("size="))
    lesson.locator("#start-occlusion").click()
    expect(lesson.locator("#stage-occlusion")).to_contain_text("Measured")
    return lesson


def at_rest(page: Page, step: str) -> None:
    expect(page.locator(f"#start-{step}")).to_be_enabled()
    expect(page.locator(f"#stop-{step}")).to_be_disabled()


def test_another_setting_ends_a_run_of_the_one_before(running: Page) -> None:
    running.locator("#step-occlusion input[type=radio]").last.check()
    expect(running.locator("#stage-occlusion")).to_contain_text("Press Start")
    at_rest(running, "occlusion")


def test_choosing_what_is_chosen_already_lets_a_run_come_to_its_end(running: Page) -> None:
    running.locator("[data-example='disc-11']").click()
    look_at_weights(running)
    running.wait_for_selector("#stage-occlusion [data-chart=agreement]", timeout=3 * PATIENCE)
    at_rest(running, "occlusion")


def test_a_sliver_of_a_picture_goes_through_every_step(lesson: Page, tmp_path: Path) -> None:
    disc(3).resize((2000, 10)).save(tmp_path / "sliver.png")
    lesson.locator("#lesson-picture input[type=file]").first.set_input_files(str(tmp_path / "sliver.png"))
    for step in STEPS:
        expect(lesson.locator(f"#foot-{step.name} a")).not_to_have_attribute("href", re.compile("picture="))


def test_a_link_reopens_a_step_as_it_stood(visit: Visit) -> None:
    page = visit("#learn")
    page.wait_for_selector(LAST)
    page.locator("#lesson-weights input").click()
    page.get_by_role("option", name="Oil and chalk").click()
    expect(page.locator("[data-example=pond]")).to_have_attribute("aria-pressed", "true")
    page.wait_for_function(f"document.querySelector('#foot-{STEPS[-1].name} a').href.includes('{ART}')")
    before = stage(page, "pooling")
    page.locator("#step-pooling").get_by_label("only the maximum").check()
    changed(page, "pooling", before)
    expect(page.locator("#foot-pooling a")).to_have_attribute("href", re.compile("gmp"))
    again = visit(link(page, "pooling"))
    again.wait_for_selector(LAST)
    expect(again.locator("#step-pooling").get_by_label("only the maximum")).to_be_checked()
    expect(again.locator("#step-pooling h2")).to_be_in_viewport()
    expect(again.locator("[data-example=pond]")).to_have_attribute("aria-pressed", "true")
    shown = [pixels(each, "translation-now", "#stage-pooling") for each in (page, again)]
    assert np.array_equal(*shown)


def test_a_link_of_wrong_words_opens_what_it_can_and_says_what_it_could_not(visit: Visit) -> None:
    page = visit(f"?step=pooling&weights={ART}&to=marble&picture=nobody&attend=9&lang=xx")
    page.wait_for_selector(LAST)
    for word in ("marble", "nobody", "attend=9"):
        expect(page.locator("#lesson-status")).to_contain_text(word)
    expect(page.locator("#step-pooling").get_by_label("both")).to_be_checked()
    expect(page.locator("[data-example=pond]")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize(("kind", "format"), [("png", "PNG"), ("svg", "SVG")])
def test_a_steps_figure_is_taken_away(lesson: Page, kind: str, format: str) -> None:
    with lesson.expect_download() as caught:
        lesson.locator(f"#foot-question [data-figure={kind}]").click()
    assert caught.value.suggested_filename == f"1-question.{kind}"
    path = caught.value.path()
    if format == "PNG":
        with Image.open(path) as figure:
            assert figure.format == "PNG"
            assert figure.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    else:
        assert "<svg" in path.read_text(encoding="utf-8")[:500]


def test_a_korean_browser_is_spoken_to_in_korean(visit: Visit) -> None:
    page = visit("#learn", locale="ko-KR")
    page.wait_for_selector(LAST)
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page.get_by_role("tab", name="배우기")).to_be_visible()
    expect(page.locator("#step-question h2")).to_contain_text("질문")
    expect(page.locator("#lesson-target").get_by_label("angular(으)로")).to_be_checked()


def test_the_switch_says_everything_anew_keeps_the_state_and_is_remembered(visit: Visit) -> None:
    page = visit("#learn")
    page.wait_for_selector(LAST)
    page.locator("#step-pooling").get_by_label("only the average").check()
    expect(page.locator("#foot-pooling a")).to_have_attribute("href", re.compile("gap"))
    before = stage(page, STEPS[-1].name)
    page.locator("#language").get_by_label("한국어").check()
    changed(page, STEPS[-1].name, before)
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page.get_by_role("tab", name="배우기")).to_be_visible()
    assert page.locator("#step-pooling input[type=radio]").nth(1).is_checked()
    assert {"lang=ko", "attend=gap"} <= set(link(page, "pooling").lstrip("?").split("&"))
    page.reload()
    expect(page.get_by_role("tab", name="배우기")).to_have_attribute("aria-selected", "true")
    expect(page.locator("html")).to_have_attribute("lang", "ko")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_lesson(lesson: Page, theme: str) -> None:
    lesson.evaluate("theme => document.body.classList.toggle('dark', theme === 'dark')", theme)
    violations = Axe().run(lesson, context="#tab-learn").response["violations"]
    assert [each["id"] for each in violations if each["impact"] in ("serious", "critical")] == []


def test_the_way_marks_the_step_in_sight_once_all_are_filled(visit: Visit) -> None:
    page = visit("#learn")
    page.wait_for_selector(LAST)
    expect(page.locator("#lesson-steps a[aria-current]")).to_have_attribute("href", f"#step-{STEPS[0].name}")
    page.locator(f"#step-{STEPS[-1].name}").scroll_into_view_if_needed()
    expect(page.locator("#lesson-steps a[aria-current]")).not_to_have_attribute("href", f"#step-{STEPS[0].name}")


def test_the_lesson_fits_a_phone_and_its_way_stays_in_sight(lesson: Page) -> None:
    lesson.set_viewport_size({"width": 390, "height": 844})
    assert lesson.evaluate("document.documentElement.scrollWidth") == 390
    lesson.locator(f"#step-{STEPS[-1].name}").evaluate("element => element.scrollIntoView()")
    expect(lesson.locator(f".steps a[href='#step-{STEPS[-1].name}']")).to_have_attribute("aria-current", "step")
    expect(lesson.locator("nav.steps")).to_be_in_viewport()

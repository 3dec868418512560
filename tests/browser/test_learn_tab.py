"""The Learn tab as a reader uses it."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import TIMEOUT, Visit, new_page, open_and_leave_list
from tests.browser.lesson import (
    FIRST,
    LAST,
    LAST_VIEW,
    LAST_WITH_PICTURE,
    disc,
    pixels,
    redrawn,
    step_link,
    translated,
    view_html,
)
from tests.live import ART, LivePage
from ugatit.data.scenes import scene
from ugatit.explain.interventions import DropChannels, OnlyPooling
from viz.tabs.learn.steps import STEPS


@pytest.fixture(scope="module")
def shared_page(browser: Browser, live: LivePage) -> Iterator[Page]:
    """One page for many tests; no test relies on what an earlier one left."""
    with new_page(browser, locale="en", reduced_motion="reduce") as page:
        page.goto(f"{live.address}#learn")
        page.wait_for_selector(LAST_VIEW)
        yield page


@pytest.fixture
def lesson(shared_page: Page) -> Page:
    """The lesson on the first disc, translated to the square."""
    button = shared_page.locator("[data-example='disc-11']")
    if button.get_attribute("aria-pressed") == "false":
        with redrawn(shared_page, LAST_WITH_PICTURE):
            button.click()
    return shared_page


@pytest.fixture
def open_lesson(visit: Visit) -> Visit:
    """Open the lesson in a new browser context and wait until all steps are filled."""

    def open_page(address: str = "#learn", **options: object) -> Page:
        page = visit(address, **options)
        page.wait_for_selector(LAST_VIEW)
        return page

    return open_page


def upload(page: Page, file: Path) -> None:
    page.locator("#lesson-picture input[type=file]").first.set_input_files(str(file))


def check(page: Page, step: str, label: str) -> None:
    """Select one of a step's options and wait for the answer."""
    with redrawn(page, step):
        page.locator(f"#step-{step}").get_by_label(label).check()


def test_nothing_is_computed_before_the_tab_is_opened(visit: Visit) -> None:
    page = visit()
    assert page.locator("#overview img").count() == 0
    page.locator("#tab-learn-button").click()
    page.wait_for_selector(LAST_VIEW)
    expect(page.locator("#overview img")).to_have_count(7)
    for step in STEPS:
        expect(page.locator(f"#step-{step.name} h2")).to_contain_text(step.number)
        assert view_html(page, step.name)


def test_the_translation_on_the_page_is_that_of_the_explainer(lesson: Page, live: LivePage) -> None:
    expected = translated(live, disc(), "angular")
    assert np.array_equal(pixels(lesson, "translation", "#stage-question"), expected)
    assert np.array_equal(pixels(lesson, "translation", "#overview"), expected)


def test_a_control_changes_the_picture_as_its_intervention_does(lesson: Page, live: LivePage) -> None:
    check(lesson, "pooling", "only the average")
    expected = translated(live, disc(), "angular", OnlyPooling("gap"))
    assert np.array_equal(pixels(lesson, "translation-now", "#stage-pooling"), expected)


def test_a_tile_switches_its_channel_by_keyboard_and_keeps_the_focus(lesson: Page, live: LivePage) -> None:
    tile = lesson.locator("#stage-encoder [data-channel]").first
    channel = int(tile.get_attribute("data-channel") or "")
    with redrawn(lesson, "encoder"):
        tile.focus()
        lesson.keyboard.press("Enter")
    pressed = lesson.locator(f"#stage-encoder [data-channel='{channel}']")
    expect(pressed).to_have_attribute("aria-pressed", "false")
    expect(pressed).to_be_focused()
    expected = translated(live, disc(), "angular", DropChannels([channel]))
    assert np.array_equal(pixels(lesson, "translation-now", "#stage-encoder"), expected)


def test_another_example_changes_direction_and_steps(lesson: Page, live: LivePage) -> None:
    with redrawn(lesson, LAST_WITH_PICTURE):
        lesson.locator("#lesson-examples [data-example='square-4']").click()
    expect(lesson.locator("#lesson-target").get_by_label("to round")).to_be_checked()
    expect(lesson.locator("[data-example='square-4']")).to_have_attribute("aria-pressed", "true")
    expected = translated(live, scene("square", 4, 64)[0], "round")
    assert np.array_equal(pixels(lesson, "translation", "#stage-question"), expected)


def test_the_other_direction_selects_a_picture_of_the_other_domain(lesson: Page) -> None:
    with redrawn(lesson, LAST_WITH_PICTURE):
        lesson.locator("#lesson-target").get_by_label("to round").click()
    expect(lesson.locator("[data-example='square-4']")).to_have_attribute("aria-pressed", "true")


def look_at_weights(page: Page) -> None:
    """Open the list of weights, leave it unchanged, and wait for the answer to a later change."""
    open_and_leave_list(page, "lesson-weights")
    with redrawn(page, "pooling"):
        page.locator("#step-pooling input[type=radio]:not(:checked)").first.click()


def test_an_uploaded_picture_is_translated_and_is_in_no_link(lesson: Page, live: LivePage, tmp_path: Path) -> None:
    disc(1001).save(tmp_path / "mine.png")
    with redrawn(lesson, LAST_WITH_PICTURE):
        upload(lesson, tmp_path / "mine.png")
    expected = translated(live, disc(1001), "angular")
    assert np.array_equal(pixels(lesson, "translation", "#stage-question"), expected)
    assert "picture=" not in step_link(lesson, "question")
    expect(lesson.locator("#foot-question .note").first).to_contain_text("stays with you")
    where = lesson.locator("#foot-question .note a")
    expect(where).to_have_attribute("href", re.compile("step=question&weights="))
    expect(lesson.locator("#foot-cycle .note a")).to_have_count(0)
    look_at_weights(lesson)
    assert "picture=" not in step_link(lesson, "pooling")


def test_a_bad_upload_is_named_and_the_lesson_stays_usable(lesson: Page, tmp_path: Path) -> None:
    (tmp_path / "letter.png").write_text("Dear all")
    before = view_html(lesson, "question")
    upload(lesson, tmp_path / "letter.png")
    expect(lesson.locator("#lesson-status")).to_contain_text("letter.png")
    expect(lesson.locator("#lesson-status")).not_to_contain_text("/tmp")
    assert view_html(lesson, "question") == before
    check(lesson, "pooling", "only the maximum")


def test_of_several_quick_clicks_the_last_one_counts_for_every_step(lesson: Page) -> None:
    for example in ("square-4", "disc-11", "square-4"):
        lesson.locator(f"#lesson-examples [data-example='{example}']").click()
    for step in STEPS:
        expect(lesson.locator(f"#foot-{step.name} .foot > a")).to_have_attribute("href", re.compile("picture=square-4"))
    expect(lesson.locator("[data-example='square-4']")).to_have_attribute("aria-pressed", "true")


@pytest.fixture
def running(lesson: Page) -> Page:
    """The lesson with a run that does not end by itself while a test looks."""
    lesson.locator("#step-occlusion input[type=radio]").first.check()
    expect(lesson.locator("#foot-occlusion .foot > a")).to_have_attribute("href", re.compile("size="))
    lesson.locator("#start-occlusion").click()
    expect(lesson.locator("#stage-occlusion")).to_contain_text("Measured")
    return lesson


def expect_idle(page: Page, step: str) -> None:
    expect(page.locator(f"#start-{step}")).to_be_enabled()
    expect(page.locator(f"#stop-{step}")).to_be_disabled()


def test_another_setting_ends_the_run_of_the_earlier_one(running: Page) -> None:
    running.locator("#step-occlusion input[type=radio]").last.check()
    expect(running.locator("#stage-occlusion")).to_contain_text("Press Start")
    expect_idle(running, "occlusion")


def test_selecting_what_is_already_selected_does_not_end_a_run(running: Page) -> None:
    running.locator("[data-example='disc-11']").click()
    look_at_weights(running)
    running.wait_for_selector("#stage-occlusion [data-chart=agreement]", timeout=3 * TIMEOUT)
    expect_idle(running, "occlusion")


def test_a_very_wide_picture_goes_through_every_step(lesson: Page, tmp_path: Path) -> None:
    disc(3).resize((2000, 10)).save(tmp_path / "wide.png")
    upload(lesson, tmp_path / "wide.png")
    for step in STEPS:
        expect(lesson.locator(f"#foot-{step.name} .foot > a")).not_to_have_attribute("href", re.compile("picture="))


def test_a_link_reopens_a_step_with_its_settings(open_lesson: Visit) -> None:
    page = open_lesson()
    page.locator("#lesson-weights input").click()
    page.get_by_role("option", name="Oil and chalk").click()
    expect(page.locator("[data-example=pond]")).to_have_attribute("aria-pressed", "true")
    page.wait_for_function(f"document.querySelector('#foot-{LAST} a').href.includes('{ART}')")
    check(page, "pooling", "only the maximum")
    expect(page.locator("#foot-pooling .foot > a")).to_have_attribute("href", re.compile("gmp"))
    reopened = open_lesson(step_link(page, "pooling"))
    expect(reopened.locator("#step-pooling").get_by_label("only the maximum")).to_be_checked()
    expect(reopened.locator("#step-pooling h2")).to_be_in_viewport()
    expect(reopened.locator("[data-example=pond]")).to_have_attribute("aria-pressed", "true")
    assert np.array_equal(*(pixels(shown, "translation-now", "#stage-pooling") for shown in (page, reopened)))


def test_a_link_with_unknown_values_opens_what_it_can_and_names_the_rest(open_lesson: Visit) -> None:
    page = open_lesson(f"?step=pooling&weights={ART}&to=marble&picture=nobody&attend=9&lang=xx")
    for word in ("marble", "nobody", "attend=9"):
        expect(page.locator("#lesson-status")).to_contain_text(word)
    expect(page.locator("#step-pooling").get_by_label("both")).to_be_checked()
    expect(page.locator("[data-example=pond]")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_figure_of_a_step_is_downloaded(lesson: Page, kind: str) -> None:
    with lesson.expect_download() as download:
        lesson.locator(f"#foot-question [data-figure={kind}]").click()
    assert download.value.suggested_filename == f"1-question.{kind}"
    path = download.value.path()
    if kind == "png":
        with Image.open(path) as figure:
            assert figure.format == "PNG"
            assert figure.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    else:
        assert "<svg" in path.read_text(encoding="utf-8")[:500]


def test_a_korean_browser_gets_the_lesson_in_korean(open_lesson: Visit) -> None:
    page = open_lesson(locale="ko-KR")
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page.get_by_role("tab", name="배우기")).to_be_visible()
    expect(page.locator("#step-question h2")).to_contain_text("질문")
    expect(page.locator("#lesson-target").get_by_label("angular(으)로")).to_be_checked()


def test_the_switch_translates_the_lesson_keeps_its_settings_and_is_remembered(open_lesson: Visit) -> None:
    page = open_lesson()
    page.locator("#step-pooling").get_by_label("only the average").check()
    expect(page.locator("#foot-pooling .foot > a")).to_have_attribute("href", re.compile("gap"))
    with redrawn(page, LAST_WITH_PICTURE):
        page.locator("#language").get_by_label("한국어").check()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page.get_by_role("tab", name="배우기")).to_be_visible()
    assert page.locator("#step-pooling input[type=radio]").nth(1).is_checked()
    assert {"lang=ko", "attend=gap"} <= set(step_link(page, "pooling").lstrip("?").split("&"))
    page.reload()
    expect(page.get_by_role("tab", name="배우기")).to_have_attribute("aria-selected", "true")
    expect(page.locator("html")).to_have_attribute("lang", "ko")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_serious_violation_in_the_lesson(lesson: Page, theme: str) -> None:
    lesson.evaluate("theme => document.body.classList.toggle('dark', theme === 'dark')", theme)
    violations = Axe().run(lesson, context="#tab-learn").response["violations"]
    assert [violation["id"] for violation in violations if violation["impact"] in ("serious", "critical")] == []


def test_the_navigation_marks_the_step_in_sight_once_all_are_filled(open_lesson: Visit) -> None:
    page = open_lesson()
    expect(page.locator("#lesson-steps a[aria-current]")).to_have_attribute("href", f"#step-{FIRST}")
    page.locator(f"#step-{LAST}").scroll_into_view_if_needed()
    expect(page.locator("#lesson-steps a[aria-current]")).not_to_have_attribute("href", f"#step-{FIRST}")


def test_the_lesson_fits_a_phone_and_its_navigation_stays_in_sight(lesson: Page) -> None:
    lesson.set_viewport_size({"width": 390, "height": 844})
    assert lesson.evaluate("document.documentElement.scrollWidth") == 390
    lesson.locator(f"#step-{LAST}").evaluate("element => element.scrollIntoView()")
    expect(lesson.locator(f".steps a[href='#step-{LAST}']")).to_have_attribute("aria-current", "step")
    expect(lesson.locator("nav.steps")).to_be_in_viewport()

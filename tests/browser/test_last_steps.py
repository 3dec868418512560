"""Critics, the way back and the growth of attention in a real browser: what they show comes from the networks."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import new_page
from tests.browser.lesson import pixels
from tests.live import SCENES, LivePage, served
from ugatit.checkpoints.loading import load_model
from ugatit.checkpoints.registry import bundled_weights
from ugatit.explain.snapshots import Growth, Moment, write_snapshots
from viz.examples import load_examples
from viz.lesson.critic_judgement import judge
from viz.lesson.number_format import format_number
from viz.lesson.subject import Subject

STEPS = (0, 100, 900)
SIDE = 64
TIMEOUT = 60_000  # milliseconds, for a page that fills eleven steps on a busy machine


def growth() -> Growth:
    draw = np.random.default_rng(0)

    def pictures() -> np.ndarray:
        return draw.integers(0, 256, (2, SIDE, SIDE, 3), np.uint8)

    moments = tuple(
        Moment(
            step,
            pictures(),
            {"generator": draw.random((2, SIDE // 4, SIDE // 4), np.float32)},
            draw.normal(size=(2, 2)).astype(np.float32),
        )
        for step in STEPS
    )
    return Growth("round", "angular", ("first", "second"), pictures(), moments)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePage]:
    with served(tmp_path_factory.mktemp("snapshots")) as page:
        write_snapshots(page.weights / SCENES, [growth()])
        yield page


@pytest.fixture(scope="module")
def subject(live: LivePage) -> Subject:
    """The subject of the link below, opened without the page."""
    (entry,) = (entry for entry in bundled_weights(live.weights) if entry.name == SCENES)
    examples = load_examples([entry], Path("none")).all
    disc, square = (next(example for example in examples if example.to == to) for to in ("angular", "round"))
    return Subject(load_model(entry.folder, "cpu"), "angular", disc.picture, disc.name, square.picture)


@pytest.fixture(scope="module")
def page(browser: Browser, live: LivePage, subject: Subject) -> Iterator[Page]:
    with new_page(browser, TIMEOUT) as page:
        place = f"weights={SCENES}&to=angular&picture={subject.name}&lang=en"
        page.goto(f"{live.address}?step=critics&critic=global&across=0.2&down=0.8&{place}")
        page.wait_for_selector("#stage-growth img")
        yield page


def test_the_link_shows_a_critic_and_a_patch_and_the_controls_change_both(page: Page, subject: Subject) -> None:
    controls = page.locator("#controls-critics")

    def expect_score(critic: str, across: float) -> None:
        judgement = judge(subject, critic, "translation", across, 0.8)
        score = page.locator("#stage-critics tbody tr").last.locator("td").last
        expect(score).to_have_text(format_number(judgement.score), timeout=TIMEOUT)

    expect(controls.get_by_label("Global critic")).to_be_checked()
    expect_score("global", 0.2)
    controls.get_by_label("Local critic").check()
    expect_score("local", 0.2)
    controls.locator("input[type=range]").first.focus()
    page.keyboard.press("End")
    expect_score("local", 1.0)
    link = page.locator("#foot-critics .foot > a").first
    expect(link).to_have_attribute("href", re.compile("across=1&down=0.8"), timeout=TIMEOUT)


def test_the_way_back_is_that_of_the_networks(page: Page, subject: Subject) -> None:
    for panel, explanation in (("returned", subject.reconstruction), ("translation", subject.explanation)):
        expected = np.asarray(subject.render(explanation.image))
        assert np.array_equal(pixels(page, panel, "#stage-cycle"), expected)


def test_the_slider_moves_through_training_by_keyboard_without_a_network(page: Page, live: LivePage) -> None:
    recorded = growth()

    def shown(panel: str) -> np.ndarray:
        return pixels(page, panel, "#stage-growth")

    assert np.array_equal(shown("translation"), recorded.moments[0].translations[0])
    page.wait_for_selector("#stage-faithful .says")  # the last step: all are filled
    before = sum(live.network_calls.values())
    page.locator("#controls-growth input[type=range]").focus()
    for moment, step in enumerate(STEPS[1:], start=1):
        page.keyboard.press("ArrowRight")
        expect(page.locator("#stage-growth .says")).to_contain_text(f"after {step} steps", timeout=TIMEOUT)
        assert np.array_equal(shown("translation"), recorded.moments[moment].translations[0])
    page.locator("#controls-growth").get_by_label("Picture").click()
    page.get_by_role("option", name="second").click()
    picture = page.locator("#stage-growth figure[data-panel=input] img")
    expect(picture).to_have_attribute("alt", re.compile("second"), timeout=TIMEOUT)
    assert np.array_equal(shown("input"), recorded.pictures[1])
    assert sum(live.network_calls.values()) == before

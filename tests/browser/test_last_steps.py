"""The critics, the way back and the growth of attention in a real browser: what stands there is the networks' own."""

import io
import re
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.live import SCENES, LivePage, served
from ugatit.checkpoints.loading import load_model
from ugatit.checkpoints.registry import bundled_weights
from ugatit.explain.snapshots import Growth, Moment, write_snapshots
from viz.examples import load_examples
from viz.lesson.number_format import plain
from viz.lesson.steps import critics
from viz.lesson.subject import Subject

STEPS = (0, 100, 900)
SIDE = 64
PATIENCE = 60_000  # milliseconds, for a page that fills eleven steps on a busy machine


def growth() -> Growth:
    draw = np.random.default_rng(0)

    def panels() -> np.ndarray:
        return draw.integers(0, 256, (2, SIDE, SIDE, 3), np.uint8)

    moments = tuple(
        Moment(
            step,
            panels(),
            {"generator": draw.random((2, SIDE // 4, SIDE // 4), np.float32)},
            draw.normal(size=(2, 2)).astype(np.float32),
        )
        for step in STEPS
    )
    return Growth("round", "angular", ("first", "second"), panels(), moments)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePage]:
    with served(tmp_path_factory.mktemp("grown")) as page:
        write_snapshots(page.weights / SCENES, [growth()])
        yield page


@pytest.fixture(scope="module")
def subject(live: LivePage) -> Subject:
    """What the link below opens, taken apart beside it."""
    (found,) = (each for each in bundled_weights(live.weights) if each.name == SCENES)
    offered = load_examples([found], Path("none")).all
    chosen, real = (next(each for each in offered if each.to == to) for to in ("angular", "round"))
    return Subject(load_model(found.folder, "cpu"), "angular", chosen.picture, chosen.name, real.picture)


@pytest.fixture(scope="module")
def page(browser: Browser, live: LivePage, subject: Subject) -> Iterator[Page]:
    context, errors = browser.new_context(), []
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    where = f"weights={SCENES}&to=angular&picture={subject.name}&lang=en"
    opened.goto(f"{live.address}?step=critics&critic=global&across=0.2&down=0.8&{where}")
    opened.wait_for_selector("#stage-growth img")
    yield opened
    context.close()
    assert errors == []


def drawn(stage: Locator, panel: str) -> np.ndarray:
    """A picture of a step whose pixels are exact."""
    address = stage.locator(f"figure[data-panel={panel}] img").get_attribute("src")
    assert address
    return np.asarray(Image.open(io.BytesIO(b64decode(address.partition(",")[2]))).convert("RGB"))


def test_the_link_shows_the_critic_and_the_patch_it_names_and_the_controls_change_both(
    page: Page, subject: Subject
) -> None:
    stage, controls = page.locator("#stage-critics"), page.locator("#controls-critics")
    expect(controls.get_by_label("Global critic")).to_be_checked()
    judged = critics.judgement(subject, critics.Settings("global", 0.2, 0.8), "translation")
    expect(stage.locator("tbody tr").last.locator("td").last).to_have_text(plain(judged.score), timeout=PATIENCE)
    controls.get_by_label("Local critic").check()
    judged = critics.judgement(subject, critics.Settings("local", 0.2, 0.8), "translation")
    expect(stage.locator("tbody tr").last.locator("td").last).to_have_text(plain(judged.score), timeout=PATIENCE)
    page.locator("#controls-critics input[type=range]").first.focus()
    page.keyboard.press("End")
    judged = critics.judgement(subject, critics.Settings("local", 1.0, 0.8), "translation")
    expect(stage.locator("tbody tr").last.locator("td").last).to_have_text(plain(judged.score), timeout=PATIENCE)
    expect(page.locator("#foot-critics a").first).to_have_attribute(
        "href", re.compile("across=1&down=0.8"), timeout=PATIENCE
    )


def test_the_way_back_is_the_networks_own(page: Page, subject: Subject) -> None:
    stage = page.locator("#stage-cycle")
    assert np.array_equal(drawn(stage, "returned"), np.asarray(subject.drawn(subject.returned.image)))
    assert np.array_equal(drawn(stage, "translation"), np.asarray(subject.drawn(subject.explained.image)))


def test_the_slider_walks_through_time_by_keyboard_and_no_network_runs(page: Page, live: LivePage) -> None:
    stage, kept = page.locator("#stage-growth"), growth()
    assert np.array_equal(drawn(stage, "translation"), kept.moments[0].translations[0])
    page.wait_for_selector("#stage-faithful .says")  # the last step: all are filled
    before = sum(live.runs.values())
    page.locator("#controls-growth input[type=range]").focus()
    for moment, step in enumerate(STEPS[1:], start=1):
        page.keyboard.press("ArrowRight")
        expect(stage.locator(".says")).to_contain_text(f"after {step} steps", timeout=PATIENCE)
        assert np.array_equal(drawn(stage, "translation"), kept.moments[moment].translations[0])
    page.locator("#controls-growth").get_by_label("Picture").click()
    page.get_by_role("option", name="second").click()
    expect(stage.locator("figure[data-panel=input] img")).to_have_attribute(
        "alt", re.compile("second"), timeout=PATIENCE
    )
    assert np.array_equal(drawn(stage, "input"), kept.pictures[1])
    assert sum(live.runs.values()) == before

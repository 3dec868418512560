"""Evidence, occlusion, AdaLIN and faithfulness in a real browser: their answers are those of `ugatit.explain`."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_learn_tab import LAST, changed, disc, drawn, explained, link, pixels, stage
from tests.live import SCENES, LivePage
from ugatit.checkpoints.store import load_weights
from ugatit.explain.deletion_insertion import faithfulness_curve, maps_to_compare
from ugatit.explain.explainer import Explainer
from ugatit.explain.interventions import ModulationOf, Rho
from ugatit.explain.occlusion import measure_occlusion
from viz.lesson.number_format import plain, signed

PATIENCE = 60_000  # milliseconds
LAYER = "decoder.0.norm1"


@pytest.fixture(scope="module")
def page(browser: Browser, live: LivePage) -> Iterator[Page]:
    """Opened by a link into the step whose choices depend on the picture."""
    context, errors = browser.new_context(locale="en", reduced_motion="reduce"), []
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    place = f"weights={SCENES}&to=angular&picture=disc-11&lang=en"
    opened.goto(f"{live.address}?step=adalin&pull=-1&layer={LAYER}&other=disc-18&{place}")
    opened.wait_for_selector(LAST)
    yield opened
    context.close()
    assert errors == []


@pytest.fixture(scope="module")
def explainer(live: LivePage) -> Explainer:
    return Explainer(load_weights(live.weights / SCENES).eval(), "angular")


def test_a_link_sets_the_layer_and_the_other_picture_and_the_translation_answers(
    page: Page, live: LivePage, explainer: Explainer
) -> None:
    own = explainer.encode(explainer.tensor(explainer.fit(disc(18))))
    changes = Rho(0.0, LAYER), ModulationOf(explainer.modulation(own))
    shown = pixels(page, "translation-now", "#stage-adalin")
    assert np.array_equal(shown, drawn(explained(live, disc(), "angular", *changes)))
    assert not np.array_equal(shown, pixels(page, "translation", "#stage-adalin"))
    assert all(part in link(page, "adalin") for part in ("pull=-1", f"layer={LAYER}", "other=disc-18"))
    expect(page.get_by_label("γ and β from")).to_have_value("disc-18")


def test_one_slider_pulls_rho_in_the_chosen_layer(page: Page, live: LivePage, explainer: Explainer) -> None:
    before = stage(page, "adalin")
    slider = page.locator("#step-adalin input[type=range]")
    slider.focus()
    slider.press("End")
    changed(page, "adalin", before)
    own = explainer.encode(explainer.tensor(explainer.fit(disc(18))))
    changes = Rho(1.0, LAYER), ModulationOf(explainer.modulation(own))
    expected = drawn(explained(live, disc(), "angular", *changes))
    assert np.array_equal(pixels(page, "translation-now", "#stage-adalin"), expected)


def test_the_mean_of_the_evidence_is_the_logit_that_stands_there(page: Page, live: LivePage) -> None:
    found = explained(live, disc(), "angular")
    expect(page.locator("#stage-evidence .formulas")).to_contain_text(plain(float(found.gap.evidence.mean())))
    before = stage(page, "evidence")
    page.locator("#step-evidence").get_by_label("max pooling (gmp)").check()
    changed(page, "evidence", before)
    expect(page.locator("#foot-evidence a")).to_have_attribute("href", re.compile("gmp"))


def test_occlusion_runs_to_its_end_and_says_how_far_it_agrees(page: Page, explainer: Explainer) -> None:
    page.locator("#step-occlusion").get_by_label("35%").check()
    page.locator("#start-occlusion").click()
    page.wait_for_selector("#stage-occlusion [data-chart=agreement]")
    encoded = explainer.encode(explainer.tensor(explainer.fit(disc())))
    (*_, found) = measure_occlusion(explainer, encoded.pictures, size=round(0.35 * 64))
    attention = maps_to_compare(explainer.explain(encoded))["attention"]
    agreement = found.agreement(attention, explainer.grids["generator"])
    expect(page.locator("#stage-occlusion .says")).to_contain_text(signed(agreement))
    expect(page.locator("#start-occlusion")).to_be_enabled()
    expect(page.locator("#stop-occlusion")).to_be_disabled()


def test_deletion_along_the_attention_has_the_area_that_stands_there(page: Page, explainer: Explainer) -> None:
    page.locator("#start-faithful").click()
    page.wait_for_selector("#stage-faithful .plot")
    expect(page.locator("#start-faithful")).to_be_enabled()
    encoded = explainer.encode(explainer.tensor(explainer.fit(disc())))
    attention = maps_to_compare(explainer.explain(encoded))["attention"]
    curve = faithfulness_curve(explainer, encoded.pictures, attention, explainer.grids["generator"])
    said = page.locator("#stage-faithful .plot [role=img]").first.get_attribute("aria-label") or ""
    assert plain(curve.deletion_area) in said

"""Evidence, occlusion, AdaLIN and faithfulness in a real browser: their results are those of `ugatit.explain`."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import new_page
from tests.browser.lesson import LAST_VIEW, disc, explained, pixels, redrawn, step_link, translated
from tests.live import SCENES, LivePage
from ugatit.checkpoints.store import load_weights
from ugatit.explain.deletion_insertion import faithfulness_curve, maps_to_compare
from ugatit.explain.explainer import Explainer
from ugatit.explain.interventions import ModulationOf, Rho
from ugatit.explain.occlusion import measure_occlusion
from ugatit.explain.results import Encoded
from viz.lesson.number_format import format_number, format_signed

TIMEOUT = 60_000  # milliseconds
LAYER = "decoder.0.norm1"


@pytest.fixture(scope="module")
def page(browser: Browser, live: LivePage) -> Iterator[Page]:
    """Opened by a link into AdaLIN's step, whose choices depend on the picture."""
    with new_page(browser, TIMEOUT, locale="en", reduced_motion="reduce") as page:
        place = f"weights={SCENES}&to=angular&picture=disc-11&lang=en"
        page.goto(f"{live.address}?step=adalin&pull=-1&layer={LAYER}&other=disc-18&{place}")
        page.wait_for_selector(LAST_VIEW)
        yield page


@pytest.fixture(scope="module")
def explainer(live: LivePage) -> Explainer:
    return Explainer(load_weights(live.weights / SCENES).eval(), "angular")


def encode(explainer: Explainer, seed: int = 11) -> Encoded:
    return explainer.encode(explainer.tensor(explainer.fit(disc(seed))))


def translated_with_rho(live: LivePage, explainer: Explainer, rho: float) -> np.ndarray:
    modulation = ModulationOf(explainer.modulation(encode(explainer, 18)))
    return translated(live, disc(), "angular", Rho(rho, LAYER), modulation)


def test_a_link_sets_the_layer_and_the_other_picture_and_the_translation_follows(
    page: Page, live: LivePage, explainer: Explainer
) -> None:
    shown = pixels(page, "translation-now", "#stage-adalin")
    assert np.array_equal(shown, translated_with_rho(live, explainer, 0.0))
    assert not np.array_equal(shown, pixels(page, "translation", "#stage-adalin"))
    assert all(part in step_link(page, "adalin") for part in ("pull=-1", f"layer={LAYER}", "other=disc-18"))
    expect(page.get_by_label("γ and β from")).to_have_value("disc-18")


def test_one_slider_sets_rho_in_the_selected_layer(page: Page, live: LivePage, explainer: Explainer) -> None:
    slider = page.locator("#step-adalin input[type=range]")
    with redrawn(page, "adalin"):
        slider.focus()
        slider.press("End")
    expected = translated_with_rho(live, explainer, 1.0)
    assert np.array_equal(pixels(page, "translation-now", "#stage-adalin"), expected)


def test_the_mean_of_the_evidence_is_the_logit_on_the_page(page: Page, live: LivePage) -> None:
    explanation = explained(live, disc(), "angular")
    mean = format_number(float(explanation.gap.evidence.mean()))
    expect(page.locator("#stage-evidence .formulas")).to_contain_text(mean)
    with redrawn(page, "evidence"):
        page.locator("#step-evidence").get_by_label("max pooling (gmp)").check()
    expect(page.locator("#foot-evidence a")).to_have_attribute("href", re.compile("gmp"))


def test_occlusion_runs_to_its_end_and_shows_its_agreement_with_the_attention(page: Page, explainer: Explainer) -> None:
    page.locator("#step-occlusion").get_by_label("35%").check()
    page.locator("#start-occlusion").click()
    page.wait_for_selector("#stage-occlusion [data-chart=agreement]")
    encoded = encode(explainer)
    (*_, result) = measure_occlusion(explainer, encoded.pictures, size=round(0.35 * 64))
    attention = maps_to_compare(explainer.explain(encoded))["attention"]
    agreement = result.agreement(attention, explainer.grids["generator"])
    expect(page.locator("#stage-occlusion .says")).to_contain_text(format_signed(agreement))
    expect(page.locator("#start-occlusion")).to_be_enabled()
    expect(page.locator("#stop-occlusion")).to_be_disabled()


def test_deletion_along_the_attention_has_the_area_on_the_page(page: Page, explainer: Explainer) -> None:
    page.locator("#start-faithful").click()
    page.wait_for_selector("#stage-faithful .plot")
    expect(page.locator("#start-faithful")).to_be_enabled()
    encoded = encode(explainer)
    attention = maps_to_compare(explainer.explain(encoded))["attention"]
    curve = faithfulness_curve(explainer, encoded.pictures, attention, explainer.grids["generator"])
    label = page.locator("#stage-faithful .plot [role=img]").first.get_attribute("aria-label") or ""
    assert format_number(curve.deletion_area) in label

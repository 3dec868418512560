"""Helpers for tests of the lesson in a browser, and the results they compare it with."""

from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import numpy as np
from PIL import Image
from playwright.sync_api import Page

from tests.live import SCENES, LivePage
from ugatit.checkpoints.store import load_weights
from ugatit.data.scenes import scene
from ugatit.explain.explainer import Explainer
from ugatit.explain.interventions import Intervention
from ugatit.explain.results import GeneratorExplanation
from ugatit.images.tensors import to_picture
from viz.lesson.steps import faithfulness
from viz.tabs.learn.steps import STEPS

FIRST, LAST = STEPS[0].name, STEPS[-1].name
LAST_VIEW = f"#stage-{LAST} .view"
"""Shown once all steps are filled."""
LAST_WITH_PICTURE = faithfulness.NAME
"""The last step that shows the picture where there are no two models with CAM and without it."""


def view_html(page: Page, step: str) -> str:
    return page.locator(f"#stage-{step} .view").evaluate("element => element.outerHTML")


@contextmanager
def redrawn(page: Page, step: str) -> Iterator[None]:
    """At the end of the block, wait until a step shows something else than before it."""
    before = view_html(page, step)
    yield
    page.wait_for_function(
        "([view, before]) => document.querySelector(view).outerHTML !== before", arg=[f"#stage-{step} .view", before]
    )


def pixels(page: Page, panel: str, within: str) -> np.ndarray:
    """A picture on the page, sent with exact pixels; (h, w, 3)."""
    address = page.locator(f"{within} [data-panel={panel}] img").get_attribute("src") or ""
    return np.asarray(Image.open(BytesIO(b64decode(address.partition(",")[2]))).convert("RGB"))


def step_link(page: Page, step: str) -> str:
    """A step's link, relative to the page."""
    return page.locator(f"#foot-{step} .foot > a").get_attribute("href") or ""


def disc(seed: int = 11) -> Image.Image:
    return scene("disc", seed, 64)[0]


def explained(live: LivePage, picture: Image.Image, to: str, *changes: Intervention) -> GeneratorExplanation:
    """The same result by `ugatit.explain.explainer` alone, from freshly loaded weights."""
    explainer = Explainer(load_weights(live.weights / SCENES).eval(), to)
    return explainer.explain(explainer.encode(explainer.tensor(explainer.fit(picture))), *changes)


def translated(live: LivePage, picture: Image.Image, to: str, *changes: Intervention) -> np.ndarray:
    """The translation of `explained`, (h, w, 3)."""
    return np.asarray(to_picture(explained(live, picture, to, *changes).image[0]))

import re
from base64 import b64decode
from io import BytesIO
from xml.etree import ElementTree

import numpy as np
from PIL import Image

from tests.pictures import photo
from tests.viz.test_figures import losses
from viz.data_urls import PAGE_COLORS, data_url, figure_svg
from viz.figures import PHONE, loss_figure


def test_a_data_url_contains_the_picture() -> None:
    head, _, body = data_url(photo()).partition(",")
    assert head == "data:image/webp;base64"
    decoded = np.asarray(Image.open(BytesIO(b64decode(body))).convert("RGB")).astype(int)
    assert np.abs(decoded - np.asarray(photo())).mean() < 6


def test_an_inline_figure_takes_its_width_and_its_greys_from_the_page() -> None:
    element = figure_svg(loss_figure(losses(40), PHONE))
    root = ElementTree.fromstring(element)
    assert root.tag.endswith("svg")
    assert not {"width", "height"} & set(root.attrib)
    assert not any(color in element for color in PAGE_COLORS)
    assert all(color in element for color in PAGE_COLORS.values())


def test_an_inline_figure_does_not_affect_the_page() -> None:
    element = figure_svg(loss_figure(losses(40), PHONE))
    assert "<style" not in element
    assert "<script" not in element
    assert not re.search(r"(href|src)=\"(?!#)", element)
    assert 'fill: #ffffff"' not in element, "a white background would be visible in dark mode"


def test_the_figure_of_a_long_run_stays_small() -> None:
    assert len(figure_svg(loss_figure(losses(3000), PHONE))) < 400_000

import re
from base64 import b64decode
from io import BytesIO
from xml.etree import ElementTree

import numpy as np
from PIL import Image

from tests.pictures import photo
from tests.viz.test_figures import losses
from viz.data_urls import PAGE_COLORS, data_address, figure_element
from viz.figures import PHONE, loss_figure


def test_a_data_address_holds_the_picture() -> None:
    head, _, body = data_address(photo()).partition(",")
    assert head == "data:image/webp;base64"
    held = np.asarray(Image.open(BytesIO(b64decode(body))).convert("RGB")).astype(int)
    assert np.abs(held - np.asarray(photo())).mean() < 6


def test_a_figure_in_the_page_takes_its_width_and_its_greys_from_it() -> None:
    element = figure_element(loss_figure(losses(40), PHONE))
    root = ElementTree.fromstring(element)
    assert root.tag.endswith("svg")
    assert not {"width", "height"} & set(root.attrib)
    assert not any(color in element for color in PAGE_COLORS)
    assert all(color in element for color in PAGE_COLORS.values())


def test_a_figure_in_the_page_leaves_the_page_as_it_is() -> None:
    element = figure_element(loss_figure(losses(40), PHONE))
    assert "<style" not in element
    assert "<script" not in element
    assert not re.search(r"(href|src)=\"(?!#)", element)
    assert 'fill: #ffffff"' not in element, "a ground of its own would shine in the dark"


def test_a_long_runs_figure_stays_light() -> None:
    assert len(figure_element(loss_figure(losses(3000), PHONE))) < 400_000

"""A view as HTML: every picture with its texts, every number in its place, and all texts escaped."""

import re
from base64 import b64decode
from html.parser import HTMLParser
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from ugatit.data.scenes import scene
from viz.lesson.html import chart_to_html, text_to_html, view_to_html
from viz.lesson.view import Bar, Bars, ColorScale, Line, Panel, Plot, Stack, Table, Tile, Tiles, View

PICTURE = scene("disc", 3, 64)[0]
HOSTILE = '<img src=x onerror="alert(1)"> & "b"'


class Reader(HTMLParser):
    """The parsed page: tags with their attributes, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def widths(page: str) -> list[tuple[float, float]]:
    """Return (left, width) of every part of a bar, in per cent."""
    return [(float(left), float(wide)) for left, wide in re.findall(r"left:([\d.-]+)%;width:([\d.]+)%", page)]


def test_a_lossless_panel_keeps_every_pixel_and_every_picture_has_an_alt_text() -> None:
    panels = (
        Panel("one", PICTURE, "Caption", "What it shows", lossless=True),
        Panel("two", PICTURE, "Map", "A map", "4×4"),
    )
    images = Reader(view_to_html(View("Title", rows=(panels,)))).all("img")
    assert [image["alt"] for image in images] == ["What it shows", "A map"]
    kept = Image.open(BytesIO(b64decode(images[0]["src"].partition(",")[2])))
    assert np.array_equal(np.asarray(kept), np.asarray(PICTURE))
    assert images[1]["src"].startswith("data:image/webp")


def test_changes_are_announced_in_a_permanent_live_region() -> None:
    for says in ((), ("The logit moved.",)):
        page = Reader(view_to_html(View("Title", sentences=says)))
        assert [each.get("class") for each in page.all("div") if each.get("aria-live") == "polite"] == ["says"]
        assert "".join(says) in page.words


def test_all_texts_are_escaped() -> None:
    view = View(
        HOSTILE, (HOSTILE,), (HOSTILE,), ((Panel(HOSTILE, PICTURE, HOSTILE, HOSTILE, HOSTILE),),),
        (ColorScale("inferno", (HOSTILE, HOSTILE)),),
        (
            Bars(HOSTILE, HOSTILE, (Bar(HOSTILE, 1.0, HOSTILE),), (0, 1), (HOSTILE, HOSTILE)),
            Stack(HOSTILE, HOSTILE, (Bar(HOSTILE, 1.0, HOSTILE),), Bar(HOSTILE, 1.0, HOSTILE)),
            Tiles(HOSTILE, HOSTILE, (Tile(1, PICTURE, HOSTILE, HOSTILE),)),
            Plot(HOSTILE, HOSTILE, HOSTILE, HOSTILE, (Line(HOSTILE, np.arange(3.0), np.arange(3.0), HOSTILE),)),
            Table(HOSTILE, HOSTILE, (HOSTILE,), ((HOSTILE,),)),
        ),
    )  # fmt: skip
    page = Reader(view_to_html(view))
    assert [each for each in page.all("img") if "onerror" in each or each["src"] == "x"] == []
    assert page.all("script") == []


def test_only_subscripts_are_marked_up() -> None:
    assert text_to_html("w_{gap} < a_b") == "w<sub>gap</sub> &lt; a_b"


@pytest.mark.parametrize("values", [(3.0, 1.0, -2.0), (1.0, -4.0), (2.0,), (-1.0, -2.0)])
def test_a_stack_ends_at_its_total(values: tuple[float, ...]) -> None:
    parts = tuple(Bar(str(value), value) for value in values)
    page = chart_to_html(Stack("s", "S", parts, Bar("total", sum(values))))
    spans = widths(page)
    low = min(0.0, sum(values))
    whole = max(sum(value for value in values if value > 0), 1e-9) - low
    assert sum(wide for _, wide in spans) == pytest.approx(sum(map(abs, values)) / whole * 100, abs=0.05)
    # The negative parts come last and lead back to the total.
    if any(value < 0 for value in values):
        assert spans[-1][0] == pytest.approx((sum(values) - low) / whole * 100, abs=0.01)
    assert f"left:{(sum(values) - low) / whole:.3%}" in page


def test_bars_start_at_zero_and_stay_within_the_axis() -> None:
    page = chart_to_html(Bars("b", "B", tuple(Bar(str(value), value) for value in (-0.5, 0.25, 7.0)), (-1.0, 1.0)))
    assert widths(page) == [(25.0, 25.0), (50.0, 12.5), (50.0, 50.0)]


def test_a_tile_is_a_button_labelled_with_its_arithmetic() -> None:
    tiles = (Tile(7, PICTURE, "7 · +1.2", "2.0 × 0.6 = +1.2"), Tile(9, PICTURE, "9", "off", on=False))
    buttons = Reader(chart_to_html(Tiles("t", "T", tiles))).all("button")
    assert [each["aria-pressed"] for each in buttons] == ["true", "false"]
    assert [each["data-channel"] for each in buttons] == ["7", "9"]
    assert "2.0 × 0.6" in buttons[0]["aria-label"]


def test_a_table_has_headers_for_columns_and_rows_and_no_empty_header() -> None:
    page = chart_to_html(Table("t", "T", ("", "gap"), (("IoU", "0.31"),)))
    found = Reader(page)
    assert [each["scope"] for each in found.all("th")] == ["col", "row"]
    assert page.index("<tr><td></td>") < page.index("gap")

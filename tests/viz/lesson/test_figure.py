"""A view as a file: 300 dpi or outlines, all its pictures, and no missing letters."""

import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from PIL import Image

from tests.viz.lesson.subjects import make_subject
from ugatit.data.scenes import scene
from viz.i18n import LANGUAGES
from viz.i18n.schema import Words
from viz.lesson.figure import lesson_figure, save_figure, source_line
from viz.lesson.typesetting import HANGUL_FONT, text_width, wrap_text
from viz.lesson.view import Bar, Bars, ColorScale, Line, Panel, Plot, Stack, Table, Tile, Tiles, View
from viz.tabs.learn.step import Step
from viz.tabs.learn.steps import STEPS

PICTURE = scene("disc", 3, 64)[0]
EVERYTHING = View(
    "어텐션 지도 · Attention",
    ("가중치 w_{gap} 는 −2.10 입니다.", "An answer with $5 and a_b and \\alpha in it."),
    ("ℓ_{gap} = Σ_{k} w_{k} · 평균 = −2.10 + 0.5", "A_{ij} becomes m_{ij} · A_{ij}"),
    ((Panel("a", PICTURE, "입력", "alt", "16×16칸"), Panel("b", PICTURE.resize((96, 64)), "Wide", "alt")), ()),
    (ColorScale("inferno", ("적게", "much")), ColorScale("RdBu_r", ("−1", "1"))),
    (
        Bars("bars", "막대", (Bar("첫째", 0.4, before=0.2), Bar("second", -0.2)), (-1, 1), ("왼쪽", "right")),
        Stack("stack", "합", (Bar("a", 2.0), Bar("b", -0.5)), Bar("ℓ_{gmp} = 1.5", 1.5)),
        Tiles("tiles", "채널", tuple(Tile(k, PICTURE, f"{k} · +0.1", "", on=k % 2 == 0) for k in range(10))),
        Plot("plot", "곡선", "지운 화소", "logit", (Line("어텐션", np.arange(4.0), np.arange(4.0), "0.50"),)),
        Table("table", "표", ("", "평균 (gap)"), (("로짓 ℓ_{gap}", "−0.08"),)),
    ),
)


def test_a_png_has_300_dots_an_inch_and_an_svg_is_one(tmp_path: Path) -> None:
    for kind in ("png", "svg"):
        save_figure(EVERYTHING, tmp_path / f"figure.{kind}", "weights x · picture y")
    with Image.open(tmp_path / "figure.png") as figure:
        assert figure.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert figure.width == 3000
    drawn = (tmp_path / "figure.svg").read_text(encoding="utf-8")
    assert drawn.lstrip().startswith("<?xml")
    assert "<svg" in drawn
    # Letters are outlines: opening the file needs no font.
    assert "<text" not in drawn


@pytest.fixture
def draw(caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder) -> Callable[[Figure], None]:
    """Draw a figure and check that matplotlib warns about no letter."""

    def draw(figure: Figure) -> None:
        with caplog.at_level(logging.WARNING, logger="matplotlib"):
            figure.canvas.draw()
        assert [record.getMessage() for record in caplog.records] == []
        assert [str(warning.message) for warning in recwarn if "lyph" in str(warning.message)] == []

    return draw


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_every_step_is_drawn_without_a_missing_letter(step: Step, words: Words, draw: Callable[[Figure], None]) -> None:
    subject = make_subject()
    draw(lesson_figure(step.view(subject, step.settings(), words), source_line(subject, words)))


def test_mixed_scripts_are_drawn_without_a_missing_letter(draw: Callable[[Figure], None]) -> None:
    draw(lesson_figure(EVERYTHING, "가중치"))


def test_pictures_are_drawn_without_smoothing() -> None:
    figure = lesson_figure(View("T", rows=((Panel("a", PICTURE, "c", "alt"),),)))
    images = [np.asarray(image.get_array()) for axis in figure.axes for image in axis.get_images()]
    assert any(np.array_equal(image, np.asarray(PICTURE)) for image in images)


def test_all_texts_are_within_the_page() -> None:
    figure = lesson_figure(EVERYTHING, "source")
    renderer = figure.canvas.get_renderer()
    for text in figure.texts:
        box = text.get_window_extent(renderer)
        assert box.x0 >= 0
        assert box.y0 >= 0
        assert box.x1 <= figure.bbox.width
        assert box.y1 <= figure.bbox.height


def test_lines_are_wrapped_to_the_maximum_width() -> None:
    sentence = (
        "The averages of the 128 channels lie between 0.26 and 0.44, 최댓값은 3.92와 15.83 사이에 있습니다. w_{gap}"
    )
    for line in wrap_text(sentence, 11, 3.0):
        assert text_width(line, 11) <= 3.0
    assert " ".join(wrap_text(sentence, 11, 3.0)) == sentence


def test_the_font_for_hangul_comes_with_its_licence() -> None:
    font = FT2Font(str(HANGUL_FONT))
    assert all(font.get_char_index(ord(letter)) for letter in "가힣배우기")
    assert "SIL Open Font License" in (HANGUL_FONT.parent / "OFL.txt").read_text(encoding="utf-8")

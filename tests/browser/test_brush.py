"""The brush in a real browser: mouse, finger and keys paint cells, and a value from outside is shown."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import gradio as gr
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visit, new_page
from tests.browser.lesson import disc, pixels, step_link
from tests.live import SCENES, LivePage
from tests.tiny import free_port
from tests.viz.lesson.subjects import make_subject
from ugatit import load_model
from ugatit.explain.interventions import Paint
from viz.i18n import words_in
from viz.lesson.painting import AMPLIFY, SUPPRESS, Painting, brightest_cells
from viz.lesson.subject import Subject, first_map
from viz.tabs.learn.brush import brush_update, build_brush

WIDTH = 80
"""The picture has 80x32 pixels: 20x8 cells of its map, painted on in 16x6."""
ROWS, COLUMNS = 6, 16

Open = Callable[..., Page]


@contextmanager
def served(shown: Subject) -> Iterator[str]:
    """A page with a brush, and beside it what its handler received."""
    with gr.Blocks() as demo:
        tool = build_brush(words_in("en"))
        received = gr.Textbox(elem_id="received")
        given = gr.Textbox(elem_id="given")
        strokes = gr.Number(0, elem_id="strokes")
        tool.input(lambda value, count: (value, count + 1), [tool, strokes], [received, strokes])
        given.submit(lambda text: gr.update(value=text), given, tool)
        korean = gr.Button("ko", elem_id="korean")
        korean.click(lambda: brush_update(shown, words_in("ko")), None, tool)
        demo.load(lambda: brush_update(shown, words_in("en")), None, tool)
    port = free_port()
    demo.launch(server_name="127.0.0.1", server_port=port, prevent_thread_lock=True, quiet=True)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        demo.close()


@pytest.fixture(scope="module")
def shown() -> Subject:
    return make_subject(0, WIDTH)


@pytest.fixture(scope="module")
def address(shown: Subject) -> Iterator[str]:
    with served(shown) as address:
        yield address


@pytest.fixture
def open_brush(browser: Browser, address: str) -> Iterator[Open]:
    script_errors: list[str] = []
    with ExitStack() as stack:

        def open_page(**options: object) -> Page:
            page = stack.enter_context(new_page(browser, **options))
            page.on("console", lambda line: script_errors.append(line.text) if "js_on_load" in line.text else None)
            page.goto(address)
            page.wait_for_function("document.querySelector('#brush canvas')?.width === 768")
            return page

        yield open_page
    assert script_errors == []


def center(page: Page, row: int, column: int) -> tuple[float, float]:
    box = page.locator("#brush canvas").bounding_box()
    assert box is not None
    return box["x"] + box["width"] * (column + 0.5) / COLUMNS, box["y"] + box["height"] * (row + 0.5) / ROWS


def drag(page: Page, begin: tuple[int, int], end: tuple[int, int]) -> None:
    page.mouse.move(*center(page, *begin))
    page.mouse.down()
    page.mouse.move(*center(page, *end))
    page.mouse.up()


def painted(page: Page, strokes: int) -> Painting:
    """What the handler received after a number of strokes."""
    expect(page.locator("#strokes input")).to_have_value(str(strokes))
    return Painting.from_text(page.locator("#received textarea").input_value())


def cells(painting: Painting, letter: str = AMPLIFY) -> set[tuple[int, int]]:
    return {divmod(index, painting.columns) for index, cell in enumerate(painting.cells) if cell == letter}


def color_at(page: Page, row: int, column: int) -> list[int]:
    """The canvas color just inside a cell's corner."""
    color: list[int] = page.evaluate(
        """([row, column, rows, columns]) => {
          const canvas = document.querySelector("#brush canvas");
          const [x, y] = [(column + 0.1) * canvas.width / columns, (row + 0.1) * canvas.height / rows];
          return [...canvas.getContext("2d").getImageData(x, y, 1, 1).data.slice(0, 3)];
        }""",
        [row, column, ROWS, COLUMNS],
    )
    return color


def test_a_mouse_stroke_paints_every_cell_on_its_way_and_triggers_one_event(open_brush: Open) -> None:
    page = open_brush()
    before = color_at(page, 2, 6)
    drag(page, (2, 3), (2, 9))
    painting = painted(page, 1)
    assert (painting.rows, painting.columns) == (ROWS, COLUMNS)
    assert cells(painting) == {(2, column) for column in range(3, 10)}
    assert color_at(page, 2, 6) != before
    drag(page, (0, 0), (5, 5))
    assert cells(painted(page, 2)) >= {(index, index) for index in range(6)}


def test_a_finger_paints_as_a_mouse_does(open_brush: Open) -> None:
    page = open_brush(has_touch=True, viewport={"width": 390, "height": 844})
    page.touchscreen.tap(*center(page, 4, 11))
    assert cells(painted(page, 1)) == {(4, 11)}


def test_the_brush_has_a_size_and_a_mode(open_brush: Open) -> None:
    page = open_brush()
    page.get_by_label("medium", exact=True).check()
    drag(page, (2, 5), (2, 5))
    around = {(row, column) for row in (1, 2, 3) for column in (4, 5, 6)}
    assert cells(painted(page, 1)) == around
    page.get_by_label("No weight, ×0", exact=True).check()
    drag(page, (0, 0), (0, 0))
    second = painted(page, 2)
    assert cells(second, SUPPRESS) == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert cells(second) == around
    page.get_by_label("Erase", exact=True).check()
    page.get_by_label("small", exact=True).check()
    drag(page, (2, 5), (2, 5))
    assert cells(painted(page, 3)) == around - {(2, 5)}


def test_the_keyboard_alone_paints_and_selects_the_mode(open_brush: Open) -> None:
    page = open_brush()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "board":
            break
    status = page.locator("#brush .status")
    expect(status).to_contain_text("Row 4, column 9: untouched.")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    assert cells(painted(page, 1)) == {(3, 7)}
    expect(status).to_contain_text("Row 4, column 8: More weight, ×3.")
    page.keyboard.press("2")
    page.keyboard.press("Shift+ArrowUp")
    assert cells(painted(page, 2), SUPPRESS) == {(2, 7)}
    page.keyboard.press("3")
    for _ in range(9):
        page.keyboard.press("ArrowUp")
    expect(status).to_contain_text("Row 1, column 8")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "brush-size"


def test_buttons_paint_by_the_attention_map_and_clear(open_brush: Open, shown: Subject) -> None:
    page = open_brush()
    page.get_by_role("button", name="Look only at the brightest places").click()
    only = painted(page, 1)
    page.get_by_role("button", name="Look everywhere but there").click()
    without = painted(page, 2)
    all_cells = {(row, column) for row in range(ROWS) for column in range(COLUMNS)}
    assert cells(only, SUPPRESS) | cells(without, SUPPRESS) == all_cells
    assert cells(only, SUPPRESS) & cells(without, SUPPRESS) == set()
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#strokes input")).to_have_value("3")
    expect(page.locator("#received textarea")).to_have_value("")


def test_a_painting_from_outside_is_shown_and_can_be_extended(open_brush: Open) -> None:
    page = open_brush()
    before = color_at(page, 1, 1)
    where = np.zeros((ROWS, COLUMNS), bool)
    where[1, 1] = True
    page.locator("#given textarea").fill(Painting.from_mask(where, SUPPRESS).text)
    page.locator("#given textarea").press("Enter")
    expect(page.locator("#brush .status")).to_have_text("More weight: 0 cells. No weight: 1 cells.")
    assert color_at(page, 1, 1) != before
    drag(page, (4, 4), (4, 4))
    both = painted(page, 1)
    assert (cells(both), cells(both, SUPPRESS)) == ({(4, 4)}, {(1, 1)})


def test_on_the_page_a_stroke_changes_the_translation_and_the_link_reopens_the_painting(
    visit: Visit, live: LivePage
) -> None:
    page = visit(f"?step=elsewhere&weights={SCENES}&picture=disc-11")
    page.wait_for_selector("#stage-elsewhere img")
    page.locator("#brush canvas").scroll_into_view_if_needed()
    page.get_by_role("button", name="Look everywhere but there").click()
    expect(page.locator("#stage-elsewhere .says")).to_contain_text("Your painting moved")

    model = load_model(live.weights / SCENES, "cpu")
    shown = Subject(model, model.domains[1], disc())
    bright = brightest_cells(first_map(shown.explanation.attention_map), shown.grids(), (64, 64), (16, 16))
    mask = Painting.from_mask(bright, SUPPRESS).mask((16, 16), shown.grids(), (64, 64))
    expected = np.asarray(shown.render(shown.explain(Paint(mask)).image))
    assert np.array_equal(pixels(page, "translation-now", "#stage-elsewhere"), expected)
    own = np.asarray(shown.render(shown.explanation.image))
    assert np.array_equal(pixels(page, "translation", "#stage-elsewhere"), own)

    page.goto(f"{live.address}{step_link(page, 'elsewhere')}")
    expect(page.locator("#stage-elsewhere .says")).to_contain_text("Your painting moved")
    expect(page.locator("#brush .status")).to_contain_text(f"No weight: {bright.sum()} cells.")
    assert np.array_equal(pixels(page, "translation-now", "#stage-elsewhere"), expected)


def test_the_texts_of_the_brush_follow_the_language(open_brush: Open) -> None:
    page = open_brush()
    words = words_in("ko").brush
    page.locator("#korean").click()
    expect(page.locator("#brush .hint")).to_have_text(words.hint)
    expect(page.get_by_role("button", name=words.clear)).to_be_visible()
    label = page.locator("#brush .board").get_attribute("aria-label")
    assert label == words.board.format(rows=ROWS, columns=COLUMNS)

"""A brush component: paint where the network looks harder or not at all, with mouse, finger or keys."""

from typing import Any

import gradio as gr

from viz.data_urls import png_data_url
from viz.i18n.schema import Words
from viz.lesson.painting import AMPLIFY, SUPPRESS, UNTOUCHED, Painting, brightest_cells, grid_shape
from viz.lesson.subject import Subject, first_map
from viz.tabs.assets import read_asset

TEMPLATE = f"""
<div class="brush">
  <div class="board" tabindex="0" role="application"><canvas width="0" height="0" aria-hidden="true"></canvas></div>
  <div class="tools">
    <fieldset class="modes"><legend></legend>
      <label><input type="radio" name="brush-mode" value="{AMPLIFY}" checked><span></span></label>
      <label><input type="radio" name="brush-mode" value="{SUPPRESS}"><span></span></label>
      <label><input type="radio" name="brush-mode" value="{UNTOUCHED}"><span></span></label>
    </fieldset>
    <fieldset class="sizes"><legend></legend>
      <label><input type="radio" name="brush-size" value="1" checked><span></span></label>
      <label><input type="radio" name="brush-size" value="3"><span></span></label>
      <label><input type="radio" name="brush-size" value="5"><span></span></label>
    </fieldset>
    <div class="presets">
      <button type="button" data-preset="only"></button>
      <button type="button" data-preset="without"></button>
      <button type="button" data-preset="clear"></button>
    </div>
    <p class="hint"></p>
    <p class="status" role="status" aria-live="polite"></p>
  </div>
</div>
"""
"""It stays the same, so that the page never redraws it; the script fills in the texts."""


def build_brush(words: Words) -> gr.HTML:
    """Build a brush. Its value is a `Painting` as text; every stroke triggers the event `input`."""
    return gr.HTML(
        "",
        html_template=TEMPLATE,
        css_template=read_asset("brush.css"),
        js_on_load=read_asset("brush.js"),
        apply_default_css=False,
        elem_id="brush",
        picture="",
        rows=1,
        columns=1,
        presets={},
        words=brush_texts(words),
    )


def brush_update(subject: Subject, words: Words) -> Any:
    """Return an update of a brush with the picture to paint on and the paintings that its buttons insert."""
    size, grids = subject.picture.size, subject.grids()
    rows, columns = grid_shape(size, grids)
    bright = brightest_cells(first_map(subject.explanation.attention_map), grids, size, (rows, columns))
    presets = {
        "only": Painting.from_mask(~bright, SUPPRESS).text,
        "without": Painting.from_mask(bright, SUPPRESS).text,
        "clear": "",
    }
    picture = png_data_url(subject.picture)
    return gr.update(picture=picture, rows=rows, columns=columns, presets=presets, words=brush_texts(words))


def brush_texts(words: Words) -> dict[str, Any]:
    """Return the texts of the brush by the names that its script uses."""
    texts = words.brush
    return {
        "board": texts.board,
        "hint": texts.hint,
        "mode": texts.mode,
        "modes": [texts.harder, texts.away, texts.erase],
        "states": {UNTOUCHED: texts.untouched, AMPLIFY: texts.harder, SUPPRESS: texts.away},
        "size": texts.size,
        "sizes": list(texts.sizes),
        "presets": {"only": texts.only_there, "without": texts.not_there, "clear": texts.clear},
        "cell": texts.cell,
        "count": texts.count,
    }

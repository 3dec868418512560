"""A brush over a picture: paint where the network shall look harder, or not at all. With a mouse, a finger or keys."""

from typing import Any

import gradio as gr

from viz.i18n.schema import Words
from viz.lesson.html import exact_address
from viz.lesson.painting import AWAY, HARDER, UNTOUCHED, Painting, brightest, cells_for
from viz.lesson.subject import Subject, of_first
from viz.tabs.learn.brush_script import CSS, SCRIPT

TEMPLATE = f"""
<div class="brush">
  <div class="board" tabindex="0" role="application"><canvas width="0" height="0" aria-hidden="true"></canvas></div>
  <div class="tools">
    <fieldset class="modes"><legend></legend>
      <label><input type="radio" name="brush-mode" value="{HARDER}" checked><span></span></label>
      <label><input type="radio" name="brush-mode" value="{AWAY}"><span></span></label>
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
"""It never changes, so the page never draws it anew: the script fills it in."""


def brush(words: Words) -> gr.HTML:
    """Its value is a `Painting` as text; the event `input` follows every stroke."""
    return gr.HTML(
        "",
        html_template=TEMPLATE,
        css_template=CSS,
        js_on_load=SCRIPT,
        apply_default_css=False,
        elem_id="brush",
        picture="",
        rows=1,
        columns=1,
        presets={},
        words=said(words),
    )


def offered(subject: Subject, words: Words) -> Any:
    """An update of a brush with the picture to paint on and what can be painted on it at once."""
    size, grids = subject.picture.size, subject.grids()
    rows, columns = cells_for(size, grids)
    bright = brightest(of_first(subject.explained.attention_map), grids, size, (rows, columns))
    presets = {
        "only": Painting.chosen(~bright, AWAY).text,
        "without": Painting.chosen(bright, AWAY).text,
        "clear": "",
    }
    picture = exact_address(subject.picture)
    return gr.update(picture=picture, rows=rows, columns=columns, presets=presets, words=said(words))


def said(words: Words) -> dict[str, Any]:
    """The brush's texts, as its script takes them."""
    told = words.brush
    return {
        "board": told.board,
        "hint": told.hint,
        "mode": told.mode,
        "modes": [told.harder, told.away, told.erase],
        "states": {UNTOUCHED: told.untouched, HARDER: told.harder, AWAY: told.away},
        "size": told.size,
        "sizes": list(told.sizes),
        "presets": {"only": told.only_there, "without": told.not_there, "clear": told.clear},
        "cell": told.cell,
        "count": told.count,
    }

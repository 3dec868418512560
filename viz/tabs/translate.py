"""The Translate tab: a picture in, its translation and three attention maps out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from PIL import Image

from ugatit.errors import TranslationError
from ugatit.translator import Translation
from ugatit.zoo import Found
from viz.bundle import Bundle
from viz.display import Look, Shown, screen_factor
from viz.examples import Example, Examples
from viz.sheet import enlarged
from viz.tabs import batch, endpoint, result, weights_box
from viz.tabs.events import DRAWING, NETWORKS, PRIVATE, new_file, on_accelerator, tell
from viz.tabs.inputs import PAD_SIDE, PictureInput, from_file, from_pad
from viz.tabs.opening import Opening
from viz.tabs.shelf import Added, Shelf
from viz.tabs.texts import title_of
from viz.tabs.theme import SAVE_FILE, SHOW_RESULT

PICTURE, DRAW, SEVERAL = "picture", "draw", "several"


def build(demo: gr.Blocks, shelf: Shelf, examples: Examples, first: Found, opening: Opening | None) -> None:
    """Build the tab inside `demo`. first: the weights chosen at the start; opening: what a visitor finds."""

    @on_accelerator
    def networks(name: str, added: Added, picture: Image.Image, to: str) -> Translation:
        return shelf.translator(shelf.find(name, added))(picture, to)

    @on_accelerator
    def networks_on_all(name: str, added: Added, files: list[Path], to: str) -> Iterator[Translation | TranslationError]:
        yield from shelf.translator(shelf.find(name, added)).stream(files, to)

    shown = gr.State(None, time_to_live=weights_box.DAY)
    mode = gr.State(PICTURE)
    with gr.Row():
        with gr.Column(scale=4, min_width=300):
            with gr.Tabs(selected=PICTURE, elem_id="inputs") as tabs:
                with gr.Tab("Picture", id=PICTURE) as picture_tab:
                    picture = PictureInput(
                        label="Picture", show_label=False, sources=["upload", "webcam", "clipboard"], type="filepath",
                        image_mode=None, height=270, elem_id="input-image", interactive=True,
                        alt_text="The picture to translate",
                    )  # fmt: skip
                with gr.Tab("Draw", id=DRAW) as draw_tab:
                    pad = gr.Sketchpad(
                        label="Drawing pad", show_label=False, type="pil", image_mode="RGBA", format="png",
                        canvas_size=(PAD_SIDE, PAD_SIDE), height=400, layers=False, elem_id="sketch",
                        brush=gr.Brush(default_size=14),
                    )  # fmt: skip
                with gr.Tab("Several", id=SEVERAL) as several_tab:
                    several = gr.File(label="Pictures", file_count="multiple", height=270, elem_id="several")
            for tab, name in ((picture_tab, PICTURE), (draw_tab, DRAW), (several_tab, SEVERAL)):
                tab.select(lambda name=name: name, None, mode, queue=False, show_progress="hidden", **PRIVATE)
            controls = weights_box.build(shelf, first)
            start = gr.Button("Translate", variant="primary", elem_id="translate")
            status = gr.Markdown("", elem_id="status")
            galleries = _galleries(shelf, examples)
        with gr.Column(scale=9, min_width=300, elem_id="result"):
            with gr.Column(visible=False) as several_done:
                gallery = gr.Gallery(
                    label="Translations", format="png", columns=5, height="auto", object_fit="contain", elem_id="gallery"
                )
                archive = gr.File(label="All of it, with maps and numbers", elem_id="archive", interactive=False)
            with gr.Column() as one_done:
                box = result.build()
    parcel = gr.File(visible=False)

    def translate(
        mode: str, file: str | None, drawing: dict[str, Any] | None, name: str, to: str, added: Added
    ) -> tuple[Any, str]:
        try:
            incoming = from_pad(drawing) if mode == DRAW else from_file(file)
            translation = networks(name, added, incoming.picture, to)
        except TranslationError as error:
            return gr.skip(), tell(error)
        return Shown(translation, incoming.name, examples.truth_of(translation)), ""

"""Where a picture comes from: a file, the clipboard, a camera, the drawing pad, or many files at once."""

from dataclasses import dataclass

import gradio as gr
from PIL import Image

from viz.tabs.events import PRIVATE
from viz.tabs.inputs import PictureInput

PICTURE, DRAW, SEVERAL = "picture", "draw", "several"
PAD_SIDE = 512
INKS = ["#1b1f27", "#dc2626", "#f59e0b", "#16a34a", "#2563eb", "#7c3aed"]


@dataclass(frozen=True)
class SourcesBox:
    """The ways in. mode: the one in front, which is the one that counts."""

    mode: gr.State
    tabs: gr.Tabs
    picture: PictureInput
    pad: gr.Sketchpad
    several: gr.File

    @property
    def all(self) -> list[gr.components.Component]:
        return [self.mode, self.picture, self.pad, self.several]


def build() -> SourcesBox:
    mode = gr.State(PICTURE)
    with gr.Tabs(selected=PICTURE, elem_id="inputs") as tabs:
        with gr.Tab("Picture", id=PICTURE) as picture_tab:
            picture = PictureInput(
                label="Picture", show_label=False, sources=["upload", "webcam", "clipboard"], type="filepath",
                image_mode=None, height=250, elem_id="input-image", elem_classes="picture", interactive=True,
                alt_text="The picture to translate",
            )  # fmt: skip
        with gr.Tab("Draw", id=DRAW) as draw_tab:
            # With a white ground in place the pad opens with its brush in hand.
            pad = gr.Sketchpad(
                Image.new("RGB", (PAD_SIDE, PAD_SIDE), "white"), label="Drawing pad", show_label=False, type="pil",
                image_mode="RGBA", format="png", canvas_size=(PAD_SIDE, PAD_SIDE), height=400, layers=False,
                brush=gr.Brush(14, [*INKS], INKS[0]), elem_id="sketch",
            )  # fmt: skip
        with gr.Tab("Several", id=SEVERAL) as several_tab:
            several = gr.File(label="Pictures", file_count="multiple", height=250, elem_id="several")
    for tab, name in ((picture_tab, PICTURE), (draw_tab, DRAW), (several_tab, SEVERAL)):
        tab.select(lambda name=name: name, None, mode, queue=False, show_progress="hidden", **PRIVATE)
    return SourcesBox(mode, tabs, picture, pad, several)

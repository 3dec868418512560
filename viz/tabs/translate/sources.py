"""Where a picture comes from: a file, the clipboard, a camera, the drawing pad, or many files at once."""

from dataclasses import dataclass

import gradio as gr
from PIL import Image

from viz.i18n import words_in
from viz.tabs.events import PRIVATE
from viz.tabs.inputs import PictureInput
from viz.tabs.language import Labels

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


def build(labels: Labels) -> SourcesBox:
    """The components, in the first language's words. labels: keeps them in the page's."""
    said = words_in("").translate
    mode = gr.State(PICTURE)
    with gr.Tabs(selected=PICTURE, elem_id="inputs") as tabs:
        with gr.Tab(said.picture, id=PICTURE, elem_id="tab-picture") as picture_tab:
            picture = PictureInput(
                label=said.picture, show_label=False, sources=["upload", "webcam", "clipboard"], type="filepath",
                image_mode=None, height=250, elem_id="input-image", elem_classes="picture", interactive=True,
                alt_text=said.picture_alt,
            )  # fmt: skip
        with gr.Tab(said.draw, id=DRAW, elem_id="tab-draw") as draw_tab:
            # With a white ground in place the pad opens with its brush in hand.
            pad = gr.Sketchpad(
                Image.new("RGB", (PAD_SIDE, PAD_SIDE), "white"), label=said.pad, show_label=False, type="pil",
                image_mode="RGBA", format="png", canvas_size=(PAD_SIDE, PAD_SIDE), height=400, layers=False,
                brush=gr.Brush(14, [*INKS], INKS[0]), elem_id="sketch",
            )  # fmt: skip
        with gr.Tab(said.several, id=SEVERAL, elem_id="tab-several") as several_tab:
            several = gr.File(label=said.pictures, file_count="multiple", height=250, elem_id="several")
    for tab, name in ((picture_tab, PICTURE), (draw_tab, DRAW), (several_tab, SEVERAL)):
        tab.select(lambda name=name: name, None, mode, queue=False, show_progress="hidden", **PRIVATE)
    labels.say(picture_tab, lambda words: gr.Tab(label=words.translate.picture))
    labels.say(draw_tab, lambda words: gr.Tab(label=words.translate.draw))
    labels.say(several_tab, lambda words: gr.Tab(label=words.translate.several))
    labels.say(picture, lambda words: PictureInput(label=words.translate.picture, alt_text=words.translate.picture_alt))
    labels.say(pad, lambda words: gr.Sketchpad(label=words.translate.pad))
    labels.say(several, lambda words: gr.File(label=words.translate.pictures))
    return SourcesBox(mode, tabs, picture, pad, several)

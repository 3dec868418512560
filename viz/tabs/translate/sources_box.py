"""Input controls: one picture (upload, webcam or clipboard), the drawing pad, or several files."""

from dataclasses import dataclass

import gradio as gr
from PIL import Image

from viz.i18n import words_in
from viz.tabs.events import PRIVATE
from viz.tabs.inputs import PictureInput
from viz.tabs.language import Labels

PICTURE, DRAW, SEVERAL = "picture", "draw", "several"
PAD_SIZE = 512
BRUSH_COLORS = ["#1b1f27", "#dc2626", "#f59e0b", "#16a34a", "#2563eb", "#7c3aed"]


@dataclass(frozen=True)
class SourcesBox:
    """The input controls. mode: the name of the open input tab, whose input is translated."""

    mode: gr.State
    tabs: gr.Tabs
    picture: PictureInput
    pad: gr.Sketchpad
    several: gr.File

    @property
    def inputs(self) -> list[gr.components.Component]:
        """The components that a translation reads."""
        return [self.mode, self.picture, self.pad, self.several]


def build(labels: Labels) -> SourcesBox:
    """Build the components, with texts in the first language. labels: registers them for translation."""
    texts = words_in("").translate
    mode = gr.State(PICTURE)
    with gr.Tabs(selected=PICTURE, elem_id="inputs") as tabs:
        with gr.Tab(texts.picture, id=PICTURE, elem_id="tab-picture") as picture_tab:
            picture = PictureInput(
                label=texts.picture, show_label=False, sources=["upload", "webcam", "clipboard"], type="filepath",
                image_mode=None, height=250, elem_id="input-image", elem_classes="picture", interactive=True,
                alt_text=texts.picture_alt,
            )  # fmt: skip
        with gr.Tab(texts.draw, id=DRAW, elem_id="tab-draw") as draw_tab:
            # With a white background the pad opens with its brush selected.
            pad = gr.Sketchpad(
                Image.new("RGB", (PAD_SIZE, PAD_SIZE), "white"), label=texts.pad, show_label=False, type="pil",
                image_mode="RGBA", format="png", canvas_size=(PAD_SIZE, PAD_SIZE), height=400, layers=False,
                brush=gr.Brush(14, [*BRUSH_COLORS], BRUSH_COLORS[0]), elem_id="sketch",
            )  # fmt: skip
        with gr.Tab(texts.several, id=SEVERAL, elem_id="tab-several") as several_tab:
            several = gr.File(label=texts.pictures, file_count="multiple", height=250, elem_id="several")
    for tab, name in ((picture_tab, PICTURE), (draw_tab, DRAW), (several_tab, SEVERAL)):
        tab.select(lambda name=name: name, None, mode, queue=False, show_progress="hidden", **PRIVATE)
    labels.add(picture_tab, lambda words: gr.Tab(label=words.translate.picture))
    labels.add(draw_tab, lambda words: gr.Tab(label=words.translate.draw))
    labels.add(several_tab, lambda words: gr.Tab(label=words.translate.several))
    labels.add(picture, lambda words: PictureInput(label=words.translate.picture, alt_text=words.translate.picture_alt))
    labels.add(pad, lambda words: gr.Sketchpad(label=words.translate.pad))
    labels.add(several, lambda words: gr.File(label=words.translate.pictures))
    return SourcesBox(mode, tabs, picture, pad, several)

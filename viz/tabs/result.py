"""The right side of the page: the translation, before and after, three maps and how they are drawn."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from viz.bundle import details
from viz.display import Look, Shown, before_and_after, is_tiny, map_pictures, screen_factor
from viz.heatmap import NORMALIZATIONS, normalization_named
from viz.overlay import COLORMAPS, stops
from viz.panels import TITLES
from viz.tabs.texts import map_text, measured, plain

STARTS = Look()


@dataclass(frozen=True)
class ResultBox:
    """The components of a result. look: the controls of how maps are drawn, in the order of `Look`'s fields."""

    image: gr.Image
    slider: gr.ImageSlider
    maps: dict[str, gr.Image]
    texts: dict[str, gr.Markdown]
    measured: gr.Markdown
    numbers: gr.JSON
    scale: gr.HTML
    look: list[gr.Dropdown | gr.Slider | gr.Checkbox]
    truth: gr.Checkbox
    download: gr.Button

    @property
    def drawn(self) -> list[gr.components.Component]:
        """What changes with the look."""
        return [*self.maps.values(), *self.texts.values(), self.scale]

    @property
    def all(self) -> list[gr.components.Component]:
        """What changes with the translation."""
        return [self.image, self.slider, *self.drawn, self.measured, self.numbers, self.truth, self.download]


def build() -> ResultBox:
    with gr.Row(equal_height=True):
        with gr.Column(min_width=280):
            image = gr.Image(
                label="Translation", format="png", elem_id="output-image", interactive=False,
                buttons=["fullscreen"], alt_text="No translation yet", elem_classes="picture",
            )  # fmt: skip
        with gr.Column(min_width=280):
            slider = gr.ImageSlider(
                label="Before and after: drag the line", format="png", type="pil", elem_id="before-after",
                max_height=440, interactive=False, buttons=["fullscreen"], elem_classes="picture",
            )  # fmt: skip
    gr.Markdown("## Where the networks looked", elem_classes="heading")
    maps, texts = {}, {}
    with gr.Row():
        for name, title in TITLES.items():
            with gr.Column(min_width=210):
                maps[name] = gr.Image(
                    label=title, format="png", elem_id=f"map-{name}", interactive=False,
                    buttons=["fullscreen"], elem_classes=["picture", "map"],
                    alt_text=f"No map of the {title.lower()} yet",
                )  # fmt: skip
                texts[name] = gr.Markdown("", elem_classes="map-text", elem_id=f"text-{name}")
    scale = gr.HTML(scale_of(STARTS), elem_id="scale")
    with gr.Row(equal_height=True, elem_id="look"):
        opacity = gr.Slider(0, 1, STARTS.opacity, step=0.05, label="Opacity", elem_id="opacity", min_width=180)
        colormap = gr.Dropdown(
            [(label, name) for name, label in COLORMAPS.items()], value=STARTS.colormap, label="Colours",
            elem_id="colormap", filterable=False, min_width=180,
        )  # fmt: skip
        normalization = gr.Dropdown(
            [(kind.label, name) for name, kind in NORMALIZATIONS.items()], value=STARTS.normalization, label="Scale",
            elem_id="normalization", filterable=False, min_width=180,
        )  # fmt: skip
    truth = gr.Checkbox(False, label="Outline the object that is truly there", elem_id="truth", visible=False)
    with gr.Row(equal_height=True, elem_id="take-home"):
        with gr.Column(min_width=260):
            download = gr.Button("Download picture, maps and numbers", elem_id="download", interactive=False, size="md")
        with gr.Column(min_width=260):
            measurement = gr.Markdown("", elem_id="measured", elem_classes="quiet")
    with gr.Accordion("All numbers", open=False):
        numbers = gr.JSON(show_label=False)
    look: list[gr.Dropdown | gr.Slider | gr.Checkbox] = [normalization, colormap, opacity, truth]
    return ResultBox(image, slider, maps, texts, measurement, numbers, scale, look, truth, download)


def fill(shown: Shown, look: Look) -> list[Any]:
    """Values of `ResultBox.all`."""
    translation = shown.translation
    image = gr.Image(
        value=translation.image,
        alt_text=f"{shown.name}, translated from {translation.origin} to {translation.to}",
        elem_classes=["picture", "tiny"] if is_tiny(translation.image) else ["picture"],
    )
    return [
        image,
        before_and_after(shown),
        *redraw(shown, look),
        measured(translation),
        details(translation),
        gr.Checkbox(visible=shown.truth is not None),
        gr.Button(interactive=True),
    ]


def redraw(shown: Shown, look: Look) -> list[Any]:
    """Values of `ResultBox.drawn`: maps and texts anew, without a network."""
    translation = shown.translation
    drawn = map_pictures(shown, look, screen_factor(translation.image))
    maps = [
        gr.Image(
            value=drawn.get(name),
            visible=name in drawn,
            alt_text=f"{title}: attention over the {translation.attention[name].over}" if name in drawn else None,
        )
        for name, title in TITLES.items()
    ]
    texts = [map_text(translation, name, look.normalization) for name in TITLES]
    return [*maps, *texts, scale_of(look)]


def scale_of(look: Look) -> str:
    """A colour bar with what its two ends stand for: HTML."""
    low, high = map(plain, normalization_named(look.normalization).ends)
    colors = ", ".join(stops(look.colormap))
    return (
        f'<div class="scale" role="img" aria-label="Colours of the maps, from {low} to {high}">'
        f'<span>{low}</span><i style="background: linear-gradient(90deg, {colors})"></i><span>{high}</span></div>'
    )

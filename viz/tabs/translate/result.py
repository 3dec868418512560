"""The right side of the page: the translation, before and after, three maps and how they are drawn."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from viz.display import DisplayedTranslation, DisplayOptions, before_and_after, is_tiny, map_pictures, screen_factor
from viz.download import translation_details
from viz.i18n import words_in
from viz.i18n.schema import Words
from viz.overlay import stops
from viz.tabs.language import Labels
from viz.tabs.texts import escape_markdown, map_text, measured

STARTS = DisplayOptions()


@dataclass(frozen=True)
class ResultBox:
    """The components of a result. look: the controls of how maps are drawn, in the order of `DisplayOptions`."""

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


def build(labels: Labels) -> ResultBox:
    """The components, in the first language's words. labels: keeps them in the page's."""
    words = words_in("")
    said = words.translate
    with gr.Row(equal_height=True):
        with gr.Column(min_width=280):
            image = gr.Image(
                label=said.translation, format="png", elem_id="output-image", interactive=False,
                buttons=["fullscreen"], alt_text=said.no_translation, elem_classes="picture",
            )  # fmt: skip
        with gr.Column(min_width=280):
            slider = gr.ImageSlider(
                label=said.slider, format="png", type="pil", elem_id="before-after",
                max_height=440, interactive=False, buttons=["fullscreen"], elem_classes="picture",
            )  # fmt: skip
    where = gr.Markdown(f"## {said.where}", elem_classes="heading")
    maps, texts = {}, {}
    with gr.Row():
        for name, title in words.drawn.titles.items():
            with gr.Column(min_width=210):
                maps[name] = gr.Image(
                    label=title, format="png", elem_id=f"map-{name}", interactive=False,
                    buttons=["fullscreen"], elem_classes=["picture", "map"],
                    alt_text=said.no_map.format(title=title),
                )  # fmt: skip
                texts[name] = gr.Markdown("", elem_classes="map-text", elem_id=f"text-{name}")
    scale = gr.HTML(scale_of(STARTS, words), elem_id="scale")
    with gr.Row(equal_height=True, elem_id="look"):
        opacity = gr.Slider(0, 1, STARTS.opacity, step=0.05, label=said.opacity, elem_id="opacity", min_width=180)
        colormap = gr.Dropdown(
            _colormaps(words), value=STARTS.colormap, label=said.colors,
            elem_id="colormap", filterable=False, min_width=180,
        )  # fmt: skip
        normalization = gr.Dropdown(
            _scales(words), value=STARTS.normalization, label=said.scale,
            elem_id="normalization", filterable=False, min_width=180,
        )  # fmt: skip
    truth = gr.Checkbox(False, label=said.truth, elem_id="truth", visible=False)
    with gr.Row(equal_height=True, elem_id="take-home"):
        with gr.Column(min_width=260):
            download = gr.Button(said.download, elem_id="download", interactive=False, size="md")
        with gr.Column(min_width=260):
            measurement = gr.Markdown("", elem_id="measured", elem_classes="quiet")
    with gr.Accordion(said.numbers, open=False) as accordion:
        numbers = gr.JSON(show_label=False)
    labels.say(image, lambda words: gr.Image(label=words.translate.translation))
    labels.say(slider, lambda words: gr.ImageSlider(label=words.translate.slider))
    labels.say(where, lambda words: f"## {words.translate.where}")
    for name, shown in maps.items():
        labels.say(shown, partial(_map_label, name))
    labels.say(opacity, lambda words: gr.Slider(label=words.translate.opacity))
    labels.say(colormap, lambda words: gr.Dropdown(label=words.translate.colors, choices=_colormaps(words)))
    labels.say(normalization, lambda words: gr.Dropdown(label=words.translate.scale, choices=_scales(words)))
    labels.say(truth, lambda words: gr.Checkbox(label=words.translate.truth))
    labels.say(download, lambda words: gr.Button(words.translate.download))
    labels.say(accordion, lambda words: gr.Accordion(label=words.translate.numbers))
    look: list[gr.Dropdown | gr.Slider | gr.Checkbox] = [normalization, colormap, opacity, truth]
    return ResultBox(image, slider, maps, texts, measurement, numbers, scale, look, truth, download)


def fill(shown: DisplayedTranslation, look: DisplayOptions, words: Words) -> list[Any]:
    """Values of `ResultBox.all`."""
    translation = shown.translation
    image = gr.Image(
        value=translation.image,
        alt_text=words.translate.translation_alt.format(name=shown.name, origin=translation.origin, to=translation.to),
        elem_classes=["picture", "tiny"] if is_tiny(translation.image) else ["picture"],
    )
    return [
        image,
        before_and_after(shown),
        *redraw(shown, look, words),
        measured(translation, words),
        translation_details(translation),
        gr.Checkbox(visible=shown.truth is not None),
        gr.Button(interactive=True),
    ]


def redraw(shown: DisplayedTranslation, look: DisplayOptions, words: Words) -> list[Any]:
    """Values of `ResultBox.drawn`: maps and texts anew, without a network."""
    translation = shown.translation
    drawn = map_pictures(shown, look, screen_factor(translation.image))
    maps = [
        gr.Image(
            value=drawn.get(name),
            visible=name in drawn,
            alt_text=_map_alt(name, translation.attention[name].over, words) if name in drawn else None,
        )
        for name in words.drawn.titles
    ]
    texts = [map_text(translation, name, look.normalization, words) for name in words.drawn.titles]
    return [*maps, *texts, scale_of(look, words)]


def _map_label(name: str, words: Words) -> gr.Image:
    return gr.Image(label=words.drawn.titles[name])


def _map_alt(name: str, over: str, words: Words) -> str:
    return words.translate.map_alt.format(title=words.drawn.titles[name], over=words.drawn.over[over])


def _colormaps(words: Words) -> list[tuple[str, str]]:
    return [(label, name) for name, label in words.drawn.colormaps.items()]


def _scales(words: Words) -> list[tuple[str, str]]:
    return [(label, name) for name, label in words.drawn.scales.items()]


def scale_of(look: DisplayOptions, words: Words) -> str:
    """A colour bar with what its two ends stand for: HTML."""
    low, high = map(escape_markdown, words.drawn.ends[look.normalization])
    colors = ", ".join(stops(look.colormap))
    return (
        f'<div class="scale" role="img" aria-label="{words.translate.scale_alt.format(low=low, high=high)}">'
        f'<span>{low}</span><i style="background: linear-gradient(90deg, {colors})"></i><span>{high}</span></div>'
    )

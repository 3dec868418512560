"""The result of a translation: image, before-and-after slider, attention maps, and how the maps are drawn."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from ugatit.inference.translation import AttentionMap
from viz.display import DisplayedTranslation, DisplayOptions, before_and_after, is_tiny, map_pictures, screen_factor
from viz.download import ResultsArchive, translation_details
from viz.i18n import words_in
from viz.i18n.schema import Words
from viz.overlay import color_stops
from viz.panels import shown, title
from viz.tabs.assets import read_asset
from viz.tabs.events import DRAWING, PRIVATE, new_file
from viz.tabs.language import Labels
from viz.tabs.texts import escape_markdown, far_text, map_text, timing_text
from viz.tabs.translate import attributes_box, face_box
from viz.tabs.translate.batch import safe_name
from viz.tabs.translate.face_box import FaceBox

DEFAULTS = DisplayOptions()
FIRST_MAPS = ("generator", "local", "global")
"""The maps that have a place before the first translation."""


@dataclass(frozen=True)
class ResultBox:
    """The components of a result.

    options: the controls that make `DisplayOptions`, in the order of its fields. faces: for a drawn face alone.
    """

    image: gr.Image
    slider: gr.ImageSlider
    attributes: gr.CheckboxGroup
    far: gr.Markdown
    maps: dict[str, gr.Image]
    texts: dict[str, gr.Markdown]
    timing: gr.Markdown
    details: gr.JSON
    scale: gr.HTML
    options: list[gr.Dropdown | gr.Slider | gr.Checkbox]
    truth: gr.Checkbox
    download: gr.Button
    faces: FaceBox

    @property
    def map_outputs(self) -> list[gr.components.Component]:
        """The components that change with the display options."""
        return [*self.maps.values(), *self.texts.values(), self.scale]

    @property
    def outputs(self) -> list[gr.components.Component]:
        """The components that change with the translation."""
        return [
            self.image,
            self.slider,
            self.attributes,
            self.far,
            *self.map_outputs,
            self.timing,
            self.details,
            self.truth,
            self.download,
        ]


def build(labels: Labels) -> ResultBox:
    """Build the components, with texts in the first language. labels: registers them for translation."""
    words = words_in("")
    texts = words.translate
    with gr.Row(equal_height=True, elem_id="pictures"):
        with gr.Column(min_width=230):
            image = gr.Image(
                label=texts.translation, format="png", elem_id="output-image", interactive=False,
                buttons=["fullscreen"], alt_text=texts.no_translation, elem_classes="picture",
            )  # fmt: skip
        with gr.Column(min_width=230, elem_classes="answer-column"):
            answer = face_box.build_answer()
        with gr.Column(min_width=230):
            slider = gr.ImageSlider(
                label=texts.slider, format="png", type="pil", elem_id="before-after",
                max_height=440, interactive=False, buttons=["fullscreen"], elem_classes="picture",
            )  # fmt: skip
    report = face_box.build_report()
    attributes = attributes_box.build(labels)
    far = gr.Markdown("", elem_id="far", elem_classes="quiet", visible=False)
    maps_heading = gr.Markdown(f"## {texts.where}", elem_classes="heading")
    maps, map_texts = {}, {}
    with gr.Row():
        for name, title in words.attention_maps.titles.items():
            with gr.Column(min_width=210, elem_classes="map-column"):
                maps[name] = gr.Image(
                    label=title, format="png", elem_id=f"map-{name}", interactive=False, visible=name in FIRST_MAPS,
                    buttons=["fullscreen"], elem_classes=["picture", "map"],
                    alt_text=texts.no_map.format(title=title),
                )  # fmt: skip
                map_texts[name] = gr.Markdown("", elem_classes="map-text", elem_id=f"text-{name}")
    scale = gr.HTML(scale_element(DEFAULTS, words), elem_id="scale")
    with gr.Row(equal_height=True, elem_id="look"):
        opacity = gr.Slider(0, 1, DEFAULTS.opacity, step=0.05, label=texts.opacity, elem_id="opacity", min_width=180)
        colormap = gr.Dropdown(
            _colormap_choices(words), value=DEFAULTS.colormap, label=texts.colors,
            elem_id="colormap", filterable=False, min_width=180,
        )  # fmt: skip
        normalization = gr.Dropdown(
            _normalization_choices(words), value=DEFAULTS.normalization, label=texts.scale,
            elem_id="normalization", filterable=False, min_width=180,
        )  # fmt: skip
    truth = gr.Checkbox(False, label=texts.truth, elem_id="truth", visible=False)
    with gr.Row(equal_height=True, elem_id="take-home"):
        with gr.Column(min_width=260):
            download = gr.Button(texts.download, elem_id="download", interactive=False, size="md")
        with gr.Column(min_width=260):
            timing = gr.Markdown("", elem_id="measured", elem_classes="quiet")
    with gr.Accordion(texts.numbers, open=False) as accordion:
        details = gr.JSON(show_label=False)
    labels.add(image, lambda words: gr.Image(label=words.translate.translation))
    labels.add(slider, lambda words: gr.ImageSlider(label=words.translate.slider))
    labels.add(maps_heading, lambda words: f"## {words.translate.where}")
    for name, map_image in maps.items():
        labels.add(map_image, partial(_map_label, name))
    labels.add(opacity, lambda words: gr.Slider(label=words.translate.opacity))
    labels.add(colormap, lambda words: gr.Dropdown(label=words.translate.colors, choices=_colormap_choices(words)))
    labels.add(
        normalization, lambda words: gr.Dropdown(label=words.translate.scale, choices=_normalization_choices(words))
    )
    labels.add(truth, lambda words: gr.Checkbox(label=words.translate.truth))
    labels.add(download, lambda words: gr.Button(words.translate.download))
    labels.add(accordion, lambda words: gr.Accordion(label=words.translate.numbers))
    options: list[gr.Dropdown | gr.Slider | gr.Checkbox] = [normalization, colormap, opacity, truth]
    return ResultBox(
        image,
        slider,
        attributes,
        far,
        maps,
        map_texts,
        timing,
        details,
        scale,
        options,
        truth,
        download,
        FaceBox(answer, report),
    )


def connect(box: ResultBox, displayed: gr.State, language: gr.Radio, archive: gr.File) -> None:
    """Wire the display options and the download.

    displayed: a `DisplayedTranslation` or None. archive: a hidden file, which the browser downloads.
    """

    def redraw_maps(displayed: DisplayedTranslation | None, language: str, *options: Any) -> Any:
        return gr.skip() if displayed is None else map_values(displayed, DisplayOptions(*options), words_in(language))

    def pack_result(displayed: DisplayedTranslation | None, *options: Any) -> Any:
        if displayed is None:
            return gr.skip()
        path = new_file(f"{displayed.name}-to-{safe_name(displayed.translation.to)}.zip")
        with ResultsArchive(path, DisplayOptions(*options)) as results:
            results.add(displayed)
        return str(path)

    redraw_inputs = [displayed, language, *box.options]
    for control in box.options:
        control.input(
            redraw_maps, redraw_inputs, box.map_outputs, trigger_mode="always_last", **DRAWING, **PRIVATE
        )  # fmt: skip
    packed = box.download.click(pack_result, [displayed, *box.options], archive, show_progress="hidden", **PRIVATE)
    packed.then(None, archive, js=read_asset("save_file.js"), **PRIVATE)


def result_values(displayed: DisplayedTranslation, options: DisplayOptions, words: Words) -> list[Any]:
    """Return the values of `ResultBox.outputs`."""
    translation = displayed.translation
    far = far_text(translation, words)
    alt = words.lesson.translation_alt if translation.origin is None else words.translate.translation_alt
    image = gr.Image(
        value=translation.image,
        alt_text=alt.format(name=displayed.name, origin=translation.origin, to=translation.to),
        elem_classes=["picture", "tiny"] if is_tiny(translation.image) else ["picture"],
    )
    return [
        image,
        before_and_after(displayed),
        attributes_box.shown(translation),
        gr.Markdown(value=far, visible=bool(far)),
        *map_values(displayed, options, words),
        timing_text(translation, words),
        translation_details(translation),
        gr.Checkbox(visible=displayed.truth is not None),
        gr.Button(interactive=True),
    ]


def map_values(displayed: DisplayedTranslation, options: DisplayOptions, words: Words) -> list[Any]:
    """Return the values of `ResultBox.map_outputs`. No network runs."""
    translation = displayed.translation
    pictures = map_pictures(displayed, options, screen_factor(translation.image))
    maps = [
        gr.Image(
            value=pictures.get(name),
            visible=name in pictures,
            label=title(translation, name, words) if name in pictures else words.attention_maps.titles[name],
            alt_text=_map_alt(name, translation.attention[name], words) if name in pictures else None,
        )
        for name in words.attention_maps.titles
    ]
    texts = [map_text(translation, name, options.normalization, words) for name in words.attention_maps.titles]
    return [*maps, *texts, scale_element(options, words)]


def _map_label(name: str, words: Words) -> gr.Image:
    return gr.Image(label=words.attention_maps.titles[name])


def _map_alt(name: str, attention: AttentionMap, words: Words) -> str:
    return words.translate.map_alt.format(title=words.attention_maps.titles[name], shown=shown(attention, words))


def _colormap_choices(words: Words) -> list[tuple[str, str]]:
    return [(label, name) for name, label in words.attention_maps.colormaps.items()]


def _normalization_choices(words: Words) -> list[tuple[str, str]]:
    return [(label, name) for name, label in words.attention_maps.scales.items()]


def scale_element(options: DisplayOptions, words: Words) -> str:
    """Return a colour bar with the meaning of its two ends, as HTML."""
    low, high = map(escape_markdown, words.attention_maps.ends[options.normalization])
    colors = ", ".join(color_stops(options.colormap))
    return (
        f'<div class="scale" role="img" aria-label="{words.translate.scale_alt.format(low=low, high=high)}">'
        f'<span>{low}</span><i style="background: linear-gradient(90deg, {colors})"></i><span>{high}</span></div>'
    )

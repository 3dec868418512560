"""Controls for the settings of a new run: initial weights, preset, and single settings."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ugatit.config import FITS, TrainingConfig
from ugatit.models import UGATIT
from viz.i18n import words_in
from viz.i18n.schema import Words
from viz.tabs.catalog import AddedWeights, Catalog
from viz.tabs.events import PRIVATE
from viz.tabs.language import Labels
from viz.tabs.weights_box import weights_choices

NO_WEIGHTS = ""
"""The value of the choice to start from random weights."""


@dataclass(frozen=True)
class SettingsBox:
    """The controls. inputs: those that make `RunOptions`, in the order of its fields."""

    start_from: gr.Dropdown
    name: gr.Textbox
    inputs: list[gr.components.Component]
    fit: gr.Radio


def build(catalog: Catalog, added: gr.State, language: gr.Radio, labels: Labels) -> SettingsBox:
    """Build the controls, with texts in the first language, and wire them.

    added: the weights that the visitor added. language: the page's language switch. labels: registers the controls for
    translation.
    """
    defaults, words = UGATIT.presets[UGATIT.default_preset].settings, words_in("")
    texts = words.train
    start_from = gr.Dropdown(
        start_choices(catalog, (), words), value=NO_WEIGHTS, label=texts.settings["start_from"], elem_id="start-from",
        filterable=False,
    )  # fmt: skip
    with gr.Row(equal_height=True):
        preset = gr.Dropdown(
            list(UGATIT.presets), value=UGATIT.default_preset, label=texts.preset, elem_id="preset",
            filterable=False, scale=3, min_width=150
        )  # fmt: skip
        steps = gr.Number(
            defaults["steps"], label=texts.settings["steps"], precision=0, elem_id="steps", scale=2, min_width=100
        )  # fmt: skip
    about = gr.Markdown(texts.presets[UGATIT.default_preset], elem_id="about-preset", elem_classes="quiet")
    with gr.Accordion(texts.more, open=False, elem_id="more") as more:
        fit = gr.Radio(_fit_choices(words), value=FITS[0], label=texts.fit, elem_id="fit")
        with gr.Row(equal_height=True):
            batch_size = _number(defaults["batch_size"], texts.settings["batch_size"], "batch-size", precision=0)
            image_size = _number(defaults["image_size"], _image_size_label(words), "image-size", precision=0)
        with gr.Row(equal_height=True):
            learning_rate = _number(
                defaults["learning_rate"], texts.settings["learning_rate"], "learning-rate", step=1e-5
            )  # fmt: skip
            cam = _number(defaults["cam"], texts.settings["cam"], "cam-weight", step=100)
        with gr.Row(equal_height=True):
            freeze = gr.Checkbox(
                False, label=texts.settings["freeze"], elem_id="freeze", interactive=False, min_width=140
            )
            seed = _number(TrainingConfig.seed, texts.settings["seed"], "seed", precision=0)
        run_name = gr.Textbox(
            "", label=texts.settings["run"], placeholder=texts.after_domains, max_lines=1, max_length=80,
            elem_id="run-name",
        )  # fmt: skip
    labels.add(start_from, lambda words: gr.Dropdown(label=words.train.settings["start_from"]))
    labels.add(preset, lambda words: gr.Dropdown(label=words.train.preset))
    numbers = {"steps": steps, "batch_size": batch_size, "learning_rate": learning_rate, "cam": cam, "seed": seed}
    for name, number in numbers.items():
        labels.add_setting(number, name)
    labels.add(more, lambda words: gr.Accordion(label=words.train.more))
    labels.add(fit, lambda words: gr.Radio(label=words.train.fit, choices=_fit_choices(words)))
    labels.add(image_size, lambda words: gr.Number(label=_image_size_label(words)))
    labels.add(freeze, lambda words: gr.Checkbox(label=words.train.settings["freeze"]))
    labels.add(
        run_name, lambda words: gr.Textbox(label=words.train.settings["run"], placeholder=words.train.after_domains)
    )

    def describe_preset(preset: str, language: str) -> str:
        return words_in(language).train.presets[preset]

    def image_size_for(preset: str, weights: str, added: AddedWeights) -> int:
        """Return the image size of the initial weights, else that of the preset."""
        own_size = catalog.find(weights, added).manifest.network.get("image_size") if weights else None
        return int(own_size or UGATIT.presets[preset].settings["image_size"])

    def change_preset(name: str, weights: str, added: AddedWeights, language: str) -> list[Any]:
        values = UGATIT.presets[name].settings
        size = image_size_for(name, weights, added)
        return [
            describe_preset(name, language),
            values["steps"],
            values["batch_size"],
            size,
            values["learning_rate"],
            values["cam"],
        ]

    def change_initial_weights(preset: str, weights: str, added: AddedWeights) -> list[Any]:
        freeze = gr.Checkbox(interactive=True) if weights else gr.Checkbox(value=False, interactive=False)
        return [image_size_for(preset, weights, added), freeze]

    inputs = [preset, start_from, added]
    quiet: dict[str, Any] = {"queue": False, "show_progress": "hidden", **PRIVATE}
    # Not `input`: a dropdown closed without a change fires it too, and values typed since would be lost.
    preset.change(
        change_preset, [*inputs, language], [about, steps, batch_size, image_size, learning_rate, cam], **quiet
    )
    language.change(describe_preset, [preset, language], about, **quiet)
    start_from.change(change_initial_weights, inputs, [image_size, freeze], **quiet)
    run_options: list[gr.components.Component] = [
        preset,
        steps,
        fit,
        batch_size,
        image_size,
        learning_rate,
        cam,
        freeze,
        seed,
    ]
    return SettingsBox(start_from, run_name, run_options, fit)


def start_choices(catalog: Catalog, added: AddedWeights, words: Words) -> list[tuple[str, str]]:
    """Return the choices of initial weights: none, then all weights on offer."""
    return [(words.train.nothing, NO_WEIGHTS), *weights_choices(catalog, added)]


def _fit_choices(words: Words) -> list[tuple[str, str]]:
    return [(words.train.fits[name], name) for name in FITS]


def _image_size_label(words: Words) -> str:
    return words.train.size.format(label=words.train.settings["image_size"])


def _number(value: float, label: str, elem_id: str, **options: Any) -> gr.Number:
    return gr.Number(value, label=label, elem_id=elem_id, min_width=100, **options)

"""Controls for the settings of a new run: initial weights, preset, and single settings."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ugatit.config import FITS
from ugatit.errors import WeightsError
from ugatit.models.base import TranslationModel
from ugatit.models.registry import DEFAULT_MODEL, MODELS, model_class
from ugatit.training.run_settings import default_settings
from viz.i18n import words_in
from viz.i18n.schema import Words
from viz.tabs.catalog import AddedWeights, Catalog
from viz.tabs.events import PRIVATE
from viz.tabs.language import Labels
from viz.tabs.train.run_options import FREEZABLE
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


def build(catalog: Catalog, model: gr.Dropdown, added: gr.State, language: gr.Radio, labels: Labels) -> SettingsBox:
    """Build the controls for the default model, with texts in the first language, and wire them.

    model: the choice of the model. added: the weights that the visitor added. language: the page's language switch.
    labels: registers the controls for translation.
    """
    first = MODELS[DEFAULT_MODEL]
    defaults, words = default_settings(first, first.default_preset), words_in("")
    texts = words.train
    start_from = gr.Dropdown(
        start_choices(catalog, DEFAULT_MODEL, (), words), value=NO_WEIGHTS, label=texts.settings["start_from"],
        elem_id="start-from", filterable=False,
    )  # fmt: skip
    with gr.Row(equal_height=True):
        preset = gr.Dropdown(
            list(first.presets), value=first.default_preset, label=texts.preset, elem_id="preset",
            filterable=False, scale=3, min_width=150
        )  # fmt: skip
        steps = gr.Number(
            defaults["steps"], label=texts.settings["steps"], precision=0, elem_id="steps", scale=2, min_width=100
        )  # fmt: skip
    about = gr.Markdown(describe(first, first.default_preset, words), elem_id="about-preset", elem_classes="quiet")
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
            seed = _number(defaults["seed"], texts.settings["seed"], "seed", precision=0)
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

    numbers_of_preset = [steps, batch_size, image_size, learning_rate, cam]

    def describe_preset(name: str, preset: str, language: str) -> Any:
        model_type = model_with_preset(name, preset)
        return describe(model_type, preset, words_in(language)) if model_type else gr.skip()

    def image_size_for(model_type: type[TranslationModel], preset: str, weights: str, added: AddedWeights) -> int:
        """Return the image size of the initial weights, else that of the preset."""
        own_size = catalog.find(weights, added).manifest.network.get("image_size") if weights else None
        return int(own_size or default_settings(model_type, preset)["image_size"])

    def preset_values(
        model_type: type[TranslationModel], preset: str, weights: str, added: AddedWeights, language: str
    ) -> list[Any]:
        values = default_settings(model_type, preset)
        values["image_size"] = image_size_for(model_type, preset, weights, added)
        has_cam = gr.Number(value=values["cam"], visible=True) if "cam" in values else gr.Number(visible=False)
        numbers = (values[name] for name in ("steps", "batch_size", "image_size", "learning_rate"))
        return [describe(model_type, preset, words_in(language)), *numbers, has_cam]

    def change_preset(name: str, preset: str, weights: str, added: AddedWeights, language: str) -> Any:
        model_type = model_with_preset(name, preset)
        return preset_values(model_type, preset, weights, added, language) if model_type else gr.skip()

    def change_model(name: str, added: AddedWeights, language: str) -> Any:
        try:
            model_type = model_class(name)
        except WeightsError:
            # The Train tab says so.
            return gr.skip()
        preset = model_type.default_preset
        return [
            gr.Dropdown(choices=list(model_type.presets), value=preset),
            *preset_values(model_type, preset, NO_WEIGHTS, added, language),
            gr.Dropdown(choices=start_choices(catalog, name, added, words_in(language)), value=NO_WEIGHTS),
            gr.Checkbox(value=False, interactive=False, visible=FREEZABLE in model_type.freezable_parts),
        ]

    def change_initial_weights(name: str, preset: str, weights: str, added: AddedWeights) -> list[Any]:
        model_type = model_with_preset(name, preset)
        freeze = gr.Checkbox(interactive=True) if weights else gr.Checkbox(value=False, interactive=False)
        return [image_size_for(model_type, preset, weights, added) if model_type else gr.skip(), freeze]

    inputs = [model, preset, start_from, added]
    quiet: dict[str, Any] = {"queue": False, "show_progress": "hidden", **PRIVATE}
    # Not `input`: a dropdown closed without a change fires it too, and values typed since would be lost.
    preset.change(change_preset, [*inputs, language], [about, *numbers_of_preset], **quiet)
    model.change(
        change_model, [model, added, language], [preset, about, *numbers_of_preset, start_from, freeze], **quiet
    )
    language.change(describe_preset, [model, preset, language], about, **quiet)
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
        model,
    ]
    return SettingsBox(start_from, run_name, run_options, fit)


def start_choices(catalog: Catalog, model: str, added: AddedWeights, words: Words) -> list[tuple[str, str]]:
    """Return the choices of initial weights: none, then all weights on offer of that model."""
    of_model = {entry.name for entry in catalog.entries(added) if entry.manifest.model == model}
    offered = [(title, name) for title, name in weights_choices(catalog, added) if name in of_model]
    return [(words.train.nothing, NO_WEIGHTS), *offered]


def model_with_preset(name: str, preset: str) -> type[TranslationModel] | None:
    """Return the class of the chosen model; None if it has no such preset or cannot be imported.

    The preset of another model may still be selected until the page has its own.
    """
    try:
        model = model_class(name)
    except WeightsError:
        return None
    return model if preset in model.presets else None


def describe(model: type[TranslationModel], preset: str, words: Words) -> str:
    """Return what a preset is for: the page's text for the default model, else the preset's own."""
    texts = words.train.presets if model.name == DEFAULT_MODEL else {}
    return texts.get(preset, model.presets[preset].summary)


def _fit_choices(words: Words) -> list[tuple[str, str]]:
    return [(words.train.fits[name], name) for name in FITS]


def _image_size_label(words: Words) -> str:
    return words.train.size.format(label=words.train.settings["image_size"])


def _number(value: float, label: str, elem_id: str, **options: Any) -> gr.Number:
    return gr.Number(value, label=label, elem_id=elem_id, min_width=100, **options)

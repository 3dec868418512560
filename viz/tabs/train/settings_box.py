"""What a run is to be like: what it starts from, a preset, and a few knobs; as options of the command line."""

from dataclasses import asdict, dataclass
from typing import Any

import gradio as gr
import torch

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.checkpoints.store import build_model
from ugatit.config import FITS, TrainingConfig
from ugatit.errors import ConfigError
from ugatit.training.presets import FIRST, PRESETS
from ugatit.training.run_settings import settings_from_preset
from viz.i18n import words_in
from viz.i18n.schema import Words
from viz.tabs.catalog import Added, Catalog
from viz.tabs.events import PRIVATE
from viz.tabs.language import Labels
from viz.tabs.weights_box import choices

NOTHING = ""
FREEZABLE = "encoder"


@dataclass(frozen=True)
class RunOptions:
    """What a person asked of a run; None leaves a setting to the preset."""

    preset: str = FIRST
    steps: int | None = None
    fit: str = FITS[0]
    batch_size: int | None = None
    image_size: int | None = None
    learning_rate: float | None = None
    cam: float | None = None
    freeze: bool = False
    seed: int | None = None

    def arguments(self, sources: tuple[str, str], domains: tuple[str, str], start: WeightsEntry | None) -> list[str]:
        """Options of `python -m ugatit train`, but for the sources. start: weights to begin with.

        Raises TranslationError for what cannot be, before anything is started.
        """
        if self.preset not in PRESETS:
            raise ConfigError(f"There is no preset {self.preset!r}; choose one of: {', '.join(PRESETS)}.")
        if self.freeze and start is None:
            raise ConfigError("A random encoder is not worth keeping: choose weights to start from, or let it learn.")
        given = {name: value for name, value in asdict(self).items() if name != "preset" and value is not None}
        given["freeze"] = FREEZABLE if self.freeze else ""
        # Numbers and names only: nothing of the weights is read yet.
        with torch.device("meta"):
            begins = build_model(start.manifest) if start else None
        named = {"domain_a": sources[0], "domain_b": sources[1], "domains": domains}
        settings_from_preset(PRESETS[self.preset], {**given, **named}, begins).manifest()
        if dashed := [domain for domain in domains if domain.startswith("-")]:
            raise ConfigError(f"A domain cannot be called {dashed[0]!r}: begin its name with a letter.")
        options = ["--preset", self.preset, "--domains", *domains]
        if start is not None:
            options.append(f"--start-from={start.folder}")
        for name, value in given.items():
            if value != "":
                options += [f"--{name.replace('_', '-')}", str(value)]
        return options


@dataclass(frozen=True)
class SettingsBox:
    """The controls. wishes: those that make `RunOptions`, in the order of its fields."""

    start_from: gr.Dropdown
    name: gr.Textbox
    wishes: list[gr.components.Component]
    fit: gr.Radio


def build(catalog: Catalog, added: gr.State, language: gr.Radio, labels: Labels) -> SettingsBox:
    """added: the weights that a visitor brought along. language: the page's switch. labels: keeps what stands here in
    the page's language."""
    starts, words = PRESETS[FIRST], words_in("")
    said = words.train
    start_from = gr.Dropdown(
        start_choices(catalog, (), words), value=NOTHING, label=said.settings["start_from"], elem_id="start-from",
        filterable=False,
    )  # fmt: skip
    with gr.Row(equal_height=True):
        chosen = gr.Dropdown(
            list(PRESETS), value=FIRST, label=said.preset, elem_id="preset", filterable=False, scale=3, min_width=150
        )  # fmt: skip
        steps = gr.Number(
            starts.steps, label=said.settings["steps"], precision=0, elem_id="steps", scale=2, min_width=100
        )  # fmt: skip
    about = gr.Markdown(said.presets[FIRST], elem_id="about-preset", elem_classes="quiet")
    with gr.Accordion(said.more, open=False, elem_id="more") as more:
        fit = gr.Radio(_fits(words), value=FITS[0], label=said.fit, elem_id="fit")
        with gr.Row(equal_height=True):
            batch = _number(starts.batch_size, said.settings["batch_size"], "batch-size", precision=0)
            size = _number(starts.image_size, _size(words), "image-size", precision=0)
        with gr.Row(equal_height=True):
            rate = _number(starts.learning_rate, said.settings["learning_rate"], "learning-rate", step=1e-5)
            cam = _number(starts.cam, said.settings["cam"], "cam-weight", step=100)
        with gr.Row(equal_height=True):
            freeze = gr.Checkbox(
                False, label=said.settings["freeze"], elem_id="freeze", interactive=False, min_width=140
            )
            seed = _number(TrainingConfig.seed, said.settings["seed"], "seed", precision=0)
        run_name = gr.Textbox(
            "", label=said.settings["run"], placeholder=said.after_domains, max_lines=1, max_length=80,
            elem_id="run-name",
        )  # fmt: skip
    labels.say(start_from, lambda words: gr.Dropdown(label=words.train.settings["start_from"]))
    labels.say(chosen, lambda words: gr.Dropdown(label=words.train.preset))
    numbers = {"steps": steps, "batch_size": batch, "learning_rate": rate, "cam": cam, "seed": seed}
    for name, number in numbers.items():
        labels.say_setting(number, name)
    labels.say(more, lambda words: gr.Accordion(label=words.train.more))
    labels.say(fit, lambda words: gr.Radio(label=words.train.fit, choices=_fits(words)))
    labels.say(size, lambda words: gr.Number(label=_size(words)))
    labels.say(freeze, lambda words: gr.Checkbox(label=words.train.settings["freeze"]))
    labels.say(
        run_name, lambda words: gr.Textbox(label=words.train.settings["run"], placeholder=words.train.after_domains)
    )

    def tell_of(preset: str, language: str) -> str:
        return words_in(language).train.presets[preset]

    def size_for(preset: str, start: str, added: Added) -> int:
        """Weights go on at their own size, unless another is asked for."""
        own = catalog.find(start, added).manifest.network.get("image_size") if start else None
        return int(own or PRESETS[preset].image_size)

    def switch(name: str, start: str, added: Added, language: str) -> list[Any]:
        values = PRESETS[name]
        size = size_for(name, start, added)
        return [tell_of(name, language), values.steps, values.batch_size, size, values.learning_rate, values.cam]

    def begin_with(name: str, start: str, added: Added) -> list[Any]:
        kept = gr.Checkbox(interactive=True) if start else gr.Checkbox(value=False, interactive=False)
        return [size_for(name, start, added), kept]

    asked = [chosen, start_from, added]
    quietly: dict[str, Any] = {"queue": False, "show_progress": "hidden", **PRIVATE}
    # Not `input`: a dropdown that is left as it was tells of one too, and what was typed since would be lost.
    chosen.change(switch, [*asked, language], [about, steps, batch, size, rate, cam], **quietly)
    language.change(tell_of, [chosen, language], about, **quietly)
    start_from.change(begin_with, asked, [size, freeze], **quietly)
    return SettingsBox(start_from, run_name, [chosen, steps, fit, batch, size, rate, cam, freeze, seed], fit)


def start_choices(catalog: Catalog, added: Added, words: Words) -> list[tuple[str, str]]:
    """What a run can start from."""
    return [(words.train.nothing, NOTHING), *choices(catalog, added)]


def _fits(words: Words) -> list[tuple[str, str]]:
    return [(words.train.fits[name], name) for name in FITS]


def _size(words: Words) -> str:
    return words.train.size.format(label=words.train.settings["image_size"])


def _number(value: float, label: str, name: str, **options: Any) -> gr.Number:
    return gr.Number(value, label=label, elem_id=name, min_width=100, **options)

"""Where the pictures of a new run come from: two domains, or one or two sources of several, as the model needs them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from ugatit.data.domain import SIDES
from ugatit.data.kinds import DataKind
from ugatit.errors import DataError, TranslationError
from viz.i18n import words_in
from viz.tabs.access import Access
from viz.tabs.events import PRIVATE, show_error
from viz.tabs.language import Labels
from viz.tabs.messages import in_page_terms
from viz.tabs.texts import escape_markdown
from viz.tabs.train import domain_box
from viz.tabs.train.data_kinds import data_kind, lead, needed
from viz.tabs.train.domain_box import DomainBox, Slot
from viz.tabs.train.run_box import QUIET
from viz.tabs.train.staged import StagedPairs
from viz.tabs.train.staged_labels import StagedLabelled
from viz.tabs.train.staging import Staged, StagingArea

SCENES = ("scenes:disc", "scenes:square")
DATA_SLOTS: tuple[Slot, Slot] = ("data", "data-2")
VALUES = 3 * (len(SIDES) + len(DATA_SLOTS)) + 1
"""The number of `DataControls.inputs`."""


@dataclass(frozen=True)
class ChosenData:
    """The data of a new run.

    staged: each source. names: of the domains; empty to take those found. attributes: those to learn; empty for all.
    """

    staged: tuple[Staged, ...]
    names: tuple[str, ...]
    attributes: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """The source strings."""
        return tuple(one.source for one in self.staged)

    @property
    def run_names(self) -> tuple[str, ...]:
        """What a run is named after."""
        return self.names if self.staged[0].kind == DataKind.PAIR else tuple(one.name for one in self.staged)


class DataControls:
    """The controls, with texts in the first language, for the default model.

    model: the choice of the model. labels: registers texts for translation.
    """

    def __init__(self, model: gr.Dropdown, staging: StagingArea, labels: Labels) -> None:
        self._model, self._staging = model, staging
        texts = words_in("").train
        with gr.Column() as self._pair:
            lead_of_pair = gr.Markdown(texts.lead, elem_classes="quiet")
            self._use_scenes = gr.Button(texts.try_scenes, size="sm", elem_id="try-scenes")
            self._domains = [domain_box.build(side, staging, labels) for side in SIDES]
        with gr.Column(visible=False) as self._data:
            self._lead = gr.Markdown(texts.lead_of_folders, elem_classes="quiet")
            first = domain_box.build(DATA_SLOTS[0], staging, labels)
            self._attributes = gr.Dropdown(
                [], value=[], multiselect=True, label=texts.settings["attributes"], info=texts.attributes_about,
                elem_id="attributes", visible=False,
            )  # fmt: skip
            with gr.Column(visible=False) as self._second:
                self._sources = (first, domain_box.build(DATA_SLOTS[1], staging, labels))
        self._warnings = gr.Markdown("", elem_id="remarks", elem_classes="quiet")
        # The kind of data that the sources are shown for, and the token whose attributes are.
        self._kind, self._listed = gr.State(DataKind.FOLDERS.value), gr.State("")
        labels.add(lead_of_pair, lambda words: words.train.lead)
        labels.add(self._use_scenes, lambda words: gr.Button(words.train.try_scenes))
        labels.add(
            self._attributes,
            lambda words: gr.Dropdown(label=words.train.settings["attributes"], info=words.train.attributes_about),
        )

    @property
    def inputs(self) -> list[gr.components.Component]:
        """The components whose values `chosen` takes."""
        boxes = (*self._domains, *self._sources)
        return [*(control for box in boxes for control in (box.token, box.source, box.name)), self._attributes]

    def connect(self, access: Access, fit: gr.Radio, language: gr.Radio, status: gr.Markdown) -> None:
        """Wire the controls. fit: how pictures are made square. language: the page's. status: for errors."""
        self._access = access
        warning_inputs = [
            self._model, *(control for box in self._domains for control in (box.token, box.name)),
            *(box.token for box in self._sources),
        ]  # fmt: skip
        warnings: dict[str, Any] = {
            "fn": self._show_warnings, "inputs": warning_inputs, "outputs": self._warnings, **QUIET
        }  # fmt: skip
        attributes: dict[str, Any] = {
            "fn": self._show_attributes,
            "inputs": [self._sources[0].token, self._listed],
            "outputs": [self._attributes, self._listed],
            **QUIET,
        }
        for box in (*self._domains, *self._sources):
            for staged in domain_box.connect(box, self._staging, access, self._model, fit, language):
                staged.then(**warnings)
                if box is self._sources[0]:
                    staged.then(**attributes)
            box.name.blur(**warnings)
        changed = self._model.change(
            self._show_data,
            [self._model, self._kind, language, *(box.token for box in self._sources)],
            [
                self._pair, self._data, self._second, self._lead, self._kind, status,
                *(control for box in self._sources for control in box.controls),
            ],
            **QUIET,
        )  # fmt: skip
        changed.then(**warnings).then(**attributes)
        language.change(
            self._translate, [self._kind, language],
            [self._lead, *(control for box in self._sources for control in (box.files, box.source))], **QUIET,
        )  # fmt: skip
        scenes_outputs = [control for box in self._domains for control in box.controls]
        scenes_staged = self._use_scenes.click(
            self._stage_scenes, [fit, language], [*scenes_outputs, status], show_progress="hidden", **PRIVATE
        )
        scenes_staged.then(**warnings)

    def chosen(self, model: str, language: str, values: Sequence[Any]) -> ChosenData:
        """Return the data for a model. values: of `inputs`. Raises TranslationError where it is missing or unusable."""
        kind, texts = data_kind(model), words_in(language).train
        tokens, sources, names = values[0:-1:3], values[1:-1:3], values[2:-1:3]
        if kind == DataKind.PAIR:
            a, b = (
                self._required(self._staged(box, token, source, model), kind, language)
                for box, token, source in zip(self._domains, tokens, sources, strict=False)
            )
            return ChosenData((a, b), (names[0].strip() or a.name, names[1].strip() or b.name))
        first = self._staged(self._sources[0], tokens[2], sources[2], model)
        if kind != DataKind.LABELLED:
            one = self._required(first, kind, language)
            return ChosenData((one,), one.names if isinstance(one, StagedPairs) else ())
        second = self._staged(self._sources[1], tokens[3], sources[3], model)
        if first is None and second is not None:
            raise DataError(texts.needs_first)
        first = self._required(first, kind, language)
        return ChosenData((first, second) if second else (first,), (), _attributes(first, values[-1] or ()))

    def _staged(self, box: DomainBox, token: str, source: str, model: str) -> Staged | None:
        """Return what is staged of a source, None without any; one that was only typed is staged first."""
        staged = self._staging.get(token)
        if staged is not None and staged.kind != data_kind(model):
            staged = None
        if source.strip() and (staged is None or staged.source != source.strip()):
            return domain_box.stage(self._staging, source, box.slot, model)[1]
        return staged

    def _required(self, staged: Staged | None, kind: DataKind, language: str) -> Staged:
        if staged is None:
            raise DataError(needed(kind, words_in(language)))
        return staged

    def _stage_scenes(self, profile: gr.OAuthProfile | None, fit: str, language: str) -> list[Any]:
        try:
            self._access.check(profile, language)
            a = domain_box.stage_values(self._staging, SCENES[0], "a", fit, language)
            b = domain_box.stage_values(self._staging, SCENES[1], "b", fit, language)
        except TranslationError as error:
            return [*[gr.skip()] * 10, show_error(error)]
        return [None, SCENES[0], *a, None, SCENES[1], *b, ""]

    def _show_warnings(
        self, model: str, token_a: str, name_a: str, token_b: str, name_b: str, token_data: str, token_second: str
    ) -> str:  # fmt: skip
        try:
            kind = data_kind(model)
        except TranslationError:
            return ""
        if kind == DataKind.PAIR:
            warnings = self._staging.warnings((token_a, token_b), (name_a.strip(), name_b.strip()))
        else:
            warnings = self._staging.source_warnings(token_data) + self._staging.source_warnings(token_second)
        return "\n".join(f"- {escape_markdown(warning)}" for warning in warnings)

    def _show_attributes(self, token: str, listed: str) -> list[Any]:
        """Offer the attributes of the first source, all of them chosen; those chosen of the same source stay."""
        if token == listed:
            return [gr.skip(), gr.skip()]
        staged = self._staging.get(token)
        names = list(staged.attributes) if isinstance(staged, StagedLabelled) else []
        return [gr.Dropdown(choices=names, value=names, visible=bool(names)), token]

    def _show_data(self, model: str, shown: str, language: str, *tokens: str) -> list[Any]:
        """Show the controls for a model; what was staged as another kind of data is dropped."""
        words, status, kind = words_in(language), "", DataKind.PAIR
        try:
            kind = data_kind(model)
        except TranslationError as error:
            status = show_error(in_page_terms(str(error), None, words))
        columns = [
            gr.Column(visible=kind == DataKind.PAIR),
            gr.Column(visible=kind != DataKind.PAIR),
            gr.Column(visible=kind == DataKind.LABELLED),
        ]
        if kind in (DataKind.PAIR, shown):
            return [*columns, gr.skip(), gr.skip(), status, *[gr.skip()] * (5 * len(self._sources))]
        for token in tokens:
            self._staging.drop(token)
        cleared: list[Any] = []
        for box in self._sources:
            cleared += [*domain_box.texts_of(box.slot, kind, self._staging, words, cleared=True), "", "", ""]
        return [*columns, lead(kind, words), kind.value, status, *cleared]

    def _translate(self, shown: str, language: str) -> list[Any]:
        kind, words = DataKind(shown), words_in(language)
        texts = [domain_box.texts_of(box.slot, kind, self._staging, words) for box in self._sources]
        return [lead(kind, words), *(update for updates in texts for update in updates)]


def _attributes(staged: Staged, chosen: Sequence[str]) -> tuple[str, ...]:
    """Return the chosen attributes in the order of the data; empty if they are all, or those of another source."""
    offered = staged.attributes if isinstance(staged, StagedLabelled) else ()
    if not set(chosen) < set(offered):
        return ()
    return tuple(name for name in offered if name in chosen)

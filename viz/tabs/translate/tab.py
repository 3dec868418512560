"""The Translate tab: layout and wiring."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import Dependency
from PIL import Image

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.errors import TranslationError
from ugatit.inference.translation import Translation
from viz.display import DisplayedTranslation, DisplayOptions
from viz.examples import Examples
from viz.ground_truth import GroundTruth
from viz.i18n import words_in
from viz.known_faces import KnownFaces
from viz.tabs import weights_box
from viz.tabs.assets import read_asset
from viz.tabs.catalog import AddedWeights, Catalog
from viz.tabs.events import DRAWING, NETWORKS, PRIVATE, show_error, with_gpu
from viz.tabs.inputs import InputPicture, from_file, from_pad
from viz.tabs.language import Labels
from viz.tabs.translate import (
    attributes_box,
    batch,
    die_box,
    endpoint_box,
    examples_box,
    face_box,
    result_box,
    sources_box,
)
from viz.tabs.translate.attributes_box import Correction
from viz.tabs.translate.endpoint_box import TranslateOne
from viz.tabs.translate.first_result import FirstResult

PROGRESS = gr.Progress()


class TranslateTab:
    """The Translate tab; it must be created inside a `gr.Blocks`.

    faces: those that it recognises. initial: the weights selected at the start.
    first_result: the result that the page opens with; None for none.
    language: the page's language switch. labels: registers the tab's texts for translation.
    Attribute `weights`: the controls to choose and add weights, which other tabs use too.
    """

    def __init__(
        self,
        catalog: Catalog,
        examples: Examples,
        faces: KnownFaces,
        initial: WeightsEntry,
        first_result: FirstResult | None,
        language: gr.Radio,
        labels: Labels,
    ) -> None:
        self._catalog, self._examples, self._faces, self._first_result = catalog, examples, faces, first_result
        self._language = language
        texts = words_in("").translate
        self._translate_one, self._translate_many = _network_functions(catalog)
        self._displayed = gr.State(None, time_to_live=weights_box.DAY)
        self._correction = gr.State(None, time_to_live=weights_box.DAY)
        with gr.Row():
            with gr.Column(scale=4, min_width=300):
                self._sources = sources_box.build(labels)
                target = weights_box.build_target_radio(initial, labels)
                self._start = gr.Button(texts.start, variant="primary", elem_id="translate")
                self._status = gr.Markdown("", elem_id="status")
                self._die = die_box.build(initial, labels)
                self._example_galleries = examples_box.build(catalog, examples, initial, labels)
                self.weights = weights_box.build(catalog, initial, target, language, labels)
            with gr.Column(scale=9, min_width=300, elem_id="result"):
                with gr.Column(visible=False) as self._batch_column:
                    self._batch_gallery = gr.Gallery(
                        label=texts.gallery, format="png", columns=5, height="auto", object_fit="contain",
                        elem_id="gallery",
                    )  # fmt: skip
                    self._batch_archive = gr.File(label=texts.archive, elem_id="archive", interactive=False)
                with gr.Column() as self._result_column:
                    self._result = result_box.build(labels)
        self._result_archive = gr.File(visible="hidden")
        labels.add(self._start, lambda words: gr.Button(words.translate.start))
        labels.add(self._batch_gallery, lambda words: gr.Gallery(label=words.translate.gallery))
        labels.add(self._batch_archive, lambda words: gr.File(label=words.translate.archive))

    def connect(self, demo: gr.Blocks) -> None:
        """Wire the handlers. demo: the page that contains this tab."""
        endpoint_box.build(self._translate_one, self.weights.added)
        self._translate_on(self._start.click)
        self._translate_on(self._sources.picture.upload)
        box = self.weights
        ticked = self._result.attributes
        corrected = ticked.input(
            self._correct, [*self._sources.inputs, box.weights, self._displayed, ticked], self._correction,
            show_progress="hidden", **PRIVATE,
        )  # fmt: skip
        self._translate_on(corrected.then)
        for selected in examples_box.connect(self._example_galleries, self._catalog, self._sources, self.weights):
            self._translate_on(selected.then)
        thrown = die_box.connect(
            self._die, self._catalog, self._faces, self._sources, self.weights, self._status
        )  # fmt: skip
        self._translate_on(thrown)
        open_outputs = [self._sources.picture, self._displayed]
        self._show_result_after(
            demo.load(self._open_first_result, None, open_outputs, show_progress="hidden", **PRIVATE)
        )  # fmt: skip
        result_box.connect(self._result, self._displayed, self._language, self._result_archive)

    def relabel_after(self, event: Dependency) -> None:
        """After a change of the language, rewrite the texts that depend on the weights and on the result."""
        box = self.weights
        relabeled = event.then(
            self._relabel_weights,
            [box.weights, box.target, box.added, self._language],
            [box.target, box.about],
            **DRAWING,
            **PRIVATE,
        )
        self._show_result_after(relabeled)

    def _translate_on(self, trigger: Callable[..., Dependency]) -> None:
        box = self.weights
        translated = trigger(
            self._translate,
            [
                *self._sources.inputs, box.weights, box.target, box.added, self._language, self._correction,
                *self._result.options,
            ],
            [
                self._displayed, self._batch_gallery, self._batch_archive, self._status,
                self._batch_column, self._result_column,
            ],
            show_progress_on=[self._result.image, self._batch_gallery],
            **NETWORKS,
            **PRIVATE,
        )  # fmt: skip
        self._show_result_after(translated)
        translated.then(None, js=read_asset("show_result.js"), **PRIVATE)

    def _show_result_after(self, event: Dependency) -> None:
        inputs = [self._displayed, self._language, *self._result.options]
        event.then(self._show_result, inputs, self._result.outputs, **DRAWING, **PRIVATE)
        face_box.show_after(event, self._result.faces, self._displayed, self._language)

    def _translate(
        self,
        mode: str,
        file: str | None,
        drawing: dict[str, Any] | None,
        files: list[str] | None,
        weights: str,
        to: str,
        added: AddedWeights,
        language: str,
        correction: Correction | None,
        progress: gr.Progress = PROGRESS,
        *options: Any,
    ) -> list[Any]:
        try:
            entry = self._catalog.find(weights, added)
            if mode == sources_box.SEVERAL:

                def stream(paths: list[Path]) -> Iterator[Translation | TranslationError]:
                    return self._translate_many(weights, added, paths, to)

                def report(finished: int, total: int) -> None:
                    progress((finished, total), unit="pictures")

                def truth_of(translation: Translation) -> GroundTruth | None:
                    return self._on_display(translation, "", entry).truth

                batch_values = batch.translate_all(
                    files or [], stream, truth_of, DisplayOptions(*options), to, report, words_in(language)
                )
                return [gr.skip(), *batch_values, gr.Column(visible=True), gr.Column(visible=False)]
            source = _source(mode, file, drawing)
            attributes = correction.source_for(weights, source.picture, to) if correction else None
            translation = self._translate_one(weights, added, source.picture, to, attributes)
            displayed = self._on_display(translation, source.name, entry)
        except TranslationError as error:
            return [gr.skip(), gr.skip(), gr.skip(), show_error(error), gr.skip(), gr.skip()]
        return [displayed, gr.skip(), gr.skip(), "", gr.Column(visible=False), gr.Column(visible=True)]

    def _correct(
        self,
        mode: str,
        file: str | None,
        drawing: dict[str, Any] | None,
        _files: list[str] | None,
        weights: str,
        displayed: DisplayedTranslation | None,
        present: list[str],
    ) -> Correction | None:
        """Keep what a person ticked of the picture, for this and its next translations."""
        try:
            return attributes_box.corrected(displayed, weights, _source(mode, file, drawing).picture, present)
        except TranslationError:  # the picture was taken away; the translation that follows says so
            return None

    def _on_display(self, translation: Translation, name: str, entry: WeightsEntry) -> DisplayedTranslation:
        """Return a translation with what is known of its source. Raises DataError where a known face is not drawn."""
        pair = self._faces.pair_of(translation, entry)
        truth = self._examples.truth_of(translation) or (pair.truth() if pair else None)
        return DisplayedTranslation(translation, name, truth, pair)

    def _show_result(self, displayed: DisplayedTranslation | None, language: str, *options: Any) -> Any:
        if displayed is None:
            return gr.skip()
        return result_box.result_values(displayed, DisplayOptions(*options), words_in(language))

    def _relabel_weights(self, weights: str, to: str, added: AddedWeights, language: str) -> Any:
        try:
            return weights_box.target_updates(self._catalog.find(weights, added), words_in(language), to)
        except TranslationError:  # the run was deleted in the meantime
            return gr.skip()

    def _open_first_result(self) -> Any:
        displayed = self._first_result.wait() if self._first_result else None
        if self._first_result is None or self._first_result.example is None or displayed is None:
            return gr.skip()
        return [examples_box.save_as_upload(self._first_result.example), displayed]


def _source(mode: str, file: str | None, drawing: dict[str, Any] | None) -> InputPicture:
    return from_pad(drawing) if mode == sources_box.DRAW else from_file(file)


def _network_functions(
    catalog: Catalog,
) -> tuple[
    TranslateOne,
    Callable[[str, AddedWeights, list[Path], str], Iterator[Translation | TranslationError]],
]:
    """Return the functions that translate one picture and many.

    On ZeroGPU their arguments are sent to another process; therefore the catalog is no argument but a closure.
    """

    @with_gpu
    def translate_one(
        name: str, added: AddedWeights, picture: Image.Image, to: str, source: tuple[str, ...] | None = None
    ) -> Translation:
        return catalog.translator(catalog.find(name, added))(picture, to, source=source)

    @with_gpu
    def translate_many(
        name: str, added: AddedWeights, files: list[Path], to: str
    ) -> Iterator[Translation | TranslationError]:
        yield from catalog.translator(catalog.find(name, added)).stream(files, to)

    return translate_one, translate_many

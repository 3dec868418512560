"""The Translate tab: a picture in, its translation and three attention maps out."""

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
from viz.download import ResultsArchive
from viz.examples import Example, Examples
from viz.i18n import words_in
from viz.tabs import weights_box
from viz.tabs.catalog import Added, Catalog
from viz.tabs.events import DRAWING, NETWORKS, PRIVATE, new_file, show_error, with_gpu
from viz.tabs.inputs import from_file, from_pad
from viz.tabs.language import Labels
from viz.tabs.theme import SAVE_FILE, SHOW_RESULT
from viz.tabs.translate import batch, endpoint, gallery, result, sources
from viz.tabs.translate.first_result import FirstResult

PROGRESS = gr.Progress()


class TranslateTab:
    """Built inside a Blocks: the layout, and handlers that parse, call and return.

    first: the weights chosen at the start. opening: what a visitor finds, where there is such. language: the page's
    switch. labels: keeps what stands here in the page's language.
    weights: the box of what is on offer, which other tabs may add to.
    """

    def __init__(
        self,
        catalog: Catalog,
        examples: Examples,
        first: WeightsEntry,
        opening: FirstResult | None,
        language: gr.Radio,
        labels: Labels,
    ) -> None:
        self._catalog, self._examples, self._opening, self._language = catalog, examples, opening, language
        said = words_in("").translate
        self._networks, self._networks_on_all = _networks_of(catalog)
        self._shown = gr.State(None, time_to_live=weights_box.DAY)
        with gr.Row():
            with gr.Column(scale=4, min_width=300):
                self._sources = sources.build(labels)
                target = weights_box.build_target(first, labels)
                self._start = gr.Button(said.start, variant="primary", elem_id="translate")
                self._status = gr.Markdown("", elem_id="status")
                self._walls = gallery.build(catalog, examples, labels)
                self.weights = weights_box.build(catalog, first, target, language, labels)
            with gr.Column(scale=9, min_width=300, elem_id="result"):
                with gr.Column(visible=False) as self._several_done:
                    self._gallery = gr.Gallery(
                        label=said.gallery, format="png", columns=5, height="auto", object_fit="contain",
                        elem_id="gallery",
                    )  # fmt: skip
                    self._archive = gr.File(label=said.archive, elem_id="archive", interactive=False)
                with gr.Column() as self._one_done:
                    self._result = result.build(labels)
        self._parcel = gr.File(visible="hidden")
        labels.say(self._start, lambda words: gr.Button(words.translate.start))
        labels.say(self._gallery, lambda words: gr.Gallery(label=words.translate.gallery))
        labels.say(self._archive, lambda words: gr.File(label=words.translate.archive))

    def connect(self, demo: gr.Blocks) -> None:
        """Wire the handlers; `demo` is the page this tab is on."""
        endpoint.build(self._networks, self.weights.added)
        self._translates(self._start.click)
        self._translates(self._sources.picture.upload)
        for wall in self._walls:
            picked = wall.gallery.select(
                self._picker(wall.examples),
                [self.weights.added, self._language],
                [
                    self._sources.picture, self._sources.mode, self._sources.tabs,
                    self.weights.weights, self.weights.target, self.weights.about,
                ],
                queue=False, show_progress="hidden", **PRIVATE,
            )  # fmt: skip
            self._translates(picked.then)
        opened = [self._sources.picture, self._shown]
        self._then_show(demo.load(self._open, None, opened, show_progress="hidden", **PRIVATE))
        seen = [self._shown, *self._result.look]
        spoken = [self._shown, self._language, *self._result.look]
        for control in self._result.look:
            control.input(
                self._look_again, spoken, self._result.drawn, trigger_mode="always_last", **DRAWING, **PRIVATE
            )
        packed = self._result.download.click(self._pack, seen, self._parcel, show_progress="hidden", **PRIVATE)
        packed.then(None, self._parcel, js=SAVE_FILE, **PRIVATE)

    def then_say(self, before: Dependency) -> None:
        """Say what depends on the weights and on the result anew, in a language that was just chosen."""
        weights = self.weights
        told = [weights.weights, weights.target, weights.added, self._language]
        about = before.then(self._say, told, [weights.target, weights.about], **DRAWING, **PRIVATE)
        self._then_show(about)

    def _translates(self, trigger: Callable[..., Dependency]) -> None:
        weights = self.weights
        made = trigger(
            self._translate,
            [*self._sources.all, weights.weights, weights.target, weights.added, self._language, *self._result.look],
            [self._shown, self._gallery, self._archive, self._status, self._several_done, self._one_done],
            show_progress_on=[self._result.image, self._gallery],
            **NETWORKS,
            **PRIVATE,
        )
        self._then_show(made)
        made.then(None, js=SHOW_RESULT, **PRIVATE)

    def _then_show(self, made: Dependency) -> None:
        seen = [self._shown, self._language, *self._result.look]
        made.then(self._show, seen, self._result.all, **DRAWING, **PRIVATE)

    def _translate(
        self,
        mode: str,
        file: str | None,
        drawing: dict[str, Any] | None,
        files: list[str] | None,
        weights: str,
        to: str,
        added: Added,
        language: str,
        progress: gr.Progress = PROGRESS,
        *look: Any,
    ) -> list[Any]:
        try:
            if mode == sources.SEVERAL:

                def stream(paths: list[Path]) -> Iterator[Translation | TranslationError]:
                    return self._networks_on_all(weights, added, paths, to)

                done = batch.translate_all(
                    files or [], stream, self._examples, DisplayOptions(*look), to, progress, words_in(language)
                )
                return [gr.skip(), *done, gr.Column(visible=True), gr.Column(visible=False)]
            incoming = from_pad(drawing) if mode == sources.DRAW else from_file(file)
            translation = self._networks(weights, added, incoming.picture, to)
        except TranslationError as error:
            return [gr.skip(), gr.skip(), gr.skip(), show_error(error), gr.skip(), gr.skip()]
        shown = DisplayedTranslation(translation, incoming.name, self._examples.truth_of(translation))
        return [shown, gr.skip(), gr.skip(), "", gr.Column(visible=False), gr.Column(visible=True)]

    def _show(self, shown: DisplayedTranslation | None, language: str, *look: Any) -> Any:
        return gr.skip() if shown is None else result.fill(shown, DisplayOptions(*look), words_in(language))

    def _look_again(self, shown: DisplayedTranslation | None, language: str, *look: Any) -> Any:
        return gr.skip() if shown is None else result.redraw(shown, DisplayOptions(*look), words_in(language))

    def _say(self, weights: str, to: str, added: Added, language: str) -> Any:
        try:
            return weights_box.switched(self._catalog.find(weights, added), words_in(language), to)
        except TranslationError:  # a run that was deleted meanwhile
            return gr.skip()

    def _pack(self, shown: DisplayedTranslation | None, *look: Any) -> Any:
        if shown is None:
            return gr.skip()
        path = new_file(f"{shown.name}-to-{batch.safe(shown.translation.to)}.zip")
        with ResultsArchive(path, DisplayOptions(*look)) as bundle:
            bundle.add(shown)
        return str(path)

    def _picker(self, offered: list[Example]) -> Callable[..., list[Any]]:
        def pick(added: Added, language: str, event: gr.SelectData) -> list[Any]:
            example = offered[event.index]
            found = self._catalog.find(example.weights, added)
            switched = weights_box.switched(found, words_in(language), example.to)
            return [
                gallery.as_file(example), sources.PICTURE, gr.Tabs(selected=sources.PICTURE), found.name, *switched
            ]  # fmt: skip

        return pick

    def _open(self) -> Any:
        shown = self._opening.shown() if self._opening else None
        if self._opening is None or self._opening.example is None or shown is None:
            return gr.skip()
        return [gallery.as_file(self._opening.example), shown]


def _networks_of(
    catalog: Catalog,
) -> tuple[
    Callable[[str, Added, Image.Image, str], Translation],
    Callable[[str, Added, list[Path], str], Iterator[Translation | TranslationError]],
]:
    """What runs networks, on one picture and on many; on a Space's lent GPU only arguments travel, not the shelf."""

    @with_gpu
    def networks(name: str, added: Added, picture: Image.Image, to: str) -> Translation:
        return catalog.translator(catalog.find(name, added))(picture, to)

    @with_gpu
    def networks_on_all(
        name: str, added: Added, files: list[Path], to: str
    ) -> Iterator[Translation | TranslationError]:
        yield from catalog.translator(catalog.find(name, added)).stream(files, to)

    return networks, networks_on_all

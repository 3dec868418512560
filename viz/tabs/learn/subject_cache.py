"""The subjects of the lesson: a picture, weights and a direction as the reader selected them, opened and cached."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.errors import TranslationError
from ugatit.models.base import TranslationModel
from ugatit.models.registry import has_attention
from ugatit.models.registry import targets as model_targets
from viz.cam_pair import find_cam_pair
from viz.examples import Example, Examples, load_examples
from viz.lesson.subject import Subject
from viz.tabs import weights_box
from viz.tabs.catalog import AddedWeights, Catalog
from viz.tabs.inputs import from_file


@dataclass(frozen=True)
class Selection:
    """What the reader selected.

    picture: an example's name, else empty. file: the path of the reader's own picture, as uploaded, else empty.
    """

    weights: str
    to: str
    picture: str = ""
    file: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether no picture is selected yet."""
        return not self.picture and not self.file


class NoAttentionError(TranslationError):
    """The model of the weights has no attention, so the lesson's steps on attention cannot be shown."""


class SubjectCache:
    """Subjects by selection. The last `keep` used ones stay open, and all sessions share them.

    catalog: offers the networks. examples: of the weights that the page started with. folder: holds example pictures.
    default_weights: what the lesson starts with.
    """

    def __init__(
        self, catalog: Catalog, examples: Examples, folder: Path, default_weights: WeightsEntry, keep: int = 24
    ) -> None:
        self.default_weights = default_weights
        self._catalog, self._examples, self._folder, self._keep = catalog, examples, folder, keep
        self._open: OrderedDict[tuple[int, str, str, str], Subject] = OrderedDict()
        self._lock = Lock()

    def find(self, name: str, added: AddedWeights = ()) -> WeightsEntry:
        """Return the weights of a name. Raises WeightsError for a name that is not offered."""
        return self._catalog.find(name, added)

    def has_attention(self, entry: WeightsEntry) -> bool:
        """Return whether the manifest of weights promises attention; no network is loaded."""
        return has_attention(entry.manifest)

    def choices(self, added: AddedWeights = ()) -> list[tuple[str, str]]:
        """Return titles and names of all weights on offer."""
        return weights_box.weights_choices(self._catalog, added)

    def label(self, entry: WeightsEntry, added: AddedWeights = ()) -> str:
        """Return the title of weights among all on offer."""
        return next((title for title, name in self.choices(added) if name == entry.name), entry.name)

    def examples_of(self, entry: WeightsEntry) -> list[Example]:
        """Return the example pictures of weights; weights trained on drawn scenes get such scenes."""
        return self._examples.of(entry.name) or list(load_examples([entry], self._folder).all)

    @cached_property
    def known(self) -> WeightsEntry | None:
        """The weights whose examples have a known truth, those of drawn faces first; None if there are none."""
        known = [example for example in self._examples.all if example.has_truth]
        known.sort(key=lambda example: example.faces is None)
        return self.find(known[0].weights) if known else None

    def first_selection(self, entry: WeightsEntry, to: str = "") -> Selection:
        """Return the first example that is translated to `to`, or to any domain where `to` is empty."""
        for example in self.examples_of(entry):
            if to in ("", example.to):
                return Selection(entry.name, example.to, example.name)
        targets = model_targets(entry.manifest)
        return Selection(entry.name, to if to in targets else targets[-1] if targets else "")

    def get(self, selection: Selection, added: AddedWeights = ()) -> Subject:
        """Return the subject of a selection that is not empty.

        Raises NoAttentionError, PictureError for a picture that cannot be read, WeightsError for weights that are
        missing or damaged, TranslationError for a domain they cannot translate to or an unknown example.
        """
        entry = self.find(selection.weights, added)
        model = self._catalog.translator(entry).model
        if not model.cam_networks(selection.to):
            raise NoAttentionError(
                f"The model of the weights {entry.name!r} has no attention, so the lesson's steps on attention cannot "
                "be shown: choose weights whose model has attention."
            )
        # A subject holds its model, so the model's id stays unique for as long as the subject is cached.
        key = (id(model), selection.to, selection.picture, selection.file)
        with self._lock:
            if key in self._open:
                self._open.move_to_end(key)
                return self._open[key]
        subject = self._load(entry, model, selection)
        with self._lock:
            self._open[key] = subject
            while len(self._open) > self._keep:
                self._open.popitem(last=False)
        return subject

    def _load(self, entry: WeightsEntry, model: TranslationModel, selection: Selection) -> Subject:
        to, examples = selection.to, self.examples_of(entry)
        reference = next((example.picture for example in examples if example.origin == to), None)
        others = {
            example.name: example.picture
            for example in examples
            if example.to == to and example.name != selection.picture
        }
        truth, answer, origin = None, None, model.origin_of(to)
        if selection.file:
            incoming = from_file(selection.file)
            picture, name = incoming.picture, incoming.name
        else:
            example = self._example(entry, examples, selection.picture)
            picture, name = example.picture, example.name
            # A link may name a picture of domain `to` itself, which is no origin.
            if origin is None and example.origin != to:
                origin = example.origin
            truth = None if example.truth is None else example.truth.source
            answer = example.answer
        pair = find_cam_pair(self._catalog.entries(), entry.manifest, self._catalog.translator)
        return Subject(
            model, to, picture, name, reference, entry.name, entry.folder, others, truth, origin, answer, pair
        )

    @staticmethod
    def _example(entry: WeightsEntry, examples: Sequence[Example], name: str) -> Example:
        for example in examples:
            if example.name == name:
                return example
        raise TranslationError(f"There is no example {name!r} for {entry.name}: choose one of the page's.")

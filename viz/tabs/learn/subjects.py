"""What the lesson is about: the picture, weights and direction that a reader chose, opened and kept a while."""

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.errors import TranslationError
from ugatit.models.ugatit import UGATIT
from viz.examples import Example, Examples, load_examples
from viz.lesson.subject import Subject
from viz.tabs import weights_box
from viz.tabs.catalog import Added, Catalog
from viz.tabs.inputs import from_file


@dataclass(frozen=True)
class Selection:
    """picture: an example's name, else empty. file: a reader's own picture, as it was uploaded, else empty."""

    weights: str
    to: str
    picture: str = ""
    file: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is no picture yet."""
        return not self.picture and not self.file


class NoAttentionError(TranslationError):
    """Weights that a lesson on attention has nothing to show of."""


class SubjectCache:
    """Subjects by what was chosen. The last `keep` stay open, whoever asked: a class shares them.

    shelf: where the networks come from. examples: of the weights that the page started with. folder: where example
    pictures lie. beginning: the weights to begin with.
    """

    def __init__(
        self, catalog: Catalog, examples: Examples, folder: Path, beginning: WeightsEntry, keep: int = 24
    ) -> None:
        self.beginning = beginning
        self._catalog, self._examples, self._folder, self._keep = catalog, examples, folder, keep
        self._open: OrderedDict[tuple[int, str, str, str], Subject] = OrderedDict()
        self._lock = Lock()

    def find(self, name: str, added: Added = ()) -> WeightsEntry:
        """Raises WeightsError for a name that is not on offer."""
        return self._catalog.find(name, added)

    def have_attention(self, found: WeightsEntry) -> bool:
        """Whether weights say that they have attention; nothing of them is loaded."""
        return found.manifest.model == UGATIT.name and bool(found.manifest.network.get("attention", True))

    def choices(self, added: Added = ()) -> list[tuple[str, str]]:
        """Titles and names of all weights on offer."""
        return weights_box.choices(self._catalog, added)

    def examples_of(self, found: WeightsEntry) -> list[Example]:
        """Of weights that were learned on drawn scenes, such scenes."""
        return self._examples.of(found.name) or list(load_examples([found], self._folder).all)

    def first(self, found: WeightsEntry, to: str = "") -> Selection:
        """What to begin with: the first example that is translated to `to`, or to any domain where it is empty."""
        for example in self.examples_of(found):
            if to in ("", example.to):
                return Selection(found.name, example.to, example.name)
        domains = found.manifest.domains
        return Selection(found.name, to if to in domains else domains[-1] if domains else "")

    def of(self, chosen: Selection, added: Added = ()) -> Subject:
        """The subject of a choice that is not empty.

        Raises NoAttentionError, PictureError for a picture that cannot be read, WeightsError for weights that are
        gone or damaged, TranslationError for a domain they cannot make.
        """
        found = self.find(chosen.weights, added)
        model = self._catalog.translator(found).model
        if not isinstance(model, UGATIT) or not model.config.attention:
            raise NoAttentionError(f"The weights {found.name!r} have no attention: choose others.")
        # A subject holds its model, whose id is therefore its own for as long as the subject is kept.
        key = (id(model), chosen.to, chosen.picture, chosen.file)
        with self._lock:
            if key in self._open:
                self._open.move_to_end(key)
                return self._open[key]
        subject = self._opened(found, model, chosen)
        with self._lock:
            self._open[key] = subject
            while len(self._open) > self._keep:
                self._open.popitem(last=False)
        return subject

    def _opened(self, found: WeightsEntry, model: UGATIT, chosen: Selection) -> Subject:
        offered = self.examples_of(found)
        reference = next((each.picture for each in offered if each.origin == chosen.to), None)
        others = {each.name: each.picture for each in offered if each.to == chosen.to and each.name != chosen.picture}
        if chosen.file:
            incoming = from_file(chosen.file)
            picture, name = incoming.picture, incoming.name
            return Subject(model, chosen.to, picture, name, reference, found.name, found.folder, others=others)
        for example in offered:
            if example.name == chosen.picture:
                picture, name = example.picture, example.name
                truth = None if example.truth is None else example.truth.source
                return Subject(
                    model, chosen.to, picture, name, reference, found.name, found.folder, others=others, truth=truth
                )
        raise TranslationError(f"There is no example {chosen.picture!r} for {found.name}: choose one of the page's.")

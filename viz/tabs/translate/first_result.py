"""The result that the page opens with, computed once in the background while the page already answers."""

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

from ugatit.errors import DataError, TranslationError
from viz.display import DisplayedTranslation
from viz.examples import Example, Examples
from viz.known_faces import KnownFaces
from viz.tabs.catalog import Catalog

TIMEOUT = 60
"""Seconds that a page waits for the first result."""


class FirstResult:
    """The translation of the first example of the initial weights.

    Computing it also warms up the networks; when it is shown, what draws the parts of faces is warmed up too.
    """

    def __init__(self, catalog: Catalog, examples: Examples, faces: KnownFaces, weights: str) -> None:
        self._catalog, self._examples, self._faces = catalog, examples, faces
        self.example: Example | None = next(iter(examples.of(weights)), None)
        self._weights = weights
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="first-result")
        self._future: Future[DisplayedTranslation | None] = self._executor.submit(self._translate)
        self._is_warm = Event()

    def wait(self) -> DisplayedTranslation | None:
        """Wait for the result. None without examples, after TIMEOUT seconds, or where the weights are damaged."""
        try:
            result = self._future.result(timeout=TIMEOUT)
        except (TranslationError, TimeoutError):
            result = None
        if not self._is_warm.is_set():
            # Not earlier: it takes seconds of one core, which the start of the page needs.
            self._is_warm.set()
            self._executor.submit(self._warm_up_faces, self._examples.of(self._weights))
        return result

    def _translate(self) -> DisplayedTranslation | None:
        entry = self._catalog.find(self._weights)
        translator = self._catalog.translator(entry)
        if self.example is None:
            return None
        translation = translator(self.example.picture, self.example.to)
        pair = self._faces.pair_of(translation, entry)
        return DisplayedTranslation(translation, self.example.name, self._examples.truth_of(translation), pair)

    @staticmethod
    def _warm_up_faces(examples: list[Example]) -> None:
        """Draw the parts of one face of each style: the first time, a style takes seconds."""
        try:
            pairs = [each.faces for each in reversed(examples) if each.faces is not None]
            for face in {face.style: face for pair in pairs for face in (pair.target, pair.source)}.values():
                face.parts()
        except DataError:  # the page says so where it is asked for a face
            return

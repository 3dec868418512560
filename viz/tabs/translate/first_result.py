"""The result that the page opens with, computed once in the background while the page already answers."""

from concurrent.futures import Future, ThreadPoolExecutor

from ugatit.errors import TranslationError
from viz.display import DisplayedTranslation
from viz.examples import Example, Examples
from viz.tabs.catalog import Catalog

TIMEOUT = 60
"""Seconds that a page waits for the first result."""


class FirstResult:
    """The translation of the first example of the initial weights. Computing it also warms the networks up."""

    def __init__(self, catalog: Catalog, examples: Examples, weights: str) -> None:
        self._catalog, self._examples = catalog, examples
        self.example: Example | None = next(iter(examples.of(weights)), None)
        self._weights = weights
        executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="first-result")
        self._future: Future[DisplayedTranslation | None] = executor.submit(self._translate)
        executor.shutdown(wait=False)

    def wait(self) -> DisplayedTranslation | None:
        """Wait for the result. None without examples, after TIMEOUT seconds, or where the weights are damaged."""
        try:
            return self._future.result(timeout=TIMEOUT)
        except (TranslationError, TimeoutError):
            return None

    def _translate(self) -> DisplayedTranslation | None:
        translator = self._catalog.translator(self._catalog.find(self._weights))
        if self.example is None:
            return None
        translation = translator(self.example.picture, self.example.to)
        return DisplayedTranslation(translation, self.example.name, self._examples.truth_of(translation))

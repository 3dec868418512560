"""The result that a visitor finds: made once, in the background, while the page already answers."""

from concurrent.futures import Future, ThreadPoolExecutor

from ugatit.errors import TranslationError
from viz.display import DisplayedTranslation
from viz.examples import Example, Examples
from viz.tabs.catalog import Catalog

PATIENCE = 60


class FirstResult:
    """The first example of the first weights, translated ahead of the first visitor; also warms the networks up."""

    def __init__(self, catalog: Catalog, examples: Examples, weights: str) -> None:
        self._catalog, self._examples = catalog, examples
        self.example: Example | None = next(iter(examples.of(weights)), None)
        self._weights = weights
        worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="opening")
        self._work: Future[DisplayedTranslation | None] = worker.submit(self._translate)
        worker.shutdown(wait=False)

    def shown(self) -> DisplayedTranslation | None:
        """The result, as soon as it is there; None without examples, or where the weights turn out damaged."""
        try:
            return self._work.result(timeout=PATIENCE)
        except (TranslationError, TimeoutError):
            return None

    def _translate(self) -> DisplayedTranslation | None:
        translator = self._catalog.translator(self._catalog.find(self._weights))
        if self.example is None:
            return None
        translation = translator(self.example.picture, self.example.to)
        return DisplayedTranslation(translation, self.example.name, self._examples.truth_of(translation))

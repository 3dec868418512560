"""The lesson's subject: one picture on its way through one direction's networks, each asked once."""

from functools import cached_property
from threading import RLock

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from ugatit.explain import CriticExplanation, Encoded, Explainer, GeneratorExplanation
from ugatit.images import Fit, PictureLike, to_picture
from ugatit.interventions import Intervention
from ugatit.models.base import TranslationModel
from ugatit.networks.geometry import Grid

Map = NDArray[np.float32]


class Subject:
    """A picture, encoded once, and what several steps ask of it, found once. Threads may share it.

    model: in eval mode, with attention. to: the domain translated to. picture: whatever `open_picture` reads.
    name: the picture's. reference: a real picture of domain `to`, for the critics. weights: the name of the model's.
    Raises PictureError for pictures that cannot be read, TranslationError for a model that cannot be explained.
    """

    def __init__(
        self,
        model: TranslationModel,
        to: str,
        picture: PictureLike,
        name: str = "",
        reference: PictureLike | None = None,
        weights: str = "",
    ) -> None:
        self.model, self.to, self.origin = model, to, model.other(to)
        self.name, self.weights = name, weights
        self.explainer, self.back = Explainer(model, to), Explainer(model, self.origin)
        self.fitted = self.explainer.fit(picture)
        self.encoded: Encoded = self.explainer.encode(self.explainer.tensor(self.fitted))
        self.reference: Fit | None = None if reference is None else self.explainer.fit(reference)
        self._judged: dict[tuple[str, str], CriticExplanation] = {}
        self._lock = RLock()

    @property
    def picture(self) -> Image.Image:
        """The picture as the networks see it, RGB, without padding."""
        return self.fitted.cut(self.fitted.canvas)

    @cached_property
    def explained(self) -> GeneratorExplanation:
        """The generator's way without any change."""
        return self.explainer.explain(self.encoded)

    def explain(self, *interventions: Intervention) -> GeneratorExplanation:
        """The generator's way, changed; only what follows the encoder is computed."""
        return self.explainer.explain(self.encoded, *interventions) if interventions else self.explained

    def judged(self, critic: str, on: str = "translation") -> CriticExplanation:
        """A critic's way on the translation or on the `reference`. critic: `local` or `global`."""
        with self._lock:
            if (critic, on) not in self._judged:
                if on == "translation":
                    pictures = self.explained.image
                else:
                    assert self.reference is not None
                    pictures = self.explainer.tensor(self.reference)
                self._judged[critic, on] = self.explainer.judge(self.explainer.encode(pictures, critic))
            return self._judged[critic, on]

    @cached_property
    def returned(self) -> GeneratorExplanation:
        """The translation translated back."""
        return self.back.explain(self.back.encode(self.explained.image))

    def drawn(self, image: Tensor) -> Image.Image:
        """A picture that a network drew of this subject, (1, 3, H, W) in [-1, 1], without padding; RGB."""
        return self.fitted.cut(to_picture(image[0]))

    def grids(self, network: str = "generator", fitted: Fit | None = None) -> tuple[Grid, Grid]:
        """Where the rows and columns of a network's maps lie on the picture without its padding."""
        left, top = (fitted or self.fitted).box[:2]
        grid = self.explainer.grids[network]
        return grid.shifted(top), grid.shifted(left)


def of_first(values: Tensor) -> Map:
    """The first map of (B, 1, h, w): (h, w) float32 on the CPU."""
    return values[0, 0].float().cpu().numpy()

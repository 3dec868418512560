"""The lesson's subject: one picture on its way through one direction's networks, each asked once."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from threading import RLock

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from ugatit.explain.explainer import Explainer
from ugatit.explain.interventions import Intervention
from ugatit.explain.results import CriticExplanation, Encoded, GeneratorExplanation
from ugatit.explain.snapshots import Growth, read_snapshots
from ugatit.images.decoding import PictureLike
from ugatit.images.fitting import Fit
from ugatit.images.tensors import to_picture
from ugatit.models.base import TranslationModel
from ugatit.networks.geometry import Grid

Map = NDArray[np.float32]
Mask = NDArray[np.bool_]


class Subject:
    """A picture, encoded once, and what several steps ask of it, found once. Threads may share it.

    model: in eval mode, with attention. to: the domain translated to. picture: whatever `open_picture` reads.
    name: the picture's. reference: a real picture of domain `to`, for the critics. weights: the name of the model's.
    folder: where they lie. others: further pictures of the same domain by name, to borrow gamma and beta from.
    truth: where the object that tells the domains apart is known to be, (h, w) bool over the whole picture.
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
        folder: Path | None = None,
        others: Mapping[str, Image.Image] | None = None,
        truth: Mask | None = None,
    ) -> None:
        self.model, self.to, self.origin = model, to, model.other(to)
        self.name, self.weights, self.folder = name, weights, folder
        self.others: Mapping[str, Image.Image] = others or {}
        self.explainer, self.back = Explainer(model, to), Explainer(model, self.origin)
        self.fitted = self.explainer.fit(picture)
        self.encoded: Encoded = self.explainer.encode(self.explainer.tensor(self.fitted))
        self.reference: Fit | None = None if reference is None else self.explainer.fit(reference)
        self.truth: Mask | None = None if truth is None else _sized(truth, self.picture.size)
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

    @cached_property
    def growth(self) -> Growth | None:
        """This direction's snapshots of training, where the weights' folder has some. Raises WeightsError."""
        ways = () if self.folder is None else read_snapshots(self.folder)
        return next((way for way in ways if way.to == self.to and "generator" in way.moments[0].maps), None)

    def drawn(self, image: Tensor) -> Image.Image:
        """A picture that a network drew of this subject, (1, 3, H, W) in [-1, 1], without padding; RGB."""
        return self.fitted.cut(to_picture(image[0]))

    def grids(self, network: str = "generator", fitted: Fit | None = None) -> tuple[Grid, Grid]:
        """Where the rows and columns of a network's maps lie on the picture without its padding."""
        return self._on_picture(self.explainer.grids[network], fitted)

    def patch_grids(self, critic: str, fitted: Fit | None = None) -> tuple[Grid, Grid]:
        """Where the rows and columns of a critic's patch scores lie on the picture without its padding."""
        return self._on_picture(self.explainer.patch_grids[critic], fitted)

    def _on_picture(self, grid: Grid, fitted: Fit | None) -> tuple[Grid, Grid]:
        left, top = (fitted or self.fitted).box[:2]
        return grid.shifted(top), grid.shifted(left)


def _sized(mask: Mask, size: tuple[int, int]) -> Mask:
    """The mask stretched to (width, height)."""
    resized: Mask = np.asarray(Image.fromarray(mask).resize(size, Image.Resampling.NEAREST), dtype=bool)
    return resized


def of_first(values: Tensor) -> Map:
    """The first map of (B, 1, h, w): (h, w) float32 on the CPU."""
    return values[0, 0].float().cpu().numpy()

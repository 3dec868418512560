"""The lesson's subject: one picture and one direction's networks, whose results are computed once and cached."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from threading import RLock

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from ugatit.explain.explainer import GENERATOR, Explainer
from ugatit.explain.interventions import Intervention
from ugatit.explain.results import CriticExplanation, Encoded, GeneratorExplanation
from ugatit.explain.snapshots import Growth, read_snapshots
from ugatit.images.decoding import PictureLike
from ugatit.images.fitting import FittedPicture
from ugatit.images.tensors import to_picture
from ugatit.models.base import TranslationModel
from ugatit.networks.geometry import Grid
from viz.cam_pair import CamPair

Map = NDArray[np.float32]
Mask = NDArray[np.bool_]


class Subject:
    """A picture and the networks' results for it that several steps need, computed once. Safe to share across threads.

    model: in eval mode, with attention. to: the target domain. origin: the picture's domain; by default the model's
    first other one. picture: anything that `open_picture` reads.
    name: the picture's name. reference: a real picture of domain `to`, for the critics. weights: the weights' name.
    folder: the weights' folder. others: further pictures of the same domain by name, whose gamma and beta can be used.
    truth: the mask of the object that distinguishes the domains, if known; (h, w) bool over the whole picture.
    answer: the one right translation, if known. cam_pair: two weights for such pictures that were trained alike, with
    CAM attention and without it, if there are any.
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
        origin: str | None = None,
        answer: PictureLike | None = None,
        cam_pair: CamPair | None = None,
    ) -> None:
        self.model, self.to = model, to
        self.origin = origin or next(domain for domain in model.domains if domain != to)
        self.name, self.weights, self.folder = name, weights, folder
        self.cam_pair = cam_pair
        self.others: Mapping[str, Image.Image] = others or {}
        self.explainer, self.back_explainer = Explainer(model, to), Explainer(model, self.origin)
        self.fitted = self.explainer.fit(picture)
        self.encoded: Encoded = self.explainer.encode(self.explainer.tensor(self.fitted))
        self.reference: FittedPicture | None = None if reference is None else self.explainer.fit(reference)
        self.answer = None if answer is None else self._as_seen(self.explainer.fit(answer))
        self.truth: Mask | None = None if truth is None else _resize_mask(truth, self.picture.size)
        self._critic_explanations: dict[tuple[str, str], CriticExplanation] = {}
        self._lock = RLock()

    @property
    def critics(self) -> tuple[str, ...]:
        """The names of the critics with attention."""
        return tuple(name for name in self.explainer.networks if name != GENERATOR)

    @property
    def picture(self) -> Image.Image:
        """The picture as the networks see it, RGB, without padding."""
        return self._as_seen(self.fitted)

    @cached_property
    def explanation(self) -> GeneratorExplanation:
        """The generator's explanation without interventions."""
        return self.explainer.explain(self.encoded)

    def explain(self, *interventions: Intervention) -> GeneratorExplanation:
        """Return the generator's explanation under interventions; only the layers after the encoder are computed."""
        return self.explainer.explain(self.encoded, *interventions) if interventions else self.explanation

    def explain_critic(self, critic: str, on: str = "translation") -> CriticExplanation:
        """Return a critic's explanation for the translation or the reference.

        critic: one of `critics`. on: `translation` or `reference`.
        """
        with self._lock:
            if (critic, on) not in self._critic_explanations:
                if on == "translation":
                    pictures = self.explanation.image
                else:
                    assert self.reference is not None
                    pictures = self.explainer.tensor(self.reference)
                self._critic_explanations[critic, on] = self.explainer.judge(self.explainer.encode(pictures, critic))
            return self._critic_explanations[critic, on]

    @cached_property
    def reconstruction(self) -> GeneratorExplanation:
        """The explanation of the back translation: the translation translated to the picture's own domain."""
        return self.back_explainer.explain(self.back_explainer.encode(self.explanation.image))

    @cached_property
    def growth(self) -> Growth | None:
        """The training snapshots of this direction, if the weights' folder has any. Raises WeightsError."""
        growths = () if self.folder is None else read_snapshots(self.folder)
        return next((each for each in growths if each.to == self.to and "generator" in each.moments[0].maps), None)

    def render(self, image: Tensor) -> Image.Image:
        """Return a generated image, (1, 3, H, W) in [-1, 1], as an RGB picture without padding."""
        return self.fitted.crop(to_picture(image[0]))

    def grids(self, network: str = "generator", fitted: FittedPicture | None = None) -> tuple[Grid, Grid]:
        """Return the positions of the rows and columns of a network's maps on the picture without padding."""
        return self._on_picture(self.explainer.grids[network], fitted)

    def patch_grids(self, critic: str, fitted: FittedPicture | None = None) -> tuple[Grid, Grid]:
        """Return the positions of the rows and columns of a critic's patch scores on the picture without padding."""
        return self._on_picture(self.explainer.patch_grids[critic], fitted)

    @staticmethod
    def _as_seen(fitted: FittedPicture) -> Image.Image:
        return fitted.crop(fitted.canvas)

    def _on_picture(self, grid: Grid, fitted: FittedPicture | None) -> tuple[Grid, Grid]:
        left, top = (fitted or self.fitted).box[:2]
        return grid.shifted(top), grid.shifted(left)


def _resize_mask(mask: Mask, size: tuple[int, int]) -> Mask:
    """Return the mask stretched to (width, height)."""
    resized: Mask = np.asarray(Image.fromarray(mask).resize(size, Image.Resampling.NEAREST), dtype=bool)
    return resized


def first_map(values: Tensor) -> Map:
    """Return the first map of a batch, (B, 1, h, w), as (h, w) float32 on the CPU."""
    return values[0, 0].float().cpu().numpy()

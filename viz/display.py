"""Draw the pictures that a page shows of a translation; no network runs."""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

from ugatit.inference.translation import Translation
from viz.contact_sheet import CRISP_BELOW, enlarge
from viz.drawn_face import FacePair
from viz.ground_truth import GroundTruth
from viz.heatmap import get_normalization
from viz.overlay import check_opacity, colorize, outline
from viz.panels import map_picture

SCREEN_SIDE = 384
"""The shorter side, in pixels, to which tiny pictures are enlarged."""


@dataclass(frozen=True)
class DisplayOptions:
    """How maps are drawn. truth: also draw the outline of the known object.

    Raises TranslationError for an unknown normalisation or colour map, or an opacity outside [0, 1].
    """

    normalization: str = "minmax"
    colormap: str = "turbo"
    opacity: float = 0.6
    truth: bool = False

    def __post_init__(self) -> None:
        get_normalization(self.normalization)
        check_opacity(self.opacity)
        colorize(np.zeros((1, 1), np.float32), self.colormap)


@dataclass(frozen=True)
class DisplayedTranslation:
    """A translation on display.

    name: the picture's name, for files. truth: the masks of the object that distinguishes the domains, if known.
    faces: the drawn face that was translated, with its true answer, if the source is one.
    """

    translation: Translation
    name: str
    truth: GroundTruth | None = None
    faces: FacePair | None = None


def is_tiny(picture: Image.Image) -> bool:
    """Return whether a picture is so small that it is better shown without smoothing."""
    return min(picture.size) < CRISP_BELOW


def screen_factor(picture: Image.Image) -> int:
    """Return the factor to enlarge a picture for the screen: a whole number for a tiny one, else 1."""
    if not is_tiny(picture):
        return 1
    # The second limit keeps a very narrow picture from becoming too long.
    return max(1, min(math.ceil(SCREEN_SIDE / min(picture.size)), 4 * SCREEN_SIDE // max(picture.size)))


def map_pictures(displayed: DisplayedTranslation, options: DisplayOptions, factor: int = 1) -> dict[str, Image.Image]:
    """Return each attention map over its picture, by network, `factor` times the translation's size; RGB."""
    pictures = {}
    for name, attention in displayed.translation.attention.items():
        picture = map_picture(
            displayed.translation, name, options.normalization, options.colormap, options.opacity, factor
        )
        if options.truth and displayed.truth is not None:
            mask = displayed.truth.source if attention.over == "input" else displayed.truth.translation
            picture = outline(picture, mask)
        pictures[name] = picture
    return pictures


def before_and_after(displayed: DisplayedTranslation) -> tuple[Image.Image, Image.Image]:
    """Return the input and its translation, enlarged for the screen by the same factor."""
    translation = displayed.translation
    factor = screen_factor(translation.image)
    return enlarge(translation.source, factor), enlarge(translation.image, factor)

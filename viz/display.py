"""How a translation is looked at: the pictures a page shows of it, drawn anew without running a network."""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

from ugatit.inference.translation import Translation
from viz.contact_sheet import CRISP_BELOW, enlarged
from viz.examples import GroundTruth
from viz.heatmap import normalization_named
from viz.overlay import checked_opacity, colorize, outline
from viz.panels import map_picture

SHOWN_SIDE = 384


@dataclass(frozen=True)
class DisplayOptions:
    """How maps are drawn. truth: also draw the outline of the object that is known to be there.

    Raises TranslationError for a normalisation, colour map or opacity that cannot be.
    """

    normalization: str = "minmax"
    colormap: str = "turbo"
    opacity: float = 0.6
    truth: bool = False

    def __post_init__(self) -> None:
        normalization_named(self.normalization)
        checked_opacity(self.opacity)
        colorize(np.zeros((1, 1), np.float32), self.colormap)


@dataclass(frozen=True)
class DisplayedTranslation:
    """A translation on display. name: of its picture, for files. truth: where the differing object is, if known."""

    translation: Translation
    name: str
    truth: GroundTruth | None = None


def is_tiny(picture: Image.Image) -> bool:
    """Whether a picture is so small that a screen had better show its pixels than smear them."""
    return min(picture.size) < CRISP_BELOW


def screen_factor(picture: Image.Image) -> int:
    """By how much a picture is enlarged for the screen: a tiny one by a whole number, others not."""
    if not is_tiny(picture):
        return 1
    # A sliver is not drawn as long as its short side would ask for.
    return max(1, min(math.ceil(SHOWN_SIDE / min(picture.size)), 4 * SHOWN_SIDE // max(picture.size)))


def map_pictures(shown: DisplayedTranslation, look: DisplayOptions, factor: int = 1) -> dict[str, Image.Image]:
    """Each attention map over the picture it belongs to, by network, `factor` times the translation's size; RGB."""
    drawn = {}
    for name, attention in shown.translation.attention.items():
        picture = map_picture(shown.translation, name, look.normalization, look.colormap, look.opacity, factor)
        if look.truth and shown.truth is not None:
            known = shown.truth.source if attention.over == "input" else shown.truth.translation
            picture = outline(picture, known)
        drawn[name] = picture
    return drawn


def before_and_after(shown: DisplayedTranslation) -> tuple[Image.Image, Image.Image]:
    """The input and its translation, equally large."""
    translation = shown.translation
    factor = screen_factor(translation.image)
    return enlarged(translation.source, factor), enlarged(translation.image, factor)

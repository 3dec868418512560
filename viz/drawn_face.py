"""Drawn faces on the page: what draws a face again, and the same face in another domain."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

from PIL import Image

from ugatit.data.face_set import FIRST_HELD_OUT, FaceSet, sets_by_domain
from ugatit.data.face_styles import STYLES, FaceStyle
from ugatit.data.faces import ANY, FaceAttributes, Mask, attribute_names, face, face_attributes, part_masks
from ugatit.data.kinds import DataKind
from ugatit.data.source_string import is_face
from ugatit.models.manifest import Manifest
from ugatit.models.registry import data_kinds
from viz.ground_truth import GroundTruth, changed_pixels

HELD_OUT = range(FIRST_HELD_OUT, FIRST_HELD_OUT + 100_000)
"""The seeds of the page's faces; no weights were trained on them."""
CHOOSABLE = ("hair", "skin", "glasses", "smile")
"""The attributes that a visitor may choose."""


@dataclass(frozen=True)
class DrawnFace:
    """A drawn face: all that gives the same picture again. named: names and values of the attributes that are given."""

    style: str
    seed: int
    size: int
    named: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, faces: FaceSet, seed: int, size: int, chosen: Mapping[str, Any] | None = None) -> Self:
        """Return a face of a set. chosen: attributes of this face; those that the set fixes stay as they are."""
        return cls(faces.style, seed, size, tuple(({**faces.named, **(chosen or {}), **fixed(faces)}).items()))

    @property
    def name(self) -> str:
        """The picture's name, with the seed: `lorelei-900123`."""
        return f"{self.style}-{self.seed}"

    @property
    def attributes(self) -> FaceAttributes:
        """The attributes. Raises the errors of `face_attributes`."""
        return face_attributes(self.style, self.seed, **dict(self.named))

    def draw(self) -> Image.Image:
        """Return the picture, RGB. Raises the errors of `face`."""
        return _draw(self).copy()

    def parts(self) -> Mapping[str, Mask]:
        """Return the pixels of each part, (size, size) bool, by name. Raises the errors of `face`."""
        return _parts(self)

    def belongs_to(self, faces: FaceSet) -> bool:
        """Return whether a set may hold this face."""
        own = self.attributes
        return own.style == faces.style and all(getattr(own, name) == value for name, value in fixed(faces).items())

    def in_set(self, faces: FaceSet) -> "DrawnFace":
        """Return the face of the same seed in another set, with all attributes that both styles have."""
        own, same_style = self.attributes, faces.style == self.style
        shared = {
            name: getattr(own, name) for name in attribute_names(self.style) if name in attribute_names(faces.style)
        }
        if isinstance(shared.get("glasses"), str) and not same_style:
            # Each style has frames of its own.
            shared["glasses"] = True
        return DrawnFace.of(faces, self.seed, self.size, shared)


@dataclass(frozen=True)
class FacePair:
    """A face and the same face in the domain that it is translated to."""

    source: DrawnFace
    target: DrawnFace

    @property
    def is_edit(self) -> bool:
        """Whether the domains share a style: then the target is the one right translation."""
        return self.source.style == self.target.style

    def truth(self) -> GroundTruth | None:
        """Return the pixels that the translation should change; None between two styles, where all may change.

        Raises the errors of `face`.
        """
        if not self.is_edit:
            return None
        # As `edit_mask`, of pictures that are drawn already.
        mask = changed_pixels(self.source.draw(), self.target.draw())
        return GroundTruth(mask, mask)


def has_faces(manifest: Manifest) -> bool:
    """Return whether each domain of weights was trained on drawn faces of its own."""
    kinds = data_kinds(manifest)
    one_for_each = DataKind.PAIR in kinds and bool(manifest.sources)
    return _are_faces(manifest) and (one_for_each or DataKind.PAIRED in kinds)


def _are_faces(manifest: Manifest) -> bool:
    return bool(manifest.data_sources) and all(map(is_face, manifest.data_sources))


def face_sets(manifest: Manifest) -> dict[str, FaceSet]:
    """Return the faces that each domain was trained on; empty for other pictures.

    Raises DataError for faces that cannot be drawn here.
    """
    return sets_by_domain(manifest.domains, manifest.data_sources, data_kinds(manifest))


def face_styles(manifest: Manifest) -> dict[str, FaceStyle]:
    """Return the styles of the faces that weights were trained on, by name, whatever the domains; empty without any."""
    names = [source.partition(":")[2].partition(",")[0] for source in manifest.data_sources if is_face(source)]
    return {name: STYLES[name] for name in names if name in STYLES}


def origin_to(manifest: Manifest, to: str) -> str | None:
    """Return the domain whose faces are translated to `to`: the one before it. None if there is no such domain."""
    # Examples go from each domain to the next.
    domains = manifest.domains
    return domains[domains.index(to) - 1] if to in domains and len(domains) > 1 else None


def image_size(manifest: Manifest) -> int:
    """Return the side of the faces that weights were trained on, in pixels."""
    return int(manifest.network.get("image_size", 256))


def fixed(faces: FaceSet) -> dict[str, Any]:
    """Return the attributes that all faces of a set share."""
    return {name: value for name, value in faces.named.items() if value != ANY}


def choosable(source: FaceSet, target: FaceSet) -> tuple[str, ...]:
    """Return the attributes of a face that may be chosen: both styles have them, and neither set fixes them."""
    common = set(attribute_names(source.style)) & set(attribute_names(target.style))
    free = common - set(fixed(source)) - set(fixed(target))
    return tuple(name for name in CHOOSABLE if name in free)


@lru_cache(maxsize=64)
def _draw(drawn: DrawnFace) -> Image.Image:
    return face(drawn.style, drawn.seed, drawn.size, **dict(drawn.named))[0]


@lru_cache(maxsize=16)
def _parts(drawn: DrawnFace) -> Mapping[str, Mask]:
    return part_masks(drawn.style, drawn.seed, drawn.size, **dict(drawn.named))

"""What can be said of a translated face whose truth is known: its attributes, and attention by part."""

from dataclasses import dataclass

from ugatit.data.faces import FaceAttributes
from ugatit.evaluation.face_reading import FaceReading, read_face
from ugatit.evaluation.parts import part_densities
from ugatit.images.placement import place_map
from ugatit.inference.translation import Translation
from viz.drawn_face import FacePair


@dataclass(frozen=True)
class FaceReport:
    """A report on a translation.

    drawn: the attributes of the source. read: those that a reader finds on the translation. densities: the generator's
    attention on each part of the source over the picture's mean, the densest first; empty without attention.
    """

    drawn: FaceAttributes
    read: FaceReading
    densities: dict[str, float]


def face_report(translation: Translation, faces: FacePair) -> FaceReport:
    """Return the report on the translation of a face. Raises DataError where its parts cannot be drawn."""
    densities: dict[str, float] = {}
    attention = translation.attention.get("generator")
    if attention is not None and attention.values is not None:
        size = translation.source.height, translation.source.width
        placed = place_map(attention.values, attention.rows, attention.columns, size)
        densities = part_densities(placed, faces.source.parts())
    return FaceReport(faces.source.attributes, read_face(translation.image, faces.target.style), densities)

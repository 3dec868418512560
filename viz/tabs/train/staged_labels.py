"""Data with labels that visitors uploaded or named, ready for training."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from ugatit.data.domain import Domain
from ugatit.data.face_labels import learnable_labels
from ugatit.data.face_set import FIRST_HELD_OUT, FaceSet
from ugatit.data.kinds import DataKind
from ugatit.data.labelled_sources import faces_of_domains
from viz.i18n.schema import Words
from viz.tabs.train.staged import folder_strips, is_unpacked, link, put_folders_into
from viz.thumbnails import MAX_THUMBNAILS, SIDE, ThumbnailStrip, face_strip, thumbnail_strip

TABLE = "list_attr.txt"
"""The attribute table of a run's own copies."""
MAX_NAMES = 12
"""Up to how many attributes are listed beside the thumbnails."""


@dataclass(frozen=True)
class StagedLabelled:
    """One data set with labels.

    domains: one with attributes, or one for each folder; empty for drawn faces. folder: of the unpacked pictures.
    attributes: those that can be learned; empty for domains that exclude each other.
    """

    kind: ClassVar[DataKind] = DataKind.LABELLED
    source: str
    name: str
    domains: tuple[Domain, ...]
    attributes: tuple[str, ...]
    folder: Path

    def strips(self, fit: str, words: Words) -> tuple[ThumbnailStrip, ...]:
        """Return thumbnails of each domain, with counts. fit: how pictures are made square."""
        if not self.domains:
            return (_strip_of_faces(FaceSet.parse(self.source), self.attributes, words),)
        if not self.attributes:
            return folder_strips(self.domains, fit, words)
        (domain,) = self.domains
        pictures = (*domain.training, *domain.held_out)
        counts = [f"{name} {sum(p.labels[place] for p in pictures):,}" for place, name in enumerate(self.attributes)]
        return (
            replace(thumbnail_strip(domain, words, fit), labels=_listed(counts, words.train.attributes_found, words)),
        )

    def put_into(self, root: Path) -> str:
        """Copy the unpacked pictures, with a table of their attributes, into a new folder, and return the source.

        Pictures from a local folder are not copied. Raises OSError where the pictures cannot be written.
        """
        if not self.domains or not is_unpacked(self.domains[0], self.folder):
            return self.source
        if not self.attributes:
            return put_folders_into(root, self.domains)
        (domain,) = self.domains
        pictures = (*domain.training, *domain.held_out)
        link(pictures, root / "pictures")
        rows = (f"{p.path.name} {' '.join('1' if label else '-1' for label in p.labels)}" for p in pictures)
        lines = [str(len(pictures)), " ".join(self.attributes), *rows, ""]
        (root / TABLE).write_text("\n".join(lines), encoding="utf-8")
        return str(root)


def attributes_of(faces: FaceSet) -> tuple[str, ...]:
    """Return the attributes that can be learned from drawn faces; empty for expressions that exclude each other.

    Raises DataError where there is nothing to learn.
    """
    return () if faces_of_domains(faces) else tuple(learnable_labels(faces, (), faces.training_seeds(0, 1)))


def _strip_of_faces(faces: FaceSet, attributes: tuple[str, ...], words: Words) -> ThumbnailStrip:
    domains = faces_of_domains(faces)
    drawn = [domains[name] for name in domains] or [faces] * MAX_THUMBNAILS
    pictures = [each.draw(FIRST_HELD_OUT + number, SIDE) for number, each in enumerate(drawn[:MAX_THUMBNAILS])]
    text = words.train.domains_found if domains else words.train.attributes_found
    return replace(face_strip(pictures, faces, words), labels=_listed(list(domains or attributes), text, words))


def _listed(names: list[str], text: str, words: Words) -> str:
    shown = names[:MAX_NAMES]
    if more := len(names) - len(shown):
        shown.append(words.train.more_attributes.format(count=more))
    return text.format(names=", ".join(shown))

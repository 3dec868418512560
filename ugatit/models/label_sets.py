"""Labels of domains: exclusive domains and binary attributes of one or two data sets, and what a target changes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ugatit.data.face_styles import HAIR, SKIN, STYLES
from ugatit.errors import TranslationError
from ugatit.text import one_line

REMOVED = "no "
"""In front of an attribute's name: the target that removes it."""
CELEBA_HAIR = ("Black_Hair", "Blond_Hair", "Brown_Hair", "Gray_Hair")
GROUPS = (
    frozenset(CELEBA_HAIR),
    frozenset(f"hair {color}" for color in HAIR),
    frozenset(f"skin {color}" for color in SKIN),
    frozenset(f"expression {name}" for style in STYLES.values() for name in style.expressions),
)
"""The names, in full, of attributes that exclude each other: hair accessories are no colour of the hair."""
LETTER = re.compile(" [A-Z]$")
"""The end of a name that two data sets have."""


def attribute_of(target: str) -> str:
    """Return the attribute that a target sets or removes."""
    return target.removeprefix(REMOVED)


@dataclass(frozen=True)
class LabelSet:
    """The domains of one data set, which are neighbouring columns of all labels.

    number: of the set. start: column of its first domain. domains: their names.
    attributes: whether a picture has any of them, else exactly one.
    """

    number: int
    start: int
    domains: tuple[str, ...]
    attributes: bool

    @property
    def columns(self) -> slice:
        """The set's columns among all labels."""
        return slice(self.start, self.start + len(self.domains))

    @property
    def targets(self) -> tuple[str, ...]:
        """What a picture can be translated to: each domain; of attributes, also the removal of each."""
        return self.domains + tuple(REMOVED + name for name in self.domains if self.attributes)

    def changed(self, labels: Tensor, targets: Sequence[str], choices: Sequence[Sequence[str]]) -> Tensor:
        """Return labels with targets of this set applied one after the other: (B, n) to the same shape.

        An exclusive domain takes the place of the others. An attribute's name sets it and clears the others of its
        choice; its removal clears it. choices: names of attributes of which a picture has at most one.
        """
        labels = labels.clone()
        for target in targets:
            name = target if target in self.domains else target.removeprefix(REMOVED)
            if target == name:
                for rival in self._rivals(name, choices):
                    labels[:, self.domains.index(rival)] = 0
            labels[:, self.domains.index(name)] = float(target == name)
        return labels

    def _rivals(self, name: str, choices: Sequence[Sequence[str]]) -> list[str]:
        """Return the domains of this set that cannot be there beside one of them, itself among them."""
        if not self.attributes:
            return list(self.domains)
        return [other for choice in choices if name in choice for other in choice if other in self.domains]

    def of_names(self, names: Sequence[str], like: Tensor) -> Tensor:
        """Return labels of pictures that have these attributes and no others, (B, n), as many as in `like`.

        Raises TranslationError for a name that is no attribute of this set.
        """
        if unknown := [name for name in names if name not in self.domains]:
            known = ", ".join(self.domains)
            raise TranslationError(f"There is no attribute {one_line(repr(unknown[0]), 60)}; there are: {known}.")
        row = torch.tensor([float(name in names) for name in self.domains], dtype=like.dtype, device=like.device)
        return row.repeat(len(like), 1)


def label_sets(domains: Sequence[str], sizes: Sequence[int], attributes: Sequence[str]) -> tuple[LabelSet, ...]:
    """Return the sets of domains.

    sizes: number of domains of each set, in their order; empty for one set of all. attributes: the domains that are
    attributes: all of a set or none.
    """
    sets: list[LabelSet] = []
    start = 0
    for number, size in enumerate(sizes or (len(domains),)):
        names = tuple(domains[start : start + size])
        sets.append(LabelSet(number, start, names, bool(names) and set(names) <= set(attributes)))
        start += size
    return tuple(sets)


def default_choices(attributes: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of attributes of which a picture has at most one, of CelebA and of drawn faces.

    Attributes of equal names in two data sets, which end in a letter, are in their group too.
    """
    groups = (tuple(name for name in attributes if LETTER.sub("", name) in group) for group in GROUPS)
    return tuple(group for group in groups if len(group) > 1)

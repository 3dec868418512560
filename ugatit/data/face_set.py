"""Sets of drawn faces by name: `faces:STYLE[,ATTRIBUTE=VALUE...][,count=5000]`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from PIL import Image

from ugatit.data.face_styles import STYLES
from ugatit.data.faces import ANY, attribute_names, face, face_attributes
from ugatit.errors import DataError
from ugatit.text import one_line

FACES_PREFIX = "faces:"
FIRST_HELD_OUT = 900_001
"""The first seed of held-out faces; training takes seeds below 900,000."""
MAX_TRAINING_SEEDS = 900_000
COUNT = 5000
"""How many faces a domain is trained on by default."""
WORDS = {"yes": True, "no": False}


@dataclass(frozen=True)
class FaceSet:
    """Faces of one style. named: the attributes that all of them have. count: how many are trained on."""

    style: str
    named: Mapping[str, Any] = field(default_factory=dict)
    count: int = COUNT

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse a source string. Raises DataError, listing what there is, for a wrong style, attribute or value."""
        style, *settings = text.removeprefix(FACES_PREFIX).split(",")
        named: dict[str, Any] = {}
        count = COUNT
        if style not in STYLES:
            face_attributes(style, 0)
        for setting in settings:
            name, equals, value = setting.partition("=")
            if not equals:
                raise DataError(
                    f"{one_line(text, 80)}: write attributes as NAME=VALUE; {style} faces have: "
                    f"{', '.join(attribute_names(style))}, count."
                )
            if name == "count":
                count = _count(value)
            else:
                named[name] = WORDS.get(value, value)
        face_attributes(style, 0, **named)
        return cls(style, named, count)

    @property
    def name(self) -> str:
        """The display name: the style."""
        return self.style

    @property
    def attribute_name(self) -> str:
        """The display name by attributes: `glasses`, `no glasses`, `red hair`; the style if there are none."""
        texts = []
        for name, value in self.named.items():
            if value != ANY:
                word = name.replace("_", " ")
                texts.append({True: word, False: f"no {word}"}.get(value, f"{value} {word}"))
        return ", ".join(texts) or self.style

    @property
    def full_name(self) -> str:
        """The display name by style and attributes: `lorelei, no glasses`."""
        return self.style if self.attribute_name == self.style else f"{self.style}, {self.attribute_name}"

    def draw(self, seed: int, size: int) -> Image.Image:
        """Return the face of a seed, RGB. size: side in pixels."""
        return face(self.style, seed, size, **self.named)[0]

    def line_pair(self) -> tuple[Self, Self]:
        """Return the same faces as lines and in colour. Raises DataError for a style without lines, or named lines."""
        able = [style for style in STYLES if "lines" in attribute_names(style)]
        if self.style not in able:
            raise DataError(f"{self.style} faces are not drawn as lines; these are: {', '.join(able)}.")
        if "lines" in self.named:
            raise DataError("A pair of drawn faces is lines and colour: leave out lines=.")
        return replace(self, named={**self.named, "lines": True}), replace(self, named={**self.named, "lines": False})

    def training_seeds(self, number: int, sources: int) -> range:
        """Return the seeds that a source is trained on: those of different sources of one run differ.

        number: of the source among `sources`. Raises DataError for more faces than there are seeds.
        """
        if self.count * sources > MAX_TRAINING_SEEDS:
            raise DataError(f"count must be at most {MAX_TRAINING_SEEDS // sources:,} faces, got {self.count:,}.")
        return range(number, number + self.count * sources, sources)


def sets_by_domain(domains: Sequence[str], sources: Sequence[str]) -> dict[str, FaceSet]:
    """Return the faces of each domain from its source string; empty unless each has one of drawn faces.

    Raises DataError for faces that cannot be drawn here.
    """
    if not 2 <= len(sources) == len(domains) or not all(source.startswith(FACES_PREFIX) for source in sources):
        return {}
    return {domain: FaceSet.parse(source) for domain, source in zip(domains, sources, strict=True)}


def _count(text: str) -> int:
    if not text.isdecimal() or not 2 <= int(text) <= MAX_TRAINING_SEEDS:
        raise DataError(f"count must be a number from 2 to {MAX_TRAINING_SEEDS:,} faces, got {one_line(text, 20)!r}.")
    return int(text)

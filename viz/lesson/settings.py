"""What a reader has set in a step, as it travels in a link: short, readable, and checked when it comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self, get_type_hints
from urllib.parse import urlencode

from ugatit.errors import TranslationError


@dataclass(frozen=True)
class StepSettings:
    """Each step's own extends it with fields of str, int, float, bool or a tuple of int, all with defaults.

    A step checks the values of its fields in `__post_init__` and raises TranslationError.
    """

    prefix: ClassVar[str] = ""
    """Set by a step whose fields' names would meet those of a lesson's own."""

    def to_query(self) -> dict[str, str]:
        """The settings that are not what they are by default, as a link carries them."""
        written = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if value != each.default:
                written[self.prefix + each.name] = _written(value)
        return written

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """Read back what `to_query` wrote; other entries are not this step's. Raises TranslationError."""
        kinds = get_type_hints(cls)
        given: dict[str, Any] = {}
        for each in fields(cls):
            text = query.get(cls.prefix + each.name)
            if text is not None:
                given[each.name] = _read(cls.prefix + each.name, text, kinds[each.name])
        return cls(**given)


@dataclass(frozen=True)
class Place:
    """Where in the lesson a link leads. picture: an example's name; empty for a reader's own, which no link carries."""

    step: str = ""
    weights: str = ""
    to: str = ""
    picture: str = ""
    language: str = ""

    def link(self, settings: StepSettings) -> str:
        """A link relative to the page: `?step=…`."""
        mine = {"step": self.step, "weights": self.weights, "to": self.to, "picture": self.picture}
        mine |= {"lang": self.language}
        return "?" + urlencode({**{name: text for name, text in mine.items() if text}, **settings.to_query()})

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Place":
        """The place that a page's address names; its parts are unchecked words."""
        names = {"step": "step", "weights": "weights", "to": "to", "picture": "picture", "language": "lang"}
        return cls(**{field: str(query.get(name, "")) for field, name in names.items()})


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, tuple):
        return ".".join(map(str, value))
    return str(value)


def _read(name: str, text: str, kind: Any) -> Any:
    try:
        if kind is bool:
            return {"0": False, "1": True}[text]
        if kind is int or kind is float:
            return kind(text)
        if kind is str:
            return text
        return tuple(int(part) for part in text.split(".") if part)
    except (KeyError, ValueError) as error:
        raise TranslationError(
            f"The link's {name}={text[:40]!r} cannot be read: take the link from the page."
        ) from error

"""Read and write a step's settings and the lesson's location as URL queries, short, readable and validated."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self, get_type_hints
from urllib.parse import urlencode

from ugatit.errors import TranslationError


@dataclass(frozen=True)
class StepSettings:
    """Base class of a step's settings.

    Each step extends it with fields of str, int, float, bool or a tuple of int, all with defaults, and validates them
    in `__post_init__`, which raises TranslationError.
    """

    prefix: ClassVar[str] = ""
    """Prefix of the query keys; set by a step whose field names would collide with the keys of a `Place`."""

    def to_query(self) -> dict[str, str]:
        """Return the settings that differ from their defaults, as query keys and values."""
        query = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value != field.default:
                query[self.prefix + field.name] = _format(value)
        return query

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """Parse the settings from a query and ignore its other entries. Raises TranslationError."""
        types = get_type_hints(cls)
        values: dict[str, Any] = {}
        for field in fields(cls):
            text = query.get(cls.prefix + field.name)
            if text is not None:
                values[field.name] = _parse(cls.prefix + field.name, text, types[field.name])
        return cls(**values)


@dataclass(frozen=True)
class Place:
    """A location in the lesson that a link opens.

    picture: the name of an example; empty for a reader's own picture, which a link cannot contain.
    """

    step: str = ""
    weights: str = ""
    to: str = ""
    picture: str = ""
    language: str = ""

    def link(self, settings: StepSettings) -> str:
        """Return a link relative to the page: `?step=…`."""
        query = {"step": self.step, "weights": self.weights, "to": self.to, "picture": self.picture}
        query |= {"lang": self.language}
        return "?" + urlencode({**{name: text for name, text in query.items() if text}, **settings.to_query()})

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Place":
        """Return the location that a page's URL names; its parts are not validated."""
        keys = {"step": "step", "weights": "weights", "to": "to", "picture": "picture", "language": "lang"}
        return cls(**{field: str(query.get(key, "")) for field, key in keys.items()})


def _format(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, tuple):
        return ".".join(map(str, value))
    return str(value)


def _parse(name: str, text: str, kind: Any) -> Any:
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

"""Texts of drawn faces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Faces:
    """Texts of drawn faces.

    attributes: names, by attribute. values: by value; `yes` and `no` are those of an attribute that is there or not.
    parts: by part of a face. answer: the label of the one right translation; other_artist: of one of many.
    """

    throw: str
    choose: str
    any: str
    attributes: dict[str, str]
    values: dict[str, str]
    parts: dict[str, str]
    answer: str
    other_artist: str
    answer_alt: str
    read: str
    density: str
    art: str
    artist: str

"""The heading of a lesson step."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Heading:
    """A step's heading. title: short. lead: what the step is about, in a few plain sentences, symbols in brackets."""

    title: str
    lead: str

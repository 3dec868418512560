"""The title of weights that have none of their own: their domains, and which ways the model translates."""

from collections.abc import Iterable, Sequence

from ugatit.text import one_line

LONGEST = 80
"""Titles of many domains are cut after this number of characters."""
LONGEST_NAME = 40
"""Longer names are cut: a manifest's title has a limit."""


def domains_title(domains: Sequence[str], targets: Sequence[str]) -> str:
    """Return a title: `lines → color` one way, `toon ↔ lorelei` any way, `glasses, smile` of binary attributes.

    domains: their names. targets: what the model translates to; with attributes more than the domains. Names beyond
    `LONGEST` characters are counted only, but never the first two.
    """
    if set(targets) - set(domains):
        return _joined(domains, ", ")
    sources = [domain for domain in domains if domain not in targets]
    if sources and targets:
        return f"{_joined(sources, ', ')} → {_joined(targets, ', ')}"
    return _joined(domains, " ↔ ")


def _joined(names: Iterable[str], separator: str) -> str:
    shown: list[str] = []
    rest = [one_line(name, LONGEST_NAME) for name in names]
    while rest and (len(shown) < 2 or len(separator.join([*shown, rest[0]])) <= LONGEST):
        shown.append(rest.pop(0))
    return separator.join(shown) + (f"{separator}… (+{len(rest)})" if rest else "")

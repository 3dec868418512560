"""Words from outside: which may be shown to people, how much of them, and names made of them."""

from collections.abc import Container

INVISIBLE_BUT_NEEDED = "\u00a0\u200c\u200d"
"""No-break space and the joiners that Persian words and composed emoji are written with."""


def is_plain(text: str, limit: int) -> bool:
    """Whether a text is one line of at most `limit` visible characters: no controls, no reversals of direction."""
    return len(text) <= limit and all(c.isprintable() or c in INVISIBLE_BUT_NEEDED for c in text)


def one_line(text: object, limit: int = 200) -> str:
    """A text as it may stand in a message: one line, controls replaced, the end cut off."""
    whole = str(text)
    visible = "".join(c if is_plain(c, 1) else "\N{REPLACEMENT CHARACTER}" for c in whole[:limit])
    return visible + "…" if len(whole) > limit else visible


def unused(name: str, taken: Container[str]) -> str:
    """The name itself, or, where it is taken, the first of name-2, name-3 … that is not."""
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = f"{name}-{number}", number + 1
    return candidate

"""Checks and clean-up for text from untrusted sources: what may be displayed, how much of it, and unique names."""

from collections.abc import Container

ALLOWED_INVISIBLE = "\u00a0\u200c\u200d"
"""No-break space and the joiners that Persian words and composed emoji need."""


def is_plain(text: str, limit: int) -> bool:
    """Return whether a text is one line of at most `limit` visible characters.

    Control characters and marks that reverse the writing direction do not count as visible.
    """
    return len(text) <= limit and all(c.isprintable() or c in ALLOWED_INVISIBLE for c in text)


def one_line(text: object, limit: int = 200) -> str:
    """Return a text made safe for a message: one line, controls replaced by U+FFFD, cut after `limit` characters."""
    full = str(text)
    visible = "".join(c if is_plain(c, 1) else "\N{REPLACEMENT CHARACTER}" for c in full[:limit])
    return visible + "…" if len(full) > limit else visible


def unused_name(name: str, taken: Container[str]) -> str:
    """Return the name itself or, if it is taken, the first free one of name-2, name-3 and so on."""
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = f"{name}-{number}", number + 1
    return candidate

"""Words from outside: which may be shown to people, and how much of them."""

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

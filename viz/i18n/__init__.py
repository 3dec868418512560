"""The page's texts by language. `schema` lists the texts that each language must have."""

from viz.i18n.english import ENGLISH
from viz.i18n.korean import KOREAN
from viz.i18n.schema import Words

__all__ = ["LANGUAGES", "Words", "preferred", "words_in"]

LANGUAGES: dict[str, Words] = {words.code: words for words in (ENGLISH, KOREAN)}
"""By code; the first is the default."""


def words_in(code: str) -> Words:
    """Return the texts of a language, the English ones for an unknown code."""
    return LANGUAGES.get(code, ENGLISH)


def preferred(accepted: str) -> str:
    """Return the code of the language that a browser prefers among LANGUAGES, else English.

    accepted: the browser's `Accept-Language` header (RFC 9110, 12.5.4).
    """
    ranked = []
    for position, entry in enumerate(accepted.split(",")):
        tag, _, weight = entry.strip().partition(";q=")
        try:
            ranked.append((-float(weight or 1), position, tag.partition("-")[0].lower()))
        except ValueError:
            continue
    available = [tag for weight, _, tag in sorted(ranked) if tag in LANGUAGES and weight < 0]
    return available[0] if available else ENGLISH.code

"""What the page says, in every language it speaks: one file a language, and `schema` for what each must have."""

from viz.i18n.english import ENGLISH
from viz.i18n.korean import KOREAN
from viz.i18n.schema import Words

__all__ = ["LANGUAGES", "Words", "preferred", "words_in"]

LANGUAGES: dict[str, Words] = {each.code: each for each in (ENGLISH, KOREAN)}
"""By code, the first is the default."""


def words_in(code: str) -> Words:
    """The words of a language, English where it is not spoken here."""
    return LANGUAGES.get(code, ENGLISH)


def preferred(accepted: str) -> str:
    """The code of the language that suits a browser best. accepted: its `Accept-Language` header (RFC 9110, 12.5.4)."""
    ranked = []
    for place, entry in enumerate(accepted.split(",")):
        tag, _, weight = entry.strip().partition(";q=")
        try:
            ranked.append((-float(weight or 1), place, tag.partition("-")[0].lower()))
        except ValueError:
            continue
    spoken = [tag for weight, _, tag in sorted(ranked) if tag in LANGUAGES and weight < 0]
    return spoken[0] if spoken else ENGLISH.code

"""The sentences of the page. What they say of weights and domains comes from the weights' config."""

from ugatit.translator import Translation
from ugatit.zoo import Found
from viz.panels import NO_ATTENTION, caption, verdict

TITLE = "U-GAT-IT Attention Lab"
LEAD = "A picture goes in. Out come its translation, and where three networks looked to make it and to judge it."


def title_of(found: Found) -> str:
    return found.manifest.title or " ↔ ".join(found.manifest.domains) or found.name


def about(found: Found) -> str:
    """What the weights say of themselves: Markdown, a line for their facts."""
    size = found.manifest.network.get("image_size")
    facts = [f"{size} px" if size else "", f"{found.manifest.step:,} steps" if found.manifest.step else ""]
    lines = [plain(found.manifest.description), " · ".join(filter(None, facts))]
    return "<br>".join(filter(None, lines))


def map_text(translation: Translation, name: str, normalization: str) -> str:
    """One sentence on what a map shows, its numbers, and how it was drawn: Markdown."""
    if name not in translation.attention:
        return NO_ATTENTION if name == "generator" else ""
    origin, to = plain(translation.origin), plain(translation.to)
    sentence = {
        "generator": f"Where, on the input, the generator found what tells **{origin}** from {to}.",
        "local": f"Where, on the translation, the critic of small patches looked to judge it as **{to}**.",
        "global": f"Where, on the translation, the critic of the whole picture looked to judge it as **{to}**.",
    }.get(name, "")
    numbers = plain(verdict(translation, name))
    made = plain(caption(translation, name, normalization))
    return f"{sentence}\n\n**{numbers}**\n\n<small>{made}</small>"


def measured(translation: Translation) -> str:
    """The device in use and what the networks took."""
    width, height = translation.image.size
    return (
        f"{plain(translation.origin)} → {plain(translation.to)} · {width}×{height} px · "
        f"{translation.milliseconds:.0f} ms on {plain(translation.device)}, {translation.precision}"
    )


def plain(text: str) -> str:
    """Foreign words, harmless in Markdown and HTML: names come from configs that strangers may have written."""
    return "".join(f"&#{ord(letter)};" if letter in "\\`*_{}[]()<>#+!|~$&\"'" else letter for letter in text)

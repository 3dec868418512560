"""The sentences of the page. What they say of weights and domains comes from the weights' config."""

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.inference.translation import Translation
from viz.i18n.schema import Words
from viz.panels import caption, verdict

TITLE = "U-GAT-IT Attention Lab"


def title_of(found: WeightsEntry) -> str:
    return found.manifest.title or " ↔ ".join(found.manifest.domains) or found.name


def about(found: WeightsEntry, words: Words) -> str:
    """What the weights say of themselves: Markdown, a line for their facts."""
    size, step = found.manifest.network.get("image_size"), found.manifest.step
    facts = [f"{size} px" if size else "", words.translate.steps.format(count=f"{step:,}") if step else ""]
    lines = [escape_markdown(found.manifest.description), " · ".join(filter(None, facts))]
    return "<br>".join(filter(None, lines))


def map_text(translation: Translation, name: str, normalization: str, words: Words) -> str:
    """One sentence on what a map shows, its numbers, and how it was drawn: Markdown."""
    if name not in translation.attention:
        return words.drawn.no_attention if name == "generator" else ""
    named = {"origin": escape_markdown(translation.origin), "to": escape_markdown(translation.to)}
    sentence = words.translate.looked[name].format(**named) if name in words.translate.looked else ""
    numbers = escape_markdown(verdict(translation, name, words))
    made = escape_markdown(caption(translation, name, normalization, words))
    return f"{sentence}\n\n**{numbers}**\n\n<small>{made}</small>"


def measured(translation: Translation, words: Words) -> str:
    """The device in use and what the networks took."""
    width, height = translation.image.size
    return words.translate.measured.format(
        origin=escape_markdown(translation.origin),
        to=escape_markdown(translation.to),
        width=width,
        height=height,
        milliseconds=f"{translation.milliseconds:.0f}",
        device=escape_markdown(translation.device),
        precision=translation.precision,
    )


def escape_markdown(text: str) -> str:
    """Foreign words, harmless in Markdown and HTML: names come from configs that strangers may have written."""
    return "".join(f"&#{ord(letter)};" if letter in "\\`*_{}[]()<>#+!|~$&\"'" else letter for letter in text)

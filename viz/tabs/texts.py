"""Texts about weights and translations, as Markdown. Names and descriptions come from the weights' config."""

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.inference.translation import Translation
from ugatit.models.registry import title
from viz.drawn_face import face_styles
from viz.i18n.schema import Words
from viz.panels import caption, direction, has_attention, verdict

TITLE = "U-GAT-IT Attention Lab"
NO_BREAK = "\u00a0"
DICEBEAR = "[DiceBear](https://www.dicebear.com)"


def title_of(entry: WeightsEntry) -> str:
    """Return the title of weights, else their domains, else their name."""
    return title(entry.manifest) or entry.name


def describe_weights(entry: WeightsEntry, words: Words) -> str:
    """Return the description of weights, their image size and training steps, and whose art they draw: Markdown."""
    size, step = entry.manifest.network.get("image_size"), entry.manifest.step
    facts = [f"{size} px" if size else "", words.translate.steps.format(count=f"{step:,}") if step else ""]
    lines = [escape_markdown(entry.manifest.description), " · ".join(filter(None, facts)), _art(entry, words)]
    return "<br>".join(filter(None, lines))


def _art(entry: WeightsEntry, words: Words) -> str:
    """Return artist, source and licence of the drawn faces that weights were trained on: Markdown, empty for others."""
    texts = words.faces
    artists = [
        texts.artist.format(
            style=f"[{name}]({style.source})", artist=style.artist, licence=style.licence.replace("-", NO_BREAK)
        )
        for name, style in face_styles(entry.manifest).items()
    ]
    return texts.art.format(artists=", ".join(artists), library=DICEBEAR) if artists else ""


def map_text(translation: Translation, name: str, normalization: str, words: Words) -> str:
    """Return what a map shows, its numbers, and how it was drawn: Markdown."""
    texts = words.attention_maps
    if name not in translation.attention:
        return texts.no_attention if name == "generator" and not translation.attention else ""
    if translation.attention[name].values is None:
        # A model whose generator has attention may have a critic without.
        lead = "" if has_attention(translation) else f"{texts.without_attention} "
        sentence = f"{lead}{texts.patches_only}"
    else:
        sentence = words.translate.looked.get(name, "")
    numbers = escape_markdown(verdict(translation, name, words))
    drawn = escape_markdown(caption(translation, name, normalization, words))
    return f"{sentence}\n\n**{numbers}**\n\n<small>{drawn}</small>"


def timing_text(translation: Translation, words: Words) -> str:
    """Return the domains, the image size, the time the networks took, the device and the precision: Markdown."""
    width, height = translation.image.size
    return words.translate.measured.format(
        direction=escape_markdown(direction(translation)),
        width=width,
        height=height,
        milliseconds=f"{translation.milliseconds:.0f}",
        device=escape_markdown(translation.device),
        precision=translation.precision,
    )


def far_text(translation: Translation, words: Words) -> str:
    """Return the sentence about a picture that is far from all domains: Markdown; empty for other pictures."""
    familiarity = translation.familiarity
    if familiarity is None or not familiarity.is_far:
        return ""
    return words.translate.far.format(
        domains=escape_markdown(", ".join(familiarity.domains)),
        domain=escape_markdown(familiarity.domain),
        distance=f"{familiarity.distance:.1f}",
        threshold=f"{familiarity.threshold:.1f}",
    )


def escape_markdown(text: str) -> str:
    """Escape untrusted text for Markdown and HTML: names come from configs that anybody may have written."""
    return "".join(f"&#{ord(letter)};" if letter in "\\`*_{}[]()<>#+!|~$&\"'" else letter for letter in text)

"""Draw a translation and its attention maps as labelled pictures; no network runs."""

import math

from PIL import Image

from ugatit.errors import TranslationError
from ugatit.inference.translation import AttentionMap, Translation
from viz.contact_sheet import Tile, color_bar, compose, enlarge
from viz.heatmap import Array, get_normalization, normalize, place_map
from viz.i18n.english import ENGLISH
from viz.i18n.schema import Words
from viz.overlay import overlay

TITLES = ENGLISH.attention_maps.titles
MIN_SIDE = 320
BAR_WIDTH = 384


def map_picture(
    translation: Translation,
    name: str,
    normalization: str = "minmax",
    colormap: str = "turbo",
    opacity: float = 0.6,
    factor: float = 1,
) -> Image.Image:
    """Draw one network's attention map, else its patch scores, over its picture; RGB, `factor` times its size.

    The generator's map is drawn over the input, a critic's over the translation. With `shared`, all maps of the
    translation have one scale. Raises TranslationError for an unknown map, normalisation or colour map.
    """
    attention_map(translation, name)
    backgrounds = {key: _picture_of(translation, attention) for key, attention in translation.attention.items()}
    names = list(backgrounds) if normalization == "shared" else [name]
    pictures = {key: enlarge(backgrounds[key], factor) for key in names}
    placed = [_place(translation.attention[key], pictures[key], factor) for key in names]
    heatmap = normalize(placed, normalization)[names.index(name)]
    return overlay(pictures[name], heatmap, opacity, colormap)


def caption(translation: Translation, name: str, normalization: str = "minmax", words: Words = ENGLISH) -> str:
    """Return one line on how a map was drawn: its native size, a cell's receptive field, the normalisation."""
    attention = attention_map(translation, name)
    height, width = attention.drawn.shape
    picture = _picture_of(translation, attention)
    field_width, field_height = round(attention.columns.field), round(attention.rows.field)
    size = f"{field_width} px" if field_width == field_height else f"{field_width}×{field_height} px"
    texts = words.attention_maps
    field = texts.sees.format(size=size)
    if field_width > picture.width and field_height > picture.height:
        field = texts.sees_more.format(size=size, width=picture.width, height=picture.height)
    get_normalization(normalization)
    return f"{texts.cells.format(columns=width, rows=height)} · {field} · {texts.scales[normalization]}"


def verdict(translation: Translation, name: str, words: Words = ENGLISH) -> str:
    """Return the verdict of a network's classifiers on the picture, in the terms of their training loss.

    The generator's classifier was trained with cross-entropy: its mean logit is a probability ("94% flat"). The scores
    of critics are no percentages: by least squares they lie around 0 (translated) and 1 (real), by cross-entropy they
    are logits, and those of a Wasserstein critic only compare pictures.
    """
    attention, texts = attention_map(translation, name), words.attention_maps
    scores = []
    if attention.cam_logits is not None:
        mean = sum(attention.cam_logits) / len(attention.cam_logits)
        if attention.over == "input":
            return texts.share.format(percent=_percent(mean, words), domain=attention.domain or texts.no_origin)
        scores.append(texts.attention_score.format(score=f"{mean:.2f}"))
    if attention.patch_logits is not None:
        scores.append(texts.patch_score.format(score=f"{float(attention.patch_logits.mean()):.2f}"))
    return f"{', '.join(scores)} · {texts.score_ends[attention.loss]}"


def panel(
    translation: Translation,
    normalization: str = "minmax",
    colormap: str = "turbo",
    opacity: float = 0.6,
) -> Image.Image:
    """Draw the translation and its maps, labelled, on one sheet with a colour bar; RGB.

    Pictures are at least 320 px wide and high. For a model without attention, draw the patch scores and a note.
    """
    factor = _enlargement(translation.image)
    picture = enlarge(translation.image, factor)
    size = f"{translation.image.width}×{translation.image.height} px"
    tiles = [Tile(picture, "Translation", details=size)]
    tiles += [
        Tile(
            map_picture(translation, name, normalization, colormap, opacity, factor),
            TITLES.get(name, name),
            shown(attention, ENGLISH),
            verdict(translation, name),
            caption(translation, name, normalization),
        )
        for name, attention in translation.attention.items()
    ]
    is_wide = translation.image.width > 1.5 * translation.image.height
    get_normalization(normalization)
    low, high = ENGLISH.attention_maps.ends[normalization]
    labels = (low, "0", high) if normalization == "symmetric" else (low, high)
    return compose(
        tiles,
        columns=2 if is_wide else 4,
        heading=direction(translation),
        aside=f"{translation.milliseconds:.0f} ms · {translation.device} · {translation.precision}",
        note="" if has_attention(translation) else ENGLISH.attention_maps.no_attention,
        bar=color_bar(min(picture.width, BAR_WIDTH), colormap, labels) if translation.attention else None,
    )


def direction(translation: Translation) -> str:
    """Return `cat → dog`; `→ dog` if the source domain is not known."""
    return f"{translation.origin or ''} → {translation.to}".strip()


def title(translation: Translation, name: str, words: Words) -> str:
    """Return the title of a map: the network's; that of patch scores says so."""
    texts = words.attention_maps
    network = texts.titles.get(name, name)
    has_values = attention_map(translation, name).values is not None
    return network if has_values else texts.scores_title.format(title=network)


def shown(attention: AttentionMap, words: Words) -> str:
    """Return what a map shows, attention or patch scores, and over which picture."""
    texts = words.attention_maps
    text = texts.scores_over if attention.values is None else texts.attention_over
    return text.format(over=texts.over[attention.over])


def has_attention(translation: Translation) -> bool:
    """Return whether any of the maps is an attention map."""
    return any(attention.values is not None for attention in translation.attention.values())


def attention_map(translation: Translation, name: str) -> AttentionMap:
    """Return the map of that name. Raises TranslationError, naming the model's maps, if there is none."""
    if name not in translation.attention:
        names = ", ".join(translation.attention)
        hint = f"it has: {names}." if names else "it has none."
        raise TranslationError(f"This model has no map {name!r}; {hint}")
    return translation.attention[name]


def _picture_of(translation: Translation, attention: AttentionMap) -> Image.Image:
    return translation.source if attention.over == "input" else translation.image


def _place(attention: AttentionMap, picture: Image.Image, factor: float) -> Array:
    rows, columns = attention.rows.scaled(factor), attention.columns.scaled(factor)
    return place_map(attention.drawn, rows, columns, (picture.height, picture.width))


def _percent(logit: float, words: Words) -> str:
    if math.isnan(logit):
        return words.attention_maps.no_opinion
    probability = 0.5 * (1 + math.tanh(logit / 2))
    if 0.005 <= probability < 0.995:
        return f"{probability:.0%}"
    return words.attention_maps.under if probability < 0.5 else words.attention_maps.above


def _enlargement(picture: Image.Image) -> float:
    """Return the factor to enlarge a picture by: a whole number for a tiny one, which keeps its pixels square."""
    factor = MIN_SIDE / min(picture.size)
    return max(1, factor if factor < 2 else math.ceil(factor))

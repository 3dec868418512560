"""A Translation and how to show it become labelled pictures; no network runs."""

import math

from PIL import Image

from ugatit.errors import TranslationError
from ugatit.inference.translation import AttentionMap, Translation
from viz.contact_sheet import Tile, color_bar, compose, enlarged
from viz.heatmap import Array, normalization_named, normalize, place
from viz.i18n.english import ENGLISH
from viz.i18n.schema import Words
from viz.overlay import overlay

TITLES = ENGLISH.drawn.titles
LEAST_SIDE = 320
BAR_WIDTH = 384


def map_picture(
    translation: Translation,
    name: str,
    normalization: str = "minmax",
    colormap: str = "turbo",
    opacity: float = 0.6,
    factor: float = 1,
) -> Image.Image:
    """One network's attention over the picture it belongs to, `factor` times that picture's size; RGB.

    The generator's map lies over the input, a critic's over the translation it judged. Under `shared` the
    scale is that of all the translation's maps. Raises TranslationError for a map, normalisation or colour
    map that does not exist.
    """
    attention_map(translation, name)
    beneath = {key: _picture_of(translation, each) for key, each in translation.attention.items()}
    names = list(beneath) if normalization == "shared" else [name]
    pictures = {key: enlarged(beneath[key], factor) for key in names}
    placed = [_placed(translation.attention[key], pictures[key], factor) for key in names]
    heatmap = normalize(placed, normalization)[names.index(name)]
    return overlay(pictures[name], heatmap, opacity, colormap)


def caption(translation: Translation, name: str, normalization: str = "minmax", words: Words = ENGLISH) -> str:
    """One line on how a map was made: its native size, what a cell sees of the picture, the normalisation."""
    shown = attention_map(translation, name)
    height, width = shown.values.shape
    picture = _picture_of(translation, shown)
    across, down = round(shown.columns.field), round(shown.rows.field)
    size, said = f"{across} px" if across == down else f"{across}×{down} px", words.drawn
    sees = said.sees.format(size=size)
    if across > picture.width and down > picture.height:
        sees = said.sees_more.format(size=size, width=picture.width, height=picture.height)
    normalization_named(normalization)
    return f"{said.cells.format(columns=width, rows=height)} · {sees} · {said.scales[normalization]}"


def verdict(translation: Translation, name: str, words: Words = ENGLISH) -> str:
    """What the network's classifiers say of the picture, in the terms they were trained in.

    The generator's was trained with cross-entropy: its mean logit is a probability ("94% flat"). The critics'
    are least-squares scores around 0 (translated) and 1 (real), which no per cent describes.
    """
    shown = attention_map(translation, name)
    mean = sum(shown.cam_logits) / len(shown.cam_logits)
    if shown.over == "input":
        return words.drawn.share.format(percent=_percent(mean, words), domain=shown.domain)
    scores = [words.drawn.attention_score.format(score=f"{mean:.2f}")]
    if shown.patch_logits is not None:
        scores.append(words.drawn.patch_score.format(score=f"{float(shown.patch_logits.mean()):.2f}"))
    return f"{', '.join(scores)} · {words.drawn.score_ends}"


def panel(
    translation: Translation,
    normalization: str = "minmax",
    colormap: str = "turbo",
    opacity: float = 0.6,
) -> Image.Image:
    """The translation and its maps, labelled, on one sheet with a colour bar; RGB.

    Pictures are at least 320 px wide and high. A model without attention gets the translation alone and a
    line that says so.
    """
    factor = _enlargement(translation.image)
    picture = enlarged(translation.image, factor)
    native = f"{translation.image.width}×{translation.image.height} px"
    tiles = [Tile(picture, "Translation", made=native)]
    tiles += [
        Tile(
            map_picture(translation, name, normalization, colormap, opacity, factor),
            TITLES.get(name, name),
            ENGLISH.drawn.attention_over.format(over=ENGLISH.drawn.over[shown.over]),
            verdict(translation, name),
            caption(translation, name, normalization),
        )
        for name, shown in translation.attention.items()
    ]
    wide = translation.image.width > 1.5 * translation.image.height
    normalization_named(normalization)
    low, high = ENGLISH.drawn.ends[normalization]
    labels = (low, "0", high) if normalization == "symmetric" else (low, high)
    return compose(
        tiles,
        columns=2 if wide else 4,
        heading=f"{translation.origin} → {translation.to}",
        aside=f"{translation.milliseconds:.0f} ms · {translation.device} · {translation.precision}",
        note="" if translation.attention else ENGLISH.drawn.no_attention,
        bar=color_bar(min(picture.width, BAR_WIDTH), colormap, labels) if translation.attention else None,
    )


def attention_map(translation: Translation, name: str) -> AttentionMap:
    """The map of that name. Raises TranslationError, naming those the model has."""
    if name not in translation.attention:
        offered = ", ".join(translation.attention)
        way_out = f"it has: {offered}." if offered else "it has no attention."
        raise TranslationError(f"This model has no map {name!r}; {way_out}")
    return translation.attention[name]


def _picture_of(translation: Translation, shown: AttentionMap) -> Image.Image:
    return translation.source if shown.over == "input" else translation.image


def _placed(shown: AttentionMap, picture: Image.Image, factor: float) -> Array:
    rows, columns = shown.rows.scaled(factor), shown.columns.scaled(factor)
    return place(shown.values, rows, columns, (picture.height, picture.width))


def _percent(logit: float, words: Words) -> str:
    if math.isnan(logit):
        return words.drawn.no_opinion
    chance = 0.5 * (1 + math.tanh(logit / 2))
    if 0.005 <= chance < 0.995:
        return f"{chance:.0%}"
    return words.drawn.under if chance < 0.5 else words.drawn.above


def _enlargement(picture: Image.Image) -> float:
    """How much larger a picture is drawn: tiny ones by whole factors, which keeps their pixels square."""
    needed = LEAST_SIDE / min(picture.size)
    return max(1, needed if needed < 2 else math.ceil(needed))

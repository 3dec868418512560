"""The overview: the stages a picture passes through in the networks, each explained by a step."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from viz.contact_sheet import INK
from viz.i18n.schema import Words
from viz.lesson.maps import ATTENTION, draw_map
from viz.lesson.shared import attention_panel, input_panel, translation_panel
from viz.lesson.subject import Map, Subject, first_map
from viz.lesson.view import Panel
from viz.overlay import colorize

SIDE = 192
CHANNELS = 4
BAR_COLORS = ("#0f766e", "#b45309")
"""The colours of rho at or above 0.5 (instance norm) and below (layer norm)."""


@dataclass(frozen=True)
class Stage:
    """A stage of the networks. step: the name of the step that explains it."""

    step: str
    panel: Panel


def overview(subject: Subject, words: Words) -> tuple[Stage, ...]:
    """Return the stages: input, features, attention, decoder, translation, critic with attention, reconstruction."""
    texts, explanation = words.lesson, subject.explanation
    fields = {"name": subject.name, "origin": subject.origin, "to": subject.to}
    return (
        Stage("question", input_panel(subject, words)),
        Stage(
            "encoder", Panel("features", _draw_channels(subject), texts.features, texts.features_alt.format(**fields))
        ),
        Stage("evidence", attention_panel(subject, explanation.attention_map, words)),
        Stage("adalin", Panel("rho", _draw_rho(subject), texts.adalin, texts.adalin_alt)),
        Stage("elsewhere", translation_panel(subject, explanation.image, words)),
        *(Stage("critics", _critic_panel(subject, critic, words)) for critic in subject.critics[:1]),
        Stage(
            "cycle",
            Panel(
                "back",
                subject.render(subject.reconstruction.image),
                texts.back,
                texts.back_alt.format(**fields),
                lossless=True,
            ),
        ),
    )


def _critic_panel(subject: Subject, critic: str, words: Words) -> Panel:
    """Return the panel of a critic's attention map over the translation."""
    texts, title = words.lesson, words.attention_maps.titles.get(critic)
    values = first_map(subject.explain_critic(critic).attention_map)
    picture = draw_map(values, subject.render(subject.explanation.image), subject.grids(critic))
    alt = texts.critic_alt.format(critic=title.lower() if title else critic, name=subject.name)
    return Panel("critic", picture, texts.critic, alt)


def _draw_channels(subject: Subject) -> Image.Image:
    """Draw the channels that contribute most to the two logits in a 2×2 grid, each on its own scale."""
    explanation = subject.explanation
    strength = (explanation.gap.contributions + explanation.gmp.contributions)[0].abs()
    channels = strength.topk(CHANNELS).indices.tolist()
    maps: list[Map] = [explanation.features[0, channel].float().cpu().numpy() for channel in channels]
    pictures = [Image.fromarray(colorize(_rescale(values), ATTENTION)) for values in maps]
    side, gap = SIDE // 2 - 2, 4
    mosaic = Image.new("RGB", (SIDE, SIDE), "white")
    for index, picture in enumerate(pictures):
        row, column = divmod(index, 2)
        mosaic.paste(
            picture.resize((side, side), Image.Resampling.BICUBIC), (column * (side + gap), row * (side + gap))
        )
    return mosaic


def _rescale(values: Map) -> Map:
    span = float(values.max() - values.min())
    return (values - values.min()) / span if span > 0 else np.zeros_like(values)


def _draw_rho(subject: Subject) -> Image.Image:
    """Draw each layer's mean rho as a bar on a white square, the first layer at the top."""
    means = [float(values.mean()) for values in subject.explanation.rho.values()]
    image = Image.new("RGB", (SIDE, SIDE), "white")
    draw = ImageDraw.Draw(image)
    margin = 16
    row_height = (SIDE - 2 * margin) / max(1, len(means))
    middle = SIDE / 2
    for index, mean in enumerate(means):
        top = margin + index * row_height + row_height * 0.2
        end = margin + mean * (SIDE - 2 * margin)
        color = BAR_COLORS[0] if mean >= 0.5 else BAR_COLORS[1]
        draw.rectangle((min(middle, end), top, max(middle, end), top + row_height * 0.6), fill=color)
    draw.line((middle, margin / 2, middle, SIDE - margin / 2), fill=INK)
    return image

"""The whole way at a glance: a picture's stations through the machine, each of which a step takes apart."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from viz.contact_sheet import INK
from viz.i18n.schema import Words
from viz.lesson.maps import ATTENTION, laid
from viz.lesson.shared import attention_panel, input_panel, translation_panel
from viz.lesson.subject import Map, Subject, of_first
from viz.lesson.view import Panel
from viz.overlay import colorize

SIDE = 192
CHANNELS = 4
BAR_COLORS = ("#0f766e", "#b45309")
"""Of rho towards instance norm, and towards layer norm."""


@dataclass(frozen=True)
class Stage:
    """step: the name of the step that explains it."""

    step: str
    panel: Panel


def overview(subject: Subject, words: Words) -> tuple[Stage, ...]:
    """From the input through features, attention and decoder to the translation, to a critic, and back."""
    said, explained = words.lesson, subject.explained
    named = {"name": subject.name, "origin": subject.origin, "to": subject.to}
    judged = subject.judged("local")
    looked = laid(of_first(judged.attention_map), subject.drawn(explained.image), subject.grids("local"))
    return (
        Stage("question", input_panel(subject, words)),
        Stage("encoder", Panel("features", _channels(subject), said.features, said.features_alt.format(**named))),
        Stage("evidence", attention_panel(subject, explained.attention_map, words)),
        Stage("adalin", Panel("rho", _rho(subject), said.adalin, said.adalin_alt)),
        Stage("elsewhere", translation_panel(subject, explained.image, words)),
        Stage("critics", Panel("critic", looked, said.critic, said.critic_alt.format(**named))),
        Stage(
            "cycle",
            Panel(
                "back", subject.drawn(subject.returned.image), said.back, said.back_alt.format(**named), exact=True
            ),
        ),
    )  # fmt: skip


def _channels(subject: Subject) -> Image.Image:
    """The channels that contribute most to the two logits, two by two, each on its own scale."""
    explained = subject.explained
    strength = (explained.gap.contributions + explained.gmp.contributions)[0].abs()
    maps: list[Map] = [explained.features[0, k].float().cpu().numpy() for k in strength.topk(CHANNELS).indices.tolist()]
    pictures = [Image.fromarray(colorize(_unit(values), ATTENTION)) for values in maps]
    side, gap = SIDE // 2 - 2, 4
    mosaic = Image.new("RGB", (SIDE, SIDE), "white")
    for index, picture in enumerate(pictures):
        row, column = divmod(index, 2)
        mosaic.paste(
            picture.resize((side, side), Image.Resampling.BICUBIC), (column * (side + gap), row * (side + gap))
        )
    return mosaic


def _unit(values: Map) -> Map:
    span = float(values.max() - values.min())
    return (values - values.min()) / span if span > 0 else np.zeros_like(values)


def _rho(subject: Subject) -> Image.Image:
    """Each layer's mean rho as a bar on a white square, the first layer above."""
    means = [float(values.mean()) for values in subject.explained.rho.values()]
    drawn = Image.new("RGB", (SIDE, SIDE), "white")
    draw = ImageDraw.Draw(drawn)
    margin = 16
    pitch = (SIDE - 2 * margin) / max(1, len(means))
    middle = SIDE / 2
    for index, mean in enumerate(means):
        top = margin + index * pitch + pitch * 0.2
        end = margin + mean * (SIDE - 2 * margin)
        color = BAR_COLORS[0] if mean >= 0.5 else BAR_COLORS[1]
        draw.rectangle((min(middle, end), top, max(middle, end), top + pitch * 0.6), fill=color)
    draw.line((middle, margin / 2, middle, SIDE - margin / 2), fill=INK)
    return drawn

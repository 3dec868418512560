"""The texts a language must have, one file per area.

Braces are filled in with `str.format`; a subscript is written `w_{{k}}` there.
"""

from dataclasses import dataclass

from viz.i18n.schema.faces import Faces
from viz.i18n.schema.heading import Heading
from viz.i18n.schema.lesson import Lesson, MapNames, WhatIf
from viz.i18n.schema.page import AttentionMaps, Page
from viz.i18n.schema.steps_1_to_4 import Encoder, Evidence, Pooling, Question
from viz.i18n.schema.steps_5_to_6 import Adalin, Brush, Elsewhere, Occlusion
from viz.i18n.schema.steps_7_to_10 import Critics, Cycle, Faithfulness, Growth
from viz.i18n.schema.train import Train
from viz.i18n.schema.translate import Translate
from viz.i18n.schema.without_cam import WithoutCam

__all__ = ["Heading", "Words"]


@dataclass(frozen=True)
class Words:
    """All texts of one language. code: ISO 639-1. name: what its speakers call the language."""

    code: str
    name: str
    page: Page
    attention_maps: AttentionMaps
    translate: Translate
    faces: Faces
    train: Train
    lesson: Lesson
    what_if: WhatIf
    question: Question
    encoder: Encoder
    pooling: Pooling
    evidence: Evidence
    critics: Critics
    cycle: Cycle
    growth: Growth
    maps: MapNames
    elsewhere: Elsewhere
    brush: Brush
    occlusion: Occlusion
    adalin: Adalin
    faithfulness: Faithfulness
    without_cam: WithoutCam

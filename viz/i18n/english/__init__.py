"""The page in English, one file per area."""

from viz.i18n.english.faces import FACES
from viz.i18n.english.lesson import LESSON, MAPS, WHAT_IF
from viz.i18n.english.page import ATTENTION_MAPS, PAGE
from viz.i18n.english.steps_1_to_4 import ENCODER, EVIDENCE, POOLING, QUESTION
from viz.i18n.english.steps_5_to_6 import ADALIN, BRUSH, ELSEWHERE, OCCLUSION
from viz.i18n.english.steps_7_to_10 import CRITICS, CYCLE, FAITHFULNESS, GROWTH
from viz.i18n.english.train import TRAIN
from viz.i18n.english.translate import TRANSLATE
from viz.i18n.english.without_cam import WITHOUT_CAM
from viz.i18n.schema import Words

ENGLISH = Words(
    code="en",
    name="English",
    page=PAGE,
    attention_maps=ATTENTION_MAPS,
    translate=TRANSLATE,
    faces=FACES,
    train=TRAIN,
    lesson=LESSON,
    what_if=WHAT_IF,
    question=QUESTION,
    encoder=ENCODER,
    pooling=POOLING,
    evidence=EVIDENCE,
    critics=CRITICS,
    cycle=CYCLE,
    growth=GROWTH,
    maps=MAPS,
    elsewhere=ELSEWHERE,
    brush=BRUSH,
    occlusion=OCCLUSION,
    adalin=ADALIN,
    faithfulness=FAITHFULNESS,
    without_cam=WITHOUT_CAM,
)

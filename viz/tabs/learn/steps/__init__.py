"""The steps of the lesson on the page, in their order."""

from viz.tabs.learn.step import Step
from viz.tabs.learn.steps import (
    adalin,
    critics,
    cycle,
    elsewhere,
    encoder,
    evidence,
    faithfulness,
    growth,
    occlusion,
    pooling,
    question,
    without_cam,
)

STEPS: tuple[Step, ...] = tuple(
    module.STEP
    for module in (
        question, encoder, pooling, evidence, elsewhere, occlusion, adalin, critics, cycle, growth, faithfulness,
        without_cam
    )
)  # fmt: skip

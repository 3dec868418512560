"""The steps of the lesson, as they join the page, in their order."""

from viz.tabs.step_box import Step
from viz.tabs.steps import (
    adalin,
    critics,
    cycle,
    elsewhere,
    encoder,
    evidence,
    faithful,
    growth,
    occlusion,
    pooling,
    question,
)

STEPS: tuple[Step, ...] = tuple(
    module.STEP
    for module in (
        question, encoder, pooling, evidence, elsewhere, occlusion, adalin, critics, cycle, growth, faithful
    )
)  # fmt: skip

"""Step 8 on the page: no controls."""

from viz.lesson.steps import cycle
from viz.tabs.learn.step import Step

STEP = Step(
    name=cycle.NAME,
    number="8",
    settings=cycle.Settings,
    heading=lambda words: words.cycle.heading,
    view=cycle.view,
)

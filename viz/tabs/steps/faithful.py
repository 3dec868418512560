"""Step 10 on the page: nothing to set, but it takes some seconds."""

from viz.lesson.steps import faithful
from viz.tabs.step_box import Step

STEP = Step(
    name=faithful.NAME,
    number="10",
    settings=faithful.Settings,
    heading=lambda words: words.faithful.heading,
    view=faithful.view,
    run=faithful.run,
)

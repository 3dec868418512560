"""Step 10 on the page: nothing to set, but it takes some seconds."""

from viz.lesson.steps import faithfulness
from viz.tabs.learn.step_box import Step

STEP = Step(
    name=faithfulness.NAME,
    number="10",
    settings=faithfulness.Settings,
    heading=lambda words: words.faithful.heading,
    view=faithfulness.view,
    run=faithfulness.run,
)

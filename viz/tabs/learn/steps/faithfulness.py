"""Step 10 on the page: a computation of some seconds, no other controls."""

from viz.lesson.steps import faithfulness
from viz.tabs.learn.step import Step

STEP = Step(
    name=faithfulness.NAME,
    number="10",
    settings=faithfulness.Settings,
    heading=lambda words: words.faithfulness.heading,
    view=faithfulness.view,
    run=faithfulness.run,
)

"""Step 1 on the page: no controls."""

from viz.lesson.steps import question
from viz.tabs.learn.step import Step

STEP = Step(
    name=question.NAME,
    number="1",
    settings=question.Settings,
    heading=lambda words: words.question.heading,
    view=question.view,
    lacks=lambda subject: subject.truth is None,
)

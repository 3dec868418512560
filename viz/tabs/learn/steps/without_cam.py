"""Step 11 on the page: no controls."""

from viz.lesson.steps import without_cam
from viz.tabs.learn.step import Step

STEP = Step(
    name=without_cam.NAME,
    number="11",
    settings=without_cam.Settings,
    heading=lambda words: words.without_cam.heading,
    view=without_cam.view,
    lacks=lambda subject: subject.cam_pair is None,
)

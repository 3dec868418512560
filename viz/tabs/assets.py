"""Style sheets and scripts of the page, read from `viz/static`.

What each script does:

- `brush.js`: paint on the picture with mouse, finger or keys.
- `mark_current_step.js`: mark the lesson step that is being read in the step navigation.
- `pick_channel.js`, `pick_example.js`: report a click on a channel tile or on an example picture.
- `step_foot.js`: copy a step's link to the clipboard, or ask for its figure as a file.
- `save_file.js`: hand a file that a handler made to the browser's downloads.
- `show_result.js`: on a phone the result is below the fold; scroll it into view.
- `show_run.js`: the same for a run that was started, not for a refusal. STARTED stands for the messages of success.
- `show_step.js`: scroll the step that the address names into view, once.
- `remember_tab.js`, `open_remembered_tab.js`: keep the open tab in the address, so that a reload, or a restart of the
  app, opens the same tab.
- `set_language.js`, `save_language.js`: set the page's language in the browser; the second also stores the choice for
  the next visit.
- `restore_language.js`: put the stored language in place of a handler's first input.
"""

from functools import cache
from pathlib import Path

STATIC = Path(__file__).resolve().parents[1] / "static"


@cache
def read_asset(name: str) -> str:
    """Return the text of a file in `viz/static`, without white space around it."""
    return (STATIC / name).read_text(encoding="utf-8").strip()

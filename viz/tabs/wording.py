"""Messages that name options of the command line or settings, in the words of the page's own controls."""

import re
from pathlib import Path

from ugatit.config import DataConfig, TrainingConfig, UGATITConfig

RESUME = "Resume"
LABELS = {
    "steps": "Steps",
    "batch_size": "Pictures at once",
    "accumulate": "Times a step",
    "learning_rate": "Learning rate",
    "precision": "Arithmetic",
    "image_size": "Image size",
    "cam": "Weight of CAM",
    "seed": "Seed",
    "freeze": "Keep the encoder as it is",
    "start_from": "Start from",
    "run": "Name of the run",
}
"""What the page calls a setting. Those of one plain word are only meant where they stand as an option."""
SETTINGS = {*LABELS, *TrainingConfig.names(), *UGATITConfig.names(), *DataConfig.names()}

_VALUE = r"[\w.+-]*\w"
_OPTION = re.compile(rf"--([a-z][a-z-]*)(?: ({_VALUE}))?")
_RESUME = re.compile(rf"--resume((?: --[a-z][a-z-]* {_VALUE})*)")
_SETTING = re.compile(r"\b(?:" + "|".join(name for name in LABELS if "_" in name) + r")\b")


def for_page(message: str, run: Path | None = None) -> str:
    """The same advice for someone at the page: `--resume --run X --batch-size 2` becomes Resume with a control's name.

    run: the folder of the run it is about, which the page calls by its name alone.
    """
    if run is not None:
        message = message.replace(f"--resume --run {run}", "--resume").replace(str(run), run.name)
    message = re.sub(r"--resume --run \S*[^\s.,:;]", "--resume", message)
    message = _RESUME.sub(_resumed, message)
    message = _OPTION.sub(_optioned, message)
    # Advice to resume that ended in the command for it.
    return _SETTING.sub(lambda name: _control(name[0]), message).replace(f": {RESUME}.", ".")


def _resumed(found: re.Match[str]) -> str:
    changes = " and ".join(_control(*option.groups(default="")) for option in _OPTION.finditer(found[1]))
    return f"{RESUME} with {changes}" if changes else RESUME


def _optioned(found: re.Match[str]) -> str:
    # Other options are of other commands, such as that which started the page.
    return _control(*found.groups(default="")) if found[1].replace("-", "_") in SETTINGS else found[0]


def _control(option: str, value: str = "") -> str:
    name = option.replace("-", "_")
    label = f"“{LABELS[name]}”" if name in LABELS else option.replace("-", " ")
    return f"{label} {value}".rstrip()

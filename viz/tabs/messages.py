"""Messages that name options of the command line or settings, in the words of the page's own controls."""

import re
from pathlib import Path

from ugatit.config import DataConfig, TrainingConfig, UGATITConfig
from viz.i18n import words_in
from viz.i18n.schema import Words

LABELS = tuple(words_in("").train.settings)
"""The settings that have a control. Those of one plain word are only meant where they stand as an option."""
SETTINGS = {*LABELS, *TrainingConfig.names(), *UGATITConfig.names(), *DataConfig.names()}

_VALUE = r"[\w.+-]*\w"
_OPTION = re.compile(rf"--([a-z][a-z-]*)(?: ({_VALUE}))?")
_RESUME = re.compile(rf"--resume((?: --[a-z][a-z-]* {_VALUE})*)")
_SETTING = re.compile(r"\b(?:" + "|".join(name for name in LABELS if "_" in name) + r")\b")


def in_page_terms(message: str, run: Path | None, words: Words) -> str:
    """The same advice for someone at the page: `--resume --run X --batch-size 2` becomes Resume with a control's name.

    run: the folder of the run it is about, which the page calls by its name alone. words: whose labels the controls
    carry; the message stays in its own language.
    """
    resume = words.train.resume
    if run is not None:
        message = message.replace(f"--resume --run {run}", "--resume").replace(str(run), run.name)
    message = re.sub(r"--resume --run \S*[^\s.,:;]", "--resume", message)
    message = _RESUME.sub(lambda found: _resumed(found, words), message)
    message = _OPTION.sub(lambda found: _optioned(found, words), message)
    # Advice to resume that ended in the command for it.
    return _SETTING.sub(lambda name: _control(words, name[0]), message).replace(f": {resume}.", ".")


def _resumed(found: re.Match[str], words: Words) -> str:
    changes = " and ".join(_control(words, *option.groups(default="")) for option in _OPTION.finditer(found[1]))
    return f"{words.train.resume} with {changes}" if changes else words.train.resume


def _optioned(found: re.Match[str], words: Words) -> str:
    # Other options are of other commands, such as that which started the page.
    return _control(words, *found.groups(default="")) if found[1].replace("-", "_") in SETTINGS else found[0]


def _control(words: Words, option: str, value: str = "") -> str:
    name = option.replace("-", "_")
    label = f"“{words.train.settings[name]}”" if name in LABELS else option.replace("-", " ")
    return f"{label} {value}".rstrip()

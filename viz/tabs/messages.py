"""Rewrite messages that name command-line options or settings so that they name the page's controls."""

import re
from pathlib import Path

from ugatit.config import DataConfig, TrainingConfig
from ugatit.models.ugatit import UGATITConfig
from viz.i18n import words_in
from viz.i18n.schema import Words

LABELS = tuple(words_in("").train.settings)
"""The settings that have a control. Names of one plain word are replaced only where they are written as an option."""
SETTINGS = {*LABELS, *TrainingConfig.names(), *UGATITConfig.names(), *DataConfig.names()}

_VALUE = r"[\w.+-]*\w"
_OPTION = re.compile(rf"--([a-z][a-z-]*)(?: ({_VALUE}))?")
_RESUME = re.compile(rf"--resume((?: --[a-z][a-z-]* {_VALUE})*)")
_SETTING = re.compile(r"\b(?:" + "|".join(name for name in LABELS if "_" in name) + r")\b")


def in_page_terms(message: str, run: Path | None, words: Words) -> str:
    """Return the message with options replaced: `--resume --run X --batch-size 2` becomes Resume with a label.

    run: the folder of the run in question, which is replaced by its name. words: the texts that the controls are
    labelled with; the rest of the message is not translated.
    """
    resume = words.train.resume
    if run is not None:
        message = message.replace(f"--resume --run {run}", "--resume").replace(str(run), run.name)
    message = re.sub(r"--resume --run \S*[^\s.,:;]", "--resume", message)
    message = _RESUME.sub(lambda match: _resume_with(match, words), message)
    message = _OPTION.sub(lambda match: _option_label(match, words), message)
    message = _SETTING.sub(lambda match: _control(words, match[0]), message)
    # Some messages advise to resume and then end in the command for it: drop the repetition.
    return message.replace(f": {resume}.", ".")


def _resume_with(match: re.Match[str], words: Words) -> str:
    changes = " and ".join(_control(words, *option.groups(default="")) for option in _OPTION.finditer(match[1]))
    return f"{words.train.resume} with {changes}" if changes else words.train.resume


def _option_label(match: re.Match[str], words: Words) -> str:
    # Other options belong to other commands, such as the one that started the page.
    return _control(words, *match.groups(default="")) if match[1].replace("-", "_") in SETTINGS else match[0]


def _control(words: Words, option: str, value: str = "") -> str:
    name = option.replace("-", "_")
    label = f"“{words.train.settings[name]}”" if name in LABELS else option.replace("-", " ")
    return f"{label} {value}".rstrip()

"""Who may train on this page. Decided by the server's options and environment; every training handler checks it."""

import os
from dataclasses import dataclass
from importlib.util import find_spec

import gradio as gr

from ugatit.errors import TranslationError
from viz.i18n import words_in
from viz.i18n.schema import Words
from viz.tabs.events import on_zero_gpu

MAX_DOMAIN_BYTES = 4_000_000_000
"""Size limit of one uploaded file, a zip of pictures, where training is on."""

LOOPBACK = ("127.0.0.1", "localhost", "::1")
LOGIN_PACKAGES = ("authlib", "itsdangerous")
"""What `gradio[oauth]`, which Spaces install, adds to Gradio."""


class AccessError(TranslationError):
    """A visitor asked for something that is not allowed here."""


@dataclass(frozen=True)
class Access:
    """The rules for training on this page.

    reason_off: why training is off, a key of `words.train.off`; empty where it is on.
    owner: the only user who may train; empty for everyone.
    local_folders: whether a domain may be a folder or zip on the machine that serves the page.
    """

    reason_off: str = ""
    owner: str = ""
    local_folders: bool = False

    @property
    def on(self) -> bool:
        return not self.reason_off

    def refusal(self, words: Words) -> str:
        """Return the text that explains why training is off; empty where it is on."""
        return words.train.off[self.reason_off] if self.reason_off else ""

    def check(self, profile: gr.OAuthProfile | None, language: str) -> None:
        """Raise AccessError, in the given language, unless this user may start, stop and download runs."""
        words = words_in(language)
        if self.reason_off:
            raise AccessError(self.refusal(words))
        if self.owner and (profile is None or profile.username != self.owner):
            texts = words.train
            who = texts.not_logged_in if profile is None else texts.logged_in.format(name=profile.username)
            raise AccessError(texts.owner_only.format(owner=self.owner, who=who))


def training_access(training: bool = True, host: str = LOOPBACK[0]) -> Access:
    """Return the rules for training that follow from the options and the environment.

    On a local machine everyone who reaches the page may train. On a Space nobody may, unless its owner has turned
    training on; then only the owner, logged in. On ZeroGPU nobody may.

    training: False where the page was started with --no-training. host: the address the page is served on; local
    folders are allowed only on the loopback address, where nobody else reaches the page.
    """
    if not training:
        return Access("asked")
    if not on_space():
        return Access(local_folders=host in LOOPBACK)
    if on_zero_gpu():
        return Access("zero_gpu")
    if os.environ.get("UGATIT_TRAINING") != "1":
        return Access("space")
    owner = os.environ.get("SPACE_AUTHOR_NAME", "")
    if not owner or not can_log_in():
        return Access("no_login")
    return Access(owner=owner)


def on_space() -> bool:
    """Return whether the page runs on a Hugging Face Space."""
    return bool(os.environ.get("SPACE_ID"))


def can_log_in() -> bool:
    """Return whether the page can offer a log-in: a Space with OAuth and the packages that Gradio needs for it."""
    return on_space() and bool(os.environ.get("OAUTH_CLIENT_ID")) and all(map(find_spec, LOGIN_PACKAGES))

"""Who may train on this page: decided by how it was started and where it runs, asked again by every handler."""

import os
from dataclasses import dataclass
from importlib.util import find_spec

import gradio as gr

from ugatit.errors import TranslationError
from viz.i18n import words_in
from viz.i18n.schema import Words
from viz.tabs.events import on_zero_gpu

LARGEST_DOMAIN = 4_000_000_000
"""Bytes of one uploaded file, a zip of pictures, where training is on."""

LOOPBACK = ("127.0.0.1", "localhost", "::1")
NEEDED_TO_LOG_IN = ("authlib", "itsdangerous")
"""What `gradio[oauth]`, which Spaces install, brings beside Gradio itself."""


class AccessError(TranslationError):
    """Someone asked for what they may not do here."""


@dataclass(frozen=True)
class Access:
    """off: why nobody may train here, a cause that `Words` has a text for; empty where it is on. owner: the one who
    may; empty for everyone.

    folders: whether a domain may be a folder or zip of the machine that serves the page.
    """

    off: str = ""
    owner: str = ""
    folders: bool = False

    @property
    def on(self) -> bool:
        return not self.off

    def refusal(self, words: Words) -> str:
        """Why nobody may train here; empty where it is on."""
        return words.train.off[self.off] if self.off else ""

    def check(self, profile: gr.OAuthProfile | None, language: str) -> None:
        """Raises AccessError, in that language, unless this person may start, stop and take runs."""
        words = words_in(language)
        if self.off:
            raise AccessError(self.refusal(words))
        if self.owner and (profile is None or profile.username != self.owner):
            said = words.train
            who = said.not_logged_in if profile is None else said.logged_in.format(name=profile.username)
            raise AccessError(said.owner_only.format(owner=self.owner, who=who))


def access(training: bool = True, host: str = LOOPBACK[0]) -> Access:
    """Who may train, by the environment. training: False where the page was started with --no-training.

    On one's own machine everyone who reaches the page; on a Space nobody, unless its owner has turned training on,
    and then the owner alone, logged in. On ZeroGPU nobody. host: the address the page is served on; folders of the
    machine may be named only where nobody else reaches it.
    """
    if not training:
        return Access("asked")
    if not on_space():
        return Access(folders=host in LOOPBACK)
    if on_zero_gpu():
        return Access("zero_gpu")
    if os.environ.get("UGATIT_TRAINING") != "1":
        return Access("space")
    owner = os.environ.get("SPACE_AUTHOR_NAME", "")
    if not owner or not can_log_in():
        return Access("no_login")
    return Access(owner=owner)


def on_space() -> bool:
    return bool(os.environ.get("SPACE_ID"))


def can_log_in() -> bool:
    """Whether the page can offer a log-in: a Space with OAuth, and with what Gradio needs for it."""
    return on_space() and bool(os.environ.get("OAUTH_CLIENT_ID")) and all(map(find_spec, NEEDED_TO_LOG_IN))

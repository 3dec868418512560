"""Who may train on this page: decided by how it was started and where it runs, asked again by every handler."""

import os
from dataclasses import dataclass
from importlib.util import find_spec

import gradio as gr

from ugatit.errors import TranslationError
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
    """refusal: why nobody may train here; empty where it is on. owner: the one who may; empty for everyone.

    folders: whether a domain may be a folder or zip of the machine that serves the page.
    """

    refusal: str = ""
    owner: str = ""
    folders: bool = False

    @property
    def on(self) -> bool:
        return not self.refusal

    def check(self, profile: gr.OAuthProfile | None) -> None:
        """Raises AccessError unless this person may start, stop and take runs."""
        if self.refusal:
            raise AccessError(self.refusal)
        if self.owner and (profile is None or profile.username != self.owner):
            who = "you are not logged in" if profile is None else f"you are logged in as {profile.username}"
            raise AccessError(f"Only {self.owner}, who owns this Space, trains here; {who}. Watching is for everyone.")


def access(training: bool = True, host: str = LOOPBACK[0]) -> Access:
    """Who may train, by the environment. training: False where the page was started with --no-training.

    On one's own machine everyone who reaches the page; on a Space nobody, unless its owner has turned training on,
    and then the owner alone, logged in. On ZeroGPU nobody. host: the address the page is served on; folders of the
    machine may be named only where nobody else reaches it.
    """
    if not training:
        return Access("Training is off: this page was started with --no-training.")
    if not on_space():
        return Access(folders=host in LOOPBACK)
    if on_zero_gpu():
        return Access(
            "Training is off here: ZeroGPU lends its GPU for seconds at a time, and a run needs one for minutes to "
            "hours. Duplicate this Space to a GPU of its own, or run the page on your own machine: make demo."
        )
    if os.environ.get("UGATIT_TRAINING") != "1":
        return Access(
            "Training is off on this Space. Its owner can turn it on by the variable UGATIT_TRAINING=1; on your own "
            "machine it is on: make demo."
        )
    owner = os.environ.get("SPACE_AUTHOR_NAME", "")
    if not owner or not can_log_in():
        return Access(
            "Training is off on this Space: nobody can log in. Its owner can turn that on by hf_oauth: true in the "
            "README's front matter, and gradio[oauth] among what is installed."
        )
    return Access(owner=owner)


def on_space() -> bool:
    return bool(os.environ.get("SPACE_ID"))


def can_log_in() -> bool:
    """Whether the page can offer a log-in: a Space with OAuth, and with what Gradio needs for it."""
    return on_space() and bool(os.environ.get("OAUTH_CLIENT_ID")) and all(map(find_spec, NEEDED_TO_LOG_IN))

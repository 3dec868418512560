"""Shared event options and helpers: who uses the accelerator, what stays private, how errors are shown."""

import html
import importlib
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, TypeVar

import gradio as gr
from gradio.utils import get_upload_folder

Function = TypeVar("Function", bound=Callable[..., Any])

PRIVATE: dict[str, Any] = {"api_visibility": "private"}
"""For events that are no part of the API."""

NETWORKS: dict[str, Any] = {"concurrency_id": "gpu", "concurrency_limit": 1}
"""For events that run networks: one at a time over all sessions."""

DRAWING: dict[str, Any] = {"concurrency_limit": 4, "show_progress": "hidden"}
"""For events that only draw: they never wait for networks."""


def with_gpu(function: Function) -> Function:
    """Wrap a function with `spaces.GPU` on a ZeroGPU Space, which lends a GPU for each call; elsewhere return it."""
    if not on_zero_gpu():
        return function
    wrapped: Function = importlib.import_module("spaces").GPU(function)
    return wrapped


def on_zero_gpu() -> bool:
    """Return whether the page runs on a ZeroGPU Space."""
    return bool(os.environ.get("SPACES_ZERO_GPU"))


def show_error(error: Exception | str) -> str:
    """Show an error as a toast, and return its message, HTML-escaped, for the status line."""
    message = html.escape(str(error), quote=False)
    gr.Warning(message)
    return message


def new_file(name: str) -> Path:
    """Return a path for a file to hand out. It is in a new folder among the uploads, which are deleted after a day."""
    return Path(mkdtemp(dir=_uploads())) / name


def _uploads() -> str:
    folder = get_upload_folder()
    os.makedirs(folder, exist_ok=True)
    return folder

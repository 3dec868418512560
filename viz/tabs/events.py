"""How handlers meet the server: who shares the accelerator, what stays private, how errors are told."""

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
"""For events that are the page's own business."""

NETWORKS: dict[str, Any] = {"concurrency_id": "gpu", "concurrency_limit": 1}
"""For events that run networks: one at a time, whoever asks."""

DRAWING: dict[str, Any] = {"concurrency_limit": 4, "show_progress": "hidden"}
"""For events that only draw: they never wait for networks."""


def with_gpu(function: Function) -> Function:
    """`spaces.GPU` on a ZeroGPU Space, which lends its GPU call by call; elsewhere the function itself."""
    if not on_zero_gpu():
        return function
    lent: Function = importlib.import_module("spaces").GPU(function)
    return lent


def on_zero_gpu() -> bool:
    return bool(os.environ.get("SPACES_ZERO_GPU"))


def show_error(error: Exception | str) -> str:
    """Raise a toast that says what is wrong, and return it for the status line."""
    message = html.escape(str(error), quote=False)
    gr.Warning(message)
    return message


def new_file(name: str) -> Path:
    """A path for a file that the page hands out; it lies among the uploads, which are deleted after a day."""
    return Path(mkdtemp(dir=_uploads())) / name


def _uploads() -> str:
    folder = get_upload_folder()
    os.makedirs(folder, exist_ok=True)
    return folder

"""What comes in from the page: pictures from many places, and what is said where one of them cannot be used."""

from abc import ABCMeta
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.component_meta import ComponentMeta
from gradio.data_classes import ImageData
from PIL import Image

from ugatit.errors import PictureError
from ugatit.images.decoding import open_picture

LARGEST = 20_000_000


class _WithoutStub(ComponentMeta):
    """Gradio's metaclass writes a .pyi file beside every module that extends a component; this one does not."""

    def __new__(cls, name: str, bases: tuple[type, ...], attributes: dict[str, Any]) -> "_WithoutStub":
        return ABCMeta.__new__(cls, name, bases, attributes)


class PictureInput(gr.Image, metaclass=_WithoutStub):
    """An image component that hands on the file itself: what it holds is for `ugatit` to find out and to name."""

    is_template = True

    def preprocess(self, payload: ImageData | None) -> Any:
        if payload is not None and payload.path is not None and not (payload.url or "").startswith("data:"):
            return payload.path
        return super().preprocess(payload)


@dataclass(frozen=True)
class Incoming:
    """A picture that can be read. name: its file's, without suffix."""

    picture: Image.Image
    name: str


def from_file(path: str | None) -> Incoming:
    """Read an uploaded picture. Raises PictureError that names the file as its owner knows it."""
    if not path:
        raise PictureError("There is no picture yet: upload one, paste one, take one, or choose an example.")
    file = Path(path)
    check_size(file)
    try:
        return Incoming(open_picture(file), file.stem)
    except PictureError as error:
        raise PictureError(without_folder(error, file)) from error


def from_pad(drawing: dict[str, Any] | None) -> Incoming:
    """The drawing on white. Raises PictureError while nothing is drawn."""
    composite = (drawing or {}).get("composite")
    picture = None if composite is None else open_picture(composite)
    if picture is None or picture.getcolors(1) is not None:
        raise PictureError("The drawing pad is empty: draw something first.")
    return Incoming(picture, "drawing")


def check_size(file: Path) -> None:
    """Raises PictureError for a file too large to be a picture for this page."""
    if file.exists() and (size := file.stat().st_size) > LARGEST:
        raise PictureError(
            f"{file.name!r} has {size / 1e6:.0f} MB; pictures may have {LARGEST // 1_000_000} MB: save it smaller."
        )


def without_folder(error: Exception, file: Path) -> str:
    """The message, without the place where the server keeps uploads."""
    return str(error).replace(f"{file.parent}/", "")

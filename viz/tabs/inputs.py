"""Read pictures from uploads and from the drawing pad, with error messages fit for the page."""

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

MAX_PICTURE_BYTES = 20_000_000


class _WithoutStub(ComponentMeta):
    """A metaclass that skips the .pyi file which Gradio writes beside every module that extends a component."""

    def __new__(cls, name: str, bases: tuple[type, ...], attributes: dict[str, Any]) -> "_WithoutStub":
        return ABCMeta.__new__(cls, name, bases, attributes)


class PictureInput(gr.Image, metaclass=_WithoutStub):
    """An image component that passes the uploaded file on undecoded: `ugatit` decodes it and reports its errors."""

    is_template = True

    def preprocess(self, payload: ImageData | None) -> Any:
        if payload is not None and payload.path is not None and not (payload.url or "").startswith("data:"):
            return payload.path
        return super().preprocess(payload)


@dataclass(frozen=True)
class InputPicture:
    """A decoded picture. name: its file name without suffix."""

    picture: Image.Image
    name: str


def from_file(path: str | None) -> InputPicture:
    """Read an uploaded picture. Raises PictureError that names the file without the server's folder."""
    if not path:
        raise PictureError("There is no picture yet: upload one, paste one, take one, or choose an example.")
    file = Path(path)
    check_size(file)
    try:
        return InputPicture(open_picture(file), file.stem)
    except PictureError as error:
        raise PictureError(without_folder(error, file)) from error


def from_pad(drawing: dict[str, Any] | None) -> InputPicture:
    """Read the drawing pad, on a white background. Raises PictureError while nothing is drawn."""
    composite = (drawing or {}).get("composite")
    picture = None if composite is None else open_picture(composite)
    if picture is None or picture.getcolors(1) is not None:
        raise PictureError("The drawing pad is empty: draw something first.")
    return InputPicture(picture, "drawing")


def check_size(file: Path) -> None:
    """Raise PictureError for a file of more than MAX_PICTURE_BYTES."""
    if file.exists() and (size := file.stat().st_size) > MAX_PICTURE_BYTES:
        raise PictureError(
            f"{file.name!r} has {size / 1e6:.0f} MB; pictures may have {MAX_PICTURE_BYTES // 1_000_000} MB: "
            "save it smaller."
        )


def without_folder(error: Exception, file: Path) -> str:
    """Return an error's message without the folder in which the server keeps the upload."""
    return str(error).replace(f"{file.parent}/", "")

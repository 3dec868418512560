"""Embed pictures as `data:` URLs and figures as inline SVG, so that a page needs no files for them."""

import re
from base64 import b64encode
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image

from viz.contact_sheet import HAIRLINE, INK, MUTED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

QUALITY = 88
PAGE_COLORS = {
    INK: "var(--body-text-color)",
    MUTED: "var(--body-text-color-subdued)",
    HAIRLINE: "var(--border-color-primary)",
}


def data_url(picture: Image.Image) -> str:
    """Return a picture as a `data:` URL in WebP, nearly lossless, a tenth of the size of a PNG."""
    encoded = BytesIO()
    picture.save(encoded, "WEBP", quality=QUALITY, method=2)
    return f"data:image/webp;base64,{b64encode(encoded.getvalue()).decode()}"


def png_data_url(picture: Image.Image) -> str:
    """Return a picture as a `data:` URL in PNG, which keeps every pixel."""
    encoded = BytesIO()
    picture.save(encoded, "PNG")
    return f"data:image/png;base64,{b64encode(encoded.getvalue()).decode()}"


def figure_svg(figure: "Figure") -> str:
    """Return a figure as an `<svg>` with a transparent background and the page's text colours, for light and dark."""
    encoded = BytesIO()
    figure.savefig(encoded, format="svg", facecolor="none", metadata={"Date": None})
    text = encoded.getvalue().decode()
    element = text[text.index("<svg") :]
    for color, page_color in PAGE_COLORS.items():
        element = element.replace(color, page_color)
    head, body = element.split(">", 1)
    # The page sets the size: the figure's width and height are absolute. Its style sheet would affect the whole page.
    head = re.sub(r' (width|height)="[^"]*"', "", head) + ' stroke-linejoin="round" aria-hidden="true"'
    body = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", body, flags=re.DOTALL)
    # A tenth of a point is finer than any screen.
    body = re.sub(r' d="[^"]*"', lambda path: re.sub(r"(\.\d)\d+", r"\1", path.group()), body)
    return f"{head}>{body}"

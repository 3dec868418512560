"""Pictures and figures that stand in a page's own text, so that a page needs no file for them."""

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


def data_address(picture: Image.Image) -> str:
    """A picture as a `data:` address: WebP, nearly without loss, a tenth of a PNG."""
    encoded = BytesIO()
    picture.save(encoded, "WEBP", quality=QUALITY, method=2)
    return f"data:image/webp;base64,{b64encode(encoded.getvalue()).decode()}"


def figure_element(figure: "Figure") -> str:
    """A figure as an `<svg>` without a ground, its greys those of the page around it: it fits light and dark."""
    encoded = BytesIO()
    figure.savefig(encoded, format="svg", facecolor="none", metadata={"Date": None})
    text = encoded.getvalue().decode()
    element = text[text.index("<svg") :]
    for color, page_color in PAGE_COLORS.items():
        element = element.replace(color, page_color)
    head, body = element.split(">", 1)
    # Sized by the page: its own width and height would be absolute. Its style sheet would reach for the whole page.
    head = re.sub(r' (width|height)="[^"]*"', "", head) + ' stroke-linejoin="round" aria-hidden="true"'
    body = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", body, flags=re.DOTALL)
    # A tenth of a point is finer than any screen.
    body = re.sub(r' d="[^"]*"', lambda path: re.sub(r"(\.\d)\d+", r"\1", path.group()), body)
    return f"{head}>{body}"

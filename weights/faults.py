"""Draw a sheet of failure cases: pictures unlike the training data of a model of objects on white, and translations.

    python weights/faults.py flat2clay

Writes `weights/NAME/faults.webp` with a line per kind and three pictures per line, each beside its translations:
flags, text, thin lines, dark subjects, photographs, drawings from the pad. Flags, text, lines and drawings are drawn
here; the dark subjects are the darkest held-out pictures; one photograph is matplotlib's sample (public domain, U.S.
Navy), the others are synthetic.
"""

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ugatit.errors import TranslationError
from ugatit.images.decoding import open_picture
from ugatit.inference.translator import Translator, load_translator
from viz.contact_sheet import load_font
from viz.picture_grid import grid_picture
from weights.recipes import RECIPES

WEIGHTS = Path(__file__).resolve().parent
SIDE = 256
ABREAST = 3
DARK_BELOW = 230
"""Grey level (0 to 255) below which a pixel belongs to the object."""
INK, RED, BLUE, GREEN, YELLOW = "#202020", "#d02030", "#2040a0", "#209050", "#f0c020"

Pictures = list[Image.Image]
Stroke = Sequence[tuple[float, float]]


def failure_cases(held_out: Path) -> dict[str, Pictures]:
    """Return three pictures of each kind, RGB squares. held_out: a folder with pictures of objects on white."""
    return {
        "flags": [_drawn(draw) for draw in (_tricolour, _cross, _stripes)],
        "text": [_drawn(partial(_text, text=text, size=size)) for text, size in TEXTS],
        "thin lines": [_drawn(draw) for draw in (_web, _spiral, _lattice)],
        "dark subjects": darkest(held_out, ABREAST),
        "photographs": [_portrait(), _sunset(), _clouds()],
        "drawings from the pad": [_drawn(partial(_strokes, strokes=strokes)) for strokes in SKETCHES],
    }


def darkest(folder: Path, count: int) -> Pictures:
    """Return the pictures with the darkest objects in a folder; an object must fill at least a tenth of its picture."""

    def lightness(picture: Image.Image) -> float:
        gray = np.asarray(picture.convert("L"))
        on_object = gray < DARK_BELOW
        return float(gray[on_object].mean()) if on_object.mean() >= 0.1 else math.inf

    pictures = [open_picture(path) for path in sorted(folder.iterdir())]
    return sorted(pictures, key=lightness)[:count]


def draw_sheet(translator: Translator, pictures: dict[str, Pictures]) -> Image.Image:
    """Draw a line per kind: each picture with its translations to all targets."""
    targets = translator.targets
    rows = []
    for picture in (picture for group in pictures.values() for picture in group):
        translations = [translator(picture, to=to) for to in targets]
        rows.append([translations[0].source, *(translation.image for translation in translations)])
    return grid_picture(rows, ["input", *(f"to {to}" for to in targets)], groups=ABREAST)


def write_fault_sheet(folder: Path, data: Path, output: Path | None = None) -> Path:
    """Write the sheet of a weights folder and return its path.

    data: the folder with testA/. output: the folder to write to, by default the weights folder.
    """
    path = (output or folder) / "faults.webp"
    draw_sheet(load_translator(folder, "cpu", "fp32"), failure_cases(data / "testA")).save(path, quality=85)
    return path


def _drawn(draw: Callable[[ImageDraw.ImageDraw], None]) -> Image.Image:
    picture = Image.new("RGB", (2 * SIDE, 2 * SIDE), "white")
    draw(ImageDraw.Draw(picture))
    return picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


# These functions draw on a square of 512 px.


def _tricolour(draw: ImageDraw.ImageDraw) -> None:
    for index, colour in enumerate((BLUE, "white", RED)):
        draw.rectangle((56 + 134 * index, 120, 56 + 134 * (index + 1), 392), colour)
    draw.rectangle((56, 120, 458, 392), outline="#b0b0b0", width=3)


def _cross(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((56, 120, 456, 392), RED)
    for width, colour in ((70, "white"), (34, BLUE)):
        draw.rectangle((190 - width / 2, 120, 190 + width / 2, 392), colour)
        draw.rectangle((56, 256 - width / 2, 456, 256 + width / 2), colour)


def _stripes(draw: ImageDraw.ImageDraw) -> None:
    for line in range(13):
        draw.rectangle((56, 120 + 21 * line, 456, 140 + 21 * line), RED if line % 2 == 0 else "white")
    draw.rectangle((56, 120, 230, 266), BLUE)
    for star in range(20):
        x, y = 78 + 32 * (star % 5), 138 + 34 * (star // 5)
        draw.regular_polygon((x, y, 9), 5, fill="white")


TEXTS = (("Aa", 260), ("42%", 190), ("the quick\nbrown fox\njumps over", 72))


def _text(draw: ImageDraw.ImageDraw, text: str, size: int) -> None:
    draw.multiline_text((256, 256), text, INK, load_font(size), anchor="mm", align="center")


def _web(draw: ImageDraw.ImageDraw) -> None:
    spokes = [2 * math.pi * spoke / 10 for spoke in range(11)]
    for radius in range(30, 220, 36):
        draw.line([(256 + radius * math.cos(a), 256 + radius * math.sin(a)) for a in spokes], INK, 3)
    for angle in spokes:
        draw.line((256, 256, 256 + 215 * math.cos(angle), 256 + 215 * math.sin(angle)), INK, 3)


def _spiral(draw: ImageDraw.ImageDraw) -> None:
    turns = np.linspace(0, 10 * np.pi, 600)
    draw.line([(256 + 6.5 * t * math.cos(t), 256 + 6.5 * t * math.sin(t)) for t in turns], BLUE, 4)


def _lattice(draw: ImageDraw.ImageDraw) -> None:
    for position in range(70, 450, 31):
        draw.line((position, 70, position, 442), RED, 3)
        draw.line((70, position, 442, position), GREEN, 3)


def _portrait() -> Image.Image:
    photo = open_picture(Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg")
    side = min(photo.size)
    return photo.crop((0, 0, side, side)).resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def _sunset() -> Image.Image:
    y, x = np.mgrid[0 : 1 : SIDE * 1j, 0 : 1 : SIDE * 1j]
    sun = np.exp(-((x - 0.65) ** 2 + (y - 0.55) ** 2) / 0.02)
    sky = np.stack([0.3 + 0.6 * y + sun, 0.35 + 0.2 * y + 0.7 * sun, 0.65 - 0.3 * y + 0.2 * sun], axis=2)
    sea = sky[::-1] * 0.55 + 0.08 * np.sin(150 * y * y + 6 * np.sin(9 * x))[..., None]
    return _picture(np.where((y > 0.62)[..., None], sea, sky))


def _clouds() -> Image.Image:
    """Draw noise whose power falls with frequency, as in natural pictures, in the colours of foliage."""
    random = np.random.default_rng(0)
    frequency = np.hypot(np.fft.fftfreq(SIDE)[:, None], np.fft.fftfreq(SIDE)[None]) + 1 / SIDE
    field = np.fft.ifft2(np.fft.fft2(random.normal(size=(SIDE, SIDE))) / frequency**1.3).real
    level = (field - field.min()) / np.ptp(field)
    return _picture(level[..., None] * np.array([0.75, 0.9, 0.35]) + 0.05)


def _picture(values: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> Image.Image:
    return Image.fromarray(np.round(values.clip(0, 1) * 255).astype(np.uint8))


def _arc(x: float, y: float, radius: float, start: float = 0, end: float = 360) -> Stroke:
    angles = np.radians(np.linspace(start, end, 40))
    return [(x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles]


SKETCHES: tuple[tuple[tuple[str, Stroke], ...], ...] = (
    (
        (INK, ((120, 260), (120, 430), (390, 430), (390, 260))),
        (RED, ((90, 270), (256, 100), (420, 270), (90, 270))),
        (INK, ((230, 430), (230, 330), (290, 330), (290, 430))),
        (BLUE, ((150, 290), (200, 290), (200, 340), (150, 340), (150, 290))),
    ),
    (
        (INK, _arc(256, 280, 150)),
        (INK, ((130, 195), (110, 80), (205, 140))),
        (INK, ((382, 195), (402, 80), (307, 140))),
        (INK, _arc(200, 250, 14)),
        (INK, _arc(312, 250, 14)),
        (RED, _arc(256, 310, 50, 20, 160)),
    ),
    (
        (YELLOW, _arc(256, 190, 60)),
        *((YELLOW, _arc(256 + 95 * math.cos(a), 190 + 95 * math.sin(a), 34)) for a in np.arange(7) * 2 * np.pi / 7),
        (GREEN, ((256, 320), (250, 400), (256, 470))),
        (GREEN, ((256, 410), (330, 370), (350, 390), (256, 430))),
    ),
)


def _strokes(draw: ImageDraw.ImageDraw, strokes: Sequence[tuple[str, Stroke]]) -> None:
    for colour, points in strokes:
        draw.line(list(points), colour, 16, joint="curve")


def main(arguments: Sequence[str] | None = None) -> int:
    data = {name: recipe.data for name, recipe in RECIPES.items() if recipe.data is not None}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=list(data))
    parser.add_argument("--data", type=Path, help="folder with testA/; the recipe's unless given")
    parser.add_argument("--output", type=Path, help="folder for the sheet; weights/NAME unless given")
    options = parser.parse_args(arguments)
    folder = WEIGHTS / options.name
    try:
        path = write_fault_sheet(folder, options.data or data[options.name], options.output)
    except (TranslationError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Install the toy model (`tests/toy.py`) as a package of its own would be: by an entry point."""

import shutil
from pathlib import Path

from PIL import Image, ImageDraw

TOY_SOURCE = Path(__file__).with_name("toy.py")
COLORS = {"blue": (40, 80, 220), "green": (40, 170, 60), "red": (220, 50, 40)}


def install_toy(folder: Path) -> Path:
    """Write the package `toy` with its metadata into a folder, to be put on the Python path; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(TOY_SOURCE, folder / "toy.py")
    metadata = folder / "toy-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: toy\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[ugatit.models]\ntoy = toy:Toy\n")
    return folder


def colored_folders(root: Path, count: int = 4, size: int = 32) -> Path:
    """Write pictures of a blue, a green and a red disc into a folder for each colour; return `root`."""
    for color, fill in COLORS.items():
        (root / color).mkdir(parents=True)
        for number in range(count):
            picture = Image.new("RGB", (size, size), "white")
            side = 8 + 3 * number
            ImageDraw.Draw(picture).ellipse((4 + number, 4, 4 + number + side, 4 + side), fill=fill)
            picture.save(root / color / f"{number}.png")
    return root

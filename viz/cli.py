"""`python -m viz`: draw pictures of translations from the command line."""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

import ugatit
from ugatit.cli import options
from ugatit.cli.options import option
from ugatit.errors import ConfigError
from viz.heatmap import NORMALIZATIONS
from viz.overlay import COLORMAPS, check_opacity
from viz.panels import panel


@dataclass(frozen=True)
class Panel:
    """Translate a picture and lay its attention maps beside it, labelled, in one picture."""

    weights: str = option("bundled name, weights or run folder, published checkpoint, or Hub id")
    to: str = option("the domain to translate to")
    input: Path = option("the picture")
    output: Path = option("where the panel is written; the suffix names the format")
    colormap: str = option("colours of the maps", default="turbo", choices=tuple(COLORMAPS))
    opacity: float = option("of the maps over the pictures, 0 to 1", default=0.6)
    normalization: str = option("how raw values become colours", default="minmax", choices=tuple(NORMALIZATIONS))
    device: str = option("auto, cpu, cuda, cuda:1, mps", default="auto")
    precision: str = option("arithmetic of the networks", default="auto", choices=("auto", "fp32", "bf16"))

    def run(self) -> int:
        # Check the options before loading a network.
        picture_format = self._format()
        check_opacity(self.opacity)
        translate = ugatit.load_translator(self.weights, self.device, self.precision)
        translation = translate(self.input, to=self.to)
        self._write(panel(translation, self.normalization, self.colormap, self.opacity), picture_format)
        print(self.output)
        return 0

    def _format(self) -> str:
        formats = Image.registered_extensions()
        picture_format = formats.get(self.output.suffix.lower())
        if picture_format not in Image.SAVE or self.output.is_dir():
            raise ConfigError(f"--output {self.output} must name a picture file such as panel.png.")
        return str(picture_format)

    def _write(self, picture: Image.Image, picture_format: str) -> None:
        """Write the file atomically; create its folder if necessary."""
        encoded = BytesIO()
        temporary = self.output.with_name(f".{self.output.name}.{os.getpid()}")
        try:
            picture.save(encoded, format=picture_format)
            self.output.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(encoded.getvalue())
            temporary.replace(self.output)
        except OSError as error:
            with suppress(OSError):  # the temporary file may not exist
                temporary.unlink()
            raise ConfigError(f"--output {self.output} cannot be written: {error.strerror or error}.") from error


COMMANDS: dict[str, type] = {"panel": Panel}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    return options.run("python -m viz", "Pictures of translations and their attention.", COMMANDS, arguments)

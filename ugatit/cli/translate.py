"""The command `python -m ugatit translate`."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ugatit.cli.options import option
from ugatit.errors import ConfigError, TranslationError
from ugatit.inference.translation import Translation
from ugatit.inference.translator import load_translator
from ugatit.models.familiarity import describe_far
from ugatit.text import unused_name


@dataclass(frozen=True)
class Translate:
    """Translate pictures to a domain."""

    weights: str = option("bundled name, weights or run folder, published checkpoint, or Hub id")
    to: tuple[str, ...] = option("the domain to translate to, or attributes: NAME sets one, `no NAME` removes it")
    input: tuple[Path, ...] = option("pictures, or folders of pictures")
    output: Path = option("folder for the results, NAME.png each")
    maps: bool = option(
        "also write NAME.npz with the raw attention maps, without attention the patch logits", default=False
    )
    source: tuple[str, ...] | None = option(
        "the attributes that the pictures have, of a model with attributes, '' for none; unless given, it reads them",
        default=None,
    )
    resolution: str = option("size of the result", default="model", choices=("model", "input"))
    device: str = option("auto, cpu, cuda, cuda:1, mps", default="auto")
    precision: str = option("arithmetic of the networks", default="auto", choices=("auto", "fp32", "bf16"))

    def run(self) -> int:
        translator = load_translator(self.weights, self.device, self.precision)
        translator.model.check_targets(self.to)
        pictures = [picture for path in self.input for picture in self._pictures(path)]
        self.output.mkdir(parents=True, exist_ok=True)
        known = None if self.source is None else [name for name in self.source if name]
        failed = 0
        # A result must not overwrite an input picture.
        taken = {
            path.stem for path in pictures if path.suffix == ".png" and path.parent.resolve() == self.output.resolve()
        }
        for path in pictures:
            try:
                translation = translator(path, to=self.to, resolution=self.resolution, source=known)
            except TranslationError as error:
                print(f"{path}: {error}", file=sys.stderr)
                failed += 1
                continue
            # The results of a.png and a.jpg must not overwrite each other.
            stem = unused_name(path.stem, taken)
            taken.add(stem)
            self._write(translation, stem)
            if translation.attributes is not None and self.source is None:
                present = [name for name, there in translation.attributes.items() if there]
                print(f"{path}: read as {', '.join(present) or 'none of the attributes'}")
            if translation.familiarity is not None and translation.familiarity.is_far:
                print(f"{path}: {describe_far(translation.familiarity)}", file=sys.stderr)
        if failed == len(pictures):
            return 2
        return 1 if failed else 0

    def _pictures(self, path: Path) -> list[Path]:
        """Return a folder's files, or the path itself; a missing file is reported when it is read."""
        if not path.is_dir():
            return [path]
        files = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith("."))
        if not files:
            raise ConfigError(f"--input {path} is an empty folder: name one with pictures in it.")
        return files

    def _write(self, translation: Translation, stem: str) -> None:
        translation.image.save(self.output / f"{stem}.png")
        if self.maps:
            maps: dict[str, Any] = {name: attention.drawn for name, attention in translation.attention.items()}
            np.savez(self.output / f"{stem}.npz", **maps)

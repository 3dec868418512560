"""`python -m ugatit`: the commands, each a dataclass whose fields are its options."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from ugatit import evaluation, options
from ugatit.devices import resolve_device, resolve_precision
from ugatit.errors import ConfigError, TranslationError, WeightsError
from ugatit.options import option
from ugatit.pointing import pointing_both_ways
from ugatit.store import CONFIG_FILE, Manifest, read_manifest, save_weights
from ugatit.text import unused
from ugatit.training.command import Train
from ugatit.translator import Translation, load_translator
from ugatit.zoo import bundled, load_model, locate


@dataclass(frozen=True)
class List:
    """Name the weights that are at hand."""

    def run(self) -> int:
        for found in bundled():
            manifest = found.manifest
            domains = " ↔ ".join(manifest.domains)
            print(f"{found.name:16} {manifest.model:10} {domains:20} {manifest.description}")
        return 0


@dataclass(frozen=True)
class Translate:
    """Translate pictures to a domain."""

    weights: str = option("bundled name, weights or run folder, published checkpoint, or Hub id")
    to: str = option("the domain to translate to")
    input: tuple[Path, ...] = option("pictures, or folders of pictures")
    output: Path = option("folder for the results, NAME.png each")
    maps: bool = option("also write NAME.npz with the raw attention maps", default=False)
    resolution: str = option("size of the result", default="model", choices=("model", "input"))
    device: str = option("auto, cpu, cuda, cuda:1, mps", default="auto")
    precision: str = option("arithmetic of the networks", default="auto", choices=("auto", "fp32", "bf16"))

    def run(self) -> int:
        translator = load_translator(self.weights, self.device, self.precision)
        translator.model.check_target(self.to)
        pictures = [picture for path in self.input for picture in self._pictures(path)]
        self.output.mkdir(parents=True, exist_ok=True)
        failed = 0
        # A result must not take the place of a picture that was given.
        taken = {
            path.stem for path in pictures if path.suffix == ".png" and path.parent.resolve() == self.output.resolve()
        }
        for path in pictures:
            try:
                translation = translator(path, to=self.to, resolution=self.resolution)
            except TranslationError as error:
                print(f"{path}: {error}", file=sys.stderr)
                failed += 1
                continue
            # Of a.png and a.jpg, neither result may overwrite the other's.
            stem = unused(path.stem, taken)
            taken.add(stem)
            self._write(translation, stem)
        if failed == len(pictures):
            return 2
        return 1 if failed else 0

    def _pictures(self, path: Path) -> list[Path]:
        """A folder's files, or the path itself; a path that is not there is named when it is read."""
        if not path.is_dir():
            return [path]
        files = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith("."))
        if not files:
            raise ConfigError(f"--input {path} is an empty folder: name one with pictures in it.")
        return files

    def _write(self, translation: Translation, stem: str) -> None:
        translation.image.save(self.output / f"{stem}.png")
        if self.maps:
            maps: dict[str, Any] = {name: attention.values for name, attention in translation.attention.items()}
            np.savez(self.output / f"{stem}.npz", **maps)


@dataclass(frozen=True)
class Import:
    """Convert weights to a folder of config.json and model.safetensors."""

    source: str = option("a published checkpoint, a run folder, or any other weights", flag="SOURCE")
    output: Path = option("the new weights folder")
    domains: tuple[str, str] | None = option("names of the two domains", default=None)
    image_size: int | None = option("of a light published checkpoint, which does not tell", default=None)
    half: bool = option("store 16-bit floats", default=False)
    title: str = option("what the app calls the weights", default="")
    description: str = option("one sentence about them", default="")

    def run(self) -> int:
        if (self.output / CONFIG_FILE).exists():
            raise ConfigError(f"{self.output} already holds weights: name another folder by --output.")
        path = locate(self.source)
        model = load_model(path, "cpu", domains=self.domains or ("A", "B"), image_size=self.image_size)
        if path.is_file():
            manifest = Manifest(model.name, model.config.to_dict())
        else:
            if self.domains or self.image_size:
                raise WeightsError(
                    f"{path} says its own domains and size; --domains and --image-size are for published checkpoints."
                )
            manifest = read_manifest(path)
        title = self.title or manifest.title or " ↔ ".join(model.domains)
        manifest = replace(manifest, title=title, description=self.description or manifest.description)
        self.output.mkdir(parents=True, exist_ok=True)
        save_weights(self.output, model, manifest, self.half)
        print(f"{self.output}: {model.name}, {' ↔ '.join(model.domains)}, {model.image_size} px")
        return 0


@dataclass(frozen=True)
class Evaluate:
    """Measure translations to one domain, or where attention looks: one JSON object on stdout."""

    EXAMPLES: ClassVar[str] = """\
examples:
  python -m ugatit evaluate --weights flat2clay --to clay --paired \\
      --input data/flat2clay/testA --target data/flat2clay/testB \\
      --judge data/flat2clay/trainA data/flat2clay/trainB
  python -m ugatit evaluate --weights disc2square --attention
"""

    weights: str = option("bundled name, weights or run folder, published checkpoint, or Hub id")
    to: str | None = option("the domain to translate to", default=None)
    input: Path | None = option("folder of pictures to translate, never trained on", default=None)
    target: Path | None = option("folder of true pictures of the target domain, never trained on", default=None)
    paired: bool = option("inputs and targets of one name show the same: likeness to the true picture", default=False)
    judge: tuple[Path, Path] | None = option(
        "folders of real training pictures of the first and second domain: a classifier that sees these alone says how "
        "often a translation is taken for the target (minutes)",
        default=None,
    )
    seed: int = option("of the judge", default=0)
    attention: bool = option(
        "instead: on unseen drawn scenes, both ways, how often each map's maximum lies on the object that tells the "
        "domains apart, and how far its highest values cover it",
        default=False,
    )
    scenes: int = option("how many scenes a direction for --attention", default=200)
    first_scene: int = option("the seed of the first of them", default=1000)
    device: str = option("auto, cpu, cuda, cuda:1, mps", default="auto")
    precision: str = option("arithmetic of the networks", default="fp32", choices=("auto", "fp32", "bf16"))

    def run(self) -> int:
        if self.attention:
            return self._point()
        if self.to is None or self.input is None or self.target is None:
            raise ConfigError("--to, --input and --target are needed, or --attention alone.")
        model = load_model(self.weights, self.device, self.precision)
        model.check_target(self.to)
        inputs, targets = (evaluation.read_folder(folder, model.image_size) for folder in (self.input, self.target))
        for flaw in (*inputs.bad, *targets.bad):
            print(flaw, file=sys.stderr)
        # What needs no network first: pictures without a partner are better named now than after minutes.
        pairs = evaluation.matched(inputs, targets) if self.paired else None
        judge = evaluation.judge_of(self.judge, model.image_size, self.seed) if self.judge else None
        measures = evaluation.measures(model, inputs, targets, self.to, pairs, judge)
        print(json.dumps({"weights": self.weights, "to": self.to, **measures}, indent=2))
        return 1 if inputs.bad or targets.bad else 0

    def _point(self) -> int:
        model = load_model(self.weights, self.device)
        precision = resolve_precision(self.precision, resolve_device(self.device))
        seeds = range(self.first_scene, self.first_scene + self.scenes)
        found = pointing_both_ways(model, seeds, precision)
        scores = {way: {name: asdict(score) for name, score in maps.items()} for way, maps in found.items()}
        scenes = {"scenes": self.scenes, "first_scene": self.first_scene}
        print(json.dumps({"weights": self.weights, **scenes, "pointing": scores}, indent=2))
        return 0


COMMANDS = {"list": List, "translate": Translate, "train": Train, "evaluate": Evaluate, "import": Import}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status."""
    return options.run("python -m ugatit", "Attention-guided image translation.", COMMANDS, arguments)

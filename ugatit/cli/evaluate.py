"""The command `python -m ugatit evaluate`."""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar

from ugatit.checkpoints.loading import load_model
from ugatit.cli.options import option
from ugatit.data.face_set import FIRST_HELD_OUT
from ugatit.data.source_string import is_face
from ugatit.devices import resolve_device, resolve_precision
from ugatit.errors import ConfigError
from ugatit.evaluation import evaluate
from ugatit.evaluation.edit_pointing import EditPointing, measure_edit_pointing_both_directions
from ugatit.evaluation.face_pairs import faces_of
from ugatit.evaluation.pictures import match_by_name, read_pictures
from ugatit.evaluation.pointing import Pointing, measure_pointing_both_directions


@dataclass(frozen=True)
class Evaluate:
    """Measure translations to one domain, or where attention looks: one JSON object on stdout."""

    EXAMPLES: ClassVar[str] = """\
examples:
  python -m ugatit evaluate --weights flat2clay --to clay --paired \\
      --input data/flat2clay/testA --target data/flat2clay/testB \\
      --judge data/flat2clay/trainA data/flat2clay/trainB
  python -m ugatit evaluate --weights toon2lorelei --to lorelei --paired \\
      --input faces:toon-head --target faces:lorelei,glasses=no
  python -m ugatit evaluate --weights disc2square --attention
"""

    weights: str = option("bundled name, weights or run folder, published checkpoint, or Hub id")
    to: str | None = option("the domain to translate to", default=None)
    input: str | None = option(
        "folder of pictures to translate, never trained on; or scenes:KIND, faces:STYLE", default=None
    )
    target: str | None = option("true pictures of the target domain, never trained on, named alike", default=None)
    origin: str | None = option("the inputs' domain; the only other one of a model with two", default=None)
    paired: bool = option("inputs and targets of one name show the same: likeness to the true picture", default=False)
    judge: tuple[str, str] | None = option(
        "sources of real training pictures of the source and the target domain, in the order of the model's domains: "
        "a classifier that sees these alone says how often a translation is taken for the target (minutes)",
        default=None,
    )
    seed: int = option("of the judge", default=0)
    count: int = option("how many held-out scenes or faces a drawn --input and --target give", default=500)
    attention: bool = option(
        "instead: on unseen drawn scenes, or faces that differ by an edit, both ways, how often each map's maximum "
        "lies on what tells the domains apart, and how far its highest values cover it",
        default=False,
    )
    scenes: int = option("how many scenes or faces a direction for --attention", default=200)
    first_scene: int = option("the seed of the first of the scenes", default=1000)
    device: str = option("auto, cpu, cuda, cuda:1, mps", default="auto")
    precision: str = option("arithmetic of the networks", default="fp32", choices=("auto", "fp32", "bf16"))

    def run(self) -> int:
        if self.attention:
            return self._measure_attention()
        if self.to is None or self.input is None or self.target is None:
            raise ConfigError("--to, --input and --target are needed, or --attention alone.")
        model = load_model(self.weights, self.device, self.precision)
        model.check_target(self.to)
        if self.origin is not None and self.origin not in model.domains:
            raise ConfigError(f"--origin {self.origin!r} is no domain of these weights: {', '.join(model.domains)}.")
        if self.judge and (self.origin or model.origin_of(self.to)) in (None, self.to):
            raise ConfigError("--judge needs the domain of the inputs, another than that of --to: name it by --origin.")
        if self.count < 1 or self.scenes < 1:
            raise ConfigError(f"--count and --scenes must be 1 or more, got {self.count} and {self.scenes}.")
        inputs, targets = (read_pictures(source, model.image_size, self.count) for source in (self.input, self.target))
        for error in (*inputs.errors, *targets.errors):
            print(error, file=sys.stderr)
        # Pairs before the judge: an error about names should not come after minutes of training.
        pairs = match_by_name(inputs, targets) if self.paired else None
        judge = evaluate.train_judge(self.judge, model.image_size, self.seed) if self.judge else None
        measures = evaluate.measure_translations(
            model, inputs, targets, self.to, pairs, judge, self.origin, faces_of(self.input, self.target)
        )
        print(json.dumps({"weights": self.weights, "to": self.to, **measures}, indent=2))
        return 1 if inputs.errors or targets.errors else 0

    def _measure_attention(self) -> int:
        model = load_model(self.weights, self.device)
        precision = resolve_precision(self.precision, resolve_device(self.device))
        pointing: Mapping[str, Mapping[str, Pointing | EditPointing]]
        sources = model.manifest.sources if model.manifest else ()
        if sources and all(map(is_face, sources)):
            pictures = {"faces": self.scenes, "first_face": FIRST_HELD_OUT}
            pointing = measure_edit_pointing_both_directions(model, self.scenes, precision)
        else:
            pictures = {"scenes": self.scenes, "first_scene": self.first_scene}
            seeds = range(self.first_scene, self.first_scene + self.scenes)
            pointing = measure_pointing_both_directions(model, seeds, precision)
        scores = {
            direction: {name: asdict(score) for name, score in maps.items()} for direction, maps in pointing.items()
        }
        print(json.dumps({"weights": self.weights, **pictures, "pointing": scores}, indent=2))
        return 0

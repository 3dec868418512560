"""The command `python -m ugatit evaluate`."""

import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import ClassVar

import torch

from ugatit.checkpoints.loading import load_model
from ugatit.cli.evaluate_output import (
    ABOUT_PLUS_MINUS,
    print_json,
    print_table,
    refusals,
    remarks_on,
    to_json,
)
from ugatit.cli.options import command_line, option
from ugatit.data.face_set import FIRST_HELD_OUT
from ugatit.data.source_string import is_face
from ugatit.devices import resolve_device, resolve_precision
from ugatit.errors import ConfigError, WeightsError
from ugatit.evaluation import evaluate
from ugatit.evaluation.choice import DISTRIBUTIONS, MEASURES, choose_measures
from ugatit.evaluation.domain_classifier import DomainClassifier, train_classifier
from ugatit.evaluation.edit_pointing import EditPointing, measure_edit_pointing_both_directions
from ugatit.evaluation.face_pairs import faces_of
from ugatit.evaluation.features import OWN, FeatureNetwork, named_features, own_features
from ugatit.evaluation.pictures import Pictures, match_by_name, read_pictures
from ugatit.evaluation.pointing import Pointing, measure_pointing_both_directions
from ugatit.evaluation.pretrained import inception_features
from ugatit.evaluation.report import Report, evenly_chosen, write_report
from ugatit.evaluation.table import pointing_rows, table_rows
from ugatit.models.base import TranslationModel


@dataclass(frozen=True)
class Evaluate:
    """Measure translations to one domain, or where attention looks: one JSON object on stdout."""

    EXAMPLES: ClassVar[str] = """\
examples:
  python -m ugatit evaluate --weights flat2clay --to clay --paired \\
      --input data/flat2clay/testA --target data/flat2clay/testB \\
      --judge data/flat2clay/trainA data/flat2clay/trainB
  python -m ugatit evaluate --weights toon2lorelei --to lorelei --paired \\
      --input faces:toon-head --target faces:lorelei,glasses=no --report report.html
  python -m ugatit evaluate --weights flat2clay --to clay --measures kid fid is --features own \\
      --input data/flat2clay/testA --target data/flat2clay/testB
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
    measures: tuple[str, ...] | None = option(
        f"what to measure, of: {', '.join(MEASURES)}; unless named, all that fit and need no download. kid comes "
        "twice: to the targets, and the mean of that and the one to the inputs",
        default=None,
    )
    features: str | None = option(
        "the network of kid, fid and is: own, a classifier trained here on real pictures (those of --judge, else the "
        "inputs and targets), or module:Class, a torch.nn.Module that takes uint8 (B, 3, H, W) and gives (B, D); "
        "unless named, Inception, as published scores have it (pip install torch-fidelity)",
        default=None,
    )
    report: Path | None = option("write pictures and numbers to this HTML file, which needs no network", default=None)
    judge: tuple[str, str] | None = option(
        "sources of real training pictures of the source and the target domain, in the order of the model's domains: "
        "a classifier that sees these alone says how often a translation is taken for the target (minutes)",
        default=None,
    )
    seed: int = option("of the judge, of own features, and of the pictures drawn again for ±", default=0)
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
        self._check(model, self.to)
        faces = faces_of(self.input, self.target)
        maps = faces is None and model.has_attention(model.config.to_dict())
        # Only of own features it is known that there are classes, which IS needs.
        added = {None: (), OWN: DISTRIBUTIONS}.get(self.features, ("kid", "fid"))
        measures = choose_measures(self.measures, self.paired, faces is not None, maps, added)
        if self.report:
            # Before the work: a folder that cannot be written should not be found out after minutes.
            self.report.resolve().parent.mkdir(parents=True, exist_ok=True)
        by_network = [name for name in DISTRIBUTIONS if name in measures]
        named = self._named_features(model) if by_network else None
        inputs, targets = (read_pictures(source, model.image_size, self.count) for source in (self.input, self.target))
        for error in (*inputs.errors, *targets.errors):
            print(error, file=sys.stderr)
        # Pairs before the judge: an error about names should not come after minutes of training.
        pairs = match_by_name(inputs, targets) if self.paired else None
        judge = evaluate.train_judge(self.judge, model.image_size, self.seed) if self.judge else None
        features, refused = named, dict[str, str]()
        if by_network and not named:
            features, refused = self._features(model, judge, inputs, targets, by_network)
        found = evaluate.evaluate_translations(
            model, inputs, targets, self.to, pairs, judge, self.origin, faces, measures, features, self.seed
        )
        refused |= found.not_measured
        rows, remarks = table_rows(found.scores), remarks_on(found)
        print_json({"weights": self.weights, "to": self.to, **to_json(found, refused, self.seed)})
        head = f"{self.weights} to {self.to}: {len(inputs.names):,} translations, {len(targets.names):,} targets"
        print_table(head, rows, remarks, refused)
        if self.report:
            title, facts = f"{self.weights}: translations to {self.to}", {"inputs": self.input, "targets": self.target}
            report = Report(title, facts, rows, [*remarks, *refusals(refused)], command_line("evaluate", self))
            write_report(self.report, report, evenly_chosen(inputs, found.translations, targets, pairs))
        return 1 if inputs.errors or targets.errors or refused else 0

    def _check(self, model: TranslationModel, to: str) -> None:
        if self.origin is not None and self.origin not in model.domains:
            raise ConfigError(f"--origin {self.origin!r} is no domain of these weights: {', '.join(model.domains)}.")
        if self.judge and (self.origin or model.origin_of(to)) in (None, to):
            raise ConfigError("--judge needs the domain of the inputs, another than that of --to: name it by --origin.")
        if self.count < 1 or self.scenes < 1:
            raise ConfigError(f"--count and --scenes must be 1 or more, got {self.count} and {self.scenes}.")
        if self.features is not None and self.measures is not None and {*DISTRIBUTIONS}.isdisjoint(self.measures):
            raise ConfigError(f"--features is of {', '.join(DISTRIBUTIONS)}: name one of them in --measures.")
        if self.report and self.report.is_dir():
            raise ConfigError(
                f"--report {self.report} is a folder: name a file, such as {self.report / 'report.html'}."
            )

    def _named_features(self, model: TranslationModel) -> FeatureNetwork | None:
        """Return a network named by module:Class, tried early, so that a wrong one is told at once."""
        if self.features is None or self.features == OWN:
            return None
        network = named_features(self.features, evaluate.model_device(model))
        network.of(torch.zeros(2, 3, model.image_size, model.image_size))
        return network

    def _features(
        self,
        model: TranslationModel,
        judge: DomainClassifier | None,
        inputs: Pictures,
        targets: Pictures,
        measures: list[str],
    ) -> tuple[FeatureNetwork | None, dict[str, str]]:
        """Return own features or Inception, and why the measures cannot be taken without it."""
        if self.features == OWN:
            real = torch.cat([inputs.images, targets.images])
            if judge:
                return own_features(judge, "real training pictures", real), {}
            classifier = train_classifier(inputs.images, targets.images, self.seed)
            return own_features(classifier, "of the real pictures that it is asked about", real), {}
        try:
            return inception_features(evaluate.model_device(model)), {}
        except WeightsError as error:
            return None, dict.fromkeys(measures, str(error))

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
        print_json({"weights": self.weights, **pictures, "pointing": scores})
        head = f"{self.weights}: {self.scenes:,} unseen {next(iter(pictures))} each way"
        print_table(head, pointing_rows(scores, self.scenes), [ABOUT_PLUS_MINUS], {})
        return 0

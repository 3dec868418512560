"""The figures and pictures of a model card, from the weights and what was held out of their training.

    python weights/measure.py disc2square --run runs/disc2square
    python weights/measure.py flat2clay --run RUN ...

Prints one JSON object, what `python -m ugatit evaluate` says of both directions, and writes it to
`weights/NAME/measures.json`; `grid.webp` beside it (held-out pictures, their translations, the truth, all attention
maps) and, with --run, `losses.png`; and the card's figures. With a run's checkpoint of the same step, the weights'
translations are compared with those of its 32-bit numbers.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ugatit.checkpoints.loading import load_model
from ugatit.checkpoints.run_folders import checkpoint_name
from ugatit.data.scenes import scene
from ugatit.errors import TranslationError, WeightsError
from ugatit.evaluation import evaluate
from ugatit.evaluation.domain_classifier import DomainClassifier
from ugatit.evaluation.evaluate import Pictures
from ugatit.evaluation.pointing import measure_pointing_both_ways, scene_kinds
from ugatit.images.tensors import to_picture, to_tensor
from ugatit.inference.translator import Translator, load_translator
from ugatit.metrics import grey_levels
from ugatit.models.base import TranslationModel
from ugatit.training.events import Event, read_events
from viz.figures import grid_picture, loss_figure
from viz.panels import map_picture
from weights.cards import update
from weights.recipes import RECIPES, Recipe

WEIGHTS = Path(__file__).resolve().parent
FIRST_SCENE = 1000
GRID_ROWS = 40

Sides = dict[str, Pictures]
"""Held-out pictures by domain; of one name they are each other's truth."""


def held_out(model: TranslationModel, recipe: Recipe) -> Sides:
    """What both domains hold back: the test folders, or unseen scenes that share all but the object's form."""
    if recipe.data is not None:
        folders = zip(model.domains, ("testA", "testB"), strict=True)
        return {domain: evaluate.read_folder(recipe.data / name, model.image_size) for domain, name in folders}
    seeds = range(FIRST_SCENE, FIRST_SCENE + recipe.scenes)
    return {
        domain: Pictures(
            tuple(map(str, seeds)), torch.cat([to_tensor(scene(kind, seed, model.image_size)[0]) for seed in seeds]), ()
        )
        for domain, kind in scene_kinds(model).items()
    }


def directions(model: TranslationModel) -> list[tuple[str, str]]:
    a, b = model.domains
    return [(a, b), (b, a)]


def of_both_ways(
    model: TranslationModel, sides: Sides, judge: DomainClassifier | None, on_white: bool
) -> dict[str, Any]:
    """`evaluation.measures` by direction. on_white: whether the pictures are objects on white ground."""
    found = {}
    for origin, to in directions(model):
        inputs, targets = sides[origin], sides[to]
        measures = evaluate.measure_translations(
            model, inputs, targets, to, evaluate.match_by_name(inputs, targets), judge
        )
        if not on_white:
            # Nothing tells their objects from the ground.
            measures.pop("attention", None)
            del measures["faithful"]["shape_iou"]
        found[f"{origin} to {to}"] = measures
    return found


def storage_errors(model: TranslationModel, runs: Sequence[Path], sides: Sides) -> dict[str, float]:
    """How far 16-bit weights' translations lie from those of the run's 32-bit ones, in grey levels, by direction.

    Empty where the last run has no checkpoint of the weights' step.
    """
    step = model.manifest.step if model.manifest else 0
    path = runs[-1] / "checkpoints" / checkpoint_name(step) if runs else Path()
    if not runs or not path.is_dir():
        return {}
    exact = load_model(path, "cpu")
    errors = {}
    for origin, to in directions(model):
        both = (evaluate.translations(each, sides[origin].images, to) for each in (model, exact))
        differences = [grey_levels(ours.image, theirs.image) for ours, theirs in zip(*both, strict=True)]
        errors[f"{origin} to {to}"] = float(torch.cat(differences).mean())
    return errors


def compared(recipe: Recipe, models: Mapping[str, TranslationModel]) -> dict[str, Any]:
    """The same measures of models that were trained alike, each by its name, at the size they share.

    Raises WeightsError for models of different sizes or steps, which are not alike.
    """
    alike = {(model.image_size, model.manifest.step if model.manifest else 0) for model in models.values()}
    if len(alike) > 1:
        raise WeightsError(f"These models were not trained alike: {sorted(alike)} are their sizes and steps.")
    size, steps = alike.pop()
    judge, sides = judge_at(recipe, size), held_out(next(iter(models.values())), recipe)
    found = {name: of_both_ways(model, sides, judge, recipe.data is not None) for name, model in models.items()}
    return {"image_size": size, "steps": steps, "directions": found}


def judge_at(recipe: Recipe, size: int) -> DomainClassifier | None:
    """The judge of a recipe's two sides at a size; None for drawn scenes, whose pairs are known exactly."""
    if recipe.data is None:
        return None
    return evaluate.train_judge((recipe.data / "trainA", recipe.data / "trainB"), size, seed=0)


def measured(model: TranslationModel, recipe: Recipe, sides: Sides, runs: Sequence[Path]) -> dict[str, Any]:
    """Everything that is known of weights, as it goes into `measures.json`."""
    drawn = recipe.data is None
    judge = judge_at(recipe, model.image_size)
    measures: dict[str, Any] = {"directions": of_both_ways(model, sides, judge, not drawn)}
    for way, error in storage_errors(model, runs, sides).items():
        measures["directions"][way]["half"] = {"grey_levels": error}
    if drawn:
        seeds = range(FIRST_SCENE, FIRST_SCENE + recipe.scenes)
        measures["scenes"] = {"count": recipe.scenes, "first": FIRST_SCENE}
        measures["pointing"] = {
            way: {name: asdict(score) for name, score in maps.items()}
            for way, maps in measure_pointing_both_ways(model, seeds).items()
        }
    else:
        measures["data"] = str(recipe.data)
    return measures


def grid(translator: Translator, sides: Sides) -> Image.Image:
    """Every n-th held-out picture with translation, truth and maps, half of the rows a direction."""
    rows = []
    for origin, to in directions(translator.model):
        pairs = evaluate.match_by_name(sides[origin], sides[to])
        chosen = torch.linspace(0, len(pairs) - 1, min(GRID_ROWS // 2, len(pairs))).long().tolist()
        for ours, theirs in (pairs[place] for place in chosen):
            rows.append(list(_row(translator, sides[origin].images[ours], sides[to].images[theirs], to)))
    titles = ["input", "translation", "truth", "generator", "local critic", "global critic"]
    return grid_picture(rows, titles)


def _row(translator: Translator, picture: Tensor, truth: Tensor, to: str) -> Iterator[Image.Image]:
    translation = translator(to_picture(picture), to=to)
    yield from (translation.source, translation.image, to_picture(truth))
    for name in translation.attention:
        yield map_picture(translation, name)


def run_events(runs: Sequence[Path]) -> list[Event]:
    """The events of runs that followed each other, with steps counted through."""
    events: list[Event] = []
    for run in runs:
        before = events[-1]["step"] if events else 0
        events += [{**event, "step": event["step"] + before} for event in read_events(run / "events.jsonl")]
    return events


def measure(
    folder: Path, recipe: Recipe, runs: Sequence[Path] = (), alike: tuple[Path, Path] | None = None
) -> dict[str, Any]:
    """Measure a weights folder and write its `measures.json`, pictures and card. Returns the measures.

    alike: runs or checkpoints of two models trained alike, the first with CAM attention, the second without.
    """
    translator = load_translator(folder, "cpu", "fp32")
    sides = held_out(translator.model, recipe)
    measures = measured(translator.model, recipe, sides, runs)
    if alike:
        models = [load_model(path, "cpu") for path in alike]
        measures["cam"] = compared(recipe, dict(zip(("with CAM", "without CAM"), models, strict=True)))
    grid(translator, sides).save(folder / "grid.webp", quality=85)
    if runs:
        loss_figure(run_events(runs)).savefig(folder / "losses.png", dpi=100)
    (folder / "measures.json").write_text(json.dumps(measures, indent=2) + "\n")
    update(folder, measures)
    return measures


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=RECIPES, help="a folder of weights/")
    parser.add_argument("--run", type=Path, nargs="+", default=[], help="run folders, in order, for the loss curves")
    parser.add_argument(
        "--alike", type=Path, nargs=2, metavar=("WITH", "WITHOUT"), help="two models trained alike, one without CAM"
    )
    options = parser.parse_args(arguments)
    try:
        measures = measure(WEIGHTS / options.name, RECIPES[options.name], options.run, options.alike)
    except TranslationError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(measures, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())

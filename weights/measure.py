"""Measure bundled weights on held-out pictures and update the figures and pictures of their model card.

    python weights/measure.py disc2square --run runs/disc2square
    python weights/measure.py flat2clay --run RUN ...

Prints one JSON object with the measures of `python -m ugatit evaluate` for both directions. Writes it to
`weights/NAME/measures.json`, beside it `grid.webp` (held-out pictures, translations, true pictures, all attention maps)
and, with --run, `losses.png`, and updates the card's figures. If the last run has a checkpoint of the same step, the
translations are also compared with those of its 32-bit weights.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ugatit.checkpoints.loading import load_model
from ugatit.checkpoints.run_folders import checkpoint_name
from ugatit.data.face_set import FIRST_HELD_OUT
from ugatit.data.source_string import is_face, is_scene
from ugatit.errors import TranslationError, WeightsError
from ugatit.evaluation import evaluate
from ugatit.evaluation.domain_classifier import DomainClassifier
from ugatit.evaluation.edit_pointing import measure_edit_pointing_both_directions
from ugatit.evaluation.face_pairs import face_sets, faces_of, is_edit
from ugatit.evaluation.parts import measure_parts
from ugatit.evaluation.pictures import FIRST_SCENE, Pictures, match_by_name, read_pictures
from ugatit.evaluation.pointing import measure_pointing_both_directions
from ugatit.images.tensors import to_picture
from ugatit.inference.translator import Translator, load_translator
from ugatit.metrics import grey_levels
from ugatit.models.base import TranslationModel
from ugatit.training.events import Event, read_events
from viz.figures import loss_figure
from viz.i18n.english import ENGLISH
from viz.panels import map_picture, title
from viz.picture_grid import grid_picture
from weights.cards import update_card
from weights.familiarity import RATES_FILE
from weights.recipes import RECIPES, Recipe

WEIGHTS = Path(__file__).resolve().parent
PARTS_OF = 100
"""How many faces are taken apart: each is drawn several times."""
GRID_ROWS = 40

HeldOut = dict[str, Pictures]
"""Held-out pictures by domain; pictures of the same name are true pairs."""


def held_out(model: TranslationModel, recipe: Recipe) -> HeldOut:
    """Return the held-out pictures of each domain: test folders, or unseen scenes or faces of the same seeds."""
    if recipe.data is not None:
        sources = [str(recipe.data / name) for name in ("testA", "testB")]
    else:
        sources = [*trained_on(model)]
    return {
        domain: read_pictures(source, model.image_size, recipe.held_out)
        for domain, source in zip(model.domains, sources, strict=True)
    }


def trained_on(model: TranslationModel) -> tuple[str, ...]:
    """Return the source that each domain was trained on."""
    return model.manifest.sources if model.manifest else ()


def directions(model: TranslationModel) -> list[tuple[str, str]]:
    """Return the source and target domain of each direction that is measured."""
    return list(model.sample_targets.items())


def measure_both_directions(
    model: TranslationModel, pictures: HeldOut, judge: DomainClassifier | None, on_white: bool
) -> dict[str, Any]:
    """Run `measure_translations` by direction. on_white: whether the pictures are objects on a white background."""
    results = {}
    sources = dict(zip(model.domains, trained_on(model), strict=False))
    for origin, to in directions(model):
        inputs, targets = pictures[origin], pictures[to]
        faces = faces_of(sources.get(origin, ""), sources.get(to, ""))
        measures = evaluate.measure_translations(
            model, inputs, targets, to, match_by_name(inputs, targets), judge, origin, faces
        )
        if not on_white:
            # The object cannot be separated without a white background, and a face is not to keep its shape.
            measures.pop("attention", None)
            del measures["faithful"]["shape_iou"]
        results[f"{origin} to {to}"] = measures
    return results


def storage_errors(model: TranslationModel, runs: Sequence[Path], pictures: HeldOut) -> dict[str, float]:
    """Measure how far the translations of 16-bit weights differ from the run's 32-bit weights, in grey levels.

    Returns the mean by direction; empty if the last run has no checkpoint of the weights' step.
    """
    step = model.manifest.step if model.manifest else 0
    path = runs[-1] / "checkpoints" / checkpoint_name(step) if runs else Path()
    if not runs or not path.is_dir():
        return {}
    exact = load_model(path, "cpu")
    errors = {}
    for origin, to in directions(model):
        outputs = (evaluate.translate_batches(variant, pictures[origin].images, to) for variant in (model, exact))
        differences = [grey_levels(half.image, full.image) for half, full in zip(*outputs, strict=True)]
        errors[f"{origin} to {to}"] = float(torch.cat(differences).mean())
    return errors


def compare_models(recipe: Recipe, models: Mapping[str, TranslationModel]) -> dict[str, Any]:
    """Measure several models of the same size and number of steps, by name.

    Raises WeightsError for models of different sizes or steps.
    """
    trained = {(model.image_size, model.manifest.step if model.manifest else 0) for model in models.values()}
    if len(trained) > 1:
        raise WeightsError(f"These models were not trained alike: {sorted(trained)} are their sizes and steps.")
    size, steps = trained.pop()
    first = next(iter(models.values()))
    judge, pictures = train_judge(first, recipe), held_out(first, recipe)
    on_white = recipe.data is not None
    results = {name: measure_both_directions(model, pictures, judge, on_white) for name, model in models.items()}
    return {"image_size": size, "steps": steps, "directions": results}


def train_judge(model: TranslationModel, recipe: Recipe) -> DomainClassifier | None:
    """Train the judge of two domains at the model's size; None for drawn scenes, whose true pairs are known."""
    if recipe.data is not None:
        sources: tuple[str, ...] = (str(recipe.data / "trainA"), str(recipe.data / "trainB"))
    elif all(map(is_face, sources := trained_on(model))):
        pass
    else:
        return None
    return evaluate.train_judge(sources, model.image_size, seed=0)


def measure_model(model: TranslationModel, recipe: Recipe, pictures: HeldOut, runs: Sequence[Path]) -> dict[str, Any]:
    """Compute all measures of weights, in the form of `measures.json`."""
    judge = train_judge(model, recipe)
    measures: dict[str, Any] = {
        "directions": measure_both_directions(model, pictures, judge, on_white=recipe.data is not None)
    }
    for direction, error in storage_errors(model, runs, pictures).items():
        measures["directions"][direction]["half"] = {"grey_levels": error}
    if recipe.data is not None:
        measures["data"] = str(recipe.data)
    else:
        measures |= drawn_measures(model, recipe.held_out)
    return measures


def drawn_measures(model: TranslationModel, count: int) -> dict[str, Any]:
    """Measure attention on drawn pictures: against the known object or edit, and by the parts of faces."""
    sources = dict(zip(model.domains, trained_on(model), strict=True))
    if all(map(is_scene, sources.values())):
        pointing: Any = measure_pointing_both_directions(model, range(FIRST_SCENE, FIRST_SCENE + count))
        return {"scenes": {"count": count, "first": FIRST_SCENE}, "pointing": _as_dicts(pointing)}
    measures: dict[str, Any] = {"faces": {"count": count, "first": FIRST_HELD_OUT, "sources": sources}}
    if model.has_attention(model.config.to_dict()):
        sets = face_sets(model)
        if all(is_edit(sets[origin], sets[to]) for origin, to in directions(model)):
            measures["pointing"] = _as_dicts(measure_edit_pointing_both_directions(model, count))
        measures["parts"] = {
            f"{origin} to {to}": measure_parts(model, origin, to, min(count, PARTS_OF))
            for origin, to in directions(model)
        }
    return measures


def _as_dicts(pointing: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, dict[str, float]]]:
    return {direction: {name: asdict(score) for name, score in maps.items()} for direction, maps in pointing.items()}


def draw_grid(translator: Translator, pictures: HeldOut) -> Image.Image:
    """Draw evenly chosen held-out pictures with translation, true picture and maps, as many for each direction."""
    rows, titles = [], ["input", "translation", "truth"]
    ways = directions(translator.model)
    for origin, to in ways:
        pairs = match_by_name(pictures[origin], pictures[to])
        chosen = torch.linspace(0, len(pairs) - 1, min(max(1, GRID_ROWS // len(ways)), len(pairs))).long().tolist()
        for source, target in (pairs[index] for index in chosen):
            translation = translator(to_picture(pictures[origin].images[source]), to=to, origin=origin)
            truth = to_picture(pictures[to].images[target])
            maps = [map_picture(translation, name) for name in translation.attention]
            rows.append([translation.source, translation.image, truth, *maps])
            titles[3:] = [title(translation, name, ENGLISH).lower() for name in translation.attention]
    return grid_picture(rows, titles)


def run_events(runs: Sequence[Path]) -> list[Event]:
    """Return the events of consecutive runs, with steps counted across runs."""
    events: list[Event] = []
    for run in runs:
        before = events[-1]["step"] if events else 0
        events += [{**event, "step": event["step"] + before} for event in read_events(run / "events.jsonl")]
    return events


def measure_folder(
    folder: Path, recipe: Recipe, runs: Sequence[Path] = (), cam_comparison: tuple[Path, Path] | None = None
) -> dict[str, Any]:
    """Measure a weights folder, write its `measures.json`, pictures and card, and return the measures.

    cam_comparison: runs or checkpoints of two otherwise equal models, the first with CAM attention, the second without.
    """
    translator = load_translator(folder, "cpu", "fp32")
    pictures = held_out(translator.model, recipe)
    measures = measure_model(translator.model, recipe, pictures, runs)
    if cam_comparison:
        models = [load_model(path, "cpu") for path in cam_comparison]
        measures["cam"] = compare_models(recipe, dict(zip(("with CAM", "without CAM"), models, strict=True)))
    if (rates := folder / RATES_FILE).is_file():
        measures["familiarity"] = json.loads(rates.read_text(encoding="utf-8"))
    draw_grid(translator, pictures).save(folder / "grid.webp", quality=85)
    if runs:
        loss_figure(run_events(runs)).savefig(folder / "losses.png", dpi=100)
    (folder / "measures.json").write_text(json.dumps(measures, indent=2) + "\n")
    update_card(folder, measures)
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
        measures = measure_folder(WEIGHTS / options.name, RECIPES[options.name], options.run, options.alike)
    except TranslationError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(measures, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Write the snapshots of bundled weights: a few held-out pictures at several steps of their training.

    python weights/snapshots.py disc2square --checkpoint runs/disc2square
    python weights/snapshots.py flat2clay --checkpoint runs/flat2clay-64 runs/flat2clay

Writes `weights/NAME/snapshots.npz` (`ugatit.explain.snapshots`) from the checkpoints of consecutive runs, with steps
counted across runs; runs that started from random weights also give the moment before the first step. With --samples
the moments are the samples that the runs drew, which are kept longer than checkpoints; they show the runs' own pictures
and do not include the logits of the generator's classifier.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ugatit.checkpoints.loading import load_model
from ugatit.checkpoints.run_folders import checkpoint_name, list_checkpoints, step_of
from ugatit.checkpoints.store import build_model, load_weights, read_manifest
from ugatit.data.scenes import scene
from ugatit.data.source_string import is_face
from ugatit.data.transforms import to_square
from ugatit.errors import TranslationError, WeightsError
from ugatit.evaluation.face_pairs import face_sets
from ugatit.evaluation.pointing import scene_kinds
from ugatit.explain.explainer import GENERATOR, Explainer
from ugatit.explain.results import GeneratorExplanation
from ugatit.explain.snapshots import Array, Growth, Moment, Pixels, write_snapshots
from ugatit.images.decoding import open_picture
from ugatit.images.fitting import resize
from ugatit.images.placement import place_map
from ugatit.images.tensors import to_picture, to_tensor
from ugatit.models.base import TranslationModel
from ugatit.networks.geometry import Grid
from ugatit.training.samples import read_sample
from weights.recipes import RECIPES, Recipe
from weights.saved_steps import SavedStep, checkpoint_steps, sample_steps, select_steps

WEIGHTS = Path(__file__).resolve().parent
MOMENTS = 10
PICTURES = 4
"""How many of a sample's pictures are kept, so that the file stays small."""
UNKNOWN = np.float32(np.nan)

Shown = Mapping[str, Mapping[str, Image.Image]]
"""Square pictures by domain, then by name."""


@dataclass(frozen=True)
class Frame:
    """The common size of all moments.

    side: of the pictures, in pixels. maps: grid and shape of the maps, by target domain, then by network.
    """

    side: int
    maps: Mapping[str, Mapping[str, tuple[Grid, tuple[int, int]]]]


def snapshot_pictures(model: TranslationModel, shown: Mapping[str, str], data: Path | None) -> Shown:
    """Return the held-out pictures of the snapshots at the model's size: files of `data`, or drawn scenes by seed."""
    size = model.image_size
    if data is None:
        return {
            domain: {name: draw(int(seed), size) for seed, name in shown.items()}
            for domain, draw in drawn_by_domain(model).items()
        }
    sides = zip(model.domains, ("testA", "testB"), strict=True)
    return {
        domain: {name: to_square(open_picture(data / side / f"{stem}.webp"), size) for stem, name in shown.items()}
        for domain, side in sides
    }


def drawn_by_domain(model: TranslationModel) -> dict[str, Callable[[int, int], Image.Image]]:
    """Return what draws a picture of each domain from a seed and a side in pixels."""
    sources = model.manifest.sources if model.manifest else ()
    if sources and all(map(is_face, sources)):
        return {domain: faces.draw for domain, faces in face_sets(model).items()}

    def draw_scene(kind: str) -> Callable[[int, int], Image.Image]:
        return lambda seed, size: scene(kind, seed, size)[0]

    return {domain: draw_scene(kind) for domain, kind in scene_kinds(model).items()}


def load_model_at(saved: SavedStep) -> TranslationModel:
    """Load the model at a step; before the first step, its weights are initialised from the run's seed."""
    if saved.run_step == step_of(saved.path):
        return load_weights(saved.path)
    manifest = read_manifest(saved.path)
    torch.manual_seed(int(manifest.training.get("seed", 0)))
    model = build_model(manifest)
    model.init_weights()
    return model.eval()


def explain_with_attention(explainer: Explainer, pictures: Tensor) -> tuple[GeneratorExplanation, dict[str, Array]]:
    """Explain pictures by the generator and return the attention maps of all networks, (N, h, w), beside it."""
    explanation = explainer.explain(explainer.encode(pictures))
    critics = [name for name in explainer.networks if name != GENERATOR]
    maps = {name: explainer.judge(explainer.encode(explanation.image, name)).attention_map for name in critics}
    maps = {GENERATOR: explanation.attention_map, **maps}
    return explanation, {name: values[:, 0].numpy() for name, values in maps.items()}


def moment_of_model(
    model: TranslationModel, step: int, pictures: Iterable[Image.Image], to: str, frame: Frame
) -> Moment:
    """Translate pictures at the model's own size and fit the results to the frame."""
    size = (model.image_size, model.image_size)
    tensors = torch.cat([to_tensor(resize(picture, size)) for picture in pictures])
    explanation, maps = explain_with_attention(Explainer(model, to), tensors)
    translations = np.stack([np.asarray(to_picture(image)) for image in explanation.image])
    return fit_to_frame(model, step, translations, maps, explanation.cam_logits.numpy(), to, frame)


def moment_of_sample(saved: SavedStep, origin: str, to: str, sources: Pixels, frame: Frame) -> Moment:
    """Read a run's own sample and fit it to the frame. sources: its first pictures, (N, S, S, 3), of any size."""
    sample = read_sample(saved.path, saved.run_step)[origin]
    checkpoint = saved.path / "checkpoints" / checkpoint_name(saved.run_step)
    if checkpoint.is_dir():
        model = load_weights(checkpoint)
    else:
        with torch.device("meta"):
            model = build_model(read_manifest(saved.path)).eval()
    explainer = Explainer(model, to)
    logits = np.full((len(sources), 2), UNKNOWN)
    if checkpoint.is_dir():
        size = (model.image_size, model.image_size)
        pictures = torch.cat([to_tensor(resize(Image.fromarray(source), size)) for source in sources])
        logits = explainer.explain(explainer.encode(pictures)).cam_logits.numpy()
    count = len(sources)
    maps = {name: values[:count] for name, values in sample.maps.items()}
    return fit_to_frame(model, saved.step, sample.translation[:count], maps, logits, to, frame)


def fit_to_frame(
    model: TranslationModel,
    step: int,
    translations: Pixels,
    maps: Mapping[str, Array],
    logits: Array,
    to: str,
    frame: Frame,
) -> Moment:
    """Build a moment with pictures of the frame's size and maps on its cells, interpolated if the cells differ."""
    grids = model.attention_grids(to)
    factor = frame.side / model.image_size
    placed_maps = {}
    for name, (grid, shape) in frame.maps[to].items():
        own = grids[name].scaled(factor)
        cells = Grid((own.start - grid.start) / grid.stride, own.stride / grid.stride)
        placed_maps[name] = np.stack([place_map(values, cells, cells, shape) for values in maps[name]])
    side = (frame.side, frame.side)
    resized = np.stack([np.asarray(resize(Image.fromarray(picture), side)) for picture in translations])
    return Moment(step, resized, placed_maps, logits)


def frame_of(model: TranslationModel) -> Frame:
    """Return the frame given by the final model: its picture size and its maps.

    Raises TranslationError for a model without attention that could grow.
    """
    blank = torch.zeros(1, 3, model.image_size, model.image_size)
    maps = {}
    for to in model.targets:
        explainer = Explainer(model, to)
        blank_maps = explain_with_attention(explainer, blank)[1]
        maps[to] = {name: (grid, blank_maps[name][0].shape) for name, grid in explainer.grids.items()}
    return Frame(model.image_size, maps)


def growth_from_checkpoints(
    steps: Sequence[SavedStep], shown: Mapping[str, str], data: Path | None
) -> Iterator[Growth]:
    """Yield every direction at the steps of checkpoints."""
    models = [(saved.step, load_model_at(saved)) for saved in steps]
    last = models[-1][1]
    frame, pictures = frame_of(last), snapshot_pictures(last, shown, data)
    for origin, to in last.sample_targets.items():
        named = pictures[origin]
        moments = tuple(moment_of_model(model, step, named.values(), to, frame) for step, model in models)
        yield Growth(origin, to, tuple(named), np.stack([np.asarray(picture) for picture in named.values()]), moments)


def growth_from_samples(steps: Sequence[SavedStep], pictures: int = PICTURES) -> Iterator[Growth]:
    """Yield every direction at the steps of samples, the first `pictures` of each sample.

    Raises WeightsError if the last run lacks the sampled pictures.
    """
    run = steps[-1].path
    last = load_model(run)
    frame = frame_of(last)
    for origin, sample in read_sample(run, steps[-1].run_step).items():
        if sample.source is None:
            raise WeightsError(f"{run} has not kept the pictures of its samples: take its checkpoints.")
        to = last.sample_targets[origin]
        sources = sample.source[:pictures]
        names = tuple(f"{origin} {number}" for number in range(1, len(sources) + 1))
        moments = [moment_of_sample(saved, origin, to, sources, frame) for saved in steps]
        if (after := step_of(list_checkpoints(run / "checkpoints")[-1]) - steps[-1].run_step) > 0:
            # The run ended between two samples: the last moment is that of the weights themselves.
            opened = [Image.fromarray(source) for source in sources]
            moments.append(moment_of_model(last, steps[-1].step + after, opened, to, frame))
        yield Growth(origin, to, names, sources, tuple(moments))


def make_snapshots(
    recipe: Recipe, runs: Sequence[Path], folder: Path, moments: int = MOMENTS, samples: bool = False
) -> Path:
    """Write a weights folder's snapshots from the runs that made it and return the path of the file."""
    if samples:
        growth = growth_from_samples(select_steps(sample_steps(runs), moments))
    else:
        growth = growth_from_checkpoints(select_steps(checkpoint_steps(runs), moments), recipe.shown, recipe.data)
    return write_snapshots(folder, tuple(growth))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=RECIPES, help="a folder of weights/")
    parser.add_argument("--checkpoint", type=Path, nargs="+", required=True, help="run folders, in order")
    parser.add_argument("--data", type=Path, help="folder with testA/ and testB/; the recipe's unless given")
    parser.add_argument("--moments", type=int, default=MOMENTS, help="how many at most [%(default)s]")
    parser.add_argument("--samples", action="store_true", help="take the runs' samples, not their checkpoints")
    parser.add_argument("--output", type=Path, help="folder for the file; weights/NAME unless given")
    options = parser.parse_args(arguments)
    recipe = RECIPES[options.name]
    if options.data:
        recipe = replace(recipe, data=options.data)
    if options.moments < 2:
        parser.error(f"--moments {options.moments}: first and last are two")
    try:
        output = options.output or WEIGHTS / options.name
        path = make_snapshots(recipe, options.checkpoint, output, options.moments, options.samples)
    except TranslationError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""How attention grew: a few held-out pictures at several moments of the training that made the weights.

    python weights/snapshots.py disc2square --checkpoint runs/disc2square
    python weights/snapshots.py flat2clay --checkpoint runs/flat2clay-64 runs/flat2clay

Writes `weights/NAME/snapshots.npz` (`ugatit.explain.snapshots`) from the checkpoints of runs that followed each other,
with steps counted through; runs that began with random weights also give the moment before the first step. With
--samples the moments are the samples that the runs drew, which last longer than checkpoints; their pictures are the
runs' own, and what the generator's classifier said is not in them.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ugatit.checkpoints.loading import load_model
from ugatit.checkpoints.run_folders import checkpoint_name, step_of
from ugatit.checkpoints.store import build_model, load_weights, read_manifest
from ugatit.data.scenes import scene
from ugatit.data.transforms import to_square
from ugatit.errors import TranslationError, WeightsError
from ugatit.evaluation.pointing import scene_kinds
from ugatit.explain.explainer import GENERATOR, Explainer
from ugatit.explain.results import GeneratorExplanation
from ugatit.explain.snapshots import Array, Growth, Moment, Pixels, write_snapshots
from ugatit.images.decoding import open_picture
from ugatit.images.fitting import resize
from ugatit.images.placement import place
from ugatit.images.tensors import to_picture, to_tensor
from ugatit.models import UGATIT
from ugatit.models.base import TranslationModel
from ugatit.networks.geometry import Grid
from ugatit.training.samples import read_sample
from weights.recipes import RECIPES, Recipe
from weights.stops import Stop, checkpoint_stops, chosen, sample_stops

WEIGHTS = Path(__file__).resolve().parent
MOMENTS = 10
UNKNOWN = np.float32(np.nan)

Shown = Mapping[str, Mapping[str, Image.Image]]
"""Square pictures by name, by their domain."""


@dataclass(frozen=True)
class Frame:
    """What maps of all moments are brought to: side in pixels, and by direction and network grid and shape."""

    side: int
    maps: Mapping[str, Mapping[str, tuple[Grid, tuple[int, int]]]]


def pictures_of(model: TranslationModel, shown: Mapping[str, str], data: Path | None) -> Shown:
    """The held-out pictures that are shown, at the model's size: of `data`, or drawn scenes by their seeds."""
    size = model.image_size
    if data is None:
        kinds = scene_kinds(model)
        return {d: {name: scene(kinds[d], int(seed), size)[0] for seed, name in shown.items()} for d in model.domains}
    sides = zip(model.domains, ("testA", "testB"), strict=True)
    return {
        domain: {name: to_square(open_picture(data / side / f"{stem}.webp"), size) for stem, name in shown.items()}
        for domain, side in sides
    }


def model_at(stop: Stop) -> UGATIT:
    """The model as it was; before the first step, weights drawn from the run's seed."""
    if stop.own == step_of(stop.path):
        return with_attention(load_weights(stop.path))
    manifest = read_manifest(stop.path)
    torch.manual_seed(int(manifest.training.get("seed", 0)))
    model = with_attention(build_model(manifest))
    model.init_weights()
    return model.eval()


def with_attention(model: TranslationModel) -> UGATIT:
    """The model, if it is one that has attention. Raises WeightsError for another."""
    if not isinstance(model, UGATIT):
        raise WeightsError(f"A {model.name} model has no attention that could grow: name runs of a ugatit model.")
    return model


def attention_of(explainer: Explainer, pictures: Tensor) -> tuple[GeneratorExplanation, dict[str, Array]]:
    """What the generator makes of pictures, and the attention maps of all networks, (N, h, w)."""
    seen = explainer.explain(explainer.encode(pictures))
    critics = [name for name in explainer.networks if name != GENERATOR]
    judged = {name: explainer.judge(explainer.encode(seen.image, name)).attention_map for name in critics}
    return seen, {name: maps[:, 0].numpy() for name, maps in {GENERATOR: seen.attention_map, **judged}.items()}


def drawn(model: UGATIT, step: int, pictures: Iterable[Image.Image], to: str, frame: Frame) -> Moment:
    """What a model makes of pictures, at its own size, brought to the frame."""
    size = (model.image_size, model.image_size)
    seen, maps = attention_of(Explainer(model, to), torch.cat([to_tensor(resize(one, size)) for one in pictures]))
    translations = np.stack([np.asarray(to_picture(image)) for image in seen.image])
    return framed(model, step, translations, maps, seen.cam_logits.numpy(), to, frame)


def sampled(stop: Stop, origin: str, to: str, sources: Pixels, frame: Frame) -> Moment:
    """A run's own sample, brought to the frame. sources: its pictures, (N, S, S, 3), of any size."""
    sample = read_sample(stop.path, stop.own)[origin]
    checkpoint = stop.path / "checkpoints" / checkpoint_name(stop.own)
    if checkpoint.is_dir():
        model = with_attention(load_weights(checkpoint))
        size = (model.image_size, model.image_size)
        pictures = torch.cat([to_tensor(resize(Image.fromarray(one), size)) for one in sources])
        explainer = Explainer(model, to)
        logits = explainer.explain(explainer.encode(pictures)).cam_logits.numpy()
    else:
        with torch.device("meta"):
            model = with_attention(build_model(read_manifest(stop.path)))
        logits = np.full((len(sample.translation), 2), UNKNOWN)
    return framed(model, stop.step, sample.translation, sample.maps, logits, to, frame)


def framed(
    model: TranslationModel,
    step: int,
    translations: Pixels,
    maps: Mapping[str, Array],
    logits: Array,
    to: str,
    frame: Frame,
) -> Moment:
    """A moment whose pictures have the frame's size and whose maps lie on its cells, interpolated where they differ."""
    grids = model.attention_grids(to)
    factor = frame.side / model.image_size
    brought = {}
    for name, (grid, shape) in frame.maps[to].items():
        own = grids[name].scaled(factor)
        cells = Grid((own.start - grid.start) / grid.stride, own.stride / grid.stride)
        brought[name] = np.stack([place(one, cells, cells, shape) for one in maps[name]])
    side = (frame.side, frame.side)
    enlarged = np.stack([np.asarray(resize(Image.fromarray(one), side)) for one in translations])
    return Moment(step, enlarged, brought, logits)


def frame_of(model: UGATIT) -> Frame:
    """The size and the maps of the model that all moments lead to."""
    blank = torch.zeros(1, 3, model.image_size, model.image_size)
    maps = {}
    for to in model.domains:
        explainer = Explainer(model, to)
        found = attention_of(explainer, blank)[1]
        maps[to] = {name: (grid, found[name][0].shape) for name, grid in explainer.grids.items()}
    return Frame(model.image_size, maps)


def grown(stops: Sequence[Stop], shown: Mapping[str, str], data: Path | None) -> Iterator[Growth]:
    """Both directions through checkpoints."""
    models = [(stop.step, model_at(stop)) for stop in stops]
    last = models[-1][1]
    frame, pictures = frame_of(last), pictures_of(last, shown, data)
    for origin in last.domains:
        to, named = last.other(origin), pictures[origin]
        moments = [drawn(model, step, named.values(), to, frame) for step, model in models]
        yield Growth(origin, to, tuple(named), np.stack([np.asarray(one) for one in named.values()]), tuple(moments))


def grown_of_samples(stops: Sequence[Stop]) -> Iterator[Growth]:
    """Both directions through samples. Raises WeightsError where the last run has not kept the samples' pictures."""
    run = stops[-1].path
    last = with_attention(load_model(run))
    frame = frame_of(last)
    for origin, sample in read_sample(run, stops[-1].own).items():
        if sample.source is None:
            raise WeightsError(f"{run} has not kept the pictures of its samples: take its checkpoints.")
        to = last.other(origin)
        names = tuple(f"{origin} {number}" for number in range(1, len(sample.source) + 1))
        moments = tuple(sampled(stop, origin, to, sample.source, frame) for stop in stops)
        yield Growth(origin, to, names, sample.source, moments)


def snapshots(
    recipe: Recipe, runs: Sequence[Path], folder: Path, moments: int = MOMENTS, samples: bool = False
) -> Path:
    """Write a weights folder's snapshots from the runs that made it; returns the file."""
    if samples:
        growth = grown_of_samples(chosen(sample_stops(runs), moments))
    else:
        growth = grown(chosen(checkpoint_stops(runs), moments), recipe.shown, recipe.data)
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
        path = snapshots(recipe, options.checkpoint, output, options.moments, options.samples)
    except TranslationError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

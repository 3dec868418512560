"""The figures and pictures of a model card, from the weights and what was held out of their training.

    python weights/measure.py disc2square
    python weights/measure.py flat2clay --data data/flat2clay --run runs/flat2clay-64 runs/flat2clay

Prints one JSON object and writes it to `weights/NAME/measures.json`, with `grid.webp` beside it (held-out pictures,
their translations, the truth where there is one, all attention maps) and, with --run, `losses.png`.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ugatit.data.scenes import KINDS, scene
from ugatit.data.transforms import fitted
from ugatit.errors import TranslationError
from ugatit.evaluation import translate_all
from ugatit.images import open_picture, to_picture, to_tensor
from ugatit.metrics import grey_levels, psnr
from ugatit.models.base import TranslationModel
from ugatit.models.ugatit import UGATIT
from ugatit.pointing import pointing
from ugatit.training.events import Event, read_events
from ugatit.translator import Translator, load_translator
from viz.figures import grid_picture, loss_figure
from viz.panels import map_picture

WEIGHTS = Path(__file__).resolve().parent
UNSEEN = range(1000, 1600)
GRID_ROWS = 40

Pairs = tuple[Tensor, Tensor]
"""Pictures of the first and of the second domain, (N, 3, S, S) in [-1, 1]; the i-th are each other's truth."""


def scene_pairs(size: int) -> Pairs:
    """Unseen scenes of both kinds that share all but the object's form."""
    first, second = (torch.cat([to_tensor(scene(kind, seed, size)[0]) for seed in UNSEEN]) for kind in KINDS)
    return first, second


def folder_pairs(data: Path, size: int) -> Pairs:
    """The held-out pairs of a folder with `testA/` and `testB/`, matched by file name."""
    names = sorted({p.name for p in (data / "testA").iterdir()} & {p.name for p in (data / "testB").iterdir()})
    if not names:
        raise TranslationError(f"{data} has no pictures of the same name in testA and testB.")
    first, second = (
        torch.stack([fitted(open_picture(data / side / name), size) for name in names]) for side in ("testA", "testB")
    )
    return first, second


def paired_measures(model: UGATIT, pairs: Pairs) -> dict[str, dict[str, float]]:
    """For each direction: PSNR to the truth, copying's, and the cycle's error in grey levels."""
    measures = {}
    for (origin, to), (pictures, truths) in zip(directions(model), (pairs, pairs[::-1]), strict=True):
        translated = translate_all(model, pictures, to)
        measures[f"{origin} to {to}"] = {
            "pictures": len(pictures),
            "psnr_db": float(psnr(translated.images, truths).mean()),
            "psnr_of_copying_db": float(psnr(pictures, truths).mean()),
            "cycle_error_grey_levels": float(grey_levels(translated.back, pictures).mean()),
        }
    return measures


def directions(model: TranslationModel) -> list[tuple[str, str]]:
    a, b = model.domains
    return [(a, b), (b, a)]


def grid(translator: Translator, pairs: Pairs) -> Image.Image:
    """Every n-th held-out picture with translation, truth and maps, half of the rows a direction."""
    rows = []
    for (_, to), (pictures, truths) in zip(directions(translator.model), (pairs, pairs[::-1]), strict=True):
        chosen = torch.linspace(0, len(pictures) - 1, GRID_ROWS // 2).long()
        for picture, truth in zip(pictures[chosen], truths[chosen], strict=True):
            rows.append(list(_row(translator, picture, truth, to)))
    titles = ["input", "translation", "truth", "generator", "local critic", "global critic"]
    return grid_picture(rows, titles)


def _row(translator: Translator, picture: Tensor, truth: Tensor, to: str) -> Iterator[Image.Image]:
    translation = translator(to_picture(picture), to=to)
    yield from (translation.source, translation.image, to_picture(truth))
    for name in translation.attention:
        yield map_picture(translation, name)


def run_events(runs: list[Path]) -> list[Event]:
    """The events of runs that followed each other, with steps counted through."""
    events: list[Event] = []
    for run in runs:
        before = events[-1]["step"] if events else 0
        events += [{**event, "step": event["step"] + before} for event in read_events(run / "events.jsonl")]
    return events


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", help="a folder of weights/")
    parser.add_argument("--data", type=Path, help="folder with testA/ and testB/; scenes need none")
    parser.add_argument("--run", type=Path, nargs="+", default=[], help="run folders, for the loss curves")
    options = parser.parse_args()
    folder = WEIGHTS / options.name
    try:
        translator = load_translator(folder)
    except TranslationError as error:
        parser.exit(2, f"{error}\n")
    model = translator.model
    assert isinstance(model, UGATIT)
    pairs = folder_pairs(options.data, model.image_size) if options.data else scene_pairs(model.image_size)
    measures: dict[str, Any] = {"paired": paired_measures(model, pairs)}
    if not options.data:
        measures["pointing"] = {
            f"{origin} to {to}": {name: asdict(p) for name, p in pointing(model, origin, to, UNSEEN).items()}
            for origin, to in directions(model)
        }
    grid(translator, pairs).save(folder / "grid.webp", quality=85)
    if options.run:
        loss_figure(run_events(options.run)).savefig(folder / "losses.png", dpi=100)
    text = json.dumps(measures, indent=2)
    (folder / "measures.json").write_text(text + "\n")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())

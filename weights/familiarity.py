"""Fit the statistics of bundled weights' domains and measure how well they tell far pictures from familiar ones.

    python weights/familiarity.py toon2lorelei
    python weights/familiarity.py flat2clay --data data/flat2clay

Writes `weights/NAME/familiarity.safetensors` (`ugatit.models.familiarity`), fitted on training pictures, and
`weights/NAME/familiarity.json`, the share of pictures that are flagged as far, by direction and by kind: held-out
pictures of the domains and near copies of them, the photographs of scikit-image, and other drawings. Needs
scikit-image. Drawn domains need no data; the others take the folder of their recipe.
"""

import argparse
import io
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ugatit.checkpoints.familiarity import write_familiarity
from ugatit.checkpoints.store import load_weights
from ugatit.data.face_set import FIRST_HELD_OUT, FaceSet
from ugatit.data.face_styles import STYLES
from ugatit.data.scenes import KINDS, scene
from ugatit.data.source_string import is_face, is_scene, source_name
from ugatit.data.sources import SceneSource
from ugatit.errors import TranslationError, WeightsError
from ugatit.images.decoding import open_picture
from ugatit.images.fitting import fit
from ugatit.images.tensors import to_tensor
from ugatit.models.base import TranslationModel
from ugatit.models.familiarity import MARGIN, QUANTILE, DomainStatistics, fit_statistics, measure, pool
from weights.recipes import RECIPES

WEIGHTS = Path(__file__).resolve().parent
EXAMPLES = WEIGHTS.parent / "examples" / "flat2clay"
RATES_FILE = "familiarity.json"
FITTED, HELD_OUT, OTHERS = 300, 60, 12
"""Training pictures and held-out pictures by domain, and pictures of each other kind."""
PHOTOGRAPHS = (
    "astronaut.png", "brick.png", "camera.png", "cell.png", "chelsea.png", "clock_motion.png", "coffee.png",
    "coins.png", "grass.png", "gravel.png", "hubble_deep_field.jpg", "ihc.png", "microaneurysms.png", "moon.png",
    "motorcycle_left.png", "motorcycle_right.png", "retina.jpg", "rocket.jpg",
)  # fmt: skip
"""The photographs that scikit-image holds without a download, microscope's and telescope's among them."""

Pictures = list[Image.Image]
Rates = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class DomainPictures:
    """Pictures of one domain. fitted: of the training set. held_out: never trained on."""

    fitted: Pictures
    held_out: Pictures


def drawn_pictures(source: str, number: int, sources: int, size: int, fitted: int, held_out: int) -> DomainPictures:
    """Draw pictures of a source string, `scenes:KIND` or `faces:STYLE`, from its training seeds and from others."""
    if is_scene(source):
        scenes = SceneSource(source_name(source), size)
        return DomainPictures([scenes.picture(position) for position in range(fitted)], scenes.held_out(held_out))
    faces = FaceSet.parse(source)
    seeds = faces.training_seeds(number, sources)[:fitted]
    others = range(FIRST_HELD_OUT, FIRST_HELD_OUT + held_out)
    return DomainPictures([faces.draw(seed, size) for seed in seeds], [faces.draw(seed, size) for seed in others])


def read_pictures(folder: Path, side: str, fitted: int, held_out: int) -> DomainPictures:
    """Read pictures of `trainA` and `testA`, or of `trainB` and `testB`, spread evenly over their names."""
    return DomainPictures(_spread(folder / f"train{side}", fitted), _spread(folder / f"test{side}", held_out))


def _spread(folder: Path, count: int) -> Pictures:
    files = sorted(path for path in folder.iterdir() if path.is_file())
    step = max(1, len(files) / count)
    return [open_picture(files[int(index * step)]) for index in range(min(count, len(files)))]


def domains_of(model: TranslationModel, sources: Sequence[str], data: Path | None, fitted: int) -> list[DomainPictures]:
    """Return the pictures of each domain. Raises WeightsError if they are not drawn and there is no folder."""
    if data is not None:
        return [read_pictures(data, side, fitted, HELD_OUT) for side in "AB"]
    if len(sources) != len(model.domains) or not all(is_scene(source) or is_face(source) for source in sources):
        raise WeightsError(f"The domains of these weights are not drawn ({', '.join(sources)}): give --data.")
    size = model.image_size
    return [drawn_pictures(source, n, len(sources), size, fitted, HELD_OUT) for n, source in enumerate(sources)]


def photographs() -> Pictures:
    """Return the photographs that scikit-image holds."""
    import skimage

    folder = Path(skimage.__file__).parent / "data"
    return [open_picture(folder / name) for name in PHOTOGRAPHS]


def other_pictures(sources: Sequence[str], emoji: Path | None) -> dict[str, Pictures]:
    """Return pictures of other domains by kind: photographs, faces of other styles, scenes, emoji.

    sources: of the weights' own domains, whose style is left out. emoji: a folder of flat and clay emoji, if theirs
    are not the weights' own.
    """
    own = {source_name(source) for source in sources if is_face(source) or is_scene(source)}
    others = {"photographs": photographs()}
    seeds = range(FIRST_HELD_OUT, FIRST_HELD_OUT + OTHERS)
    for style in STYLES:
        if style not in own:
            others[f"{style} faces"] = [FaceSet(style).draw(seed, 256) for seed in seeds]
    if not own & set(KINDS):
        others["scenes"] = [scene(KINDS[seed % 2], seed, 256)[0] for seed in range(OTHERS)]
    if emoji is not None:
        others["emoji"] = [open_picture(path) for path in sorted(emoji.glob("*/*.png"))[:OTHERS]]
    return others


def near_copies(pictures: Sequence[Image.Image]) -> dict[str, Pictures]:
    """Return slightly changed copies of pictures by kind: stored as JPEG, resized, cropped by 4% on all sides."""

    def as_jpeg(picture: Image.Image) -> Image.Image:
        encoded = io.BytesIO()
        picture.save(encoded, "JPEG", quality=75)
        return Image.open(encoded).convert("RGB")

    def smaller(picture: Image.Image) -> Image.Image:
        return picture.resize((round(picture.width * 0.7), round(picture.height * 0.7)), Image.Resampling.BICUBIC)

    def cropped(picture: Image.Image) -> Image.Image:
        width, height = picture.size
        return picture.crop((round(width * 0.04), round(height * 0.04), round(width * 0.96), round(height * 0.96)))

    kinds = {"copies as JPEG": as_jpeg, "copies, 70% of the size": smaller, "copies, cropped": cropped}
    return {kind: [change(picture) for picture in pictures] for kind, change in kinds.items()}


def pooled_features(model: TranslationModel, to: str, pictures: Iterable[Image.Image]) -> torch.Tensor:
    """Return the pooled encoder features of pictures on the way to a domain, (n, D); fitted as the translator does."""
    rows = []
    with torch.inference_mode():
        for picture in pictures:
            canvas = fit(picture, model.image_size, model.canvas_rule()).canvas
            rows.append(pool(model.encode(to_tensor(canvas), to)))
    return torch.cat(rows)


def fit_model(
    model: TranslationModel, domains: Sequence[DomainPictures], report: Callable[[str], None]
) -> DomainStatistics:
    """Fit the statistics: Gaussians on every second training picture, thresholds on the others."""
    fitted, others = [], []
    for to in model.targets:
        report(f"fitting, to {to}")
        features = [pooled_features(model, to, domain.fitted) for domain in domains]
        fitted.append([values[::2] for values in features])
        others.append([values[1::2] for values in features])
    return fit_statistics(fitted, others)


def measure_rates(
    model: TranslationModel, kinds: Mapping[str, Pictures], report: Callable[[str], None]
) -> dict[str, Rates]:
    """Return the share of pictures flagged as far and the median of distance / threshold, by direction and kind."""
    assert model.statistics is not None
    rates: dict[str, Rates] = {}
    for to in model.targets:
        rates[f"to {to}"] = {}
        for kind, pictures in kinds.items():
            pooled = pooled_features(model, to, pictures)
            results = measure(model.statistics, pooled, model.targets, model.domains, to)
            ratios = torch.tensor([result.distance / result.threshold for result in results])
            row = {
                "pictures": len(results),
                "far": round(sum(result.is_far for result in results) / len(results), 4),
                "median_ratio": round(float(ratios.median()), 3),
            }
            rates[f"to {to}"][kind] = row
            report(f"to {to}: {kind}: {row['far']:.1%} of {row['pictures']} far, median {row['median_ratio']}")
    return rates


def write_statistics(
    folder: Path,
    output: Path,
    data: Path | None = None,
    sources: Sequence[str] = (),
    count: int = FITTED,
    report: Callable[[str], None] = print,
) -> None:
    """Fit and measure the statistics of a weights folder's domains and write both files into `output`.

    data: the folder of the recipe's pictures, None for drawn domains. sources: of drawn domains; those of the config
    by default. count: training pictures of each domain. Raises WeightsError.
    """
    model = load_weights(folder)
    sources = sources or (model.manifest.sources if model.manifest else ())
    domains = domains_of(model, sources, data, count)
    model.statistics = fit_model(model, domains, report)
    path = write_familiarity(output, model.statistics)
    held_out = {f"held-out {name}": domain.held_out for name, domain in zip(model.domains, domains, strict=True)}
    mixed = [picture for domain in domains for picture in domain.held_out[: OTHERS // 2]]
    kinds = {**held_out, **near_copies(mixed), **other_pictures(sources, None if data else EXAMPLES)}
    fitting = {"training_pictures": count, "quantile": QUANTILE, "margin": MARGIN}
    measured = {"measure": "Mahalanobis distance", **fitting, "rates": measure_rates(model, kinds, report)}
    text = json.dumps(measured, indent=2, ensure_ascii=False)
    (output / RATES_FILE).write_text(text + "\n", encoding="utf-8")
    report(f"{path}: {path.stat().st_size / 1e6:.2f} MB")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", help="a folder of weights/, or the path of a weights folder")
    parser.add_argument("--data", type=Path, help="folder with trainA/, trainB/, testA/ and testB/; the recipe's")
    parser.add_argument(
        "--sources", nargs="+", default=(), help="source strings of drawn domains; those of the config unless given"
    )
    parser.add_argument("--pictures", type=int, default=FITTED, help="training pictures of each domain [%(default)s]")
    parser.add_argument("--output", type=Path, help="folder for the files; that of the weights unless given")
    options = parser.parse_args(arguments)
    folder = WEIGHTS / options.name if (WEIGHTS / options.name).is_dir() else Path(options.name)
    recipe = RECIPES.get(options.name)
    data = options.data or (recipe.data if recipe else None)
    try:
        write_statistics(folder, options.output or folder, data, options.sources, options.pictures)
    except TranslationError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The parts of a model card that are computed: its recipe and its figures, each between two comments in the card."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import wrap
from typing import Any

from weights.recipes import RECIPES

Measures = Mapping[str, Any]

WIDTH = 120
EVALUATE = "python -m ugatit evaluate --weights {name}"
ROWS = (
    ("taken for the target by the judge", "recognised", "share", "{:.1%}"),
    ("true target pictures taken for it", "recognised", "share_of_true", "{:.1%}"),
    ("**ratio of the two**", "recognised", "ratio", "**{:.2f}**"),
    ("PSNR to the true picture", "paired", "psnr_db", "{:.1f} dB"),
    ("PSNR of the input itself, copied", "paired", "psnr_of_copying_db", "{:.1f} dB"),
    ("SSIM to the true picture", "paired", "ssim", "{:.3f}"),
    ("SSIM of the input itself, copied", "paired", "ssim_of_copying", "{:.3f}"),
    ("shape: IoU of the non-white areas of input and translation", "faithful", "shape_iou", "{:.3f}"),
    ("cycle error, mean absolute, of 255 grey levels", "faithful", "cycle_error_grey_levels", "{:.1f}"),
    ("attention on the object, over the object's share of the area", "attention", "on_object", "{:.2f}"),
    ("rank correlation of attention and the mirror image's, cells", "attention", "mirror_rank_correlation", "{:.2f}"),
    ("the same, laid on the picture", "attention", "mirror_rank_correlation_placed", "{:.2f}"),
    ("what 16-bit storage changes, of 255 grey levels", "half", "grey_levels", "{:.3f}"),
)
"""Label, group and name of a measure, and how it is written."""


def written(card: str, name: str, measures: Measures) -> str:
    """The card with its recipe and figures in the places kept for them; a card without these places as it is."""
    for part, lines in (("recipe", recipe(name)), ("figures", figures(name, measures))):
        begin, end = f"<!-- {part} -->", f"<!-- end of {part} -->"
        before, found, rest = card.partition(begin)
        _, closed, after = rest.partition(end)
        if found and closed:
            card = "\n".join([before + begin, "", *lines, "", end + after])
    return card


def update(folder: Path, measures: Measures) -> None:
    """Write recipe and figures into `folder/README.md`, where it has places for them."""
    path = folder / "README.md"
    if path.exists():
        path.write_text(written(path.read_text(encoding="utf-8"), folder.name, measures), encoding="utf-8")


def recipe(name: str) -> Iterator[str]:
    """The one command and those it stands for; nothing for a name without a recipe."""
    if name not in RECIPES:
        return
    yield f"`python weights/repeat.py {name}` does all of this, and goes on where it was stopped:"
    yield ""
    yield "```"
    for line in RECIPES[name].lines(name):
        yield from _folded(line)
    yield "```"


def figures(name: str, measures: Measures) -> Iterator[str]:
    """The tables of all measures, each with the command that prints the same figures."""
    yield from _table(measures["directions"])
    if judge := _judge(measures["directions"]):
        right = ", ".join(
            f"{share:.1%} of the {domain} ones" for domain, share in judge["judge_accuracy_by_domain"].items()
        )
        yield ""
        yield from wrap(
            f"The judge was trained on {judge['judge_trained_on']:,} real training pictures and no translation; of the "
            f"held-out true pictures it knows {right}: {judge['judge_accuracy']:.1%}, balanced.",
            WIDTH,
        )
    if alike := measures.get("cam"):
        yield ""
        size, steps = alike["image_size"], alike["steps"]
        text = (
            f"What CAM attention brings, at {size} px after {steps:,} steps: two models trained alike, one of them "
            "without it in any network."
        )
        if judge := _judge(alike["directions"]["with CAM"]):
            text += f" The judge is one of {size} px here, right in {judge['judge_accuracy']:.1%}, balanced."
        yield from wrap(text, WIDTH)
        yield ""
        yield from _table(
            {
                f"{way}, {name}": ways[way]
                for way in measures["directions"]
                for name, ways in alike["directions"].items()
            }
        )
    if data := measures.get("data"):
        to = next(iter(measures["directions"])).partition(" to ")[2]
        yield ""
        yield "```"
        yield from _folded(
            f"{EVALUATE.format(name=name)} --to {to} --input {data}/testA --target {data}/testB --paired "
            f"--judge {data}/trainA {data}/trainB"
        )
        yield "```"
    if pointing := measures.get("pointing"):
        scenes = measures["scenes"]
        yield ""
        yield from _pointing(pointing)
        yield ""
        yield "```"
        yield f"{EVALUATE.format(name=name)} --attention --scenes {scenes['count']} --first-scene {scenes['first']}"
        yield "```"


def _judge(directions: Mapping[str, Measures]) -> Measures | None:
    """What is said of the judge, which is one for all directions; None where there was none."""
    return next((measures["recognised"] for measures in directions.values() if "recognised" in measures), None)


def _table(directions: Mapping[str, Measures]) -> Iterator[str]:
    yield "| | " + " | ".join(way.replace(" to ", " → ") for way in directions) + " |"
    yield "|---" * (1 + len(directions)) + "|"
    for label, group, name, form in ROWS:
        values = [measures.get(group, {}).get(name) for measures in directions.values()]
        if any(value is not None for value in values):  # else not measured of these weights
            yield f"| {label} | " + " | ".join("-" if value is None else form.format(value) for value in values) + " |"


def _pointing(pointing: Mapping[str, Mapping[str, Mapping[str, float]]]) -> Iterator[str]:
    ways = [way.replace(" to ", " → ") for way in pointing]
    yield "| map | " + " | ".join(f"{way}, hits | IoU" for way in ways) + " |"
    yield "|---" * (1 + 2 * len(ways)) + "|"
    for name in next(iter(pointing.values())):
        cells = [f"{scores[name][key]:.3f}" for scores in pointing.values() for key in ("hits", "iou")]
        yield f"| {name} | " + " | ".join(cells) + " |"


def _folded(line: str, width: int = WIDTH - 2) -> Iterator[str]:
    """A command on several lines, as a shell reads it."""
    rest = line
    while len(rest) > width and (cut := rest.rfind(" --", len("    "), width)) > 0:
        yield rest[:cut] + " \\"
        rest = "    " + rest[cut + 1 :]
    yield rest

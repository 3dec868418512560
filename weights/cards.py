"""The computed parts of a model card: its recipe and its figures, each between two comments in the card."""

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
    ("closer to the true picture than copying", "edit", "better_than_copying", "{:.1%}"),
    ("changed pixels that lie on the true mask, grown by 2 px", "edit", "changed_inside", "{:.1%}"),
    ("change outside it, mean absolute, of 255 grey levels", "edit", "change_outside_grey_levels", "{:.1f}"),
    ("error left inside it; 1 if nothing was done", "edit", "left_inside", "{:.2f}"),
    ("shape: IoU of the non-white areas of input and translation", "faithful", "shape_iou", "{:.3f}"),
    ("cycle error, mean absolute, of 255 grey levels", "faithful", "cycle_error_grey_levels", "{:.1f}"),
    ("attention on the object, over the object's share of the area", "attention", "on_object", "{:.2f}"),
    ("rank correlation of attention and the mirror image's, cells", "attention", "mirror_rank_correlation", "{:.2f}"),
    ("the same, laid on the picture", "attention", "mirror_rank_correlation_placed", "{:.2f}"),
    ("what 16-bit storage changes, of 255 grey levels", "half", "grey_levels", "{:.3f}"),
)
"""Label, group, name and number format of each measure."""
POINTING = {"hits": "hits", "iou": "IoU", "density": "density"}
"""Heads of the columns of the pointing measures."""


def fill_card(card: str, name: str, measures: Measures) -> str:
    """Return a card's text with recipe and figures between their comments; a card without them stays unchanged."""
    for part, lines in (("recipe", recipe_lines(name)), ("figures", figure_lines(name, measures))):
        begin, end = f"<!-- {part} -->", f"<!-- end of {part} -->"
        before, opening, rest = card.partition(begin)
        _, closing, after = rest.partition(end)
        if opening and closing:
            card = "\n".join([before + begin, "", *lines, "", end + after])
    return card


def update_card(folder: Path, measures: Measures) -> None:
    """Write recipe and figures into `folder/README.md`, if it exists, between their comments."""
    path = folder / "README.md"
    if path.exists():
        path.write_text(fill_card(path.read_text(encoding="utf-8"), folder.name, measures), encoding="utf-8")


def recipe_lines(name: str) -> Iterator[str]:
    """Yield the command that repeats a recipe and the commands it runs; nothing for a name without a recipe."""
    if name not in RECIPES:
        return
    yield f"`python weights/repeat.py {name}` does all of this, and goes on where it was stopped:"
    yield ""
    yield "```"
    for line in RECIPES[name].commands(name):
        yield from _wrap_command(line)
    yield "```"


def figure_lines(name: str, measures: Measures) -> Iterator[str]:
    """Yield the tables of all measures, each with the command that prints the same figures."""
    yield from _table(measures["directions"])
    if judge := _judge(measures["directions"]):
        accuracy = ", ".join(
            f"{share:.1%} of the {domain} ones" for domain, share in judge["judge_accuracy_by_domain"].items()
        )
        yield ""
        yield from wrap(
            f"The judge was trained on {judge['judge_trained_on']:,} real training pictures and no translation; of the "
            f"held-out true pictures it knows {accuracy}: {judge['judge_accuracy']:.1%}, balanced.",
            WIDTH,
        )
    if any("attributes" in each for each in measures["directions"].values()):
        yield ""
        yield from _attributes(measures["directions"])
    if parts := measures.get("parts"):
        for direction, densities in parts.items():
            yield ""
            listed = ", ".join(f"{part} {density:.1f}" for part, density in densities.items())
            yield from wrap(
                f"Attention of the generator by part, {direction.replace(' to ', ' → ')}, over the picture's mean: "
                f"{listed}.",
                WIDTH,
            )
    if comparison := measures.get("cam"):
        yield ""
        size, steps = comparison["image_size"], comparison["steps"]
        text = (
            f"What CAM attention brings, at {size} px after {steps:,} steps: two models trained alike, one of them "
            "without it in any network."
        )
        if judge := _judge(comparison["directions"]["with CAM"]):
            text += f" The judge is one of {size} px here, right in {judge['judge_accuracy']:.1%}, balanced."
        yield from wrap(text, WIDTH)
        yield ""
        yield from _table(
            {
                f"{direction}, {name}": directions[direction]
                for direction in measures["directions"]
                for name, directions in comparison["directions"].items()
            }
        )
    if data := measures.get("data"):
        to = next(iter(measures["directions"])).partition(" to ")[2]
        yield ""
        yield "```"
        yield from _wrap_command(
            f"{EVALUATE.format(name=name)} --to {to} --input {data}/testA --target {data}/testB --paired "
            f"--judge {data}/trainA {data}/trainB"
        )
        yield "```"
    if faces := measures.get("faces"):
        sources = faces["sources"]
        yield ""
        yield "```"
        for direction in measures["directions"]:
            origin, _, to = direction.partition(" to ")
            yield from _wrap_command(
                f"{EVALUATE.format(name=name)} --to {_quoted(to)} --paired --count {faces['count']} "
                f"--input {sources[origin]} --target {sources[to]} --judge {' '.join(sources.values())}"
            )
        yield "```"
    if pointing := measures.get("pointing"):
        yield ""
        yield from _pointing(pointing)
        yield ""
        yield "```"
        if faces:
            yield f"{EVALUATE.format(name=name)} --attention --scenes {faces['count']}"
        else:
            scenes = measures["scenes"]
            yield f"{EVALUATE.format(name=name)} --attention --scenes {scenes['count']} --first-scene {scenes['first']}"
        yield "```"
    if familiarity := measures.get("familiarity"):
        yield ""
        yield from _far_pictures(name, familiarity)


def _far_pictures(name: str, familiarity: Measures) -> Iterator[str]:
    """Yield the table of the pictures that are flagged as far from both domains."""
    rates = familiarity["rates"]
    yield from wrap(
        f"Flagged as far from both domains by the {familiarity['measure']} of the encoder's features "
        "(`ugatit/models/familiarity.py`):",
        WIDTH,
    )
    yield ""
    yield "| pictures | " + " | ".join(rates) + " |"
    yield "|---" * (1 + len(rates)) + "|"
    for kind, first in next(iter(rates.values())).items():
        cells = [f"{direction[kind]['far']:.0%}" for direction in rates.values()]
        yield f"| {first['pictures']} {kind} | " + " | ".join(cells) + " |"
    yield ""
    yield "```"
    yield f"python weights/familiarity.py {name}"
    yield "```"


def _quoted(domain: str) -> str:
    return f'"{domain}"' if " " in domain else domain


def _attributes(directions: Mapping[str, Measures]) -> Iterator[str]:
    """Yield the table of attributes that the translation has as it should."""
    columns = [direction.replace(" to ", " → ") for direction in directions]
    yield "| read as it should be | " + " | ".join(f"{column} | true faces | chance" for column in columns) + " |"
    yield "|---" * (1 + 3 * len(columns)) + "|"
    groups = [measures.get("attributes", {}) for measures in directions.values()]
    for name in dict.fromkeys(name for group in groups for name in group):
        cells = []
        for group in groups:
            values = group.get(name, {})
            cells += [f"{values[key]:.1%}" if key in values else "-" for key in ("share", "share_of_true", "chance")]
        yield f"| {name} | " + " | ".join(cells) + " |"


def _judge(directions: Mapping[str, Measures]) -> Measures | None:
    """Return the measures of the judge, which is the same for all directions; None if there was none."""
    return next((measures["recognised"] for measures in directions.values() if "recognised" in measures), None)


def _table(directions: Mapping[str, Measures]) -> Iterator[str]:
    yield "| | " + " | ".join(direction.replace(" to ", " → ") for direction in directions) + " |"
    yield "|---" * (1 + len(directions)) + "|"
    for label, group, name, template in ROWS:
        values = [measures.get(group, {}).get(name) for measures in directions.values()]
        if any(value is not None for value in values):  # rows that were not measured for these weights are left out
            cells = ["-" if value is None else template.format(value) for value in values]
            yield f"| {label} | " + " | ".join(cells) + " |"


def _pointing(pointing: Mapping[str, Mapping[str, Mapping[str, float]]]) -> Iterator[str]:
    directions = [direction.replace(" to ", " → ") for direction in pointing]
    first = next(iter(pointing.values()))
    keys = [key for key in POINTING if key in next(iter(first.values()))]
    heads = " | ".join(POINTING[key] for key in keys)
    yield "| map | " + " | ".join(f"{direction}, {heads}" for direction in directions) + " |"
    yield "|---" * (1 + len(keys) * len(directions)) + "|"
    for name in first:
        cells = [f"{scores[name][key]:.3f}" for scores in pointing.values() for key in keys]
        yield f"| {name} | " + " | ".join(cells) + " |"


def _wrap_command(line: str, width: int = WIDTH - 2) -> Iterator[str]:
    """Wrap a command onto several lines that a shell joins."""
    rest = line
    while len(rest) > width and (cut := rest.rfind(" --", len("    "), width)) > 0:
        yield rest[:cut] + " \\"
        rest = "    " + rest[cut + 1 :]
    yield rest

"""Scores as rows of a table, for people: in words, with units, uncertainty and the number of pictures."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ugatit.evaluation.scores import Sample, Score


@dataclass(frozen=True)
class Format:
    """How a score is written. label: with its unit. scale: what it is multiplied by. digits: after the point."""

    label: str
    scale: float = 1.0
    digits: int = 3


def _share(label: str) -> Format:
    return Format(f"{label}, %", 100, 1)


FORMATS: Mapping[str, Format] = {
    "kid": Format("KID × 100, to the targets", 100),
    "kid_mean_of_both_sides": Format("KID × 100, mean of targets and inputs", 100),
    "fid": Format("FID, to the targets", digits=2),
    "is": Format("IS of the translations"),
    "recognised": _share("taken for the target by the judge"),
    "recognised_of_true": _share("true targets taken for it"),
    "psnr_db": Format("PSNR to the true picture, dB", digits=2),
    "psnr_of_copying_db": Format("PSNR of the input, copied, dB", digits=2),
    "ssim": Format("SSIM to the true picture"),
    "ssim_of_copying": Format("SSIM of the input, copied"),
    "lpips": Format("LPIPS to the true picture"),
    "lpips_of_copying": Format("LPIPS of the input, copied"),
    "better_than_copying": _share("closer to the true picture than copying"),
    "changed_inside": _share("changed pixels on the true mask"),
    "change_inside_grey_levels": Format("change inside the mask, of 255", digits=1),
    "change_outside_grey_levels": Format("change outside the mask, of 255", digits=1),
    "left_inside": Format("error left inside; 1 if untouched", digits=2),
    "shape_iou": Format("IoU of the non-white areas"),
    "cycle_error_grey_levels": Format("error after there and back, of 255", digits=1),
    "on_object": Format("attention on the object, over its area", digits=2),
    "mirror_rank_correlation": Format("attention and the mirror image's, cells", digits=2),
    "mirror_rank_correlation_placed": Format("the same, laid on the picture", digits=2),
    "hits": _share("maximum on the mask"),
    "iou": Format("IoU of highest values and mask"),
    "density": Format("density on the mask", digits=2),
}
READ, READ_OF_TRUE = "_read", "_read_of_true"
"""Ends of the names of attributes' scores: of translations and of true faces."""
HEAD = ("measure", "value", "±", "pictures")


@dataclass(frozen=True)
class Row:
    """A line of the table, written out."""

    label: str
    value: str
    plus_minus: str
    count: str


def table_rows(scores: Mapping[str, Score]) -> list[Row]:
    """Return the rows of scores, in their order."""
    return [_row(_format(name), score) for name, score in scores.items()]


def pointing_rows(pointing: Mapping[str, Mapping[str, Mapping[str, float]]], count: int) -> list[Row]:
    """Return the rows of pointing measures by direction and map; `count` pictures were measured each way."""
    rows = []
    for direction, maps in pointing.items():
        for name, measures in maps.items():
            for measure, value in measures.items():
                share = measure == "hits"
                score = Sample.of_share(value, count).score() if share else Score(value, None, count)
                row = _row(FORMATS[measure], score)
                rows.append(replace(row, label=f"{direction}, {name}: {row.label}"))
    return rows


def _format(name: str) -> Format:
    if name.endswith(READ_OF_TRUE):
        return _share(f"{name.removesuffix(READ_OF_TRUE)} read as it should be, true faces")
    if name.endswith(READ):
        return _share(f"{name.removesuffix(READ)} read as it should be")
    return FORMATS[name]


def _row(form: Format, score: Score) -> Row:
    def write(number: float | None) -> str:
        if number is None or math.isnan(number):
            return "–"
        return "∞" if math.isinf(number) else f"{number * form.scale:,.{form.digits}f}".replace("-", "−")

    return Row(form.label, write(score.value), write(score.plus_minus), f"{score.count:,}")


def text_table(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of a table in plain text: labels on the left, numbers aligned on the right."""
    cells = [HEAD, *((row.label, row.value, row.plus_minus, row.count) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    for line in cells:
        label, *numbers = line
        aligned = [number.rjust(width) for number, width in zip(numbers, widths[1:], strict=True)]
        yield "  ".join([label.ljust(widths[0]), *aligned])

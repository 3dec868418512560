"""A page of pictures and numbers in one HTML file, which needs neither a network nor a script."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from pathlib import Path

from torch import Tensor

from ugatit.evaluation.pictures import Pairs, Pictures
from ugatit.evaluation.report_style import STYLE
from ugatit.evaluation.table import HEAD, Row
from ugatit.images.tensors import to_picture

SHOWN = 24
"""How many inputs a report shows at most."""
SMALL = 128
"""Pictures up to this side, in pixels, are enlarged with their pixels visible rather than blurred."""
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


@dataclass(frozen=True)
class Report:
    """What a report says. facts: what was measured, by name. remarks: sentences below the table. command: made it."""

    title: str
    facts: Mapping[str, object]
    rows: Sequence[Row]
    remarks: Sequence[str]
    command: str


@dataclass(frozen=True)
class Case:
    """An input with what came of it. pictures: by their name in the case, each (3, S, S) in [-1, 1]."""

    name: str
    pictures: Mapping[str, Tensor]


@dataclass(frozen=True)
class Gallery:
    """Some of the inputs. of: how many there are."""

    cases: Sequence[Case]
    of: int


def evenly_chosen(inputs: Pictures, translations: Tensor, targets: Pictures, pairs: Pairs | None) -> Gallery:
    """Choose inputs at even distances, with their translations and, where they are pairs, their true answers."""
    choices: Sequence[tuple[int, int | None]]
    choices = pairs or [(index, None) for index in range(len(inputs.names))]
    count = min(SHOWN, len(choices))
    cases = []
    for number in range(count):
        index, target = choices[number * len(choices) // count]
        pictures = {"input": inputs.images[index], "translation": translations[index]}
        if target is not None:
            pictures["true answer"] = targets.images[target]
        cases.append(Case(inputs.names[index], pictures))
    return Gallery(cases, len(choices))


def write_report(path: Path, report: Report, gallery: Gallery) -> None:
    """Write the page of a report."""
    path.write_text(report_page(report, gallery), encoding="utf-8")


def report_page(report: Report, gallery: Gallery) -> str:
    """Return the page as HTML."""
    title = escape(report.title)
    facts = "".join(f"<div><dt>{escape(name)}<dd>{escape(str(value))}</div>" for name, value in report.facts.items())
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}: measures</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<header>
<h1>{title}</h1>
<dl>{facts}</dl>
</header>
<section aria-labelledby="measures">
<h2 id="measures">Measures</h2>
{_table(report.rows)}
{"".join(f'<p class="remark">{escape(remark)}</p>' for remark in report.remarks)}
</section>
<section aria-labelledby="pictures">
<h2 id="pictures">Pictures</h2>
<p>{_choice(gallery)}</p>
<div class="cases">
{"".join(map(_case, gallery.cases))}</div>
</section>
<footer><h2>Command</h2><pre><code>{escape(report.command)}</code></pre></footer>
</main>
</body>
</html>
"""


def _table(rows: Sequence[Row]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in HEAD)
    lines = (
        f'<tr><th scope="row">{escape(row.label)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in (row.value, row.plus_minus, row.count))
        + "</tr>\n"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n{''.join(lines)}</tbody></table>"


def _choice(gallery: Gallery) -> str:
    columns = ", ".join(gallery.cases[0].pictures)
    shown = len(gallery.cases)
    which = f"All {shown:,} inputs" if shown == gallery.of else f"{shown:,} of {gallery.of:,} inputs, evenly chosen"
    return f"{which}. In each row: {columns}."


def _case(case: Case) -> str:
    name = escape(case.name)
    pictures = "".join(
        f'<figure><img src="{_data_url(picture)}" alt="{escape(label)} {name}" width="{picture.shape[2]}" '
        f'height="{picture.shape[1]}"{_pixelated(picture)}><figcaption>{escape(label)}</figcaption></figure>'
        for label, picture in case.pictures.items()
    )
    return f'<article><h3>{name}</h3><div class="row">{pictures}</div></article>\n'


def _pixelated(picture: Tensor) -> str:
    return ' class="pixels"' if picture.shape[2] <= SMALL else ""


def _data_url(picture: Tensor) -> str:
    encoded = BytesIO()
    to_picture(picture).save(encoded, "PNG")
    return f"data:image/png;base64,{b64encode(encoded.getvalue()).decode()}"

"""The page of a report: what it shows, that it names nothing outside itself, and that names cannot become markup."""

import re
from itertools import pairwise

import torch

from tests.tiny import pictures
from ugatit.evaluation.pictures import Pictures
from ugatit.evaluation.report import SHOWN, Report, evenly_chosen, report_page
from ugatit.evaluation.scores import Sample, Score
from ugatit.evaluation.table import pointing_rows, table_rows, text_table

EVIL = '<script src="//evil.example/x.js"></script>'


def named(count: int, size: int = 8) -> Pictures:
    return Pictures(tuple(map(str, range(count))), pictures(count, size), ())


def test_inputs_are_chosen_at_even_distances_with_their_own_answers() -> None:
    inputs, targets = named(100), named(100)
    gallery = evenly_chosen(inputs, -inputs.images, targets, [(index, 99 - index) for index in range(100)])
    assert (len(gallery.cases), gallery.of) == (SHOWN, 100)
    names = [int(case.name) for case in gallery.cases]
    assert names[0] == 0
    assert {later - earlier for earlier, later in pairwise(names)} == {4, 5}
    case = gallery.cases[1]
    assert torch.equal(case.pictures["translation"], -case.pictures["input"])
    assert torch.equal(case.pictures["true answer"], targets.images[99 - names[1]])


def test_without_pairs_there_is_no_true_answer() -> None:
    gallery = evenly_chosen(named(3), pictures(3, 8), named(5), None)
    assert [set(case.pictures) for case in gallery.cases] == [{"input", "translation"}] * 3


def test_page_names_nothing_outside_itself_and_no_name_becomes_markup() -> None:
    inputs = Pictures((EVIL,), pictures(1, 8), ())
    gallery = evenly_chosen(inputs, inputs.images, inputs, [(0, 0)])
    rows = table_rows({"psnr_db": Score(20.5, None, 1)})
    page = report_page(Report(EVIL, {EVIL: EVIL}, rows, [EVIL], EVIL), gallery)
    assert "<script" not in page
    assert page.count("&lt;script") == 10  # title, heading, fact, remark, command, name of the case, three pictures
    assert all(source.startswith("data:image/png;base64,") for source in re.findall(r'src="([^"]*)"', page))
    assert "href" not in page
    assert "All 1 inputs" in page


def test_table_says_unit_uncertainty_and_count_and_aligns_numbers() -> None:
    scores = {
        "kid": Score(-0.0123, 0.002, 1234),
        "psnr_db": Score(float("inf"), None, 3),
        "hair_read_of_true": Sample.of_share(0.5, 2000).score(),
    }
    lines = list(text_table(table_rows(scores)))
    assert lines[1].split("  ")[0] == "KID × 100, to the targets"
    assert lines[1].split()[-3:] == ["−1.230", "0.200", "1,234"]
    assert lines[2].split()[-3:] == ["∞", "–", "3"]
    assert lines[3].startswith("hair read as it should be, true faces, %")
    assert len({len(line) for line in lines}) == 1


def test_pointing_has_a_row_for_each_map_and_measure() -> None:
    rows = pointing_rows({"disc to square": {"local": {"hits": 0.5, "iou": 0.25}}}, 40)
    assert [row.label for row in rows] == [
        "disc to square, local: maximum on the mask, %", "disc to square, local: IoU of highest values and mask"
    ]  # fmt: skip
    assert (rows[0].value, rows[0].count, rows[1].plus_minus) == ("50.0", "40", "–")
    assert float(rows[0].plus_minus) > 0
